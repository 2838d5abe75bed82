"""Whole runs, against a scripted chat."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from chat_client.load.generator import Generator, Patience, Phase
from chat_client.load.plan import Plan
from chat_client.load.result import Result, build_result
from chat_client.sign_in import Admission
from tests.unit.chat_client.frames import Frame
from tests.unit.load.chat import ScriptedChat, wait_until
from tests.unit.load.conftest import FAST, IMPATIENT, PATIENT, admit, make_generator


def make_plan(**fields: Any) -> Plan:
    return Plan(**{"run": "r", "clients": 6, "rooms": 2, "rate": 40, "duration_s": 0.5, "ramp": 500, **fields})


async def run(chat: ScriptedChat, patience: Patience = PATIENT, **fields: Any) -> Result:
    generator = make_generator(chat, make_plan(**fields), patience)
    await asyncio.wait_for(generator.run(), 30)
    return build_result(generator, url=chat.url, started_at=datetime.now(UTC))


async def test_a_run_against_a_good_chat_passes(chat: ScriptedChat) -> None:
    result = await run(chat)
    assert result["faults"] == {"lost": 0, "duplicated": 0, "out_of_order": 0, "absent": 0, "refused": {}}
    assert (result["passed"], result["finished"]) == (True, True)
    counts = result["counts"]
    assert (counts["sent"], counts["acked"], counts["shown"], counts["expected"]) == (20, 20, 60, 60)
    assert result["latency_ms"]["delivery"]["count"] == 40
    assert sum(sample["shown"] for sample in result["samples"]) == 60
    assert sorted(chat.logs) == ["load-r-0", "load-r-1"]


async def test_cut_connections_are_resumed_and_nothing_is_lost(chat: ScriptedChat) -> None:
    result = await run(chat, duration_s=1, reconnects=10_000, clients=12, rooms=3, joins_per_client=2)
    assert result["counts"]["cuts"] > 3
    assert result["counts"]["reconnects"] >= result["counts"]["cuts"] - 1
    assert result["passed"], result["faults"]


async def test_all_clients_send_and_the_same_seed_repeats_who_sends_where() -> None:
    said = []
    for seed in (5, 5, 6):
        async with ScriptedChat() as chat:
            await run(chat, seed=seed, duration_s=0.3, joins_per_client=2)
            said.append({room: sorted(entry["text"] for entry in log) for room, log in chat.logs.items()})
            assert {entry["from"] for log in chat.logs.values() for entry in log} == {f"user{n}" for n in range(6)}
    assert said[0] == said[1] != said[2]


async def test_messages_are_sent_at_an_even_rate(chat: ScriptedChat) -> None:
    started_s = time.monotonic()
    result = await run(chat, rate=20, duration_s=0.5)
    assert result["counts"]["sent"] == 10
    assert time.monotonic() - started_s >= 9 / 20


async def test_messages_that_are_stored_twice_are_found() -> None:
    async with ScriptedChat(store=lambda message: [message, message]) as chat:
        result = await run(chat, duration_s=0.1)
    faults = result["faults"]
    assert (faults["lost"], faults["duplicated"], faults["out_of_order"]) == (0, 12, 0)
    assert not result["passed"]


async def test_messages_whose_text_is_changed_are_found() -> None:
    async with ScriptedChat(store=lambda message: [{**message, "text": "changed"}]) as chat:
        result = await run(chat, duration_s=0.1)
    # The sender shows what it has sent: it and the others are shown different messages.
    assert result["faults"]["out_of_order"] >= 4
    assert not result["passed"]


async def test_messages_that_no_push_brought_are_read_at_the_end() -> None:
    async with ScriptedChat(push=False) as chat:
        result = await run(chat, duration_s=0.1)
    assert result["counts"]["resumed"] > 0
    assert result["passed"], result["faults"]


async def test_what_is_never_acked_is_lost_and_ends_the_wait() -> None:
    class Silent(ScriptedChat):
        def _send(self, *_: object) -> Frame:
            return {"message": "Internal server error"}

    async with Silent() as chat:
        result = await run(chat, IMPATIENT, duration_s=0.1)
    assert (result["counts"]["sent"], result["counts"]["acked"]) == (4, 0)
    assert result["faults"]["lost"] == 12
    assert not result["passed"]


async def test_refused_messages_are_lost_too() -> None:
    async with ScriptedChat(refuse="message.refused") as chat:
        result = await run(chat, duration_s=0.1)
    assert result["faults"]["refused"] == {"message.refused": 4}
    assert result["faults"]["lost"] == 12


async def test_a_chat_that_lets_nobody_in_fails_the_run() -> None:
    async with ScriptedChat(status=429) as chat:
        result = await run(chat, IMPATIENT)
    assert (result["faults"]["absent"], result["counts"]["sent"], result["passed"]) == (6, 0, False)
    assert result["lost_connections"]["HTTP 429"] > 0


async def test_those_who_got_in_send_where_somebody_did_not(chat: ScriptedChat) -> None:
    def refuse() -> Admission:
        return admit("ws://127.0.0.1:1/dev", "nobody")()

    plan = make_plan(clients=3, rooms=1, rate=20, duration_s=0.2)
    generator = Generator(
        plan, [admit(chat.url, "ada"), refuse, admit(chat.url, "bob")], timing=FAST, patience=IMPATIENT
    )
    await asyncio.wait_for(generator.run(), 30)
    result = build_result(generator, url=chat.url, started_at=datetime.now(UTC))
    assert {entry["from"] for entry in chat.logs["load-r-0"]} == {"ada", "bob"}
    assert (result["faults"]["absent"], result["faults"]["lost"]) == (1, 4)


async def test_a_run_that_is_stopped_still_lets_everybody_catch_up(chat: ScriptedChat) -> None:
    generator = make_generator(chat, make_plan(duration_s=600))
    running = asyncio.create_task(generator.run())
    await wait_until(lambda: generator.recorder.counts.sent >= 5)
    assert generator.phase is Phase.SEND
    generator.stop()
    await asyncio.wait_for(running, 10)
    result = build_result(generator, url=chat.url, started_at=datetime.now(UTC))
    assert (result["passed"], result["finished"]) == (True, False)


async def test_a_run_that_is_stopped_while_it_connects_sends_nothing(chat: ScriptedChat) -> None:
    generator = make_generator(chat, make_plan(ramp=1))
    running = asyncio.create_task(generator.run())
    await wait_until(lambda: chat.handshakes == 1)
    generator.stop()
    await asyncio.wait_for(running, 10)
    assert generator.recorder.counts.sent == 0
    assert chat.handshakes < 6
