"""Read cursors: a row `read#<user>` of the Rooms table for each room of a user, and the index that lists them.

The index holds keys alone, and the time in it is rounded to minutes: most moves of a cursor leave it untouched, and
cost one write unit.
"""

from __future__ import annotations

import re

from chat.aws.client import AwsError
from chat.aws.table import Item, Table, Values, to_item
from chat.domain.ports import Cursor, CursorPage
from chat.protocol.errors import FieldOutOfRangeError

READER_INDEX = "reader-index"
_TOUCH = "reader = :reader, touchedAt = :touched"
_TOKEN = re.compile(r"(\d{1,15}):(.+)", re.ASCII)
_MINUTE_MS = 60_000


class DynamoCursors:
    """The `Cursors` port on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def touch(self, room: str, user_id: str, now_ms: int) -> None:
        """One UpdateItem."""
        await self._update(room, user_id, f"SET {_TOUCH}", _touched(user_id, now_ms))

    async def move(self, room: str, user_id: str, seq: int, now_ms: int) -> bool:
        """One UpdateItem, on the condition that the cursor is not there yet."""
        values = {**_touched(user_id, now_ms), ":seq": seq}
        return await self._update(
            room, user_id, f"SET seq = :seq, {_TOUCH}", values, "attribute_not_exists(seq) OR seq < :seq"
        )

    async def unlist(self, room: str, user_id: str) -> None:
        """One UpdateItem, on the condition that there is a cursor."""
        await self._update(room, user_id, "REMOVE reader, touchedAt", {}, "attribute_exists(reader)")

    async def page(self, user_id: str, start: str | None, limit: int) -> CursorPage:
        """One Query of the index, and one BatchGetItem."""
        items, following = await self._table.query_page(
            None if start is None else _read_token(start, user_id),
            IndexName=READER_INDEX,
            KeyConditionExpression="reader = :reader",
            ExpressionAttributeValues=to_item({":reader": user_id}),
            ScanIndexForward=False,
            Limit=limit,
        )
        keys = [_key(item["room"], user_id) for item in items]
        rows = await self._table.batch_get(keys, consistent=False)
        seqs = {row["room"]: row.get("seq", 0) for row in rows}
        cursors = [Cursor(item["room"], seqs.get(item["room"], 0)) for item in items]
        return CursorPage(cursors, f"{following['touchedAt']['N']}:{following['room']['S']}" if following else None)

    async def _update(
        self, room: str, user_id: str, expression: str, values: Values, condition: str | None = None
    ) -> bool:
        """Update a cursor; return whether the condition held."""
        parameters: Item = {"Key": to_item(_key(room, user_id)), "UpdateExpression": expression}
        if values:
            parameters["ExpressionAttributeValues"] = to_item(values)
        if condition:
            parameters["ConditionExpression"] = condition
        try:
            await self._table.call("UpdateItem", **parameters)
        except AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                return False
            raise
        return True


def _key(room: str, user_id: str) -> Values:
    return {"room": room, "item": f"read#{user_id}"}


def _touched(user_id: str, now_ms: int) -> Values:
    return {":reader": user_id, ":touched": now_ms // _MINUTE_MS}


def _read_token(token: str, user_id: str) -> Item:
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise FieldOutOfRangeError("next must be that of the page before")
    return to_item({**_key(match[2], user_id), "reader": user_id, "touchedAt": int(match[1])})
