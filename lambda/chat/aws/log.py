"""The Rooms table's log: an entry's sort key carries its seq, so that one Query reads a range in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from chat.aws.client import AwsError
from chat.aws.table import Item, Table, Values, to_item
from chat.domain.model import Content, Deleted, Edited, Entry, Message, Reacted, Revision, User
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

    async def put(self, entry: Entry, revisions: Mapping[int, Revision]) -> bool:
        """One PutItem; a transaction where it revises earlier entries."""
        put = {"Item": _row(entry), "ConditionExpression": _UNTAKEN, "ExpressionAttributeNames": _NAMES}
        try:
            if not revisions:
                await self._table.call("PutItem", **put)
            else:
                writes = [{"Put": put}, *({"Update": _update(entry.room, *item)} for item in revisions.items())]
                table = {"TableName": self._table.name}
                items = [{kind: {**write, **table} for kind, write in one.items()} for one in writes]
                await self._table.call_client("TransactWriteItems", TransactItems=items)
        except AwsError as error:
            codes = {reason.get("Code") for reason in error.body.get("CancellationReasons", [])} - {"None", None}
            if (codes or {error.code}) <= _LOST_RACE:
                return False
            raise
        return True


def _update(room: str, seq: int, revision: Revision) -> dict[str, Any]:
    attributes: Values = {} if revision.content is None else _attributes(revision.content)
    if revision.expires_at_s is not None:
        attributes["expiresAt"] = revision.expires_at_s
    names = {f"#{index}": name for index, name in enumerate(attributes)}
    kept = [f"{key} = :{key[1:]}" for key, name in names.items() if attributes[name] is not None]
    cleared = [key for key, name in names.items() if attributes[name] is None]
    clauses = [f"SET {', '.join(kept)}", *([f"REMOVE {', '.join(cleared)}"] if cleared else [])]
    return {
        "Key": to_item({"room": room, "item": _item(seq)}),
        "UpdateExpression": " ".join(clauses),
        "ConditionExpression": "attribute_exists(#item)",
        "ExpressionAttributeNames": {**names, **_NAMES},
        "ExpressionAttributeValues": to_item({f":{key[1:]}": attributes[name] for key, name in names.items()}),
    }


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
            "at": entry.at_ms,
            "expiresAt": entry.expires_at_s,
            **_attributes(entry.content),
        }
    )


def _entry(item: Item) -> Entry:
    return Entry(
        room=item["room"],
        seq=int(item["item"].partition("#")[2]),
        epoch=item["epoch"],
        id=item["id"],
        user=User(item["user"], item["name"]),
        content=_content(item),
        at_ms=item["at"],
        expires_at_s=item.get("expiresAt"),
    )


def _attributes(content: Content) -> Values:
    match content:
        case Message(text, meta, edit_seq, reactions):
            return {
                "type": "message",
                "text": text,
                "meta": json.dumps(meta) if meta else None,
                "editSeq": edit_seq or None,
                "reactions": json.dumps(reactions) if reactions else None,
            }
        case Edited(target, text):
            return {"type": "edited", "target": target, "text": text}
        case Deleted(target):
            return {"type": "deleted", "target": target}
        case Reacted(target, emoji, remove):
            return {"type": "reacted", "target": target, "emoji": emoji, "remove": int(remove)}


def _content(item: Item) -> Content:
    match item["type"]:
        case "edited":
            return Edited(item["target"], item.get("text"))
        case "deleted":
            return Deleted(item["target"])
        case "reacted":
            return Reacted(item["target"], item["emoji"], bool(item["remove"]))
        case _:
            meta = json.loads(item["meta"]) if "meta" in item else None
            reactions = json.loads(item.get("reactions", "{}"))
            return Message(item.get("text"), meta, item.get("editSeq", 0), reactions)
