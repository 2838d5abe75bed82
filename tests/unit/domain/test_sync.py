"""Comparing the positions in many rooms at once: what it reads, and what it answers."""

from __future__ import annotations

from typing import Any

import pytest

from chat.protocol.frames import encode_frame
from chat.protocol.limits import Limits
from tests.unit.domain.conftest import Room, make_entry

MANY = Limits(rooms_per_connection=100)


def fill(world: Room, room: str, count: int) -> None:
    world.fill(room, [make_entry(room, seq) for seq in range(1, count + 1)])


@pytest.mark.parametrize(("count", "each"), [(1, 100), (2, 50), (10, 10), (33, 3), (50, 2), (100, 1)])
async def test_many_rooms_read_about_one_page_in_all(count: int, each: int) -> None:
    world = Room(limits=MANY)
    rooms = [f"room{number}" for number in range(count)]
    for room in rooms:
        fill(world, room, 300)
    ada = world.enter("a1", *rooms, name="ada")
    reply = await world.ask(ada, "sync", rooms={room: {"after": 7, "epoch": "table.e"} for room in rooms})
    for room in reply["rooms"].values():
        assert [entry["seq"] for entry in room["entries"]] == list(range(8, 8 + each))
        assert (room["head"], room["more"], room["truncated"], room["reset"]) == (300, True, False, False)
    # Of each room also the entry at the position, one that tells whether there is more, and the head.
    assert sum(world.log.read_sizes) == count * (each + 3)


async def test_rooms_where_nothing_is_new_cost_one_short_read_each() -> None:
    world = Room(limits=MANY)
    rooms = [f"room{number}" for number in range(100)]
    for room in rooms:
        fill(world, room, 20)
    ada = world.enter("a1", *rooms, name="ada")
    reply = await world.ask(ada, "sync", rooms={room: {"after": 20} for room in rooms})
    assert all(room["head"] == 20 and not room["more"] for room in reply["rooms"].values())
    assert world.log.read_sizes == [1] * 100


async def test_a_hundred_rooms_with_long_names_that_are_refused_fit_the_frame(world: Room) -> None:
    rooms = [f"{number:0128}" for number in range(100)]
    request = {"rooms": {room: {"after": 0} for room in rooms}, "id": "\x01" * 64}
    reply = await world.ask(world.connect("a1", "ada"), "sync", **request)
    assert len(encode_frame(reply)) <= 32 * 1024
    assert {room["error"]["code"] for room in reply["rooms"].values()} == {"room.not_joined"}
    assert list(reply["rooms"]) == rooms
    assert world.log.read_sizes == []


@pytest.mark.parametrize("refusal", ["banned", "banned from the chat", "private"])
async def test_rooms_that_may_not_be_read_any_more_fit_the_frame(refusal: str) -> None:
    world = Room(limits=MANY)
    rooms = [f"{number:0128}" for number in range(100)]
    ada = world.enter("a1", *rooms, name="ada")
    for room in rooms:
        fill(world, room, 1)
        if refusal == "private":
            world.standings.private.add(room)
        else:
            world.standings.banned.add((None if "chat" in refusal else room, "ada"))
    reply = await world.ask(ada, "sync", rooms={room: {"after": 0} for room in rooms}, id="\x01" * 64)
    assert len(encode_frame(reply)) <= 32 * 1024
    codes = {"banned": "room.banned", "banned from the chat": "user.banned", "private": "room.private"}
    assert {room["error"]["code"] for room in reply["rooms"].values()} == {codes[refusal]}
    assert "text 1" not in repr(reply)


async def test_refused_rooms_leave_the_frame_to_the_others() -> None:
    world = Room(limits=MANY)
    long = [f"{number:0128}" for number in range(98)]
    fields: list[dict[str, Any]] = [{"text": "x" * 8_000}] * 3
    for room in ("one", "two"):
        world.fill(room, [make_entry(room, seq, **changes) for seq, changes in enumerate(fields, 1)])
    ada = world.enter("a1", "one", "two", name="ada")
    reply = await world.ask(ada, "sync", rooms={room: {"after": 0} for room in ("one", *long, "two")})
    assert len(encode_frame(reply)) <= 32 * 1024
    shown = [len(reply["rooms"][room]["entries"]) for room in ("one", "two")]
    assert sum(shown) >= 1
    assert all(reply["rooms"][room]["more"] for room in ("one", "two"))


async def test_no_rooms_are_an_answer_too(world: Room) -> None:
    assert await world.ask(world.connect("a1", "ada"), "sync", rooms={}) == {"type": "synced", "rooms": {}}


async def test_sync_says_of_a_foreign_direct_room_what_the_others_say(world: Room) -> None:
    eve = world.connect("e1", "eve")
    reply = await world.ask(eve, "sync", rooms={"dm:ada:bob": {"after": 0}})
    assert reply["rooms"]["dm:ada:bob"]["error"]["code"] == "room.private"
