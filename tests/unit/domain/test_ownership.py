"""Rooms that somebody made: who owns them, who is a member, who is told."""

from __future__ import annotations

from typing import Any

import pytest

from chat.domain.chat import Caller
from chat.domain.model import Access
from chat.domain.ports import AudiencePage
from chat.protocol.errors import UnavailableError
from chat.protocol.limits import Limits, Rate
from tests.fakes.ports import FakeRoomAccess
from tests.unit.domain.conftest import Room, make_entry

REMOVED = {"type": "removed", "room": "den", "reason": "removed"}


@pytest.fixture
async def ada(world: Room) -> Caller:
    """Ada owns a private room, and is in it."""
    caller = world.connect("a1", "ada")
    await world.ask(caller, "create", room="den", private=True)
    await world.ask(caller, "join", room="den")
    return caller


async def list_rooms(world: Room, connection_id: str, user: str) -> list[str]:
    reply = await world.ask(world.connect(connection_id, user), "rooms")
    return [room["room"] for room in reply["rooms"]]


@pytest.mark.parametrize("private", [None, False, True])
async def test_who_makes_a_room_owns_it(world: Room, private: bool | None) -> None:
    caller = world.connect("a1", "ada")
    reply = await world.ask(caller, "create", room="den", private=private, id="r1")
    assert reply == {"type": "ack", "room": "den", "id": "r1"}
    assert world.standings.owners == {"den": "ada"}
    assert world.standings.private == ({"den"} if private else set())
    assert await list_rooms(world, "a1", "ada") == ["den"]
    assert (await world.ask(world.connect("b1", "bob"), "join", room="den")).get("code") == (
        "room.private" if private else None
    )


@pytest.mark.parametrize("private", [False, True])
async def test_making_it_again_is_harmless(world: Room, private: bool) -> None:
    caller = world.connect("a1", "ada")
    await world.ask(caller, "create", room="den", private=private)
    world.fill("den", [make_entry("den", 1)])
    world.standings.members.add(("den", "bob"))
    world.enter("b1", "den", name="bob")
    assert await world.ask(caller, "create", room="den", private=private) == {"type": "ack", "room": "den"}
    assert ("b1", "den") in world.connections.members
    assert (await world.ask(caller, "create", room="den", private=not private))["code"] == "room.exists"


async def test_a_room_with_an_owner_or_a_message_is_there_already(world: Room) -> None:
    await world.ask(world.connect("a1", "ada"), "create", room="den")
    world.fill("lobby", [make_entry("lobby", 7)])
    bob = world.connect("b1", "bob")
    for room in ("den", "lobby"):
        for private in (False, True):
            assert (await world.ask(bob, "create", room=room, private=private))["code"] == "room.exists"
    assert world.standings.owners == {"den": "ada"}
    assert await list_rooms(world, "b1", "bob") == []


async def test_a_room_is_private_or_not(world: Room) -> None:
    reply = await world.ask(world.connect("a1", "ada"), "create", room="den", private="yes")
    assert reply["code"] == "field.bad_type"
    assert world.standings.owners == {}


async def test_who_comes_second_is_told_so(world: Room) -> None:
    async def lose(room: str, owner: str, *, private: bool) -> bool:
        world.standings.owners[room] = "bob"
        return False

    world.standings.create_room = lose  # type: ignore[method-assign]
    assert (await world.ask(world.connect("a1", "ada"), "create", room="den"))["code"] == "room.exists"
    assert await list_rooms(world, "a1", "ada") == []


async def test_a_retry_after_a_lost_reply_is_answered_with_success(world: Room) -> None:
    create_room = world.standings.create_room

    async def lose_reply(room: str, owner: str, *, private: bool) -> bool:
        await create_room(room, owner, private=private)
        raise UnavailableError("too late")

    world.standings.create_room = lose_reply  # type: ignore[method-assign]
    caller = world.connect("a1", "ada")
    assert (await world.ask(caller, "create", room="den", private=True))["code"] == "server.unavailable"
    assert (await world.ask(caller, "create", room="den", private=True))["type"] == "ack"
    assert await list_rooms(world, "a1", "ada") == ["den"]


async def test_strangers_who_sat_in_the_room_are_taken_out_when_it_becomes_private(world: Room) -> None:
    ada = world.enter("a1", "den", name="ada")
    bob = world.enter("b1", "den", "lobby", name="bob")
    world.enter("b2", "den", name="bob")
    world.enter("c1", "den", name="cleo")
    assert (await world.ask(ada, "create", room="den", private=True))["type"] == "ack"
    assert sorted(world.connections.members) == [("a1", "den"), ("b1", "lobby")]
    for device in ("b1", "b2", "c1"):
        assert REMOVED in world.pushed(device)
    assert REMOVED not in world.pushed("a1")
    left = {frame["user"] for frame in world.pushed("a1") if frame["type"] == "presence" and frame["state"] == "left"}
    assert left == {"bob", "cleo"}
    assert (await world.ask(bob, "join", room="den"))["code"] == "room.private"


async def test_nobody_is_taken_out_of_a_room_that_stays_public(world: Room) -> None:
    ada = world.enter("a1", "den", name="ada")
    world.enter("b1", "den", name="bob")
    await world.ask(ada, "create", room="den")
    assert ("b1", "den") in world.connections.members
    assert world.fan_out.frames == []


