"""Who the application lets in, who moderates everywhere, and how often."""

from __future__ import annotations

from typing import Any

import pytest

from chat.domain.access import ClaimAccess
from chat.domain.chat import Caller, Moderators, Tally
from chat.domain.model import Access, Identity, User
from chat.protocol.errors import UnavailableError
from chat.protocol.limits import Limits, Rate
from tests.fakes.ports import FakeRoomAccess
from tests.unit.domain.conftest import Room

ADA = User("ada", "Ada")


@pytest.fixture
def access() -> FakeRoomAccess:
    return FakeRoomAccess()


@pytest.fixture
def asking(access: FakeRoomAccess) -> Room:
    """A chat that asks the application about rooms."""
    return Room(room_access=access)


async def test_the_application_is_asked_with_the_identity_and_the_room(asking: Room, access: FakeRoomAccess) -> None:
    ada = asking.connect("a1", ADA, claims={"team": "red"})
    await asking.ask(ada, "join", room="den")
    assert access.asked == [(Identity(ADA, {"team": "red"}), "den")]


async def test_it_is_asked_at_the_join_and_its_answer_holds_while_in_the_room(
    asking: Room, access: FakeRoomAccess
) -> None:
    ada = asking.connect("a1", "ada")
    access.answers["den"] = Access.READ
    await asking.ask(ada, "join", room="den")
    access.answers["den"] = Access.WRITE
    assert (await asking.ask(ada, "send", room="den", id="m1", text="hi"))["code"] == "room.read_only"
    assert len(access.asked) == 1
    await asking.ask(ada, "join", room="den")
    assert (await asking.ask(ada, "send", room="den", id="m1", text="hi"))["type"] == "ack"


@pytest.mark.parametrize(
    ("answer", "join", "send", "kick"),
    [
        (Access.NONE, "room.not_allowed", "room.not_joined", "room.not_joined"),
        (Access.READ, None, "room.read_only", "room.not_allowed"),
        (Access.WRITE, None, None, "room.not_allowed"),
        (Access.MODERATE, None, None, None),
        (None, None, None, "room.not_allowed"),
        (UnavailableError("no answer"), "server.unavailable", "room.not_joined", "room.not_joined"),
    ],
)
async def test_each_answer(
    asking: Room, access: FakeRoomAccess, answer: Any, join: str | None, send: str | None, kick: str | None
) -> None:
    access.answers["den"] = answer
    ada = asking.connect("a1", "ada")
    assert (await asking.ask(ada, "join", room="den")).get("code") == join
    assert (await asking.ask(ada, "send", room="den", id="m1", text="hi")).get("code") == send
    assert (await asking.ask(ada, "kick", room="den", user="bob")).get("code") == kick


@pytest.mark.parametrize("answer", [Access.READ, Access.WRITE, Access.MODERATE, None])
async def test_joined_tells_what_the_user_may_do(asking: Room, access: FakeRoomAccess, answer: Access | None) -> None:
    access.answers["den"] = answer  # type: ignore[assignment]
    asking.standings.owners["den"] = "bob"
    asking.standings.private.add("den")
    asking.standings.members |= {("den", "ada"), ("den", "bob")}
    reply = await asking.ask(asking.connect("a1", "ada"), "join", room="den")
    assert (reply["access"], reply["private"]) == (answer.name.lower() if answer else "write", True)
    if answer is None:
        reply = await asking.ask(asking.connect("b1", "bob"), "join", room="den")
        assert (reply["access"], reply["private"]) == ("moderate", True)
    reply = await asking.ask(asking.connect("a1", "ada"), "join", room="dm:ada:bob")
    assert (reply["access"], reply["private"]) == ("write", False)


async def test_no_answer_is_worth_another_try(asking: Room, access: FakeRoomAccess) -> None:
    ada = asking.connect("a1", "ada")
    access.answers["den"] = UnavailableError("no answer")
    reply = await asking.ask(ada, "join", room="den")
    assert (reply["retryable"], reply["retry_after_ms"]) == (True, 1_000)
    assert asking.connections.members == {}


async def test_a_private_room_stays_private_where_the_application_leaves_it_to_the_rules(asking: Room) -> None:
    asking.standings.owners["den"] = "bob"
    asking.standings.private.add("den")
    assert (await asking.ask(asking.connect("a1", "ada"), "join", room="den"))["code"] == "room.private"


