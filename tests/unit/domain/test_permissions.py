"""Who may do what in which room: everybody, everywhere, every action.

The table is docs/protocol.md, "Rooms" and "Moderation", read by a person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from chat.domain.chat import Caller, Moderators
from chat.domain.model import Access, User
from chat.domain.requests import answer
from chat.protocol.fields import name_direct_room
from chat.protocol.parsing import ACTIONS
from tests.contract.schemas import check_reply
from tests.fakes.ports import FakeRoomAccess
from tests.unit.domain.conftest import Room, make_entry

TABLE = """
public:            join         read         write        erase        invite       moderate     create
stranger           ok           not_joined   not_joined   not_joined   not_joined   not_joined   ok
present            ok           ok           ok           not_yours    not_allowed  not_allowed  ok
chat-moderator     ok           ok           ok           ok           not_private  ok           ok
app-none           not_allowed  not_joined   not_joined   not_joined   not_joined   not_joined   not_allowed
app-reader         ok           ok           read_only    read_only    not_allowed  not_allowed  not_allowed
app-writer         ok           ok           ok           not_yours    not_allowed  not_allowed  not_allowed
app-moderator      ok           ok           ok           ok           not_private  ok           ok
muted              ok           ok           muted        muted        not_allowed  not_allowed  ok
banned             banned       not_joined   not_joined   not_joined   not_joined   not_joined   banned
just-banned        banned       banned       banned       banned       banned       banned       banned
banned-from-chat   user.banned  user.banned  user.banned  user.banned  user.banned  user.banned  user.banned

owned:             join         read         write        erase        invite       moderate     create
stranger           ok           not_joined   not_joined   not_joined   not_joined   not_joined   exists
present            ok           ok           ok           not_yours    not_allowed  not_allowed  exists
owner              ok           ok           ok           ok           not_private  ok           ok
owner-outside      ok           not_joined   not_joined   not_joined   not_joined   not_joined   ok
chat-moderator     ok           ok           ok           ok           not_private  ok           exists
app-none           not_allowed  not_joined   not_joined   not_joined   not_joined   not_joined   not_allowed
app-reader         ok           ok           read_only    read_only    not_allowed  not_allowed  not_allowed
app-writer         ok           ok           ok           not_yours    not_allowed  not_allowed  not_allowed
app-moderator      ok           ok           ok           ok           not_private  ok           exists
muted              ok           ok           muted        muted        not_allowed  not_allowed  exists
banned             banned       not_joined   not_joined   not_joined   not_joined   not_joined   banned
just-banned        banned       banned       banned       banned       banned       banned       banned
banned-from-chat   user.banned  user.banned  user.banned  user.banned  user.banned  user.banned  user.banned

private:           join         read         write        erase        invite       moderate     create
stranger           private      not_joined   not_joined   not_joined   not_joined   not_joined   exists
invited            ok           not_joined   not_joined   not_joined   not_joined   not_joined   exists
member             ok           ok           ok           not_yours    not_allowed  not_allowed  exists
removed            private      private      private      private      private      private      exists
owner              ok           ok           ok           ok           ok           ok           ok
owner-outside      ok           not_joined   not_joined   not_joined   not_joined   not_joined   ok
chat-moderator     ok           ok           ok           ok           ok           ok           exists
app-none           not_allowed  not_joined   not_joined   not_joined   not_joined   not_joined   not_allowed
app-reader         ok           ok           read_only    read_only    not_allowed  not_allowed  not_allowed
app-writer         ok           ok           ok           not_yours    not_allowed  not_allowed  not_allowed
app-moderator      ok           ok           ok           ok           ok           ok           exists
muted              ok           ok           muted        muted        not_allowed  not_allowed  exists
banned             banned       not_joined   not_joined   not_joined   not_joined   not_joined   banned
just-banned        banned       banned       banned       banned       banned       banned       banned
banned-from-chat   user.banned  user.banned  user.banned  user.banned  user.banned  user.banned  user.banned

