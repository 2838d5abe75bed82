"""Tickets, in the Connections table: they live even shorter than a connection."""

from __future__ import annotations

import json

from chat.aws.client import AwsError
from chat.aws.table import Table, from_item, to_item
from chat.domain.model import Identity, User

_ROW = "@ticket"
# Longer than a request that was given up may still be on its way to be carried out.
_USED_S = 600


class DynamoTickets:
    """The `Tickets` port on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def put(self, ticket_hash: str, identity: Identity, expires_at_s: int) -> None:
        """One PutItem, on the condition that no attempt before it was carried out: the ticket may be used by now."""
        row = {
            **_key(ticket_hash),
            "user": identity.user.id,
            "name": identity.user.name,
            "claims": json.dumps(identity.claims) if identity.claims else None,
            "expiresAt": expires_at_s,
        }
        try:
            await self._table.call(
                "PutItem", Item=to_item(row), ConditionExpression="attribute_not_exists(connectionId)"
            )
        except AwsError as error:
            if error.code != "ConditionalCheckFailedException":
                raise

    async def take(self, ticket_hash: str, now_s: int) -> Identity | None:
        """One PutItem of a used one in the ticket's place, on the condition that it is there and in time."""
        try:
            reply = await self._table.call(
                "PutItem",
                Item=to_item({**_key(ticket_hash), "used": 1, "expiresAt": now_s + _USED_S}),
                ConditionExpression="expiresAt > :now AND attribute_not_exists(used)",
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
