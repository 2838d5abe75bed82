"""How far users have read, and the list of their rooms."""

from __future__ import annotations

from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from tests.unit.domain.conftest import Room, make_entry


@pytest.fixture
def ada(world: Room) -> Caller:
    """Ada is in the lobby, where ten things were said, with Bob; her second device is nowhere."""
    world.fill("lobby", [make_entry("lobby", seq) for seq in range(1, 11)])
    world.connect("a2", "ada")
    world.enter("b1", "lobby", name="bob")
    return world.enter("a1", "lobby", name="ada")


async def list_rooms(world: Room, caller: Caller) -> list[dict[str, Any]]:
    rooms: list[dict[str, Any]] = (await world.ask(caller, "rooms"))["rooms"]
    return rooms


async def test_reading_tells_the_others_and_the_own_devices_once(world: Room, ada: Caller) -> None:
    world.enter("a3", "lobby", name="ada")
    reply = await world.ask(ada, "read", room="lobby", seq=4, id="r1")
    assert reply == {"type": "ack", "room": "lobby", "seq": 4, "id": "r1"}
    read = [{"type": "read", "room": "lobby", "user": "ada", "seq": 4}]
    assert world.pushed("a2") == world.pushed("a3") == world.pushed("b1") == read
    assert world.pushed("a1") == []


async def test_nobody_reads_further_than_the_head(world: Room, ada: Caller) -> None:
    assert (await world.ask(ada, "read", room="lobby", seq=10**12 - 1))["seq"] == 10
    assert world.cursors.seqs == {("lobby", "ada"): 10}
    assert [frame["seq"] for frame in world.pushed("b1")] == [10]


@pytest.mark.parametrize(
    ("seq", "code"),
    [(None, "field.missing"), ("4", "field.bad_type"), (0, "field.out_of_range"), (10**12, "field.out_of_range")],
)
async def test_reading_takes_a_seq(world: Room, ada: Caller, seq: Any, code: str) -> None:
    assert (await world.ask(ada, "read", room="lobby", seq=seq))["code"] == code
    assert world.cursors.seqs == {}


@pytest.mark.parametrize("seq", [5, 4, 1])
async def test_reading_only_ever_moves_forward(world: Room, ada: Caller, seq: int) -> None:
    await world.ask(ada, "read", room="lobby", seq=5)
    world.fan_out.frames.clear()
    assert (await world.ask(ada, "read", room="lobby", seq=seq))["type"] == "ack"
    assert world.cursors.seqs == {("lobby", "ada"): 5}
    assert world.fan_out.frames == []


@pytest.mark.parametrize(("others", "told"), [(98, True), (99, False)])
async def test_large_rooms_are_not_told_and_the_own_devices_are(
    world: Room, ada: Caller, others: int, told: bool
) -> None:
    for number in range(others):
        world.enter(f"c{number}", "lobby")
    assert len(world.connections.members) == others + 2
    await world.ask(ada, "read", room="lobby", seq=4)
    receivers = {receiver for receiver, _ in world.fan_out.frames}
    assert ("b1" in receivers) is told
    assert len(receivers) == (others + 2 if told else 1)
    assert "a2" in receivers


async def test_unread_is_what_follows_the_cursor_on_any_device(world: Room, ada: Caller) -> None:
    other = Caller("a2", Tally())
    await world.ask(other, "join", room="lobby")
    assert await list_rooms(world, ada) == [{"room": "lobby", "head": 10, "read": 0, "unread": 10}]
    await world.ask(other, "read", room="lobby", seq=7)
    assert await list_rooms(world, ada) == [{"room": "lobby", "head": 10, "read": 7, "unread": 3}]
    await world.ask(Caller("b1", Tally()), "send", room="lobby", id="m1", text="hi")
    assert await list_rooms(world, ada) == [{"room": "lobby", "head": 11, "read": 7, "unread": 4}]


async def test_a_room_without_a_word_has_nothing_unread(world: Room) -> None:
    ada = world.connect("a1", "ada")
    await world.ask(ada, "join", room="den")
    assert await list_rooms(world, ada) == [{"room": "den", "head": 0, "read": 0, "unread": 0}]


async def test_leaving_takes_a_room_off_the_list_and_keeps_the_cursor(world: Room, ada: Caller) -> None:
    await world.ask(ada, "join", room="lobby")
    await world.ask(ada, "read", room="lobby", seq=7)
    await world.ask(ada, "leave", room="lobby")
    assert await list_rooms(world, ada) == []
    await world.ask(ada, "join", room="lobby")
    assert await list_rooms(world, ada) == [{"room": "lobby", "head": 10, "read": 7, "unread": 3}]


