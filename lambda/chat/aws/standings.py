"""What the Rooms table has on record about users and rooms.

Each room has a row `meta` where somebody made it, and a row `member#<user>` for each user of whom there is something to
say. A user who is banned from the whole chat has a partition of their own, whose name no room can have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chat.aws.client import AwsError
from chat.aws.log import ENTRY_PREFIX
from chat.aws.table import Item, Table, Values, from_item, to_item
from chat.domain.model import Standing

_META = "meta"
_BAN = "ban"
_FIRST_ENTRY = f"{ENTRY_PREFIX}{1:012d}"


class DynamoStandings:
    """The `Standings` port on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def read(self, user_id: str, rooms: Sequence[str]) -> Mapping[str, Standing]:
        """One consistent BatchGetItem for each 49 rooms."""
        keys = [_ban_key(user_id)]
        for room in dict.fromkeys(rooms):
            keys += [_meta_key(room), _member_key(room, user_id)]
        rows = {(row["room"], row["item"]): row for row in await self._table.batch_get(keys, consistent=True)}
        is_banned_from_chat = "banned" in rows.get((_partition(user_id), _BAN), {})

        def stand(room: str) -> Standing:
            meta, member = rows.get((room, _META), {}), rows.get((room, _member_item(user_id)), {})
            return Standing(
                owner=meta.get("owner"),
                is_private="private" in meta,
                is_member="member" in member,
                is_banned="banned" in member,
                is_banned_from_chat=is_banned_from_chat,
                muted_until_ms=member.get("mutedUntil", 0),
            )

        return {room: stand(room) for room in rooms}

    async def is_banned_from_chat(self, user_id: str) -> bool:
        """One consistent GetItem."""
        reply = await self._table.call("GetItem", Key=to_item(_ban_key(user_id)), ConsistentRead=True)
        return "banned" in from_item(reply.get("Item", {}))

    async def create_room(self, room: str, owner: str, *, private: bool) -> bool:
        """One transaction, on the condition that the room has neither an owner nor a first entry."""
        untaken = {"ConditionExpression": "attribute_not_exists(#item)", "ExpressionAttributeNames": {"#item": "item"}}
        own = {
            "Key": to_item(_meta_key(room)),
            "UpdateExpression": "SET #owner = :owner, #private = :private" if private else "SET #owner = :owner",
            "ConditionExpression": "attribute_not_exists(#owner)",
            "ExpressionAttributeNames": {"#owner": "owner", **({"#private": "private"} if private else {})},
            "ExpressionAttributeValues": to_item({":owner": owner, ":private": 1 if private else None}),
        }
        writes: list[dict[str, Item]] = [
            {"Update": own},
            {"Update": _set(_member_key(room, owner), "member", 1)},
            {"ConditionCheck": {"Key": to_item({"room": room, "item": _FIRST_ENTRY}), **untaken}},
        ]
        return await self._table.transact(writes)

    async def set_member(self, room: str, user_id: str, *, member: bool) -> None:
        """One UpdateItem."""
        await self._table.call("UpdateItem", **_set(_member_key(room, user_id), "member", 1 if member else None))

    async def set_banned(self, room: str | None, user_id: str, *, banned: bool) -> None:
        """One UpdateItem."""
        key = _ban_key(user_id) if room is None else _member_key(room, user_id)
        await self._table.call("UpdateItem", **_set(key, "banned", 1 if banned else None))

    async def set_muted(self, room: str, user_id: str, until_ms: int) -> None:
        """One UpdateItem."""
        await self._table.call("UpdateItem", **_set(_member_key(room, user_id), "mutedUntil", until_ms or None))

    async def count_shards(self, room: str) -> int:
        """One GetItem."""
        reply = await self._table.call("GetItem", Key=to_item(_meta_key(room)))
        shards: int = from_item(reply.get("Item", {})).get("shards", 1)
        return shards

    async def set_shards(self, room: str, shards: int, before: int) -> None:
        """One UpdateItem, on the condition that the number is the one before."""
        update = _set(_meta_key(room), "shards", shards)
        condition = "#name = :before" if before > 1 else "attribute_not_exists(#name) OR #name = :before"
        values = {**update.pop("ExpressionAttributeValues"), ":before": {"N": str(before)}}
        try:
            await self._table.call(
                "UpdateItem", **update, ConditionExpression=condition, ExpressionAttributeValues=values
            )
        except AwsError as error:
            if error.code != "ConditionalCheckFailedException":
                raise


def _set(key: Values, name: str, value: int | None) -> Item:
    """Write an update that sets an attribute, or takes it away for None."""
    update: Item = {"Key": to_item(key), "ExpressionAttributeNames": {"#name": name}}
    if value is None:
        return {**update, "UpdateExpression": "REMOVE #name"}
    return {
        **update,
        "UpdateExpression": "SET #name = :value",
        "ExpressionAttributeValues": to_item({":value": value}),
    }


def _meta_key(room: str) -> Values:
    return {"room": room, "item": _META}


def _partition(user_id: str) -> str:
    return f"user#{user_id}"


def _ban_key(user_id: str) -> Values:
    return {"room": _partition(user_id), "item": _BAN}


def _member_item(user_id: str) -> str:
    return f"member#{user_id}"


def _member_key(room: str, user_id: str) -> Values:
    return {"room": room, "item": _member_item(user_id)}
