"""The Rooms table's log: an entry's sort key carries its seq, so that one Query reads a range in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from chat.aws.client import AwsError
from chat.aws.table import Item, Table, Values, from_item, to_item
from chat.domain.model import Content, Deleted, Edited, Entry, Message, Reacted, Revision, User
from chat.domain.ports import LogPage
from chat.protocol.limits import SEQ_MAX

ENTRY_PREFIX = "entry#"
# A page of DynamoDB is 1 MB.
_READ_PAGES = 8
_UNTAKEN = "attribute_not_exists(#item)"
_NAMES = {"#item": "item"}
# Another writer has that number, or is about to have it.
_LOST_RACE = {"ConditionalCheckFailedException", "TransactionConflictException"}


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
        following: Item | None = {}
        for _ in range(_READ_PAGES):
            items, following = await self._table.query_page(
                following,
                KeyConditionExpression="#room = :room AND #item BETWEEN :first AND :last",
                ExpressionAttributeNames={"#room": "room", **_NAMES},
                ExpressionAttributeValues=to_item(
                    {":room": room, ":first": _item(first), ":last": _item(SEQ_MAX if last is None else last)}
                ),
                ConsistentRead=True,
                ScanIndexForward=not newest_first,
                **({} if limit is None else {"Limit": limit}),
            )
            entries += map(_entry, items)
            if following is None or (limit is not None and len(entries) >= limit):
                break
        return LogPage(entries[:limit], complete=following is None)

    async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
        """One PutItem; a transaction where it revises earlier entries, or leaves a receipt."""
        put = {"Item": _row(entry), "ConditionExpression": _UNTAKEN, "ExpressionAttributeNames": _NAMES}
        if revisions or receipt_s is not None:
            updates = [{"Update": _update(entry.room, *item)} for item in revisions.items()]
            receipts = [] if receipt_s is None else [{"Put": _receipt(entry, receipt_s)}]
            return await self._table.transact([{"Put": put}, *updates, *receipts])
        try:
            await self._table.call("PutItem", **put)
        except AwsError as error:
            if error.code in _LOST_RACE:
                return False
            raise
        return True

    async def find_receipt(self, room: str, user_id: str, entry_id: str, now_s: int) -> int | None:
        """One consistent GetItem."""
        key = to_item({"room": room, "item": _receipt_item(user_id, entry_id)})
        reply = await self._table.call("GetItem", Key=key, ConsistentRead=True)
        receipt = from_item(reply.get("Item", {}))
        return receipt["seq"] if receipt and receipt["expiresAt"] > now_s else None


def _receipt(entry: Entry, receipt_s: int) -> dict[str, Any]:
    now_s = entry.at_ms // 1000
    row: Values = {
        "room": entry.room,
        "item": _receipt_item(entry.user.id, entry.id),
        "seq": entry.seq,
        "expiresAt": now_s + receipt_s,
    }
    return {
        "Item": to_item(row),
        # DynamoDB deletes expired rows late.
        "ConditionExpression": f"{_UNTAKEN} OR expiresAt <= :now",
        "ExpressionAttributeNames": _NAMES,
        "ExpressionAttributeValues": to_item({":now": now_s}),
    }


def _receipt_item(user_id: str, entry_id: str) -> str:
    return f"sent#{user_id}#{entry_id}"


def _update(room: str, seq: int, revision: Revision) -> dict[str, Any]:
    attributes = {} if revision.content is None else dict(_attributes(revision.content))
    if revision.expires_at_s is not None:
        attributes["expiresAt"] = revision.expires_at_s
    names = {f"#{index}": name for index, name in enumerate(attributes)}
    kept = [f"{key} = :{key[1:]}" for key, name in names.items() if attributes[name] is not None]
    cleared = [key for key, name in names.items() if attributes[name] is None]
    clauses = [f"SET {', '.join(kept)}", *([f"REMOVE {', '.join(cleared)}"] if cleared else [])]
    values = {f":{key[1:]}": attributes[name] for key, name in names.items()}
    conditions = ["attribute_exists(#item)"]
    if revision.last_change == 0:
        conditions.append("attribute_not_exists(changeSeq)")
    elif revision.last_change is not None:
        conditions.append("changeSeq = :change")
        values[":change"] = revision.last_change
    return {
        "Key": to_item({"room": room, "item": _item(seq)}),
        "UpdateExpression": " ".join(clauses),
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": {**names, **_NAMES},
        "ExpressionAttributeValues": to_item(values),
    }


def _item(seq: int) -> str:
    return f"{ENTRY_PREFIX}{seq:012d}"


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
        case Message(text, meta, edit_seq, reactions, change_seq):
            return {
                "type": "message",
                "text": text,
                "meta": json.dumps(meta) if meta else None,
                "editSeq": edit_seq or None,
                "changeSeq": change_seq or None,
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
            return Message(item.get("text"), meta, item.get("editSeq", 0), reactions, item.get("changeSeq", 0))
