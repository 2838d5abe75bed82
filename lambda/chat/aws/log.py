"""The Rooms table's log: an entry's sort key carries its seq, so that one Query reads a range in order."""

from __future__ import annotations

from hashlib import sha256

from chat.aws.client import AwsError
from chat.aws.table import Item, Table, to_item
from chat.domain.model import Entry, User
from chat.domain.ports import LogPage
from chat.protocol.limits import SEQ_MAX

# A page of DynamoDB is 1 MB.
_READ_PAGES = 8
_UNTAKEN = "attribute_not_exists(#item)"
_NAMES = {"#item": "item"}
# Another writer has that number, or is about to have it.
_LOST_RACE = {
    "ConditionalCheckFailed",
    "ConditionalCheckFailedException",
    "TransactionConflict",
    "TransactionConflictException",
}


class DynamoLog:
    """The `RoomLog` port on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.mark = sha256(table.name.encode()).hexdigest()[:8]

    async def read(
        self,
        room: str,
        *,
        first: int = 1,
        last: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> LogPage:
        """Consistent Queries, one for each MB, at most eight."""
        entries: list[Entry] = []
        pages = 0
        async for items, following in self._table.query(
            KeyConditionExpression="#room = :room AND #item BETWEEN :first AND :last",
            ExpressionAttributeNames={"#room": "room", **_NAMES},
            ExpressionAttributeValues=to_item(
                {":room": room, ":first": _item(first), ":last": _item(SEQ_MAX if last is None else last)}
            ),
            ConsistentRead=True,
            ScanIndexForward=not newest_first,
            **({} if limit is None else {"Limit": limit}),
        ):
            entries += map(_entry, items)
            pages += 1
            if following is None:
                return LogPage(entries, complete=True)
            if pages == _READ_PAGES or (limit is not None and len(entries) >= limit):
                break
        return LogPage(entries[:limit], complete=False)

    async def put(self, entry: Entry, *, previous_expires_at_s: int | None) -> bool:
        """One PutItem; a transaction of two writes where the predecessor gets its expiry."""
        try:
            if previous_expires_at_s is None:
                await self._table.call(
                    "PutItem", Item=_row(entry), ConditionExpression=_UNTAKEN, ExpressionAttributeNames=_NAMES
                )
            else:
                await self._put_and_expire(entry, previous_expires_at_s)
        except AwsError as error:
            codes = {reason.get("Code") for reason in error.body.get("CancellationReasons", [])} - {"None", None}
            if (codes or {error.code}) <= _LOST_RACE:
                return False
            raise
        return True

    async def _put_and_expire(self, entry: Entry, previous_expires_at_s: int) -> None:
        put = {"Item": _row(entry), "ConditionExpression": _UNTAKEN}
        update = {
            "Key": to_item({"room": entry.room, "item": _item(entry.seq - 1)}),
            "UpdateExpression": "SET expiresAt = :at",
            "ConditionExpression": "attribute_exists(#item)",
            "ExpressionAttributeValues": to_item({":at": previous_expires_at_s}),
        }
        common = {"TableName": self._table.name, "ExpressionAttributeNames": _NAMES}
        await self._table.call_client(
            "TransactWriteItems", TransactItems=[{"Put": {**put, **common}}, {"Update": {**update, **common}}]
        )


def _item(seq: int) -> str:
    return f"entry#{seq:012d}"


def _row(entry: Entry) -> Item:
    return to_item(
        {
            "room": entry.room,
            "item": _item(entry.seq),
            "epoch": entry.epoch,
            "id": entry.id,
            "user": entry.user.id,
            "name": entry.user.name,
            "text": entry.text,
            "at": entry.at_ms,
            "expiresAt": entry.expires_at_s,
        }
    )


def _entry(item: Item) -> Entry:
    return Entry(
        room=item["room"],
        seq=int(item["item"].partition("#")[2]),
        epoch=item["epoch"],
        id=item["id"],
        user=User(item["user"], item["name"]),
        text=item["text"],
        at_ms=item["at"],
        expires_at_s=item.get("expiresAt"),
    )