direct:            join         read         write        erase        invite       moderate     create
participant        ok           ok           ok           not_yours    not_allowed  not_allowed  bad_name
non-participant    private      private      private      private      private      private      bad_name
chat-moderator     private      private      private      private      private      private      bad_name
app-none           ok           ok           ok           not_yours    not_allowed  not_allowed  bad_name
app-reader         ok           ok           ok           not_yours    not_allowed  not_allowed  bad_name
app-writer         ok           ok           ok           not_yours    not_allowed  not_allowed  bad_name
app-moderator      ok           ok           ok           not_yours    not_allowed  not_allowed  bad_name
banned-from-chat   user.banned  user.banned  user.banned  user.banned  user.banned  user.banned  bad_name
"""

# What each column stands for; a message's own author deletes it, and erasing it is deleting somebody else's.
COLUMNS = {
    "join": ("join",),
    "read": ("history", "sync", "members", "read"),
    "write": ("send", "edit", "delete", "react", "typing"),
    "erase": ("erase",),
    "invite": ("invite", "remove"),
    "moderate": ("kick", "ban", "unban", "mute"),
    "create": ("create",),
}

# What does not depend on the room: anybody may leave and see their list, and the chat's moderators alone act on it all.
EVERYWHERE = {"leave": "ok", "rooms": "ok", "ban from chat": "not_allowed", "unban from chat": "not_allowed"}
SPECIAL = {
    "chat-moderator": {"ban from chat": "ok", "unban from chat": "ok"},
    "banned-from-chat": dict.fromkeys(("rooms", "ban from chat", "unban from chat"), "user.banned"),
}

IMPOSSIBLE = {
    "only a private room has members": [("public owned direct", "invited member removed")],
    "nobody owns it": [("public direct", "owner owner-outside")],
    "who sits in it is a member": [("private", "present")],
    "a direct room belongs to two users, and nobody joins it or moderates it": [
        ("public owned private", "participant non-participant"),
        ("direct", "stranger present muted banned just-banned"),
    ],
}


@dataclass(frozen=True)
class Who:
    """What is so about somebody; all but `joined` after they joined."""

    joined: bool = True
    member: bool = False
    owner: bool = False
    claims: dict[str, str] = field(default_factory=dict)
    granted: Access | None = None
    muted: bool = False
    banned: bool = False
    banned_from_chat: bool = False
    removed: bool = False
    participant: bool = True


WHO = {
    "stranger": Who(joined=False),
    "present": Who(),
    "invited": Who(member=True, joined=False),
    "member": Who(member=True),
    # Their connection's row is still there.
    "removed": Who(member=True, removed=True),
    "owner": Who(member=True, owner=True),
    "owner-outside": Who(member=True, owner=True, joined=False),
    "chat-moderator": Who(claims={"groups": "[staff mods]"}, participant=False),
    "app-none": Who(granted=Access.NONE, joined=False),
    "app-reader": Who(granted=Access.READ),
    "app-writer": Who(granted=Access.WRITE),
    "app-moderator": Who(granted=Access.MODERATE),
    "muted": Who(member=True, muted=True),
    "banned": Who(member=True, banned=True, joined=False),
    # Their connection's row is still there.
    "just-banned": Who(member=True, banned=True),
    "banned-from-chat": Who(member=True, banned_from_chat=True),
    "participant": Who(),
    "non-participant": Who(participant=False),
}
KINDS = ("public", "owned", "private", "direct")


def frames(room: str, kind: str) -> dict[str, dict[str, Any]]:
    """A frame of each action; message 1 is somebody else's, message 2 the caller's own."""
    about = {"room": room, "id": "x1"}
    user = {"room": room, "user": "other"}
    return {
        "join": {"room": room},
        "leave": {"room": room},
        "send": {**about, "text": "hi"},
        "edit": {**about, "seq": 2, "text": "hi"},
        "delete": {**about, "seq": 2},
        "erase": {**about, "seq": 1, "action": "delete"},
        "react": {**about, "seq": 1, "emoji": "x"},
        "history": {"room": room},
        "sync": {"rooms": {room: {"after": 0}}},
        "members": {"room": room},
        "rooms": {},
        "read": {"room": room, "seq": 1},
        "typing": {"room": room},
        "create": {"room": room, "private": kind == "private"},
        "invite": user,
        "remove": user,
        "kick": user,
        "ban": user,
        "unban": user,
        "mute": {**user, "seconds": 60},
        "ban from chat": {"user": "other", "action": "ban"},
        "unban from chat": {"user": "other", "action": "unban"},
    }


def read_table() -> dict[tuple[str, str], dict[str, str]]:
    """What each kind of room and each caller's every frame should be answered with: `ok`, or the code."""
    table: dict[tuple[str, str], dict[str, str]] = {}
    for block in TABLE.strip().split("\n\n"):
        (kind, *columns), *rows = (line.split() for line in block.splitlines())
        for who, *cells in rows:
            row = {what: cell for column, cell in zip(columns, cells, strict=True) for what in COLUMNS[column]}
            row |= EVERYWHERE | SPECIAL.get(who, {})
            # Nobody is ever answered to that they type.
            row["typing"] = "ok" if row["typing"] == "ok" else "silence"
            table[kind.removesuffix(":"), who] = {what: name_code(cell) for what, cell in row.items()}
    return table


