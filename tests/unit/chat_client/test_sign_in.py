"""Signing in: what is asked, with what, and what a refusal becomes."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat_client import Admission, CognitoSignIn, GuestSignIn, Member, SignInRefusedError
from chat_client.errors import ConnectionLostError
from tests.unit.chat_client.server import PATIENCE_S
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


def test_a_banned_user_is_refused_with_the_message() -> None:
    tickets = TicketServer(WEBSOCKET, status=403, problem={"code": "user.banned", "message": "ada is banned"})
    with tickets, pytest.raises(SignInRefusedError, match=r"^ada is banned \(HTTP 403\)$"):
        GuestSignIn(tickets.url, "ada")()


@pytest.mark.parametrize(
    "fault",
    [
        "TooManyRequestsException",
        "LimitExceededException",
        "InternalErrorException",
        "com.amazonaws.cognitoidp#TooManyRequestsException",
    ],
)
def test_cognito_throttles_with_400_which_passes(fault: str) -> None:
    tickets = TicketServer(WEBSOCKET, status=400, problem={"__type": fault, "message": "Rate exceeded"})
    with tickets, pytest.raises(ConnectionLostError, match="Rate exceeded"):
        CognitoSignIn(tickets.url, endpoint=tickets.url, client_id="c", user="ada", password="p")()


@pytest.mark.parametrize("fault", ["NotAuthorizedException", "com.amazonaws.cognitoidp#UserNotFoundException"])
def test_a_wrong_password_is_refused(fault: str) -> None:
    tickets = TicketServer(WEBSOCKET, status=400, problem={"__type": fault, "message": "Incorrect"})
    with tickets, pytest.raises(SignInRefusedError, match="Incorrect"):
        CognitoSignIn(tickets.url, endpoint=tickets.url, client_id="c", user="ada", password="p")()


def test_a_challenge_is_refused() -> None:
    tickets = TicketServer(WEBSOCKET, answer={"ChallengeName": "NEW_PASSWORD_REQUIRED"})
    with tickets, pytest.raises(SignInRefusedError, match="NEW_PASSWORD_REQUIRED"):
        CognitoSignIn(tickets.url, endpoint=tickets.url, client_id="c", user="ada", password="p")()


@pytest.mark.parametrize("answer", [{}, [], "odd", {"ticket": 1}, {"ticket": "t", "url": WEBSOCKET, "user": "ada"}])
def test_an_answer_without_its_fields_may_be_better_the_next_time(answer: object) -> None:
    with TicketServer(WEBSOCKET, answer=answer) as tickets:
        with pytest.raises(ConnectionLostError, match="has no"):
            GuestSignIn(tickets.url, "ada")()
        with pytest.raises(ConnectionLostError, match="has no AuthenticationResult"):
            CognitoSignIn(tickets.url, endpoint=tickets.url, client_id="c", user="ada", password="p")()


@pytest.mark.parametrize("status", [200, 503])
def test_an_answer_that_breaks_off_is_asked_for_again(status: int) -> None:
    tickets = TicketServer(WEBSOCKET, status=status, problem={"message": "busy"}, cut=5)
    with tickets, pytest.raises(ConnectionLostError):
        GuestSignIn(tickets.url, "ada")()


def test_an_answer_that_is_not_http_is_asked_for_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as pool:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/ticket"
        asking = pool.submit(GuestSignIn(url, "ada"))
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"SSH-2.0\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            with pytest.raises(ConnectionLostError, match="SSH"):
                asking.result(PATIENCE_S)


def test_a_server_that_is_not_there_may_come_back() -> None:
    with TicketServer(WEBSOCKET) as tickets:
        url = tickets.url
    with pytest.raises(ConnectionLostError, match="refused"):
        GuestSignIn(url, "ada")()


def test_only_http_is_asked() -> None:
    with pytest.raises(ValueError, match="must begin with https"):
        GuestSignIn("file:///etc/passwd", "ada")()
