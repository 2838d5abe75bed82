"""Keeping users out of a room, out of the chat, or quiet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from chat.domain.chat import Caller, Moderators, Tally
from chat.domain.identity import issue_ticket, redeem_ticket
from chat.domain.membership import connect
from chat.domain.model import WHOLE, Connection, Device, Identity, Shard, User
from chat.domain.ports import AudiencePage
from chat.protocol.errors import UserBannedError
from tests.unit.domain.conftest import Room

MODERATOR = {"groups": "mods"}


@pytest.fixture
def world() -> Room:
    return Room(moderators=Moderators("groups", "mods"))


@pytest.fixture
def ada(world: Room) -> Caller:
    """Ada owns the den, where Bob is with two devices, and Cleo."""
    world.standings.owners["den"] = "ada"
    for connection_id, user in (("b1", "bob"), ("b2", "bob"), ("c1", "cleo")):
        world.enter(connection_id, "den", name=user)
    return world.enter("a1", "den", name="ada")


def get_caller(world: Room, connection_id: str) -> Caller:
    """The caller of a connection that is open already."""
    assert connection_id in world.connections.connections
    return Caller(connection_id, Tally())


def show_late(world: Room, connection_id: str, after_s: float) -> None:
    """Have the index of a user's connections show one of them only later."""
    shown_at_ms = world.surroundings.ms + after_s * 1_000
    list_devices = world.connections.list_devices

    async def list_shown(user_id: str) -> Sequence[Device]:
        devices = await list_devices(user_id)
        return [each for each in devices if each.connection_id != connection_id or world.surroundings.ms >= shown_at_ms]

    world.connections.list_devices = list_shown  # type: ignore[method-assign, assignment]


def removed(reason: str) -> dict[str, Any]:
    return {"type": "removed", "room": "den", "reason": reason}


@pytest.mark.parametrize(("action", "reason"), [("kick", "kicked"), ("ban", "banned")])
async def test_a_user_is_out_with_all_devices_and_everybody_is_told(
    world: Room, ada: Caller, action: str, reason: str
) -> None:
    reply = await world.ask(ada, action, room="den", user="bob", id="r1")
    assert reply == {"type": "ack", "room": "den", "user": "bob", "id": "r1"}
    assert sorted(world.connections.members) == [("a1", "den"), ("c1", "den")]
    assert world.pushed("b1") == world.pushed("b2") == [removed(reason)]
    left = {"type": "presence", "room": "den", "user": "bob", "name": "bob", "state": "left"}
    assert world.pushed("a1") == world.pushed("c1") == [left]
    bob = get_caller(world, "b1")
    assert (await world.ask(bob, "send", room="den", id="m1", text="hi"))["code"] == "room.not_joined"


async def test_who_was_kicked_may_come_back(world: Room, ada: Caller) -> None:
    await world.ask(ada, "kick", room="den", user="bob")
    assert (await world.ask(get_caller(world, "b1"), "join", room="den"))["type"] == "joined"


async def test_who_is_banned_may_come_back_after_the_ban(world: Room, ada: Caller) -> None:
    bob = get_caller(world, "b1")
    await world.ask(ada, "ban", room="den", user="bob")
    assert (await world.ask(bob, "join", room="den"))["code"] == "room.banned"
    assert (await world.ask(bob, "join", room="lobby"))["type"] == "joined"
    assert await world.ask(ada, "unban", room="den", user="bob") == {"type": "ack", "room": "den", "user": "bob"}
    assert (await world.ask(bob, "join", room="den"))["type"] == "joined"


async def test_a_banned_room_is_off_the_list_and_a_kicked_one_stays(world: Room, ada: Caller) -> None:
    for user in ("bob", "cleo"):
        await world.cursors.touch("den", user, world.surroundings.ms)
    await world.ask(ada, "ban", room="den", user="bob")
    await world.ask(ada, "kick", room="den", user="cleo")
    assert (await world.ask(get_caller(world, "b1"), "rooms"))["rooms"] == []
    assert [room["room"] for room in (await world.ask(get_caller(world, "c1"), "rooms"))["rooms"]] == ["den"]


@pytest.mark.parametrize("action", ["kick", "ban", "unban", "mute"])
async def test_again_and_for_somebody_who_is_not_there_is_harmless(world: Room, ada: Caller, action: str) -> None:
    fields = {"seconds": 5} if action == "mute" else {}
    for user in ("dan", "dan"):
        assert (await world.ask(ada, action, room="den", user=user, **fields))["type"] == "ack"
    assert world.fan_out.frames == []


