"""Signing in on the deployed stack: guests by their key, users of Cognito by their token, and nobody else."""

from __future__ import annotations

import uuid

import pytest
import websocket

from chat_client import GuestSignIn, SignInRefusedError
from local_aws.local import LocalAws
from local_aws.users import USERS
from tests.e2e.conftest import SignInAs
from tests.e2e.sockets import PATIENCE_S, Socket


def test_users_of_cognito_chat_under_their_own_names(sign_in: SignInAs) -> None:
    room = f"room-{uuid.uuid4()}"
    ada, grace = (Socket(sign_in(user), user) for user in USERS)
    ada.ask("join", room=room)
    grace.ask("join", room=room)
    ada.ask("send", room=room, text="hi", after=0)
    message = grace.pushed("message")
    assert (message["from"], message["name"]) == (ada.user, "Ada")
    again = Socket(sign_in(USERS[0]), "again")
    assert again.user == ada.user
    for socket in (ada, grace, again):
        socket.close()


def test_a_wrong_password_is_refused(sign_in: SignInAs) -> None:
    with pytest.raises(SignInRefusedError):
        sign_in(USERS[0], "Wrong-Password-1")()


def test_without_a_token_there_is_no_ticket(cognito: LocalAws) -> None:
    with pytest.raises(SignInRefusedError, match="401"):
        GuestSignIn(cognito.urls["ticket"], "eve")()


def test_a_ticket_works_once(deployed: LocalAws) -> None:
    admission = GuestSignIn(deployed.urls["ticket"], "ada")()
    websocket.create_connection(admission.url, timeout=PATIENCE_S).close()
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(admission.url, timeout=PATIENCE_S)


def test_a_guests_key_is_the_guest(deployed: LocalAws) -> None:
    users = [GuestSignIn(deployed.urls["ticket"], "ada", key=key)().user for key in ("k1", "k1", "k2")]
    assert users[0] == users[1] != users[2]
    assert [user.name for user in users] == ["ada"] * 3


def test_a_bad_name_is_refused_with_the_reason(deployed: LocalAws) -> None:
    with pytest.raises(SignInRefusedError, match="name must"):
        GuestSignIn(deployed.urls["ticket"], "x" * 65)()
