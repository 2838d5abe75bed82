"""Direct rooms: two users, all their devices, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from chat.domain.chat import Caller
from chat.domain.model import User
from tests.unit.domain.conftest import Room, make_entry

ROOM = "dm:ada:bob"


@pytest.fixture
def ada(world: Room) -> Caller:
    """Ada and Bob have two devices each; Eve stands by."""
    for connection_id, user in (("a2", "ada"), ("b1", "bob"), ("b2", "bob"), ("e1", "eve")):
        world.connect(connection_id, user)
    return world.connect("a1", "ada")


def told(world: Room) -> dict[str, list[str]]:
    """The types of what was pushed to each connection so far."""
    found = {device: [frame["type"] for frame in world.pushed(device)] for device in world.connections.connections}
    return {device: types for device, types in found.items() if types}


async def list_rooms(world: Room, connection_id: str, user: str) -> list[dict[str, Any]]:
    rooms: list[dict[str, Any]] = (await world.ask(world.connect(connection_id, user), "rooms"))["rooms"]
    return rooms


@pytest.mark.parametrize(("sender", "to"), [("ada", "bob"), ("bob", "ada")])
async def test_the_lesser_id_stands_first_whoever_sends(world: Room, sender: str, to: str) -> None:
    ack = await world.ask(world.connect("s1", sender), "send", to=to, id="m1", text="hi", after=0)
    assert (ack["type"], ack["room"], ack["seq"]) == ("ack", ROOM, 1)


async def test_all_devices_of_both_are_told_and_no_third_person(world: Room, ada: Caller) -> None:
    ack = await world.ask(ada, "send", to="bob", id="m1", text="hi")
    message = {key: ack[key] for key in ("room", "epoch", "seq", "at")}
    message |= {"type": "message", "id": "m1", "from": "ada", "name": "ada", "text": "hi"}
    assert world.pushed("a2") == world.pushed("b1") == world.pushed("b2") == [message]
    assert set(told(world)) == {"a2", "b1", "b2"}


async def test_those_who_joined_are_told_once(world: Room, ada: Caller) -> None:
    await world.ask(world.connect("b1", "bob"), "join", room=ROOM)
    await world.ask(ada, "send", to="bob", id="m1", text="hi")
    assert told(world) == {device: ["message"] for device in ("a2", "b1", "b2")}


async def test_a_device_that_can_not_be_alive_any_more_is_told_nothing(world: Room, ada: Caller) -> None:
    world.connect("b2", "bob", expires_in_s=0)
    await world.ask(ada, "send", to="bob", id="m1", text="hi")
    assert set(told(world)) == {"a2", "b1"}


async def test_it_stands_on_the_lists_of_both(world: Room, ada: Caller) -> None:
    await world.ask(ada, "send", to="bob", id="m1", text="hi")
    listed = [{"room": ROOM, "head": 1, "read": 0, "unread": 1}]
    assert await list_rooms(world, "a1", "ada") == await list_rooms(world, "b1", "bob") == listed
    assert await list_rooms(world, "e1", "eve") == []


async def test_a_new_message_moves_it_to_the_top_of_both_lists(world: Room, ada: Caller) -> None:
    await world.ask(ada, "send", to="bob", id="m1", text="hi")
    world.surroundings.ms += 60_000
    for connection_id, user in (("a1", "ada"), ("b1", "bob")):
        await world.ask(world.connect(connection_id, user), "join", room="lobby")
    assert [room["room"] for room in await list_rooms(world, "b1", "bob")] == ["lobby", ROOM]
    world.surroundings.ms += 60_000
    await world.ask(ada, "send", to="bob", id="m2", text="hi")
    for connection_id, user in (("a1", "ada"), ("b1", "bob")):
        assert [room["room"] for room in await list_rooms(world, connection_id, user)] == [ROOM, "lobby"]


async def test_a_change_of_a_message_does_not_move_it(world: Room, ada: Caller) -> None:
    world.fill(ROOM, [make_entry(ROOM, 1, user=User("ada", "ada"))])
    for action, fields in (("edit", {"text": "x"}), ("react", {"emoji": "x"}), ("delete", {})):
        assert (await world.ask(ada, action, room=ROOM, id=action, seq=1, **fields))["type"] == "ack"
    assert await list_rooms(world, "b1", "bob") == []


async def test_everything_works_without_joining(world: Room, ada: Caller) -> None:
    bob = world.connect("b1", "bob")
    await world.ask(ada, "send", to="bob", id="m1", text="hi")
    await world.ask(bob, "send", room=ROOM, id="m2", text="hello")
    assert (await world.ask(ada, "edit", room=ROOM, id="m3", seq=1, text="hi!"))["seq"] == 3
    assert (await world.ask(bob, "react", room=ROOM, id="m4", seq=1, emoji="x"))["seq"] == 4
    assert (await world.ask(bob, "edit", room=ROOM, id="m5", seq=1, text="x"))["code"] == "entry.not_yours"
    page = await world.ask(bob, "history", room=ROOM, after=0)
    assert (page["entries"][0]["text"], page["entries"][0]["reactions"]) == ("hi!", {"x": ["bob"]})
    synced = await world.ask(bob, "sync", rooms={ROOM: {"after": 3}})
    assert [entry["seq"] for entry in synced["rooms"][ROOM]["entries"]] == [4]
    members = await world.ask(ada, "members", room=ROOM)
    assert members["members"] == [{"user": "ada", "name": "ada"}, {"user": "bob", "name": "bob"}]
    assert members["next"] is None
    assert world.connections.members == {}


async def test_join_reads_from_a_position_and_counts_the_devices_of_both(world: Room, ada: Caller) -> None:
    world.fill(ROOM, [make_entry(ROOM, seq) for seq in range(1, 6)])
    reply = await world.ask(ada, "join", room=ROOM, after=3, epoch="table.e")
    assert [entry["seq"] for entry in reply["entries"]] == [4, 5]
    assert reply["members"] == 4
    assert await world.ask(ada, "leave", room=ROOM) == {"type": "left", "room": ROOM}
    assert told(world) == {}
    assert world.connections.members == {}


async def test_typing_is_passed_on_to_the_other_devices(world: Room, ada: Caller) -> None:
    await world.tell(ada, "typing", room=ROOM)
    assert world.pushed("b1") == [{"type": "typing", "room": ROOM, "user": "ada", "name": "ada"}]
    assert {"b1", "b2"} <= set(told(world)) <= {"a2", "b1", "b2"}


async def test_read_is_told_to_both_users_other_devices_once(world: Room, ada: Caller) -> None:
    await world.ask(world.connect("b1", "bob"), "send", to="ada", id="m1", text="hi")
    world.fan_out.frames.clear()
    assert await world.ask(ada, "read", room=ROOM, seq=1) == {"type": "ack", "room": ROOM, "seq": 1}
    read = [{"type": "read", "room": ROOM, "user": "ada", "seq": 1}]
    assert world.pushed("a2") == world.pushed("b1") == world.pushed("b2") == read
    assert set(told(world)) == {"a2", "b1", "b2"}


async def test_notes_to_oneself(world: Room, ada: Caller) -> None:
    ack = await world.ask(ada, "send", to="ada", id="m1", text="milk")
    assert ack["room"] == "dm:ada:ada"
    assert told(world) == {"a2": ["message"]}
    assert [room["room"] for room in await list_rooms(world, "a1", "ada")] == ["dm:ada:ada"]
    assert (await world.ask(ada, "join", room="dm:ada:ada"))["members"] == 2
    eve = world.connect("e1", "eve")
    assert (await world.ask(eve, "history", room="dm:ada:ada"))["code"] == "room.private"


@pytest.mark.parametrize("room", ["dm:bob:ada", "dm:ada", "dm:", "dm:ada:bob:eve", "dm:ada:", "dm::bob", "dm:a@:bob"])
async def test_a_name_that_no_two_users_have_is_no_direct_room(world: Room, ada: Caller, room: str) -> None:
    for action, fields in (("join", {}), ("send", {"id": "m1", "text": "hi"})):
        assert (await world.ask(ada, action, room=room, **fields))["code"] == "room.bad_name"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "bob", "room": "lobby"}, "field.out_of_range"),
        ({}, "field.missing"),
        ({"to": None, "room": None}, "field.missing"),
        ({"to": 5}, "field.bad_type"),
        ({"to": ""}, "field.out_of_range"),
        ({"to": "ada:bob"}, "field.out_of_range"),
        ({"to": "x" * 49}, "field.out_of_range"),
    ],
)
async def test_a_message_goes_to_a_room_or_to_a_user(
    world: Room, ada: Caller, fields: dict[str, Any], code: str
) -> None:
    assert (await world.ask(ada, "send", id="m1", text="hi", **fields))["code"] == code
    assert world.log.entries == {}


async def test_a_retry_finds_the_first_attempt_by_user_or_by_room(world: Room, ada: Caller) -> None:
    acks = [await world.ask(ada, "send", id="m1", text="hi", after=0, **to) for to in ({"to": "bob"}, {"room": ROOM})]
    assert acks[0] == acks[1]
    assert world.log.seqs(ROOM) == [1]


async def test_direct_rooms_do_not_count_as_rooms_of_the_connection(world: Room) -> None:
    full = world.enter("c1", *(f"room{number}" for number in range(50)), name="cleo")
    assert (await world.ask(full, "join", room="lobby"))["code"] == "room.too_many"
    assert (await world.ask(full, "join", room="dm:ada:cleo"))["type"] == "joined"


async def test_the_longest_ids_make_a_room(world: Room) -> None:
    longest = "x" * 48, "y" * 48
    ack = await world.ask(world.connect("c1", longest[1]), "send", to=longest[0], id="m1", text="hi")
    assert ack["room"] == ":".join(("dm", *longest))