async def test_the_application_keeps_even_the_owner_out(asking: Room, access: FakeRoomAccess) -> None:
    asking.standings.owners["den"] = "ada"
    access.answers["den"] = Access.NONE
    assert (await asking.ask(asking.connect("a1", "ada"), "join", room="den"))["code"] == "room.not_allowed"


async def test_the_application_is_not_asked_about_direct_rooms(asking: Room, access: FakeRoomAccess) -> None:
    ada = asking.connect("a1", "ada")
    access.answers["dm:ada:bob"] = Access.NONE
    assert (await asking.ask(ada, "join", room="dm:ada:bob"))["type"] == "joined"
    assert (await asking.ask(ada, "send", to="bob", id="m1", text="hi"))["type"] == "ack"
    assert access.asked == []


@pytest.mark.parametrize("refusal", ["banned", "banned from the chat", "made private"])
async def test_who_is_refused_between_the_two_looks_of_a_join_loses_the_row_again(world: Room, refusal: str) -> None:
    put_member = world.connections.put_member

    async def put_and_refuse(member: Any) -> None:
        if refusal == "made private":
            world.standings.private.add("den")
        else:
            world.standings.banned.add((None if "chat" in refusal else "den", "ada"))
        await put_member(member)

    world.connections.put_member = put_and_refuse  # type: ignore[method-assign]
    world.enter("b1", "den", name="bob")
    codes = {"banned": "room.banned", "banned from the chat": "user.banned", "made private": "room.private"}
    assert (await world.ask(world.connect("a1", "ada"), "join", room="den"))["code"] == codes[refusal]
    assert list(world.connections.members) == [("b1", "den")]
    assert world.pushed("b1") == []
    assert world.cursors.touched == {}


RULES = [
    ("support-*: write, *: read", "support-eu", Access.WRITE),
    ("support-*: write, *: read", "news", Access.READ),
    ("[support-*: write *: read]", "support-eu", Access.WRITE),
    ("[support-*: write *: read]", "news", Access.READ),
    ('["support-*: write", "*: read"]', "support-eu", Access.WRITE),
    ('["support-*: write", "*: read"]', "news", Access.READ),
    ("support-*:write,*:read", "support-eu", Access.WRITE),
    ("*: read, support-*: write", "support-eu", Access.READ),
    ("secret: none, *: moderate", "secret", Access.NONE),
    ("secret: none, *: moderate", "secrets", Access.MODERATE),
    ("team:*: write", "team:red", Access.WRITE),
    ("team:*: write", "team", Access.NONE),
    ("*-eu: write", "support-eu", Access.WRITE),
    ("news: read", "newsroom", Access.NONE),
    ("news: read", "old-news", Access.NONE),
    ("News: read", "news", Access.NONE),
    ("a.b: read", "axb", Access.NONE),
    ("news: writer", "news", Access.NONE),
    ("news: admin", "news", Access.NONE),
    ("news read", "news", Access.NONE),
    ("[news]: read", "n", Access.NONE),
    ("", "news", Access.NONE),
    ("[]", "news", Access.NONE),
    (None, "news", Access.NONE),
]


@pytest.mark.parametrize(("claim", "room", "expected"), RULES)
async def test_the_first_pattern_of_a_claim_that_fits_counts(claim: str | None, room: str, expected: Access) -> None:
    identity = Identity(ADA, {} if claim is None else {"rooms": claim})
    assert await ClaimAccess("rooms").decide(identity, room) is expected


async def test_a_claim_decides_in_a_chat(world: Room) -> None:
    world.chat = world.chat._replace(room_access=ClaimAccess("rooms"))
    ada = world.connect("a1", "ada", claims={"rooms": "[support-*: write news: read]"})
    codes = {room: (await world.ask(ada, "join", room=room)).get("code") for room in ("support-eu", "news", "den")}
    assert codes == {"support-eu": None, "news": None, "den": "room.not_allowed"}
    assert (await world.ask(ada, "send", room="news", id="m1", text="hi"))["code"] == "room.read_only"


@pytest.mark.parametrize(
    ("groups", "moderates"),
    [
        ("mods", True),
        ("[staff mods]", True),
        ("[mods]", True),
        ('["staff", "mods"]', True),
        ("staff,mods", True),
        ("staff", False),
        ("[staff mods2 amods]", False),
        ("Mods", False),
        ("", False),
        (None, False),
    ],
)
async def test_the_moderators_are_the_users_of_a_group(groups: str | None, moderates: bool) -> None:
    world = Room(moderators=Moderators("cognito:groups", "mods"))
    claims = {"groups": "mods"} | ({} if groups is None else {"cognito:groups": groups})
    caller = world.connect("m1", "mo", claims=claims)
    assert ((await world.ask(caller, "ban", user="bob"))["type"] == "ack") is moderates