async def test_who_is_invited_is_told_on_every_device_and_may_join(world: Room, ada: Caller) -> None:
    bob = world.connect("b1", "bob")
    world.connect("b2", "bob")
    reply = await world.ask(ada, "invite", room="den", user="bob")
    assert reply == {"type": "ack", "room": "den", "user": "bob"}
    invited = {"type": "invited", "room": "den", "user": "ada", "name": "ada"}
    assert world.pushed("b1") == world.pushed("b2") == [invited]
    assert await list_rooms(world, "b1", "bob") == ["den"]
    assert (await world.ask(bob, "join", room="den"))["type"] == "joined"
    assert (await world.ask(bob, "send", room="den", id="m1", text="hi"))["type"] == "ack"


async def test_who_is_not_there_can_be_invited_and_finds_the_room_later(world: Room, ada: Caller) -> None:
    for _ in range(2):
        assert (await world.ask(ada, "invite", room="den", user="bob"))["type"] == "ack"
    assert await list_rooms(world, "b1", "bob") == ["den"]


async def test_a_removed_member_is_out_on_every_device_and_may_not_come_back(world: Room, ada: Caller) -> None:
    await world.ask(ada, "invite", room="den", user="bob")
    bob = world.connect("b1", "bob")
    world.connect("b2", "bob")
    for device in ("b1", "b2"):
        await world.ask(world.connect(device, "bob"), "join", room="den")
    world.fan_out.frames.clear()
    reply = await world.ask(ada, "remove", room="den", user="bob")
    assert reply == {"type": "ack", "room": "den", "user": "bob"}
    assert world.pushed("b1") == world.pushed("b2") == [REMOVED]
    assert [frame["state"] for frame in world.pushed("a1")] == ["left"]
    assert sorted(world.connections.members) == [("a1", "den")]
    assert await list_rooms(world, "b1", "bob") == []
    assert (await world.ask(bob, "join", room="den"))["code"] == "room.private"
    await world.ask(ada, "invite", room="den", user="bob")
    assert (await world.ask(bob, "join", room="den"))["type"] == "joined"


@pytest.mark.parametrize("action", ["invite", "remove"])
async def test_the_owner_stays_a_member(world: Room, ada: Caller, action: str) -> None:
    assert (await world.ask(ada, action, room="den", user="ada"))["code"] == "field.out_of_range"
    assert world.standings.members == {("den", "ada")}


async def make(answer: Access | None) -> tuple[dict[str, Any], Room]:
    access = FakeRoomAccess()
    access.answers["den"] = answer  # type: ignore[assignment]
    world = Room(room_access=access)
    reply = await world.ask(world.connect("a1", "ada"), "create", room="den")
    assert [room for _, room in access.asked] == ["den"]
    return reply, world


@pytest.mark.parametrize("answer", [None, Access.MODERATE])
async def test_whom_the_application_lets_moderate_may_make_a_room(answer: Access | None) -> None:
    reply, world = await make(answer)
    assert reply["type"] == "ack"
    assert world.standings.owners == {"den": "ada"}


@pytest.mark.parametrize("answer", [Access.NONE, Access.READ, Access.WRITE])
async def test_whom_the_application_gives_less_may_not(answer: Access) -> None:
    reply, world = await make(answer)
    assert reply["code"] == "room.not_allowed"
    assert world.standings.owners == {}


async def test_create_whose_reply_was_lost_is_answered_with_success(world: Room) -> None:
    create_room = world.standings.create_room

    async def lost_reply(room: str, owner: str, *, private: bool) -> bool:
        await create_room(room, owner, private=private)
        return await create_room(room, owner, private=private)

    world.standings.create_room = lost_reply  # type: ignore[method-assign]
    assert (await world.ask(world.connect("a1", "ada"), "create", room="den", private=True))["type"] == "ack"


@pytest.mark.parametrize("what", ["banned from the chat", "application none", "rate"])
async def test_create_of_an_own_room_is_checked_as_well(what: str) -> None:
    access = FakeRoomAccess()
    world = Room(room_access=access, limits=Limits(sends=Rate(1, 1)))
    ada = world.connect("a1", "ada")
    await world.ask(ada, "create", room="den")
    if what != "rate":
        world.surroundings.ms += 10_000
    if what == "banned from the chat":
        world.standings.banned.add((None, "ada"))
    if what == "application none":
        access.answers["den"] = Access.NONE
    reply = await world.ask(ada, "create", room="den")
    assert reply["type"] == "error"


async def test_a_stranger_whom_the_index_shows_late_is_taken_out_of_a_room_that_becomes_private(world: Room) -> None:
    ada = world.connect("a1", "ada")
    await world.ask(world.connect("e1", "eve"), "join", room="den")
    page_audience, shown_ms = world.connections.page_audience, world.surroundings.ms + 500

    async def late(*arguments: Any) -> AudiencePage:
        page = await page_audience(*arguments)
        is_shown = world.surroundings.ms >= shown_ms
        return page._replace(members=[device for device in page.members if device.user.id != "eve" or is_shown])

    world.connections.page_audience = late  # type: ignore[method-assign, assignment]
    await world.ask(ada, "create", room="den", private=True)
    world.surroundings.ms += 10_000
    await world.ask(ada, "join", room="den")
    await world.ask(ada, "send", room="den", id="m1", text="secret")
    assert "message" not in [frame["type"] for frame in world.pushed("e1")]


async def test_who_is_banned_is_not_invited(world: Room) -> None:
    ada = world.connect("a1", "ada")
    await world.ask(ada, "create", room="den", private=True)
    await world.ask(ada, "join", room="den")
    await world.ask(ada, "ban", room="den", user="bob")
    bob = world.connect("b1", "bob")
    assert (await world.ask(ada, "invite", room="den", user="bob"))["code"] == "room.not_allowed"
    assert (await world.ask(bob, "rooms"))["rooms"] == []
    assert world.pushed("b1") == []