async def test_the_room_touched_last_comes_first(world: Room) -> None:
    ada = world.connect("a1", "ada")
    for room in ("one", "two", "three"):
        world.fill(room, [make_entry(room, 1)])
        await world.ask(ada, "join", room=room)
        world.surroundings.ms += 60_000
    assert [room["room"] for room in await list_rooms(world, ada)] == ["three", "two", "one"]
    await world.ask(ada, "read", room="two", seq=1)
    assert [room["room"] for room in await list_rooms(world, ada)] == ["two", "three", "one"]
    world.surroundings.ms += 60_000
    await world.ask(ada, "join", room="one")
    assert [room["room"] for room in await list_rooms(world, ada)] == ["one", "two", "three"]


@pytest.mark.parametrize(("count", "pages"), [(0, [0]), (1, [1]), (25, [25]), (26, [25, 1]), (60, [25, 25, 10])])
async def test_the_list_comes_in_pages_of_25(world: Room, count: int, pages: list[int]) -> None:
    ada = world.connect("a1", "ada")
    for number in range(count):
        await world.cursors.touch(f"room{number}", "ada", world.surroundings.ms + number % 3 * 60_000)
    seen: list[str] = []
    following: str | None = None
    for size in pages:
        reply = await world.ask(ada, "rooms", next=following)
        seen += [room["room"] for room in reply["rooms"]]
        following = reply["next"]
        assert len(reply["rooms"]) == size
    assert following is None
    assert sorted(seen) == sorted(f"room{number}" for number in range(count))


async def test_a_page_starts_where_the_page_before_said(world: Room, ada: Caller) -> None:
    assert (await world.ask(ada, "rooms", next="lobby"))["code"] == "field.out_of_range"
    assert (await world.ask(ada, "rooms", next=5))["code"] == "field.bad_type"


async def test_lists_belong_to_their_user(world: Room, ada: Caller) -> None:
    await world.ask(ada, "join", room="lobby")
    assert await list_rooms(world, Caller("b1", Tally())) == []


async def test_a_page_of_rooms_with_long_names_fits_the_frame(world: Room) -> None:
    ada = world.connect("a1", "ada")
    for number in range(25):
        await world.cursors.touch(f"{number:0128}", "ada", world.surroundings.ms)
        world.fill(f"{number:0128}", [make_entry(f"{number:0128}", 10**12 - 1)])
    assert len(repr(await list_rooms(world, ada))) < 32 * 1024


async def test_read_in_an_empty_room_is_as_the_contract_has_it(world: Room) -> None:
    await world.ask(world.enter("a1", "den"), "read", room="den", seq=3)


@pytest.mark.parametrize("room", ["lobby", "den", "dm:ada:bob"])
async def test_leave_takes_a_room_off_the_list(world: Room, room: str) -> None:
    ada = world.connect("a1", "ada")
    if room == "lobby":
        await world.ask(ada, "join", room=room)
        await world.connections.remove_member("a1", room)  # disconnected, and connected again
    elif room == "den":
        await world.ask(world.connect("b1", "bob"), "create", room="den", private=True)
        await world.ask(Caller("b1", Tally()), "join", room="den")
        await world.ask(Caller("b1", Tally()), "invite", room="den", user="ada")
    else:
        await world.ask(world.connect("b1", "bob"), "send", to="ada", id="m1", text="hi")
    assert [each["room"] for each in (await world.ask(ada, "rooms"))["rooms"]] == [room]
    await world.ask(ada, "leave", room=room)
    assert (await world.ask(ada, "rooms"))["rooms"] == []


async def test_a_retry_does_not_move_a_direct_room_down(world: Room) -> None:
    ada = world.connect("a1", "ada")
    await world.ask(ada, "send", to="bob", id="m1", text="one", after=0)
    world.surroundings.ms += 60_000
    await world.ask(ada, "join", room="lobby")
    world.surroundings.ms += 60_000
    await world.ask(ada, "send", to="bob", id="m2", text="two", after=1)
    await world.ask(ada, "send", to="bob", id="m1", text="one", after=0)
    assert [room["room"] for room in (await world.ask(ada, "rooms"))["rooms"]] == ["dm:ada:bob", "lobby"]