@pytest.mark.parametrize("action", ["kick", "ban"])
async def test_the_second_look_finds_a_device_that_the_index_showed_late(world: Room, ada: Caller, action: str) -> None:
    show_late(world, "b2", 0.9)
    await world.ask(ada, action, room="den", user="bob")
    assert ("b2", "den") not in world.connections.members
    assert sum(world.surroundings.slept_s) == 1.0
    assert len(world.pushed("b1")) == 1
    assert [frame["type"] for frame in world.pushed("b2")] == ["removed"]


@pytest.mark.parametrize("action", ["kick", "ban"])
async def test_others_see_a_user_leave_though_the_index_still_shows_the_devices(
    world: Room, ada: Caller, action: str
) -> None:
    page = await world.connections.page_audience("den", None, None)

    async def page_stale(room: str, start: str | None, limit: int | None, shard: Shard = WHOLE) -> AudiencePage:
        return page

    world.connections.page_audience = page_stale  # type: ignore[method-assign]
    await world.ask(ada, action, room="den", user="bob")
    assert [frame["state"] for frame in world.pushed("c1")] == ["left"]
    assert [frame["type"] for frame in world.pushed("b1")] == ["removed"]


@pytest.mark.parametrize("action", ["kick", "ban", "mute"])
async def test_the_owner_and_oneself_are_protected(world: Room, ada: Caller, action: str) -> None:
    moderator = world.connect("m1", "mo", claims=MODERATOR)
    await world.ask(moderator, "join", room="den")
    before = dict(world.connections.members)
    fields = {"room": "den", **({"seconds": 5} if action == "mute" else {})}
    assert (await world.ask(moderator, action, user="ada", **fields))["code"] == "room.not_allowed"
    assert (await world.ask(moderator, action, user="mo", **fields))["code"] == "field.out_of_range"
    assert (await world.ask(ada, action, user="ada", **fields))["code"] == "field.out_of_range"
    assert world.connections.members == before
    assert world.standings.banned == set()
    assert world.standings.muted == {}


async def test_a_muted_user_reads_and_is_told_how_long_they_may_not_write(world: Room, ada: Caller) -> None:
    reply = await world.ask(ada, "mute", room="den", user="bob", seconds=60)
    assert reply == {"type": "ack", "room": "den", "user": "bob"}
    muted = {"type": "muted", "room": "den", "seconds": 60}
    assert world.pushed("b1") == world.pushed("b2") == [muted]
    assert world.pushed("c1") == []
    world.surroundings.ms += 20_000
    bob = get_caller(world, "b1")
    refused = await world.ask(bob, "send", room="den", id="m1", text="hi")
    assert (refused["code"], refused["retryable"], refused["retry_after_ms"]) == ("room.muted", False, 40_000)
    assert (await world.ask(bob, "history", room="den"))["type"] == "history"
    world.surroundings.ms += 40_000
    assert (await world.ask(bob, "send", room="den", id="m1", text="hi"))["type"] == "ack"


async def test_a_mute_of_no_seconds_ends_it(world: Room, ada: Caller) -> None:
    bob = get_caller(world, "b1")
    for seconds, kind in ((31_536_000, "error"), (0, "ack")):
        await world.ask(ada, "mute", room="den", user="bob", seconds=seconds)
        assert (await world.ask(bob, "send", room="den", id="m1", text="hi"))["type"] == kind
    assert world.pushed("b1")[-1] == {"type": "muted", "room": "den", "seconds": 0}
    assert world.standings.muted == {("den", "bob"): 0}


@pytest.mark.parametrize(
    ("seconds", "code"), [(None, "field.missing"), (-1, "field.out_of_range"), (31_536_001, "field.out_of_range")]
)
async def test_a_mute_lasts_at_most_a_year(world: Room, ada: Caller, seconds: int | None, code: str) -> None:
    assert (await world.ask(ada, "mute", room="den", user="bob", seconds=seconds))["code"] == code


async def test_a_moderator_deletes_what_others_wrote_and_does_not_edit_it(world: Room, ada: Caller) -> None:
    await world.ask(get_caller(world, "b1"), "send", room="den", id="m1", text="rude")
    edit = await world.ask(ada, "edit", room="den", id="m2", seq=1, text="kind")
    assert edit["code"] == "entry.not_yours"
    assert (await world.ask(ada, "delete", room="den", id="m3", seq=1))["type"] == "ack"
    assert "rude" not in repr(world.log.entries)
    assert world.pushed("c1")[-1]["from"] == "ada"


