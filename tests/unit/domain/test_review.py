"""The application's look at texts before they are stored."""

from __future__ import annotations

from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from chat.domain.model import Message, User
from chat.domain.publishing import publish_from_server
from chat.protocol.errors import MessageRefusedError, UnavailableError
from tests.fakes.ports import FakeReview
from tests.unit.domain.conftest import Room

ADA = User("ada", "Ada")


@pytest.fixture
def review() -> FakeReview:
    return FakeReview()


@pytest.fixture
def world(review: FakeReview) -> Room:
    return Room(message_review=review)


@pytest.fixture
async def ada(world: Room, review: FakeReview) -> Caller:
    """Ada said something that was let through; Bob heard it."""
    world.enter("b1", "lobby", name="bob")
    caller = world.enter("a1", "lobby", name=ADA)
    await world.ask(caller, "send", room="lobby", id="m1", text="hi", after=0)
    world.fan_out.frames.clear()
    review.asked.clear()
    return caller


async def test_what_is_let_through_is_stored_as_it_is(world: Room, review: FakeReview, ada: Caller) -> None:
    ack = await world.ask(ada, "send", room="lobby", id="m2", text="hello", meta={"a": 1}, after=1)
    assert ack["seq"] == 2
    assert review.asked == [("send", "lobby", ADA, Message("hello", {"a": 1}))]
    assert world.log.entries["lobby", 2].content == Message("hello", {"a": 1})


async def test_a_changed_text_is_stored_and_pushed_in_place_of_the_first(
    world: Room, review: FakeReview, ada: Caller
) -> None:
    review.answers["damn"] = "d***"
    await world.ask(ada, "send", room="lobby", id="m2", text="damn", meta={"a": 1}, after=1)
    assert world.log.entries["lobby", 2].content == Message("d***", {"a": 1})
    assert [(frame["text"], frame["meta"]) for frame in world.pushed("b1")] == [("d***", {"a": 1})]
    assert "damn" not in repr(world.log.entries)


@pytest.mark.parametrize(
    ("answer", "code", "retryable"),
    [
        (MessageRefusedError("no swearing here"), "message.refused", False),
        (UnavailableError("no answer"), "server.unavailable", True),
    ],
)
async def test_what_is_refused_is_neither_stored_nor_pushed(
    world: Room, review: FakeReview, ada: Caller, answer: Any, code: str, retryable: bool
) -> None:
    review.answers["damn"] = answer
    for action, fields in (("send", {}), ("edit", {"seq": 1})):
        reply = await world.ask(ada, action, room="lobby", id="m2", text="damn", after=1, **fields)
        assert (reply["code"], reply["message"], reply["retryable"]) == (code, str(answer), retryable)
    assert world.log.seqs("lobby") == [1]
    assert world.fan_out.frames == []


async def test_an_edit_is_looked_at_as_well(world: Room, review: FakeReview, ada: Caller) -> None:
    review.answers["damn"] = "d***"
    await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="damn", after=1)
    assert review.asked == [("edit", "lobby", ADA, Message("damn"))]
    assert [frame["text"] for frame in world.pushed("b1")] == ["d***"]
    page = await world.ask(ada, "history", room="lobby", after=0)
    assert [entry["text"] for entry in page["entries"]] == ["d***", "d***"]


async def test_what_has_no_text_is_not_looked_at(world: Room, review: FakeReview, ada: Caller) -> None:
    await world.ask(ada, "react", room="lobby", id="m2", seq=1, emoji="x", after=1)
    await world.ask(ada, "delete", room="lobby", id="m3", seq=1, after=2)
    assert world.log.seqs("lobby") == [1, 2, 3]
    assert review.asked == []


async def test_a_direct_message_is_looked_at(world: Room, review: FakeReview, ada: Caller) -> None:
    await world.ask(ada, "send", to="bob", id="m2", text="psst")
    assert [(action, room) for action, room, _, _ in review.asked] == [("send", "dm:ada:bob")]


async def test_a_retry_of_what_was_stored_is_not_looked_at_again(world: Room, review: FakeReview, ada: Caller) -> None:
    review.answers["damn"] = "d***"
    first = await world.ask(ada, "send", room="lobby", id="m2", text="damn", after=1)
    review.answers["damn"] = MessageRefusedError("no swearing here any more")
    assert await world.ask(ada, "send", room="lobby", id="m2", text="damn", after=1) == first
    assert len(review.asked) == 1
    assert world.pushed("b1")[0] == world.pushed("b1")[1]


async def test_who_may_not_write_is_refused_without_a_look(world: Room, review: FakeReview, ada: Caller) -> None:
    world.standings.muted["lobby", "ada"] = world.surroundings.ms + 1_000
    assert (await world.ask(ada, "send", room="lobby", id="m2", text="x"))["code"] == "room.muted"
    assert review.asked == []


async def test_what_the_application_itself_says_is_not_looked_at(world: Room, review: FakeReview) -> None:
    request = {"room": "lobby", "text": "news", "from": "bot", "id": "m1"}
    await publish_from_server(world.chat, Caller("", Tally()), request)
    assert world.log.seqs("lobby") == [1]
    assert review.asked == []


async def test_a_lost_race_is_not_looked_at_twice(world: Room, review: FakeReview, ada: Caller) -> None:
    put = world.log.put
    lost = 0

    async def lose_once(*args: Any, **fields: Any) -> bool:
        nonlocal lost
        lost += 1
        return lost > 1 and await put(*args, **fields)

    world.log.put = lose_once  # type: ignore[method-assign]
    review.answers["damn"] = "d***"
    await world.ask(ada, "send", room="lobby", id="m2", text="damn", after=1)
    assert lost == 2
    assert len(review.asked) == 1
    assert world.log.entries["lobby", 2].content == Message("d***")
