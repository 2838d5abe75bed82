"""One client, against a scripted chat."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from chat_client.errors import ConnectionLostError, SignInRefusedError
from chat_client.link import Timing
from chat_client.load.client import LoadClient
from chat_client.load.judge import Judge
from chat_client.load.ramp import Ramp
from chat_client.load.recorder import Recorder
from chat_client.sign_in import Admission, SignIn
from tests.unit.chat_client.frames import error
from tests.unit.load.chat import ScriptedChat, wait_until
from tests.unit.load.conftest import FAST, admit


@asynccontextmanager
async def running(*clients: LoadClient) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(client.run()) for client in clients]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert result is None or isinstance(result, asyncio.CancelledError)


@pytest.fixture
def make(threads: Executor) -> Callable[..., LoadClient]:
    """Makes clients that are in one room."""

    def build(recorder: Recorder, sign_in: SignIn, index: int = 0, timing: Timing = FAST) -> LoadClient:
        ramp = Ramp(1000)
        return LoadClient(index, ["den"], sign_in, threads=threads, ramp=ramp, recorder=recorder, timing=timing)

    return build


Make = Callable[..., LoadClient]
MakeRecorder = Callable[..., Recorder]


async def test_a_message_is_acked_and_shown_to_everybody(
    chat: ScriptedChat, make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder(2)
    ada, bob = (make(recorder, admit(chat.url, name), index) for index, name in enumerate(("ada", "bob")))
    async with running(ada, bob):
        await wait_until(lambda: ada.is_ready and bob.is_ready)
        ada.send("den", 32, 0.0)
        assert ada.unanswered == 1
        await wait_until(lambda: recorder.counts.shown == 2)
    assert (recorder.counts.sent, recorder.counts.acked, ada.unanswered) == (1, 1, 0)
    assert len(chat.logs["den"][0]["text"]) == 32
    assert {latency: recorder.totals[latency].count for latency in recorder.totals} == {
        "ticket": 2,
        "connect": 2,
        "ack": 1,
        "delivery": 1,
        "lag": 1,
    }


async def test_a_cut_connection_is_made_again_and_nothing_is_missed(
    chat: ScriptedChat, make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder(2)
    ada, bob = (make(recorder, admit(chat.url, name), index) for index, name in enumerate(("ada", "bob")))
    async with running(ada, bob):
        await wait_until(lambda: ada.is_ready and bob.is_ready)
        assert ada.cut()
        assert not ada.cut()
        bob.send("den", 16, 0.0)
        ada.send("den", 16, 0.0)
        await wait_until(lambda: recorder.counts.shown == 4)
    assert recorder.counts.reconnects == 1
    assert recorder.counts.open == 0
    assert not recorder.counts.lost_connections


async def test_what_waits_when_a_connection_is_cut_is_not_sent_ahead_of_its_join(
    chat: ScriptedChat, threads: Executor
) -> None:
    recorder = Recorder(Judge({"den": [0], "attic": [0]}), time.monotonic)
    rooms = ["den", "attic"]
    sign_in = admit(chat.url, "ada")
    ada = LoadClient(0, rooms, sign_in, threads=threads, ramp=Ramp(1000), recorder=recorder, timing=FAST)
    async with running(ada):
        await wait_until(lambda: ada.is_ready)
        ada.cut()
        for room in rooms:
            ada.send(room, 16, 0.0)
        await wait_until(lambda: recorder.counts.acked == 2)
    assert chat.asked[1] == ["join", "join", "send", "send"]


async def test_a_push_that_was_missed_is_asked_for_when_the_next_one_shows_it(
    chat: ScriptedChat, make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder(2)
    # Nothing else is due that could bring the question on its way.
    calm = replace(FAST, reply_s=60)
    ada, bob = (make(recorder, admit(chat.url, name), index, calm) for index, name in enumerate(("ada", "bob")))
    async with running(ada, bob):
        await wait_until(lambda: ada.is_ready and bob.is_ready)
        for chat.push in (False, True):
            ada.send("den", 16, 0.0)
            await wait_until(lambda: not ada.unanswered)
        await wait_until(lambda: recorder.counts.shown == 4)
    assert [asked.count("history") for asked in chat.asked] in ([0, 1], [1, 0])


async def test_the_end_is_a_goodbye(chat: ScriptedChat, make: Make, make_recorder: MakeRecorder) -> None:
    ada = make(make_recorder(), admit(chat.url, "ada"))
    async with running(ada):
        await wait_until(lambda: ada.is_ready)
    await wait_until(lambda: chat.sockets[0].close_code is not None)
    assert chat.sockets[0].close_code == 1000


async def test_who_is_not_connected_can_not_be_cut(chat: ScriptedChat, make: Make, make_recorder: MakeRecorder) -> None:
    assert not make(make_recorder(), admit(chat.url, "ada")).cut()


async def test_a_connection_that_the_server_closes_is_told_and_made_again(
    chat: ScriptedChat, make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder()
    ada = make(recorder, admit(chat.url, "ada"))
    async with running(ada):
        await wait_until(lambda: ada.is_ready)
        await chat.sockets[0].close(1001)
        await wait_until(lambda: recorder.counts.reconnects == 1)
    assert recorder.counts.lost_connections == {"the server closed the connection (1001)": 1}


async def test_who_joins_late_reads_the_log_from_its_start(
    chat: ScriptedChat, make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder(2)
    ada, bob = (make(recorder, admit(chat.url, name), index) for index, name in enumerate(("ada", "bob")))
    async with running(ada):
        await wait_until(lambda: ada.is_ready)
        for _ in range(150):
            ada.send("den", 16, 0.0)
        await wait_until(lambda: recorder.counts.acked == 150)
        async with running(bob):
            await wait_until(lambda: recorder.counts.shown == 300)
    assert recorder._judge.decide().lost == 0


async def test_a_refused_message_is_counted_by_its_code(make: Make, make_recorder: MakeRecorder) -> None:
    recorder = make_recorder()
    async with ScriptedChat(refuse="room.read_only") as chat:
        ada = make(recorder, admit(chat.url, "ada"))
        async with running(ada):
            await wait_until(lambda: ada.is_ready)
            ada.send("den", 16, 0.0)
            await wait_until(lambda: not ada.unanswered)
    assert recorder.counts.refused == {"room.read_only": 1}


def refuse() -> Admission:
    raise SignInRefusedError("no such user")


async def test_who_is_not_let_in_stays_out(make: Make, make_recorder: MakeRecorder) -> None:
    recorder = make_recorder()
    ada = make(recorder, refuse)
    await asyncio.wait_for(ada.run(), 5)
    assert ada.has_ended
    assert recorder.counts.refused == {"no such user": 1}


async def test_a_handshake_with_403_is_final_and_others_are_tried_again(
    make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder()
    async with ScriptedChat(status=403) as chat:
        await asyncio.wait_for(make(recorder, admit(chat.url, "ada")).run(), 5)
    assert "banned from the chat, or not allowed to connect (HTTP 403)" in recorder.counts.refused
    async with ScriptedChat(status=429) as chat, running(make(recorder, admit(chat.url, "ada"))):
        await wait_until(lambda: chat.handshakes == 3)
    assert recorder.counts.lost_connections["HTTP 429"] >= 2


async def test_a_failing_sign_in_and_a_dead_address_are_tried_again(
    chat: ScriptedChat, make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder()
    urls = iter(["", "ws://127.0.0.1:1/dev", chat.url])

    def sign_in() -> Admission:
        if url := next(urls):
            return admit(url, "ada")()
        raise ConnectionLostError("timed out")

    ada = make(recorder, sign_in)
    async with running(ada):
        await wait_until(lambda: ada.is_ready)
    assert recorder.counts.lost_connections.total() == 2
    assert recorder.counts.lost_connections["timed out"] == 1


async def test_an_answer_that_does_not_come_is_asked_for_again(make: Make, make_recorder: MakeRecorder) -> None:
    recorder = make_recorder()

    class Deaf(ScriptedChat):
        heard = 0

        def _send(self, *arguments: object) -> dict[str, object]:
            self.heard += 1
            answer = super()._send(*arguments)  # type: ignore[arg-type] # as they came
            return answer if self.heard > 1 else {"message": "Internal server error"}

    async with Deaf() as chat:
        ada = make(recorder, admit(chat.url, "ada"))
        async with running(ada):
            await wait_until(lambda: ada.is_ready)
            ada.send("den", 16, 0.0)
            await wait_until(lambda: recorder.counts.acked == 1)
        assert chat.heard == 2
        assert len(chat.logs["den"]) == 1


async def test_a_connection_that_the_server_does_not_know_any_more_is_made_again_at_once(
    chat: ScriptedChat, make: Make, make_recorder: MakeRecorder
) -> None:
    recorder = make_recorder()
    ada = make(recorder, admit(chat.url, "ada"), timing=replace(FAST, reply_s=60))
    async with running(ada):
        await wait_until(lambda: ada.is_ready)
        await chat.sockets[0].send(json.dumps(error(None, "connection.expired")))
        await wait_until(lambda: recorder.counts.reconnects == 1)
    assert recorder.counts.lost_connections == {"about connection.expired": 1}


async def test_a_server_that_is_dead_is_given_up(make: Make, make_recorder: MakeRecorder) -> None:
    recorder = make_recorder()

    class Dead(ScriptedChat):
        async def _take(self, *arguments: object) -> None:
            if self.handshakes > 1:
                await super()._take(*arguments)  # type: ignore[arg-type] # as they came

    async with Dead() as chat:
        ada = make(recorder, admit(chat.url, "ada"))
        async with running(ada):
            await wait_until(lambda: ada.is_ready)
    assert recorder.counts.lost_connections == {"the server does not answer": 1}
