"""The Connections table: one row for each connection, under room "@", and one for each room it is in."""

from __future__ import annotations

from chat.aws.table import Item, Table, Values, from_item, to_item
from chat.domain.model import Connection, Member, User
from chat.domain.ports import AudiencePage, ConnectionRows

OWN_ROW = "@"
ROOM_INDEX = "room-index"


class DynamoConnections:
    """The `Connections` port on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def put_connection(self, connection: Connection) -> None:
        """One PutItem."""
        row: Values = {
            "connectionId": connection.id,
            "room": OWN_ROW,
            "connectedUser": connection.user.id,
            "user": connection.user.id,
            "name": connection.user.name,
            "connectedAt": connection.connected_at_ms,
            "expiresAt": connection.expires_at_s,
        }
        await self._table.call("PutItem", Item=to_item(row))

    async def put_member(self, member: Member) -> None:
        """One PutItem."""
        row: Values = {
            "connectionId": member.connection_id,
            "room": member.room,
            "roomShard": member.room,
            "user": member.user.id,
            "name": member.user.name,
            "expiresAt": member.expires_at_s,
        }
        await self._table.call("PutItem", Item=to_item(row))

    async def find_member(self, connection_id: str, room: str) -> Member | None:
        """One consistent GetItem."""
        reply = await self._table.call("GetItem", Key=_key(connection_id, room), ConsistentRead=True)
        return _member(from_item(reply["Item"])) if "Item" in reply else None

    async def read_rows(self, connection_id: str) -> ConnectionRows:
        """One consistent Query, rarely more."""
        connection: Connection | None = None
        members: list[Member] = []
        async for items, _ in self._table.query(
            KeyConditionExpression="connectionId = :id",
            ExpressionAttributeValues={":id": {"S": connection_id}},
            ConsistentRead=True,
        ):
            for item in items:
                if item["room"] == OWN_ROW:
                    connection = _connection(item)
                else:
                    members.append(_member(item))
        return ConnectionRows(connection, members)

    async def remove_member(self, connection_id: str, room: str) -> Member | None:
        """One DeleteItem."""
        reply = await self._table.call("DeleteItem", Key=_key(connection_id, room), ReturnValues="ALL_OLD")
        return _member(from_item(reply["Attributes"])) if reply.get("Attributes") else None

    async def remove_connection(self, connection_id: str) -> None:
        """One DeleteItem."""
        await self._table.call("DeleteItem", Key=_key(connection_id, OWN_ROW))

    async def page_audience(self, room: str, start: str | None, limit: int | None) -> AudiencePage:
        """One Query of the room index, for at most 1 MB of members."""
        paging: Item = {}
        if start is not None:
            paging["ExclusiveStartKey"] = {**_key(start, room), "roomShard": {"S": room}}
        if limit is not None:
            paging["Limit"] = limit
        pages = self._table.query(
            IndexName=ROOM_INDEX,
            KeyConditionExpression="roomShard = :room",
            ExpressionAttributeValues={":room": {"S": room}},
            **paging,
        )
        items, following = await anext(pages)
        return AudiencePage([_member(item) for item in items], following["connectionId"]["S"] if following else None)


def _key(connection_id: str, room: str) -> Item:
    return to_item({"connectionId": connection_id, "room": room})


def _connection(item: Item) -> Connection:
    user = User(item["user"], item["name"])
    return Connection(item["connectionId"], user, item["connectedAt"], item["expiresAt"])


def _member(item: Item) -> Member:
    return Member(item["room"], item["connectionId"], User(item["user"], item["name"]), item["expiresAt"])
