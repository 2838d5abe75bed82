"""Who may moderate, by a claim of their token, and what becomes of whom they ban from the chat."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.handlers.conftest import Deploy, Functions

pytestmark = pytest.mark.usefixtures("hurried")
CLAIM = "cognito:groups"


@pytest.fixture
def moderated(deploy: Deploy) -> Functions:
    """A chat with mod, a moderator, and bob, both connected; bob and eve are in the lobby."""
    functions = deploy(SIGN_IN="jwt", GROUPS_CLAIM=CLAIM, MODERATOR_GROUP="moderators")
    for user in ("bob", "eve"):
        sign_in(functions, user)
        functions.ask(f"{user}=", "join", room="lobby")
    sign_in(functions, "mod", "[moderators staff]")
    return functions


def sign_in(functions: Functions, user: str, groups: str | None = None) -> str:
    claims = {"sub": user, **({CLAIM: groups} if groups else {})}
    return functions.sign_in(f"{user}=", user, claims)


def test_a_ban_from_the_chat_closes_the_users_connections(moderated: Functions) -> None:
    moderated.sign_in("bob2=", "bob", {"sub": "bob"})
    assert moderated.ask("mod=", "ban", id="1", user="bob") == {"type": "ack", "user": "bob", "id": "1"}
    assert sorted(moderated.management.closed) == ["bob2=", "bob="]
    assert moderated.pushed("eve=")[-1] == {
        "type": "presence",
        "room": "lobby",
        "user": "bob",
        "name": "bob",
        "state": "left",
    }
    rows = moderated.tables.read_connections()
    assert {row["connectionId"] for row in rows if row["room"] == "@"} == {"eve=", "mod="}
    assert moderated.ask("bob=", "send", room="lobby", id="m1", text="hi")["code"] == "room.not_joined"
    assert moderated.ask("bob=", "join", room="lobby")["code"] == "connection.expired"


def test_who_is_banned_gets_no_ticket_and_opens_no_socket(moderated: Functions) -> None:
    ticket = moderated.issue({"sub": "bob"})["body"]["ticket"]
    moderated.ask("mod=", "ban", user="bob")
    response = moderated.issue({"sub": "bob"})
    assert (response["statusCode"], response["body"]["code"]) == (403, "user.banned")
    assert "ticket" not in response["body"]
    moderated.lines()
    assert moderated.connect("bob3=", ticket=ticket) == {"statusCode": 403}
    assert moderated.lines()[-1]["outcome"] == "user.banned"
    moderated.ask("mod=", "unban", user="bob")
    # The ticket is used up.
    assert moderated.connect("bob4=", ticket=ticket) == {"statusCode": 401}
    assert sign_in(moderated, "bob") == "bob"


def test_a_connection_that_could_not_be_closed_can_do_nothing(moderated: Functions) -> None:
    moderated.management.statuses["bob="] = [500]
    moderated.remaining_ms = 3_500
    assert moderated.ask("mod=", "ban", user="bob")["type"] == "ack"
    moderated.remaining_ms = 29_000
    assert moderated.ask("bob=", "rooms")["code"] == "connection.expired"


@pytest.mark.parametrize("action", ["ban", "unban"])
@pytest.mark.parametrize("groups", [None, "[]", "[staff]", "[moderators-emeriti]", "[ex_moderators]"])
def test_only_a_moderator_bans_from_the_chat(moderated: Functions, action: str, groups: str | None) -> None:
    sign_in(moderated, "ada", groups)
    assert moderated.ask("ada=", action, user="bob")["code"] == "room.not_allowed"
    assert moderated.management.closed == []
    assert moderated.issue({"sub": "bob"})["statusCode"] == 200


@pytest.mark.parametrize("groups", ["[moderators]", "[a moderators b]", "moderators", '["a","moderators"]'])
def test_however_the_group_is_written_it_makes_a_moderator(moderated: Functions, groups: str) -> None:
    sign_in(moderated, "ada", groups)
    assert moderated.ask("ada=", "unban", user="bob")["type"] == "ack"


def test_where_no_group_is_named_nobody_is_a_moderator(deploy: Deploy) -> None:
    functions = deploy(SIGN_IN="jwt", GROUPS_CLAIM=CLAIM)
    sign_in(functions, "ada", "[moderators]")
    assert functions.ask("ada=", "ban", user="bob")["code"] == "room.not_allowed"


def test_nobody_bans_themselves(moderated: Functions) -> None:
    assert moderated.ask("mod=", "ban", user="mod")["code"] == "field.out_of_range"
    assert moderated.ask("mod=", "rooms")["type"] == "rooms"


def test_a_moderator_moderates_every_room(moderated: Functions) -> None:
    moderated.ask("eve=", "create", room="den", private=True)
    assert moderated.ask("mod=", "join", room="den")["access"] == "moderate"
    moderated.ask("mod=", "join", room="lobby")
    moderated.ask("bob=", "send", room="lobby", id="m1", text="hi")
    assert moderated.ask("mod=", "delete", room="lobby", id="d1", seq=1)["type"] == "ack"
    assert moderated.ask("mod=", "mute", room="lobby", user="bob", seconds=60)["type"] == "ack"
    assert moderated.pushed("bob=")[-1] == {"type": "muted", "room": "lobby", "seconds": 60}
    reply = moderated.ask("bob=", "send", room="lobby", id="m2", text="hi")
    assert (reply["code"], 59_000 < reply["retry_after_ms"] <= 60_000) == ("room.muted", True)


def test_a_kick_takes_every_connection_of_the_user_out_of_the_room(moderated: Functions) -> None:
    moderated.sign_in("bob2=", "bob", {"sub": "bob"})
    moderated.ask("bob2=", "join", room="lobby")
    moderated.ask("mod=", "join", room="lobby")
    assert moderated.ask("mod=", "kick", room="lobby", user="bob")["type"] == "ack"
    for connection_id in ("bob=", "bob2="):
        assert moderated.pushed(connection_id)[-1] == {"type": "removed", "room": "lobby", "reason": "kicked"}
        assert moderated.ask(connection_id, "history", room="lobby")["code"] == "room.not_joined"
    assert [frame["user"] for frame in moderated.pushed("eve=") if frame.get("state") == "left"] == ["bob"]
    assert moderated.management.closed == []
    assert moderated.ask("bob=", "join", room="lobby")["type"] == "joined"


def test_a_claim_decides_about_rooms_by_their_names(deploy: Deploy) -> None:
    functions = deploy(SIGN_IN="jwt", ROOM_ACCESS_CLAIM="rooms")
    claims = {"sub": "ada", "rooms": '["support-vip: none", "support-*: write", "news: read"]'}
    functions.sign_in("ada=", "ada", claims)
    functions.sign_in("bob=", "bob", {"sub": "bob"})

    def enter(connection_id: str, room: str) -> Any:
        reply = functions.ask(connection_id, "join", room=room)
        return reply.get("code", reply.get("access"))

    assert [enter("ada=", room) for room in ("support-1", "news", "support-vip", "lobby")] == [
        "write",
        "read",
        "room.not_allowed",
        "room.not_allowed",
    ]
    assert enter("bob=", "news") == "room.not_allowed"
    assert functions.ask("ada=", "send", room="news", id="m1", text="hi")["code"] == "room.read_only"
