"""What the application itself says: exactly once, without a position."""

from __future__ import annotations

from asyncio import gather
from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from chat.domain.model import Message, User
from chat.domain.publishing import publish_from_server
from chat.protocol.errors import ChatError
from tests.unit.domain.conftest import Room, make_entry

DAY_S = 24 * 3_600


async def publish(world: Room, request_id: str = "m1", **fields: Any) -> dict[str, Any]:
    request = {"room": "news", "text": "hello", "from": "bot", "id": request_id, **fields}
    return await publish_from_server(world.chat, Caller("", Tally()), request)


def chatter(world: Room, first: int, count: int, room: str = "news") -> None:
    """Others go on talking."""
    entries = (make_entry(room, seq, expires_at_s=None) for seq in range(first, first + count))
    world.fill(room, entries)


async def test_everybody_in_the_room_is_told(world: Room) -> None:
    world.enter("a1", "news", name="ada")
    world.enter("b1", "news", name="bob")
    ack = await publish(world, name="The Bot", meta={"a": 1})
    assert ack == {"type": "ack", "room": "news", "epoch": "table.t1", "seq": 1, "at": world.surroundings.ms}
    message = {
        **{key: ack[key] for key in ("room", "epoch", "seq", "at")},
        "type": "message",
        "id": "m1",
        "from": "bot",
        "name": "The Bot",
        "text": "hello",
        "meta": {"a": 1},
    }
    assert world.pushed("a1") == world.pushed("b1") == [message]


async def test_who_has_no_name_is_shown_by_the_id(world: Room) -> None:
    await publish(world)
    assert world.log.entries["news", 1].user == User("bot", "bot")


@pytest.mark.parametrize("meanwhile", [0, 1, 99, 100, 101, 500])
async def test_a_repetition_is_stored_once_however_much_was_said_since(world: Room, meanwhile: int) -> None:
    chatter(world, 1, 3)
    first = await publish(world)
    chatter(world, 5, meanwhile)
    assert await publish(world, text="another text") == first
    assert world.log.seqs("news") == list(range(1, 5 + meanwhile))
    assert world.log.entries["news", 4].content == Message("hello")


async def test_a_repetition_is_pushed_again(world: Room) -> None:
    world.enter("a1", "news", name="ada")
    await publish(world)
    chatter(world, 2, 200)
    await publish(world)
    assert [frame["seq"] for frame in world.pushed("a1")] == [1, 1]


async def test_attempts_at_once_are_stored_once(world: Room) -> None:
    acks = await gather(*(publish(world) for _ in range(5)))
    assert all(ack == acks[0] for ack in acks)
    assert world.log.seqs("news") == [1]


async def test_an_attempt_that_began_before_the_first_was_stored_finds_the_receipt(world: Room) -> None:
    put = world.log.put

    async def overtake(*args: Any, **fields: Any) -> bool:
        world.log.put = put  # type: ignore[method-assign]
        await publish(world)
        # Too much for the look at the newest entries.
        chatter(world, 2, 150)
        return await put(*args, **fields)

    world.log.put = overtake  # type: ignore[method-assign]
    assert (await publish(world))["seq"] == 1
    assert len(world.log.seqs("news")) == 151


async def test_ids_belong_to_their_sender_and_room(world: Room) -> None:
    seqs = [(await publish(world, **fields))["seq"] for fields in ({}, {"from": "bot2"}, {"room": "other"})]
    assert seqs == [1, 2, 1]


@pytest.mark.parametrize(("retention_s", "kept_s"), [(None, DAY_S), (3_600, 3_600), (7 * DAY_S, DAY_S)])
async def test_a_receipt_is_kept_for_a_day_or_as_long_as_messages(retention_s: int | None, kept_s: int) -> None:
    world = Room(retention_s=retention_s)
    now_s = world.surroundings.ms // 1000
    await publish(world)
    assert world.log.receipts == {("news", "bot", "m1"): (1, now_s + kept_s)}


async def test_what_a_client_sends_needs_no_receipt(world: Room) -> None:
    await world.ask(world.enter("a1", "news"), "send", room="news", id="m1", text="hi")
    assert world.log.receipts == {}


async def test_a_direct_message_from_the_application(world: Room) -> None:
    for connection_id, user in (("a1", "ada"), ("a2", "ada"), ("e1", "eve")):
        world.connect(connection_id, user)
    ack = await publish(world, room=None, to="ada")
    assert (ack["room"], ack["seq"]) == ("dm:ada:bot", 1)
    assert [frame["text"] for frame in world.pushed("a1")] == [frame["text"] for frame in world.pushed("a2")]
    assert world.pushed("e1") == []
    assert [room["room"] for room in (await world.ask(world.connect("a1", "ada"), "rooms"))["rooms"]] == ["dm:ada:bot"]
    assert await publish(world, room=None, to="ada") == ack
    assert await publish(world, room="dm:ada:bot") == ack
    assert world.log.seqs("dm:ada:bot") == [1]


async def test_the_application_writes_where_no_user_may(world: Room) -> None:
    world.standings.owners["news"] = "ada"
    world.standings.private.add("news")
    world.standings.banned |= {("news", "bot"), (None, "bot")}
    world.standings.muted["news", "bot"] = world.surroundings.ms + 60_000
    assert (await publish(world))["type"] == "ack"


async def test_the_application_has_no_rate(world: Room) -> None:
    for number in range(50):
        assert (await publish(world, f"m{number}"))["seq"] == number + 1
    assert world.rates.full_at_ms == {}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from": None}, "field.missing"),
        ({"from": "a b"}, "field.out_of_range"),
        ({"from": 5}, "field.bad_type"),
        ({"name": ""}, "field.out_of_range"),
        ({"name": "x" * 65}, "field.out_of_range"),
        ({"room": None}, "field.missing"),
        ({"room": "a b"}, "room.bad_name"),
        ({"to": "ada"}, "field.out_of_range"),
        ({"id": None}, "field.missing"),
        ({"text": ""}, "field.out_of_range"),
        ({"text": "x" * 8_193}, "field.out_of_range"),
        ({"meta": []}, "field.bad_type"),
    ],
)
async def test_a_bad_request_is_refused(world: Room, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(ChatError) as refusal:
        await publish(world, **fields)
    assert refusal.value.code == code
    assert world.log.entries == {}
