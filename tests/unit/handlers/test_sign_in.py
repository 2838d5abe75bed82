"""Signing in: a ticket over HTTP, a socket for the ticket."""

from __future__ import annotations

import base64
import json
from hashlib import sha256

import pytest

from tests.unit.handlers.conftest import Deploy, Functions
from tests.unit.handlers.events import connect_event, ticket_event


def test_a_ticket_lets_a_guest_in_once(functions: Functions) -> None:
    response = functions.issue(name="Ada")
    assert response["statusCode"] == 200
    assert response["headers"]["cache-control"] == "no-store"
    ticket = response["body"]["ticket"]
    user = response["body"].pop("user")
    assert user.startswith("guest-")
    assert response["body"] == {
        "ticket": ticket,
        "url": "wss://abcdef1234.execute-api.us-east-1.amazonaws.com/chat",
        "expires_in": 60,
        "name": "Ada",
    }
    assert len(bytes.fromhex(ticket)) == 32
    assert functions.connect("c1=", ticket=ticket) == {"statusCode": 200}
    assert functions.connect("c2=", ticket=ticket) == {"statusCode": 401}


@pytest.mark.parametrize("query", [{}, {"ticket": ""}, {"ticket": "0" * 64}, {"name": "ada"}])
def test_without_a_good_ticket_nobody_gets_in(functions: Functions, query: dict[str, str]) -> None:
    assert functions.connect("c1=", **query) == {"statusCode": 401}
    assert functions.ask("c1=", "join", room="lobby")["code"] == "connection.expired"


def test_a_guest_is_known_by_the_key(functions: Functions) -> None:
    for connection_id, key in (("c1=", "k1"), ("c2=", "k1"), ("c3=", "k2"), ("c4=", None)):
        ticket = functions.issue(name="Ada", key=key)["body"]["ticket"]
        functions.connect(connection_id, ticket=ticket)
        functions.ask(connection_id, "join", room="lobby")
    members = functions.ask("c1=", "members", room="lobby")["members"]
    assert [member["name"] for member in members] == ["Ada"] * 3
    assert len({member["user"] for member in members}) == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "frame.not_json"),
        ("", "frame.not_json"),
        ("nope", "frame.not_json"),
        ("[]", "frame.not_object"),
        ("{}", "field.missing"),
        ('{"name": 5}', "field.bad_type"),
        ('{"name": ""}', "field.out_of_range"),
        ('{"name": " "}', "field.out_of_range"),
        ('{"name": "a\\nb"}', "field.out_of_range"),
        (json.dumps({"name": "x" * 65}), "field.out_of_range"),
        (json.dumps({"name": "x", "key": "x" * 129}), "field.out_of_range"),
        (json.dumps({"name": "x", "other": "x" * 3_000}), "frame.too_large"),
    ],
)
def test_a_bad_body_is_a_400(functions: Functions, body: str | None, code: str) -> None:
    response = functions.invoke("ticket", ticket_event(body))
    assert response["statusCode"] == 400
    assert json.loads(response["body"])["code"] == code


def test_an_encoded_body_is_decoded(functions: Functions) -> None:
    event = ticket_event(base64.b64encode(b'{"name": "Ada"}').decode()) | {"isBase64Encoded": True}
    assert functions.invoke("ticket", event)["statusCode"] == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("https://chat.example.com", 200),
        ("https://evil.example.com", 403),
        ("http://chat.example.com", 403),
        ("null", 403),
    ],
)
@pytest.mark.parametrize("header", ["Origin", "origin"])
def test_foreign_pages_are_kept_out(functions: Functions, header: str, origin: str | None, status: int) -> None:
    event = connect_event("c1=", {"ticket": functions.issue(name="Ada")["body"]["ticket"]})
    if origin:
        event["headers"][header] = origin
    assert functions.invoke("connect", event) == {"statusCode": status}


def test_no_ticket_stands_in_a_log_or_in_the_table(functions: Functions) -> None:
    ticket = functions.issue(name="Ada", key="my key")["body"]["ticket"]
    stored = repr(functions.tables.read_connections())
    assert "ticket#" in stored
    functions.connect("c1=", ticket=ticket)
    logged = repr(functions.lines())
    for text in (stored, logged):
        assert ticket not in text
        assert "my key" not in text


@pytest.mark.parametrize(
    ("claims", "user"),
    [
        ({"sub": "1c2d-3e", "name": "Ada L."}, {"user": "1c2d-3e", "name": "Ada L."}),
        ({"sub": "1c2d-3e", "cognito:username": "ada"}, {"user": "1c2d-3e", "name": "ada"}),
        ({"sub": "1c2d-3e"}, {"user": "1c2d-3e", "name": "1c2d-3e"}),
        ({"sub": "1c2d-3e", "name": "A\nda" + "x" * 99}, {"user": "1c2d-3e", "name": "Ada" + "x" * 61}),
        ({"sub": "auth0|17", "name": "Ada"}, {"user": sha256(b"auth0|17").hexdigest()[:40], "name": "Ada"}),
    ],
)
def test_a_verified_token_says_who_it_is(deploy: Deploy, claims: dict[str, str], user: dict[str, str]) -> None:
    functions = deploy(SIGN_IN="jwt")
    functions.sign_in("c1=", "Eve", claims)
    functions.ask("c1=", "join", room="lobby")
    (member,) = functions.ask("c1=", "members", room="lobby")["members"]
    assert member == user
