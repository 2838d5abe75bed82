"""DynamoDB: tables, and the operations that the adapters call.

Sources, of the Amazon DynamoDB Developer Guide and API Reference: "Read consistency" (a read is eventually consistent
unless it says ConsistentRead), "Transactions: how it works" (all or nothing; a conflict cancels, and refuses single
writes), "Time to live" (expired items are deleted within days), "Query" (a page ends with a limit or a megabyte, and
says where), "BatchGetItem" (hands back what it did not get to).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.chance import Dice
from tests.simulation.expressions import Item, Scope, ValidationError, Value, compare, holds, tokens, update
from tests.simulation.indexes import LAG_MOST_S, Key
from tests.simulation.loop import VirtualLoop
from tests.simulation.tables import Partition, Table, Write

Body = dict[str, Any]
Respond = Callable[["Answer"], None]

# How long an eventually consistent read may lag behind.
STALE_MOST_S = 0.5
# Expired items go in sweeps, and some only much later.
_SWEEPS_S = (5, 40)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply: its status, its body, and where it is an error the error's name."""

    status: int
    body: Body
    code: str = ""


class Refusal(Exception):  # noqa: N818 - an answer rather than a mistake
    """A request is refused."""

    def __init__(self, code: str, **body: Any) -> None:
        super().__init__(code)
        self.answer = Answer(400, {"__type": code, "message": code, **body}, code)


class Database:
    """All tables, and who is told of each write.

    Args:
        loop: tells the time.
        dice: for what nobody asked for: expiry.
        page_items: most items of a page, which is a megabyte in AWS.
    """

    def __init__(self, loop: VirtualLoop, dice: Dice, tables: Sequence[Table], *, page_items: int) -> None:
        self.tables = {table.name: table for table in tables}
        self.on_write: Callable[[Write], None] = lambda write: None
        self._loop = loop
        self._dice = dice
        self._page_items = page_items
        self._version = 0
        self._operations: dict[str, Callable[[Body, Dice], Body]] = {
            "GetItem": self._get_item,
            "BatchGetItem": self._batch_get_item,
            "Query": self._query,
            "PutItem": self._write,
            "UpdateItem": self._write,
            "DeleteItem": self._write,
        }
        loop.after(_SWEEPS_S[0], self._sweep)

    def handle(self, operation: str, request: Body, dice: Dice, respond: Respond) -> None:
        """Answer a request, now or a little later."""
        try:
            if operation == "TransactWriteItems":
                self._transact(request["TransactItems"], dice, respond)
            else:
                respond(Answer(200, self._operations[operation]({**request, "operation": operation}, dice)))
        except Refusal as refusal:
            respond(refusal.answer)
        except ValidationError as error:
            respond(Answer(400, {"message": str(error)}, "ValidationException"))

    def _get_item(self, request: Body, dice: Dice) -> Body:
        item = self._read(self.tables[request["TableName"]], request["Key"], request, dice)
        return {} if item is None else {"Item": item}

    def _batch_get_item(self, request: Body, dice: Dice) -> Body:
        ((name, part),) = request["RequestItems"].items()
        table, keys = self.tables[name], part["Keys"]
        if len(keys) > 100 or len({table.key_of(key) for key in keys}) < len(keys):
            raise ValidationError("BatchGetItem takes a hundred keys, each once")
        done = keys
        if dice.strikes("keys unprocessed"):
            done = keys[: int(dice.uniform(0, len(keys)))]
        found = [self._read(table, key, part, dice) for key in done]
        left = {name: {**part, "Keys": keys[len(done) :]}} if len(done) < len(keys) else {}
        return {"Responses": {name: [item for item in found if item is not None]}, "UnprocessedKeys": left}

    def _read(self, table: Table, key: Item, request: Body, dice: Dice) -> Item | None:
        if request.get("ConsistentRead") or not dice.strikes("stale read"):
            return table.get(table.key_of(key))
        return table.get_at(table.key_of(key), self._loop.time() - dice.uniform(0, STALE_MOST_S))

    def _query(self, request: Body, dice: Dice) -> Body:
        table, condition = self.tables[request["TableName"]], request["KeyConditionExpression"]
        scope = Scope.of(request, condition)
        index = table.indexes[request["IndexName"]] if "IndexName" in request else None
        if index and request.get("ConsistentRead"):
            raise ValidationError("an index can't be read consistently")
        partition_name, sort_name = index.key_names() if index else table.keys
        partition, first, last = _read_key_condition(condition, scope, partition_name, sort_name)
        if index:
            items = dice.choose(index.replicas).list(compare(partition))
            if first and last:
                items = [item for item in items if compare(first) <= compare(item[sort_name]) <= compare(last)]
            return _page(
                items, request, [partition_name, sort_name, *table.keys], [sort_name, *table.keys], self._page_items
            )
        rows = table.partitions.get(partition["S"], Partition())
        items = rows.list(first["S"], last["S"]) if first and last else rows.list()
        if not request.get("ConsistentRead") and dice.strikes("stale read"):
            then_s = self._loop.time() - dice.uniform(0, STALE_MOST_S)
            items = [was for item in items if (was := table.get_at(table.key_of(item), then_s)) is not None]
        return _page(items, request, table.keys, table.keys[1:], self._page_items)

    def _write(self, request: Body, dice: Dice) -> Body:
        table = self.tables[request["TableName"]]
        key, after = self._prepare(table, request["operation"], request)
        if key in table.locked:
            raise Refusal("TransactionConflictException")
        before = table.get(key)
        self._commit(table, key, after, dice)
        wants_old = request.get("ReturnValues") == "ALL_OLD" and before is not None
        return {"Attributes": before} if wants_old else {}

    def _prepare(self, table: Table, operation: str, request: Body) -> tuple[tuple[str, str], Item | None]:
        """Check a write's condition; return the key, and the item as it shall be."""
        expression = request.get("UpdateExpression")
        scope = Scope.of(request, request.get("ConditionExpression"), expression)
        keys: Item = request["Item"] if operation == "PutItem" else request["Key"]
        key = table.key_of(keys)
        before = table.get(key)
        if not holds(request.get("ConditionExpression"), before or {}, scope):
            shows_old = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and before is not None
            raise Refusal("ConditionalCheckFailedException", **({"Item": before} if shows_old else {}))
        match operation:
            case "PutItem":
                return key, keys
            case "UpdateItem":
                assert expression
                return key, update(expression, before or keys, scope)
            case "DeleteItem":
                return key, None
            case _:
                return key, before

    def _transact(self, writes: Sequence[Body], dice: Dice, respond: Respond) -> None:
        """Check all conditions, and write all or nothing; now and then other writers meet it half-way."""
        parts = [(kind, self.tables[part["TableName"]], part) for write in writes for kind, part in write.items()]
        keys = [(table, table.key_of(part.get("Item") or part["Key"])) for _, table, part in parts]
        if len({(table.name, key) for table, key in keys}) < len(keys):
            raise ValidationError(f"a transaction takes each item once, got {[key for _, key in keys]}")
        _cancel(["TransactionConflict" if key in table.locked else "None" for table, key in keys])
        if not dice.strikes("slow transaction"):
            self._carry_out(parts, dice, respond)
            return
        for table, key in keys:
            table.locked.add(key)

        def finish() -> None:
            for table, key in keys:
                table.locked.discard(key)
            try:
                self._carry_out(parts, dice, respond)
            except Refusal as refusal:
                respond(refusal.answer)

        self._loop.after(dice.uniform(0.002, 0.05), finish)

    def _carry_out(self, parts: Sequence[tuple[str, Table, Body]], dice: Dice, respond: Respond) -> None:
        prepared: list[tuple[Table, tuple[str, str], Item | None]] = []
        codes = []
        for kind, table, part in parts:
            operation = {"Put": "PutItem", "Update": "UpdateItem"}.get(kind, kind)
            try:
                key, after = self._prepare(table, operation, part)
            except Refusal:
                codes.append("ConditionalCheckFailed")
                continue
            codes.append("None")
            if kind != "ConditionCheck":
                prepared.append((table, key, after))
        _cancel(codes)
        for table, key, after in prepared:
            self._commit(table, key, after, dice)
        respond(Answer(200, {}))

    def _commit(self, table: Table, key: tuple[str, str], after: Item | None, dice: Dice) -> None:
        before = table.get(key)
        table.set(key, after, self._loop.time())
        self._version += 1
        for index in table.indexes.values():
            for replica in index.replicas:
                lag_s = dice.uniform(0.1, LAG_MOST_S) if dice.strikes("index lags") else dice.uniform(0.002, 0.05)
                change = replica.apply, key, after, self._version
                self._loop.after(lag_s, self._replicate, *change)
        self.on_write(Write(table.name, key, before, after, dice.name))

    def _replicate(self, apply: Callable[..., None], key: Key, item: Item | None, version: int) -> None:
        apply(key, item, version, self._loop.time())

    def _sweep(self) -> None:
        """Delete some of what has expired."""
        now_s = self._loop.time() + EPOCH_S
        for table in self.tables.values():
            for key in [key for key, expires_at_s in table.expiries.items() if expires_at_s < now_s]:
                if self._dice.strikes("never expired"):
                    del table.expiries[key]
                elif self._dice.random() < 0.5:
                    self._commit(table, key, None, self._dice)
        self._loop.after(self._dice.uniform(*_SWEEPS_S), self._sweep)


