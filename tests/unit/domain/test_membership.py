"""Coming and going, and who is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from chat.domain.membership import connect, disconnect
from chat.domain.model import Connection, Member, User
from chat.protocol.limits import Limits
from tests.unit.domain.conftest import Room, make_entry


async def test_join_answers_with_the_room(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", 1)])
    ada = world.connect("c1", "ada")
    reply = await world.ask(ada, "join", room="lobby", id="r1")
    assert reply == {
        "type": "joined",
        "id": "r1",
        "room": "lobby",
        "epoch": "table.e",
        "head": 1,
        "members": 1,
        "access": "write",
        "private": False,
        "entries": [
            {
                "type": "message",
                "seq": 1,
                "id": "id1",
                "from": "bob",
                "name": "Bob",
                "text": "text 1",
                "at": 1_700_000_000_001,
            }
        ],
        "more": False,
        "reset": False,
        "truncated": False,
    }


async def test_join_resumes_from_a_position(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", seq) for seq in range(1, 6)])
    reply = await world.ask(world.connect("c1"), "join", room="lobby", after=3, epoch="table.e")
    assert [entry["seq"] for entry in reply["entries"]] == [4, 5]


async def test_the_membership_row_stands_before_the_log_is_read(world: Room) -> None:
    ada = world.connect("c1")
    read = world.log.read
    in_room: list[bool] = []

    async def spy(room: str, **bounds: object) -> object:
        in_room.append(("c1", "lobby") in world.connections.members)
        return await read(room, **bounds)  # type: ignore[arg-type]

    world.log.read = spy  # type: ignore[assignment, method-assign]
    await world.ask(ada, "join", room="lobby")
    assert in_room
    assert all(in_room)


async def test_others_see_a_user_join_once(world: Room) -> None:
    world.enter("b1", "lobby", name="bob")
    ada = world.connect("a1", "ada")
    await world.ask(ada, "join", room="lobby")
    await world.ask(ada, "join", room="lobby")
    await world.ask(world.connect("a2", "ada"), "join", room="lobby")
    joined = {"type": "presence", "room": "lobby", "user": "ada", "name": "ada", "state": "joined"}
    assert world.pushed("b1") == [joined]
    assert world.pushed("a1") == []


async def test_others_see_a_user_leave_with_the_last_device(world: Room) -> None:
    world.enter("b1", "lobby", name="bob")
    first, second = world.enter("a1", "lobby", name="ada"), world.enter("a2", "lobby", name="ada")
    assert await world.ask(first, "leave", room="lobby") == {"type": "left", "room": "lobby"}
    assert world.pushed("b1") == []
    await world.ask(second, "leave", room="lobby")
    assert [frame["state"] for frame in world.pushed("b1")] == ["left"]
    assert await world.ask(second, "leave", room="lobby") == {"type": "left", "room": "lobby"}
    assert len(world.pushed("b1")) == 1


@pytest.mark.parametrize(("others", "told"), [(99, True), (100, False)])
async def test_presence_is_for_rooms_of_at_most_100_connections(world: Room, others: int, told: bool) -> None:
    for number in range(others):
        world.enter(f"b{number}", "lobby")
    reply = await world.ask(world.connect("a1"), "join", room="lobby")
    assert bool(world.fan_out.frames) is told
    assert reply["members"] == others + 1


async def test_members_are_counted_up_to_101(world: Room) -> None:
    for number in range(150):
        world.enter(f"b{number}", "lobby")
    assert (await world.ask(world.connect("a1"), "join", room="lobby"))["members"] == 101


async def test_a_connection_that_nobody_knows_is_told_to_connect_again(world: Room) -> None:
    reply = await world.ask(Caller("ghost", Tally()), "join", room="lobby")
    assert (reply["code"], reply["retryable"]) == ("connection.expired", False)
    late = world.connect("c1", expires_in_s=0)
    assert (await world.ask(late, "join", room="lobby"))["code"] == "connection.expired"


async def test_rooms_for_each_connection_are_limited() -> None:
    world = Room(limits=Limits(rooms_per_connection=2))
    ada = world.enter("a1", "one", "two")
    assert (await world.ask(ada, "join", room="three"))["code"] == "room.too_many"
    assert (await world.ask(ada, "join", room="two"))["type"] == "joined"


async def test_disconnect_removes_every_row_and_tells_the_rooms(world: Room) -> None:
    rooms = [f"room{number}" for number in range(40)]
    ada = world.enter("a1", *rooms, name="ada")
    world.enter("b1", "room7", name="bob")
    await disconnect(world.chat, ada)
    assert list(world.connections.members) == [("b1", "room7")]
    assert list(world.connections.connections) == ["b1"]
    assert world.pushed("b1") == [{"type": "presence", "room": "room7", "user": "ada", "name": "ada", "state": "left"}]
    await disconnect(world.chat, ada)
    assert len(world.pushed("b1")) == 1


async def test_members_lists_each_user_once(world: Room) -> None:
    ada = world.enter("a1", "lobby", name="ada")
    world.enter("a2", "lobby", name="ada")
    world.enter("b1", "lobby", name="bob")
    reply = await world.ask(ada, "members", room="lobby")
    assert reply["members"] == [{"user": "ada", "name": "ada"}, {"user": "bob", "name": "bob"}]
    assert reply["next"] is None


@pytest.mark.parametrize("page_members", [1, 2, 3, 4, 5, 80])
async def test_members_stand_on_one_page_once_however_many_devices_they_have(world: Room, page_members: int) -> None:
    world.connections.page_members = page_members
    for number in range(4):
        for user in ("ada", "bob", "bobby", "cleo"):
            world.enter(f"{user}{number}", "lobby", name=user)
    caller = world.enter("zz", "lobby")
    names: list[str] = []
    following: str | None = None
    for _ in range(20):
        reply = await world.ask(caller, "members", room="lobby", next=following)
        names += [member["user"] for member in reply["members"]]
        following = reply["next"]
        if following is None:
            break
    assert names == ["ada", "bob", "bobby", "cleo", "zz"]


async def test_members_pages(world: Room) -> None:
    for number in range(250):
        world.enter(f"c{number:03}", "lobby")
    ada = world.enter("a1", "lobby")
    names: list[str] = []
    following: str | None = None
    for _ in range(4):
        reply = await world.ask(ada, "members", room="lobby", next=following)
        names += [member["user"] for member in reply["members"]]
        following = reply["next"]
    assert following is None
    assert names == ["a1", *(f"c{number:03}" for number in range(250))]


async def test_a_page_of_members_with_long_names_fits_the_frame(world: Room) -> None:
    for number in range(100):
        user = User(f"{number:048}", "\U0001f600" * 64)
        world.connections.members[f"c{number}", "lobby"] = Member("lobby", f"c{number}", user, 2**40)
    caller, following, seen = world.enter("zz", "lobby"), None, 0
    while seen < 101:
        reply = await world.ask(caller, "members", room="lobby", next=following)
        assert len(json.dumps(reply, ensure_ascii=False).encode()) < 32 * 1024
        seen += len(reply["members"])
        following = reply["next"]
    assert following is None


@pytest.mark.parametrize("action", ["history", "members", "send"])
async def test_expired_members_are_no_members(world: Room, action: str) -> None:
    ada = world.enter("a1", "lobby")
    world.surroundings.ms += 7_800_000
    fields = {"id": "1", "text": "hi"} if action == "send" else {}
    assert (await world.ask(ada, action, room="lobby", **fields))["code"] == "room.not_joined"


async def test_expired_members_are_told_nothing(world: Room) -> None:
    world.enter("b1", "lobby")
    world.surroundings.ms += 7_800_000
    ada = world.enter("a1", "lobby")
    await world.ask(ada, "send", room="lobby", id="1", text="hi")
    assert world.fan_out.frames == []
    assert (await world.ask(ada, "members", room="lobby"))["members"] == [{"user": "a1", "name": "a1"}]


async def open_socket(world: Room, connection_id: str, user_id: str = "ada") -> None:
    """Connect as the connect handler does."""
    now_ms = world.surroundings.ms
    connection = Connection(connection_id, User(user_id, user_id), now_ms, now_ms // 1000 + 7_800)
    await connect(world.chat, Caller(connection_id, Tally()), connection)
    world.surroundings.ms += 1_000


async def test_the_oldest_connection_of_a_user_is_closed_for_a_new_one() -> None:
    world = Room(limits=Limits(connections_per_user=2))
    world.enter("b1", "lobby", name="bob")
    # The index is in the order of the ids, which tells nothing about age.
    for connection_id in ("a3", "a2", "a1"):
        await open_socket(world, connection_id)
        await world.ask(Caller(connection_id, Tally()), "join", room="lobby")
    assert world.fan_out.closed == ["a3"]
    assert sorted(world.connections.connections) == ["a1", "a2", "b1"]
    assert sorted(world.connections.members) == [("a1", "lobby"), ("a2", "lobby"), ("b1", "lobby")]
    await open_socket(world, "a0")
    assert world.fan_out.closed == ["a3", "a2"]


async def test_others_see_the_user_of_a_closed_connection_leave() -> None:
    world = Room(limits=Limits(connections_per_user=1))
    world.enter("b1", "lobby", name="bob")
    await open_socket(world, "a1")
    await world.ask(Caller("a1", Tally()), "join", room="lobby")
    await open_socket(world, "a2")
    assert [frame["state"] for frame in world.pushed("b1")] == ["joined", "left"]


async def test_other_users_and_expired_connections_do_not_count() -> None:
    world = Room(limits=Limits(connections_per_user=1))
    world.connect("a1", "ada", expires_in_s=0)
    world.connect("b1", "bob")
    await open_socket(world, "a2")
    assert world.fan_out.closed == []


async def test_a_new_connection_counts_though_the_index_does_not_show_it_yet() -> None:
    world = Room(limits=Limits(connections_per_user=1))
    await open_socket(world, "a1")
    list_devices = world.connections.list_devices

    async def list_all_but_the_newest(user_id: str) -> Any:
        return (await list_devices(user_id))[:-1]

    world.connections.list_devices = list_all_but_the_newest  # type: ignore[method-assign]
    await open_socket(world, "a2")
    assert world.fan_out.closed == ["a1"]


async def test_a_connection_that_opens_a_second_time_does_not_close_itself() -> None:
    world = Room(limits=Limits(connections_per_user=1))
    for _ in range(2):
        await open_socket(world, "a1")
    assert world.fan_out.closed == []
