"""The other models: the loop, the functions, the queue and API Gateway."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chat.domain.chat import Caller
from chat.handlers.container import Event, Result
from tests.simulation.bucket import Bucket
from tests.simulation.chance import RATES, Chance
from tests.simulation.dynamodb import Answer
from tests.simulation.functions import TIMEOUT_S, Invocation, Lambda
from tests.simulation.loop import VirtualLoop
from tests.simulation.sqs import Queue


class Container:
    """A container in which work runs as it is."""

    async def run(self, invocation: Invocation, work: Any, caller: Caller, event: Event, remaining_s: float) -> None:
        invocation.end((await work(caller, event)).response)


class Bench:
    """Functions on a loop, and chance that strikes with the kinds of faults that are asked for."""

    def __init__(self, work: Any, *kinds: str) -> None:
        self.loop = VirtualLoop()  # type: ignore[abstract]  # what asyncio itself calls is there
        self.chance = Chance(1, {kind: 1.0 if kind in kinds else 0.0 for kind in RATES}, None, [])
        self.responses: list[Any] = []
        self.cold = 0
        self.functions = Lambda(self.loop, self.chance, self._make, {"work": work, "deliver": work})

    def invoke(self) -> None:
        self.functions.invoke("work", {}, f"call {self.functions.invocations}", self.responses.append)

    def close(self) -> None:
        self.loop.close(self.functions.discard)

    def _make(self, dice: object) -> Container:
        self.cold += 1
        return Container()


async def answer(caller: Caller, event: Event) -> Result:
    await Invocation.running().pass_fault()
    await asyncio.sleep(1)
    return Result({"statusCode": 200}, "fine")


def test_time_passes_at_once_and_in_order() -> None:
    loop = VirtualLoop()  # type: ignore[abstract]  # what asyncio itself calls is there
    seen: list[tuple[float, str]] = []
    for delay_s, name in ((3_600, "c"), (1, "a"), (1, "b")):
        loop.after(delay_s, lambda name=name: seen.append((loop.time(), name)))
    loop.run_until(4_000)
    assert seen == [(1, "a"), (1, "b"), (3_600, "c")]
    assert loop.time() == 4_000


def test_an_error_in_a_callback_ends_the_run() -> None:
    loop = VirtualLoop()  # type: ignore[abstract]  # what asyncio itself calls is there
    loop.after(1, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        loop.run_until(2)


def test_a_warm_container_is_used_again_by_one_invocation_at_a_time() -> None:
    bench = Bench(answer)
    bench.invoke()
    bench.invoke()
    bench.loop.run_until(5)
    bench.invoke()
    bench.loop.run_until(10)
    assert (bench.responses, bench.cold) == ([{"statusCode": 200}] * 3, 2)
    bench.close()


def test_what_has_crashed_does_not_even_clean_up() -> None:
    cleaned: list[str] = []

    async def work(caller: Caller, event: Event) -> Result:
        try:
            return await answer(caller, event)
        finally:
            cleaned.append("up")

    bench = Bench(work, "crash")
    bench.invoke()
    bench.loop.run_until(100)
    assert (bench.responses, cleaned) == ([None], [])
    bench.close()


def test_what_is_frozen_goes_on_later() -> None:
    bench = Bench(answer, "freeze")
    bench.invoke()
    bench.loop.run_until(1.3)
    assert bench.responses == []
    bench.loop.run_until(10)
    assert bench.responses == [{"statusCode": 200}]
    bench.close()


def test_a_function_is_ended_by_its_timeout() -> None:
    async def work(caller: Caller, event: Event) -> Result:
        await asyncio.sleep(1_000)
        raise AssertionError

    bench = Bench(work)
    bench.invoke()
    bench.loop.run_until(TIMEOUT_S + 1)
    assert bench.responses == [None]
    bench.loop.run_until(2_000)
    bench.close()


def test_an_asynchronous_invocation_that_fails_is_repeated_twice() -> None:
    bench = Bench(answer, "crash")
    bench.functions.invoke_async("work", {}, "publish")
    bench.loop.run_until(100)
    assert bench.functions.invocations == 3
    bench.close()


def test_a_bucket_refills() -> None:
    loop = VirtualLoop()  # type: ignore[abstract]  # what asyncio itself calls is there
    bucket = Bucket(loop, 1, 2)
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    loop.run_until(1)
    assert [bucket.take() for _ in range(2)] == [True, False]


class TestQueue:
    @staticmethod
    def run(failures: list[set[str]], *kinds: str, until_s: float = 10_000) -> tuple[list[list[str]], Queue]:
        """Put a, b (twice) and c into one group; each delivery fails for what `failures` names, in turn."""
        batches: list[list[str]] = []

        async def work(caller: Caller, event: Event) -> Result:
            batches.append([record["body"] for record in event["Records"]])
            failed = failures.pop(0) if failures else set()
            items = [{"itemIdentifier": record["messageId"]} for record in event["Records"] if record["body"] in failed]
            return Result({"batchItemFailures": items}, "done")

        bench = Bench(work, *kinds)
        queue = Queue(bench.loop, bench.functions, bench.chance.dice("queue"))
        answers: list[Answer] = []
        for body in "abbc":
            entry = {"Id": "0", "MessageBody": body, "MessageGroupId": "g", "MessageDeduplicationId": body}
            queue.handle("SendMessageBatch", {"Entries": [entry]}, bench.chance.dice("sender"), answers.append)
        bench.loop.run_until(until_s)
        bench.close()
        return batches, queue

    def test_a_group_is_handed_out_in_order_and_each_message_once(self) -> None:
        batches, queue = self.run([])
        assert batches == [["a", "b", "c"]]
        assert queue.list_messages() == []

    def test_what_fails_comes_again_and_what_follows_it_waits(self) -> None:
        batches, _ = self.run([{"b", "c"}])
        assert batches == [["a", "b", "c"], *batches[1:]]
        assert [body for batch in batches[1:] for body in batch] == ["b", "c"]

    def test_what_fails_three_times_is_a_dead_letter(self) -> None:
        _, queue = self.run([{"a"}] * 9)
        assert [message.body for message in queue.dead_letters] == ["a"]
        assert queue.list_messages() == []

    def test_a_message_may_come_again_after_it_was_done(self) -> None:
        batches, _ = self.run([], "delivered again")
        assert len(batches) > 1
