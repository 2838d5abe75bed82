"""Moderation and limits on the deployed stack, on users who are online."""

from __future__ import annotations

import time

import pytest
import websocket

from chat_client import SignInRefusedError
from local_aws.local import LocalAws
from local_aws.users import USERS
from tests.e2e.conftest import Connect, SignInAs
from tests.e2e.sockets import Socket, eventually


def test_the_owner_bans_a_user_who_is_there(connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), [connect("bob"), connect("bob")]
    ada.ask("create", room=room)
    for socket in (ada, *bob):
        socket.ask("join", room=room)
    ada.ask("ban", room=room, user=bob[0].user)
    for device in bob:
        assert device.pushed("removed") == {"type": "removed", "room": room, "reason": "banned"}
        assert device.ask("send", room=room, text="still here?")["code"] == "room.not_joined"
        assert device.ask("join", room=room)["code"] == "room.banned"
    ada.ask("send", room=room, text="quiet", after=0)
    ada.ask("unban", room=room, user=bob[0].user)
    assert [entry["text"] for entry in bob[0].ask("join", room=room)["entries"]] == ["quiet"]
    assert bob[0].kept("message") == []


def test_the_owner_kicks_and_mutes(connect: Connect, room: str) -> None:
    ada, bob, eve = connect("ada"), connect("bob"), connect("eve")
    ada.ask("create", room=room)
    for socket in (ada, bob, eve):
        socket.ask("join", room=room)
    assert bob.ask("kick", room=room, user=eve.user)["code"] == "room.not_allowed"
    ada.ask("kick", room=room, user=bob.user)
    assert bob.pushed("removed")["reason"] == "kicked"
    assert bob.ask("join", room=room)["type"] == "joined"
    ada.ask("mute", room=room, user=bob.user, seconds=60)
    assert bob.pushed("muted")["seconds"] == 60
    refused = bob.ask("send", room=room, text="but")
    assert (refused["code"], 0 < refused["retry_after_ms"] <= 60_000) == ("room.muted", True)
    ada.ask("mute", room=room, user=bob.user, seconds=0)
    assert bob.ask("send", room=room, text="thanks")["type"] == "ack"
    assert ada.ask("delete", room=room, seq=1)["type"] == "ack"


def test_who_sends_too_fast_is_told_to_wait(connect: Connect, room: str) -> None:
    ada = connect("ada-in-a-hurry")
    ada.ask("join", room=room)
    for number in range(500):
        refused = ada.ask("send", room=room, text=f"{number}", after=number)
        if refused["type"] == "error":
            break
    assert (refused["code"], refused["retryable"], 0 < refused["retry_after_ms"] <= 100) == ("rate.limited", True, True)
    time.sleep(refused["retry_after_ms"] / 1000)
    assert ada.ask("send", room=room, text="again")["type"] == "ack"


def test_a_moderator_bans_a_live_user_from_the_chat(cognito: LocalAws, sign_in: SignInAs, room: str) -> None:
    ada, grace = (Socket(sign_in(user), user) for user in USERS)
    for socket in (ada, grace):
        socket.ask("join", room=room)
    unused = sign_in(USERS[1])()
    assert grace.ask("ban", user=ada.user)["code"] == "room.not_allowed"
    ada.ask("ban", user=grace.user)
    grace.wait_until_closed()
    with pytest.raises(SignInRefusedError, match="banned"):
        sign_in(USERS[1])()
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(unused.url)
    assert [member["name"] for member in ada.ask("members", room=room)["members"]] == ["Ada"]
    ada.ask("unban", user=grace.user)
    back = Socket(sign_in(USERS[1]), USERS[1])
    assert back.ask("join", room=room)["type"] == "joined"
    eventually(lambda: len(ada.ask("members", room=room)["members"]), 2)
    for socket in (ada, grace, back):
        socket.close()