async def test_without_moderators_no_group_moderates(world: Room) -> None:
    caller = world.connect("m1", "mo", claims={"groups": "mods", "": ""})
    assert (await world.ask(caller, "ban", user="bob"))["code"] == "room.not_allowed"


WRITES: list[tuple[str, dict[str, Any]]] = [
    ("send", {"id": "x", "text": "hi"}),
    ("edit", {"id": "x", "seq": 1, "text": "hi"}),
    ("delete", {"id": "x", "seq": 1}),
    ("react", {"id": "x", "seq": 1, "emoji": "x"}),
    ("create", {}),
    ("invite", {"user": "bob"}),
    ("remove", {"user": "bob"}),
    ("kick", {"user": "bob"}),
    ("ban", {"user": "bob"}),
    ("unban", {"user": "bob"}),
    ("mute", {"user": "bob", "seconds": 1}),
]


@pytest.mark.parametrize(("action", "fields"), WRITES, ids=[action for action, _ in WRITES])
async def test_all_that_changes_something_counts_together_over_a_users_devices(
    action: str, fields: dict[str, Any]
) -> None:
    world = Room(limits=Limits(sends=Rate(10, 2)))
    caller, _ = world.enter("a1", "den", name="ada", granted=Access.MODERATE), world.enter("a2", "den", name="ada")
    for number in range(2):
        sent = await world.ask(Caller("a2", Tally()), "send", room="den", id=f"m{number}", text="hi")
        assert sent["type"] == "ack"
    # In the den something was said already: nobody can make it any more.
    room = "other" if action == "create" else "den"
    reply = await world.ask(caller, action, room=room, **fields)
    assert (reply["code"], reply["retryable"], reply["retry_after_ms"]) == ("rate.limited", True, 100)
    assert world.log.seqs("den") == [1, 2]
    world.surroundings.ms += 100
    assert (await world.ask(caller, action, room=room, **fields)).get("code") != "rate.limited"


async def test_each_user_has_a_rate_of_their_own() -> None:
    world = Room(limits=Limits(sends=Rate(10, 1)))
    for user in ("ada", "bob"):
        caller = world.enter(f"{user}1", "den", name=user)
        assert (await world.ask(caller, "send", room="den", id="m1", text="hi"))["type"] == "ack"


@pytest.mark.parametrize("room", ["den", "dm:ada:bob"])
async def test_joins_have_a_rate_of_their_own(room: str) -> None:
    world = Room(limits=Limits(joins=Rate(2, 2)))
    ada = world.connect("a1", "ada")
    for kind in ("joined", "joined", "error"):
        reply = await world.ask(ada, "join", room=room)
        assert reply["type"] == kind
    assert (reply["code"], reply["retry_after_ms"]) == ("rate.limited", 500)
    assert (await world.ask(ada, "send", to="bob", id="m1", text="hi"))["type"] == "ack"
    world.surroundings.ms += 500
    assert (await world.ask(ada, "join", room=room))["type"] == "joined"


@pytest.mark.parametrize("action", ["history", "members", "rooms", "sync", "read", "leave"])
async def test_reading_has_no_rate(action: str) -> None:
    world = Room(limits=Limits(sends=Rate(1, 1), joins=Rate(1, 1)))
    fields: dict[str, Any] = {"rooms": {}, "sync": {"rooms": {"den": {"after": 0}}}, "read": {"room": "den", "seq": 1}}
    ada = world.enter("a1", "den", name="ada")
    for _ in range(30):
        assert (await world.ask(ada, action, **fields.get(action, {"room": "den"})))["type"] != "error"


async def test_the_application_decides_about_owners_too() -> None:
    access = FakeRoomAccess()
    access.answers["den"] = Access.READ
    world = Room(room_access=access)
    world.standings.owners["den"] = "ada"
    ada = world.connect("a1", "ada")
    assert (await world.ask(ada, "join", room="den"))["access"] == "read"


async def test_a_group_with_a_space_is_another_group(world: Room) -> None:
    caller = world.connect("m1", "mo", claims={"groups": "not mods"})
    assert (await world.ask(caller, "ban", user="bob"))["code"] == "room.not_allowed"
