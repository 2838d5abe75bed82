"""Tickets, in the Connections table: they live even shorter than a connection."""

from __future__ import annotations

import json

from chat.aws.client import AwsError
from chat.aws.table import Table, from_item, to_item
from chat.domain.model import Identity, User

_ROW = "@ticket"


class DynamoTickets:
    """The `Tickets` port on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def put(self, ticket_hash: str, identity: Identity, expires_at_s: int) -> None:
        """One PutItem."""
        row = {
            **_key(ticket_hash),
            "user": identity.user.id,
            "name": identity.user.name,
            "claims": json.dumps(identity.claims) if identity.claims else None,
            "expiresAt": expires_at_s,
        }
        await self._table.call("PutItem", Item=to_item(row))

    async def take(self, ticket_hash: str, now_s: int) -> Identity | None:
        """One DeleteItem, on the condition that the ticket is there and in time."""
        try:
            reply = await self._table.call(
                "DeleteItem",
                Key=to_item(_key(ticket_hash)),
                ConditionExpression="expiresAt > :now",
                ExpressionAttributeValues=to_item({":now": now_s}),
                ReturnValues="ALL_OLD",
            )
        except AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                return None
            raise
        row = from_item(reply["Attributes"])
        return Identity(User(row["user"], row["name"]), json.loads(row.get("claims", "{}")))


def _key(ticket_hash: str) -> dict[str, str | int | None]:
    return {"connectionId": f"ticket#{ticket_hash}", "room": _ROW}