async def test_a_ban_from_the_chat_closes_every_connection(world: Room, ada: Caller) -> None:
    moderator = world.connect("m1", "mo", claims=MODERATOR)
    world.connect("b3", "bob")
    show_late(world, "b3", 0.5)
    reply = await world.ask(moderator, "ban", user="bob", id="r1")
    assert reply == {"type": "ack", "user": "bob", "id": "r1"}
    assert world.fan_out.closed == ["b1", "b2", "b3"]
    assert not {"b1", "b2", "b3"} & set(world.connections.connections)
    assert sorted(world.connections.members) == [("a1", "den"), ("c1", "den")]
    assert {(frame["user"], frame["state"]) for frame in world.pushed("a1")} == {("bob", "left")}
    bob = Caller("b1", Tally())
    assert (await world.ask(bob, "join", room="lobby"))["code"] == "connection.expired"


async def test_who_is_banned_from_the_chat_gets_no_ticket_and_no_connection(world: Room) -> None:
    moderator = world.connect("m1", "mo", claims=MODERATOR)
    bob = Identity(User("bob", "Bob"))
    await world.ask(moderator, "ban", user="bob")
    with pytest.raises(UserBannedError):
        await issue_ticket(world.chat, bob)
    with pytest.raises(UserBannedError):
        await connect(world.chat, Caller("b1", Tally()), Connection("b1", bob.user, world.surroundings.ms, 2**40))
    assert world.tickets.tickets == {}
    await world.ask(moderator, "unban", user="bob")
    assert await redeem_ticket(world.chat, await issue_ticket(world.chat, bob)) == bob


async def test_a_ban_from_the_chat_leaves_others_and_the_rooms_bans_alone(world: Room, ada: Caller) -> None:
    moderator = world.connect("m1", "mo", claims=MODERATOR)
    await world.ask(ada, "ban", room="den", user="bob")
    await world.ask(moderator, "ban", user="bob")
    await world.ask(moderator, "unban", user="bob")
    assert world.standings.banned == {("den", "bob")}
    assert await issue_ticket(world.chat, Identity(User("cleo", "Cleo")))


async def test_a_moderator_of_the_chat_can_not_ban_themselves(world: Room) -> None:
    moderator = world.connect("m1", "mo", claims=MODERATOR)
    assert (await world.ask(moderator, "ban", user="mo"))["code"] == "field.out_of_range"
    assert world.standings.banned == set()


async def test_a_moderator_who_is_banned_from_the_chat_lets_nobody_in_again(world: Room) -> None:
    moderator = world.connect("m1", "mo", claims=MODERATOR)
    world.standings.banned |= {(None, "mo"), (None, "bob")}
    for user in ("mo", "bob"):
        assert (await world.ask(moderator, "unban", user=user))["type"] == "error"
    assert world.standings.banned == {(None, "mo"), (None, "bob")}


async def test_a_moderator_of_the_chat_may_ban_the_owner_of_a_room_from_the_chat(world: Room, ada: Caller) -> None:
    moderator = world.connect("m1", "mo", claims=MODERATOR)
    assert (await world.ask(moderator, "ban", user="ada"))["type"] == "ack"
    assert world.fan_out.closed == ["a1"]


@pytest.mark.parametrize("user", ["", "a:b", "a b", "x" * 49])
async def test_a_user_is_named_as_ids_are(world: Room, ada: Caller, user: str) -> None:
    assert (await world.ask(ada, "kick", room="den", user=user))["code"] == "field.out_of_range"


async def test_a_ban_from_the_chat_tells_that_a_user_left_once(world: Room) -> None:
    moderator = world.connect("m1", "mo", claims={"groups": "mods"})
    for device in ("b1", "b2"):
        world.enter(device, "den", name="bob")
    world.enter("a1", "den", name="ada")
    await world.ask(moderator, "ban", user="bob")
    assert [frame["state"] for frame in world.pushed("a1")] == ["left"]


async def test_a_banned_moderator_is_told_so(world: Room) -> None:
    moderator = world.connect("m1", "mo", claims={"groups": "mods"})
    world.standings.banned.add((None, "mo"))
    assert (await world.ask(moderator, "ban", user="bob"))["code"] == "user.banned"
