"""The Connections table: one row for each connection, under room "@", and one for each room it is in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from chat.aws.table import Item, Table, Values, from_item, to_item
from chat.domain.model import WHOLE, Access, Connection, Device, Member, Shard, User
from chat.domain.ports import AudiencePage, ConnectionRows

OWN_ROW = "@"
ROOM_INDEX = "room-index"
USER_INDEX = "user-index"
_HASH_DIGITS = 16


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
            "claims": json.dumps(connection.claims) if connection.claims else None,
            "expiresAt": connection.expires_at_s,
        }
        await self._table.call("PutItem", Item=to_item(row))

    async def put_member(self, member: Member) -> None:
        """One PutItem."""
        row: Values = {
            "connectionId": member.connection_id,
            "room": member.room,
            "roomShard": member.room,
            "memberKey": f"{_hash(member.user.id)}#{member.connection_id}",
            "user": member.user.id,
            "name": member.user.name,
            "granted": member.granted,
            "expiresAt": member.expires_at_s,
        }
        await self._table.call("PutItem", Item=to_item(row))

    async def find_member(self, connection_id: str, room: str) -> Member | None:
        """One consistent GetItem."""
        reply = await self._table.call("GetItem", Key=_key(connection_id, room), ConsistentRead=True)
        return _member(from_item(reply["Item"])) if "Item" in reply else None

    async def find_connection(self, connection_id: str) -> Connection | None:
        """One consistent GetItem."""
        reply = await self._table.call("GetItem", Key=_key(connection_id, OWN_ROW), ConsistentRead=True)
        return _connection(from_item(reply["Item"])) if "Item" in reply else None

    async def list_devices(self, user_id: str) -> Sequence[Device]:
        """One Query of the user index, rarely more."""
        devices: list[Device] = []
        async for items in self._table.query(
            IndexName=USER_INDEX,
            KeyConditionExpression="connectedUser = :user",
            ExpressionAttributeValues={":user": {"S": user_id}},
        ):
            devices += [Device(item["connectionId"], User(user_id, item["name"]), item["expiresAt"]) for item in items]
        return devices

    async def read_rows(self, connection_id: str) -> ConnectionRows:
        """One consistent Query, rarely more."""
        connection: Connection | None = None
        members: list[Member] = []
        async for items in self._table.query(
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

    async def page_audience(
        self, room: str, start: str | None, limit: int | None, shard: Shard = WHOLE
    ) -> AudiencePage:
        """One Query of the room index, for at most 1 MB of members."""
        first, last = _bound(shard)
        if start is not None:
            # What follows a key is greater than it with a space, which no key has.
            first = f"{start} "
        if first > last:
            # It is a client's: nothing follows it, and DynamoDB refuses to look.
            return AudiencePage([], None)
        bound: dict[str, Any] = {} if limit is None else {"Limit": limit}
        items, following = await self._table.query_page(
            IndexName=ROOM_INDEX,
            KeyConditionExpression="roomShard = :room AND memberKey BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item({":room": room, ":first": first, ":last": last}),
            **bound,
        )
        return AudiencePage([_device(item) for item in items], following["memberKey"]["S"] if following else None)

    def mark_after(self, user_id: str) -> str:
        """Make a key behind all keys of the user: `~` comes after every character in them."""
        return f"{_hash(user_id)}~"


def _bound(shard: Shard) -> tuple[str, str]:
    """Return the first and the last key that a shard can have: hashes divide evenly."""
    keys = 16**_HASH_DIGITS
    first, after = keys * shard.number // shard.of, keys * (shard.number + 1) // shard.of
    return f"{first:0{_HASH_DIGITS}x}", f"{after - 1:0{_HASH_DIGITS}x}~"


def _hash(user_id: str) -> str:
    """Spread users evenly over the index, each user's devices side by side."""
    return sha256(user_id.encode()).hexdigest()[:_HASH_DIGITS]


def _key(connection_id: str, room: str) -> Item:
    return to_item({"connectionId": connection_id, "room": room})


def _connection(item: Item) -> Connection:
    user = User(item["user"], item["name"])
    claims = json.loads(item.get("claims", "{}"))
    return Connection(item["connectionId"], user, item["connectedAt"], item["expiresAt"], claims)


def _member(item: Item) -> Member:
    granted = Access(item["granted"]) if "granted" in item else None
    return Member(item["room"], item["connectionId"], User(item["user"], item["name"]), item["expiresAt"], granted)


def _device(item: Item) -> Device:
    return Device(item["connectionId"], User(item["user"], item["name"]), item["expiresAt"])
