"""Typing: passed on to small rooms, now and then, and never stored."""

from __future__ import annotations

import pytest

from chat.domain.chat import Caller, Tally
from tests.unit.domain.conftest import Room

TYPING = {"type": "typing", "room": "lobby", "user": "ada", "name": "ada"}


@pytest.fixture
def ada(world: Room) -> Caller:
    """Ada is in the lobby with Bob."""
    world.enter("b1", "lobby", name="bob")
    return world.enter("a1", "lobby", name="ada")


async def test_typing_is_passed_on_once_in_three_seconds_over_a_users_devices(world: Room, ada: Caller) -> None:
    other = world.enter("a2", "lobby", name="ada")
    for caller in (ada, ada, other):
        await world.tell(caller, "typing", room="lobby")
    assert world.pushed("b1") == [TYPING]
    assert world.pushed("a1") == []
    world.surroundings.ms += 2_999
    await world.tell(ada, "typing", room="lobby")
    assert world.pushed("b1") == [TYPING]
    world.surroundings.ms += 1
    await world.tell(other, "typing", room="lobby")
    assert world.pushed("b1") == [TYPING, TYPING]


async def test_each_user_types_in_each_room_at_a_rate_of_its_own(world: Room, ada: Caller) -> None:
    await world.ask(ada, "join", room="den")
    world.enter("c1", "lobby", "den")
    for caller, room in ((ada, "lobby"), (ada, "den"), (Caller("b1", Tally()), "lobby")):
        await world.tell(caller, "typing", room=room)
    typing = [frame for frame in world.pushed("c1") if frame["type"] == "typing"]
    assert [(frame["user"], frame["room"]) for frame in typing] == [
        ("ada", "lobby"),
        ("ada", "den"),
        ("bob", "lobby"),
    ]


async def test_typing_does_not_count_as_sending(world: Room, ada: Caller) -> None:
    await world.tell(ada, "typing", room="lobby")
    assert set(world.rates.full_at_ms) == {("ada", "typing#lobby")}


@pytest.mark.parametrize(("others", "told"), [(98, True), (99, False)])
async def test_typing_is_for_rooms_of_at_most_100_connections(
    world: Room, ada: Caller, others: int, told: bool
) -> None:
    for number in range(others):
        world.enter(f"c{number}", "lobby")
    await world.tell(ada, "typing", room="lobby")
    assert bool(world.fan_out.frames) is told


async def test_typing_is_not_told_to_the_senders_own_devices(world: Room) -> None:
    world.enter("a2", "lobby", name="ada")
    await world.tell(world.enter("a1", "lobby", name="ada"), "typing", room="lobby")
    assert world.pushed("a2") == []
