"""Signing in: what is asked, with what, and what a refusal becomes."""

from __future__ import annotations

import pytest

from chat_client import Admission, CognitoSignIn, GuestSignIn, Member, SignInRefusedError
from chat_client.connection import ConnectionLostError
from tests.unit.chat_client.tickets import TicketServer

WEBSOCKET = "wss://chat.example.com/chat"


def test_a_guest_gives_name_and_key_and_gets_a_url_with_the_ticket() -> None:
    with TicketServer(WEBSOCKET) as tickets:
        admission = GuestSignIn(tickets.url, "ada", key="k")()
    assert admission == Admission(f"{WEBSOCKET}?ticket=t1", Member("ada", "ada"))
    assert tickets.asked == [{"name": "ada", "key": "k"}]


def test_a_guest_without_a_key_makes_one_up_and_keeps_it() -> None:
    with TicketServer(WEBSOCKET) as tickets:
        sign_in = GuestSignIn(tickets.url, "ada")
        assert sign_in().url != sign_in().url
        GuestSignIn(tickets.url, "ada")()
    first, second, other = (asked["key"] for asked in tickets.asked)
    assert first == second != other
    assert len(first) > 40


def test_a_user_of_cognito_shows_the_token_and_nothing_else() -> None:
    with TicketServer(WEBSOCKET) as tickets:
        CognitoSignIn(tickets.url, endpoint=tickets.url, client_id="c", user="ada", password="p")()
    signing_in, asking = tickets.asked
    assert (signing_in["ClientId"], signing_in["AuthParameters"]) == ("c", {"USERNAME": "ada", "PASSWORD": "p"})
    assert asking == {}
    assert tickets.headers[1]["authorization"] == "Bearer token of ada"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ({"code": "field.missing", "message": "name is missing"}, "name is missing"),
        ({"Message": "no"}, "no"),
        (["odd"], "Bad Request"),
        (None, "Bad Request"),
    ],
)
def test_a_refusal_says_why(problem: object, said: str) -> None:
    tickets = TicketServer(WEBSOCKET, status=400, problem=problem)
    with tickets, pytest.raises(SignInRefusedError) as caught:
        GuestSignIn(tickets.url, "ada")()
    assert str(caught.value) == f"{said} (HTTP 400)"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_no_refusal(status: int) -> None:
    tickets = TicketServer(WEBSOCKET, status=status, problem={})
    with tickets, pytest.raises(ConnectionLostError, match=str(status)):
        GuestSignIn(tickets.url, "ada")()


def test_a_server_that_is_not_there_may_come_back() -> None:
    with TicketServer(WEBSOCKET) as tickets:
        url = tickets.url
    with pytest.raises(ConnectionLostError, match="refused"):
        GuestSignIn(url, "ada")()


def test_only_http_is_asked() -> None:
    with pytest.raises(ValueError, match="must begin with https"):
        GuestSignIn("file:///etc/passwd", "ada")()