def name_code(cell: str) -> str:
    if cell == "not_yours":
        return "entry.not_yours"
    return cell if cell in ("ok", "silence") or "." in cell else f"room.{cell}"


EXPECTED = read_table()


async def build(kind: str, who: Who, *, silent: bool) -> tuple[Room, Caller, str]:
    """A chat, the caller `me` with one connection, and a room that it is in, or not."""
    access = FakeRoomAccess()
    world = Room(moderators=Moderators("groups", "mods"), room_access=access)
    room = name_direct_room("me" if who.participant else "other", "host") if kind == "direct" else "den"
    if who.granted is not None:
        access.answers[room] = who.granted
    if kind in ("owned", "private"):
        world.standings.owners[room] = "me" if who.owner else "host"
    if kind == "private":
        world.standings.private.add(room)
        world.standings.members |= {(room, user) for user in ("host", *(["me"] if who.member else []))}
    if not silent:
        world.fill(room, [make_entry(room, 1), make_entry(room, 2, user=User("me", "me"))])
    me = world.connect("m1", "me", claims=who.claims)
    if who.joined and kind != "direct":
        assert (await world.ask(me, "join", room=room))["type"] == "joined"
    record(world, who, room)
    return world, me, room


def record(world: Room, who: Who, room: str) -> None:
    """Write down what became of the caller since."""
    if who.muted:
        world.standings.muted[room, "me"] = world.surroundings.ms + 60_000
    if who.banned:
        world.standings.banned.add((room, "me"))
    if who.banned_from_chat:
        world.standings.banned.add((None, "me"))
    if who.removed:
        world.standings.members.discard((room, "me"))


def snapshot(world: Room) -> str:
    """All that is stored, pushed or closed, but for the counts of the rates."""
    standings = {name: value for name, value in vars(world.standings).items() if name != "_log"}
    return repr((vars(world.connections), world.log.entries, standings, vars(world.cursors), vars(world.fan_out)))


async def find_answer(kind: str, who: Who, what: str) -> str:
    """Ask in a fresh chat, and return `ok` or the code. What is refused changes nothing."""
    # Nobody can make a room where something was said.
    world, me, room = await build(kind, who, silent=what == "create")
    if what == "typing":
        world.enter("w1", *([] if kind == "direct" else [room]), name="host")
    before = snapshot(world)
    frame = {"action": what, **frames(room, kind)[what]}
    reply = await answer(world.chat, me, json.dumps(frame))
    if what == "typing":
        assert reply is None
        return "silence" if snapshot(world) == before else "ok"
    assert reply
    check_reply(frame["action"], reply)
    problem = reply.get("rooms", {}).get(room, {}).get("error", {}) if what == "sync" else reply
    code: str = problem.get("code", "ok")
    assert code == "ok" or snapshot(world) == before, f"{what} was refused with {code}, and changed something"
    return code


@pytest.mark.parametrize(("kind", "who"), EXPECTED, ids=map(" ".join, EXPECTED))
async def test_everybody_may_do_what_the_table_says_and_nothing_else(kind: str, who: str) -> None:
    expected = EXPECTED[kind, who]
    assert {what: await find_answer(kind, WHO[who], what) for what in expected} == expected


def test_the_table_has_every_caller_in_every_kind_of_room() -> None:
    impossible = [
        pair
        for pairs in IMPOSSIBLE.values()
        for kinds, callers in pairs
        for pair in product(kinds.split(), callers.split())
    ]
    assert len(impossible) == len(set(impossible))
    assert not set(impossible) & set(EXPECTED)
    assert set(impossible) | set(EXPECTED) == set(product(KINDS, WHO))


def test_the_table_has_every_action() -> None:
    asked = frames("den", "public")
    assert {fields.get("action", what) for what, fields in asked.items()} == set(ACTIONS)
    assert all(row.keys() == asked.keys() for row in EXPECTED.values())
