"""The model of DynamoDB: what its documentation says, as far as the adapters rest on it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulation.chance import RATES, Chance, Dice
from tests.simulation.dynamodb import Answer, Database
from tests.simulation.expressions import Scope, ValidationError, holds, update
from tests.simulation.indexes import LAG_MOST_S, IndexSchema
from tests.simulation.loop import VirtualLoop
from tests.simulation.tables import Table

ITEM = {"name": {"S": "ada"}, "age": {"N": "36"}}


class Bench:
    """A table `t` with an index `by-owner`, and dice that strike with the kinds of faults that are asked for."""

    def __init__(self, *kinds: str) -> None:
        rates = {kind: 1.0 if kind in kinds else 0.0 for kind in RATES}
        self.loop = VirtualLoop()  # type: ignore[abstract]  # what asyncio itself calls is there
        self.dice: Dice = Chance(1, rates, None, []).dice("bench")
        self.table = Table("t", "room", "item", [IndexSchema("by-owner", "owner", "item")])
        self.database = Database(self.loop, self.dice, [self.table], page_items=100)

    def call(self, operation: str, **request: Any) -> Answer:
        answers: list[Answer] = []
        fields = request if "TransactItems" in request else {"TableName": "t", **request}
        self.database.handle(operation, fields, self.dice, answers.append)
        if not answers:
            self.loop.run_until(self.loop.time() + 0.1)
        return answers[0]

    def put(self, item: str, **attributes: str) -> Answer:
        row = {"room": {"S": "lobby"}, "item": {"S": item}, **{name: {"S": each} for name, each in attributes.items()}}
        return self.call("PutItem", Item=row)

    def query(self, condition: str, values: dict[str, str], **more: Any) -> Any:
        typed = {name: {"S": value} for name, value in values.items()}
        answer = self.call("Query", KeyConditionExpression=condition, ExpressionAttributeValues=typed, **more)
        return answer.body


def _key(item: str) -> dict[str, dict[str, str]]:
    return {"room": {"S": "lobby"}, "item": {"S": item}}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("attribute_exists(name)", True),
        ("attribute_not_exists(name)", False),
        ("attribute_not_exists(city) AND age = :a", True),
        ("attribute_exists(city) OR age <= :a", True),
        ("age < :a", False),
        ("city = :a", False),
        ("name = :a", False),
        ("attribute_exists(city) AND age = :a OR age = :a", True),
    ],
)
def test_conditions(condition: str, expected: bool) -> None:
    assert holds(condition, ITEM, Scope({}, {":a": {"N": "36"}})) is expected


@pytest.mark.parametrize("condition", ["size(name) = :a", "NOT age = :a", "age IN (:a)", "age = :a name", "age % :a"])
def test_any_other_form_is_refused(condition: str) -> None:
    with pytest.raises((ValidationError, ValueError, KeyError)):
        holds(condition, ITEM, Scope({}, {":a": {"N": "36"}}))


def test_updates() -> None:
    changed = update(
        "SET age = age + :a, #c = :b REMOVE name", ITEM, Scope({"#c": "city"}, {":a": {"N": "1"}, ":b": {"S": "x"}})
    )
    assert changed == {"age": {"N": "37"}, "city": {"S": "x"}}


def test_what_is_given_must_be_used() -> None:
    with pytest.raises(ValidationError, match=":b"):
        Scope.of({"ExpressionAttributeValues": {":a": {"S": ""}, ":b": {"S": ""}}}, "x = :a")


def test_a_condition_that_fails_changes_nothing_and_shows_what_is_there() -> None:
    bench = Bench()
    bench.put("a", text="first")
    request = {"Item": _key("a"), "ConditionExpression": "attribute_not_exists(room)"}
    answer = bench.call("PutItem", **request, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert (answer.status, answer.code) == (400, "ConditionalCheckFailedException")
    assert answer.body["Item"]["text"] == {"S": "first"}
    assert bench.table.get(("lobby", "a")) == answer.body["Item"]


def test_a_page_says_where_the_next_one_starts_even_at_the_end() -> None:
    bench = Bench()
    for item in "abc":
        bench.put(item)
    values = {":room": "lobby", ":first": "a", ":last": "c"}
    condition = "room = :room AND item BETWEEN :first AND :last"
    page = bench.query(condition, values, ConsistentRead=True, Limit=2)
    assert [item["item"]["S"] for item in page["Items"]] == ["a", "b"]
    page = bench.query(condition, values, ConsistentRead=True, Limit=1, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert [item["item"]["S"] for item in page["Items"]] == ["c"]
    assert page["LastEvaluatedKey"] == _key("c")
    page = bench.query(condition, values, ConsistentRead=True, ScanIndexForward=False)
    assert [item["item"]["S"] for item in page["Items"]] == ["c", "b", "a"]
    assert "LastEvaluatedKey" not in page


def test_an_index_follows_late_and_is_never_read_consistently() -> None:
    bench = Bench("index lags")
    bench.put("a", owner="ada")
    assert bench.query("owner = :o", {":o": "ada"}, IndexName="by-owner")["Items"] == []
    bench.loop.run_until(LAG_MOST_S)
    assert len(bench.query("owner = :o", {":o": "ada"}, IndexName="by-owner")["Items"]) == 1
    answer = bench.call(
        "Query",
        KeyConditionExpression="owner = :o",
        ExpressionAttributeValues={":o": {"S": "ada"}},
        IndexName="by-owner",
        ConsistentRead=True,
    )
    assert answer.code == "ValidationException"


def test_of_two_changes_of_an_item_the_later_one_stays_in_the_index() -> None:
    bench = Bench("index lags")
    for number in range(20):
        bench.put("a", owner=f"owner {number}")
    bench.loop.run_until(LAG_MOST_S)
    assert len(bench.query("owner = :o", {":o": "owner 19"}, IndexName="by-owner")["Items"]) == 1
    assert bench.query("owner = :o", {":o": "owner 18"}, IndexName="by-owner")["Items"] == []


def test_a_transaction_writes_all_or_nothing() -> None:
    bench = Bench()
    bench.put("a")
    untaken = {"ConditionExpression": "attribute_not_exists(room)", "TableName": "t"}
    answer = bench.call(
        "TransactWriteItems", TransactItems=[{"Put": {"Item": _key(item), **untaken}} for item in ("b", "a")]
    )
    assert [reason["Code"] for reason in answer.body["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert bench.table.get(("lobby", "b")) is None


def test_a_transaction_takes_each_item_once() -> None:
    writes = [{"Put": {"Item": _key("a"), "TableName": "t"}}] * 2
    assert Bench().call("TransactWriteItems", TransactItems=writes).code == "ValidationException"


def test_other_writers_meet_a_transaction_half_way() -> None:
    bench = Bench("slow transaction")
    answers: list[Answer] = []
    writes = {"TransactItems": [{"Put": {"Item": _key("a"), "TableName": "t"}}]}
    bench.database.handle("TransactWriteItems", writes, bench.dice, answers.append)
    assert bench.put("a").code == "TransactionConflictException"
    bench.database.handle("TransactWriteItems", writes, bench.dice, answers.append)
    assert answers[0].body["CancellationReasons"] == [{"Code": "TransactionConflict"}]
    bench.loop.run_until(1)
    assert answers[1].status == 200


def test_a_stale_read_shows_what_was() -> None:
    bench = Bench("stale read")
    bench.put("a", text="old")
    bench.loop.run_until(10)
    bench.put("a", text="new")
    shown = {bench.call("GetItem", Key=_key("a")).body["Item"]["text"]["S"] for _ in range(20)}
    assert shown == {"old"}
    assert bench.call("GetItem", Key=_key("a"), ConsistentRead=True).body["Item"]["text"] == {"S": "new"}


def test_expired_items_go_late_or_never() -> None:
    for kinds, left in ((), 0), (("never expired",), 1):
        bench = Bench(*kinds)
        bench.call("PutItem", Item={**_key("a"), "expiresAt": {"N": "1"}})
        assert bench.table.get(("lobby", "a"))
        bench.loop.run_until(10_000)
        assert len(bench.table.partitions["lobby"].list()) == left