# What the clocks show when the virtual time is 0.
EPOCH_S = 1_700_000_000


def _cancel(codes: Sequence[str]) -> None:
    if set(codes) != {"None"}:
        raise Refusal("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])


def _read_key_condition(
    condition: str, scope: Scope, partition: str, sort: str
) -> tuple[Value, Value | None, Value | None]:
    """Read a key condition: the partition's key, and the bounds of the sort key where there are any."""
    words = tokens(condition)
    if len(words) not in (3, 9) or scope.name(words[0]) != partition or words[1] != "=":
        raise ValidationError(f"{condition!r} must begin with {partition} = :value")
    if len(words) == 3:
        return scope.values[words[2]], None, None
    if words[3] != "AND" or scope.name(words[4]) != sort or words[5] != "BETWEEN" or words[7] != "AND":
        raise ValidationError(f"{condition!r} must go on with AND {sort} BETWEEN :first AND :last")
    return scope.values[words[2]], scope.values[words[6]], scope.values[words[8]]


def _page(found: Sequence[Item], request: Body, names: Sequence[str], order: Sequence[str], page_items: int) -> Body:
    """Cut a page out of items that are in the order of their keys."""
    start = request.get("ExclusiveStartKey")
    forward = request.get("ScanIndexForward", True)
    if start is not None:
        if set(start) != set(names):
            raise ValidationError(f"ExclusiveStartKey must have {names}")
        place = [compare(start[name]) for name in order]
        places = [[compare(item[name]) for name in order] for item in found]
        found = found[bisect_right(places, place) :] if forward else found[: bisect_left(places, place)]
    if not forward:
        found = found[::-1]
    limit = min(request.get("Limit", page_items), page_items)
    page = found[:limit]
    body: Body = {"Items": page, "Count": len(page)}
    # DynamoDB says that there may be more wherever a limit ended the page, even after the last item.
    if len(found) > limit or (len(page) == request.get("Limit") and page):
        body["LastEvaluatedKey"] = {name: page[-1][name] for name in names}
    return body
