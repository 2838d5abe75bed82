"""Hostile frames, requests for tickets, handshakes and invocations on the deployed stack."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket

from local_aws.local import LocalAws
from tests.contract.schemas import load_document
from tests.e2e.conftest import Connect
from tests.e2e.sockets import PATIENCE_S, Frame, Socket
from tests.hostile.cases import Case, load_cases
from tests.hostile.rules import check_answer, check_message

FRAMES = [case for case in load_cases("frames") if case.encoded is not None and not case.unsent]
BODIES = load_cases("ticket_bodies")
CODES = load_document()["components"]["schemas"]["ErrorCode"]["enum"]


def ask(connection: Socket, case: Case) -> Frame:
    """Send a case's frame as it is, as often as it comes too fast; then a ping."""
    while True:
        connection.send_text(case.body)
        reply = connection.receive()
        check_answer(case.body, json.dumps(reply, ensure_ascii=False).encode())
        if reply.get("code") != "rate.limited":
            break
        time.sleep(reply["retry_after_ms"] / 1000)
    connection.send_text('{"action":"ping"}')
    assert connection.receive() == {"type": "pong"}, f"after {case.name}"
    return reply


def test_frames_are_answered_and_the_connection_goes_on(connect: Connect) -> None:
    ada, bob = connect("ada"), connect("bob")
    bob.ask("join", room="hostile")
    bob.ask("send", room="hostile", text="hi", after=0)
    ada.ask("join", room="hostile")
    surprises, taken = {}, []
    for case in FRAMES:
        reply = ask(ada, case)
        seen = reply.get("code", reply["type"])
        if seen != case.answer:
            surprises[case.name] = seen
        elif '"text"' in case.body and reply.get("room") == "hostile":
            taken.append(json.loads(case.body))
    assert surprises == {}
    assert len(taken) > 30
    for sent in taken:
        pushed = bob.pushed("message")
        assert (pushed["id"], pushed["text"], pushed.get("meta")) == (sent["id"], sent["text"], sent.get("meta"))


class Http:
    """Requests to one URL, written by hand; its answers are API Gateway's own, or as docs/protocol.md has them."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path

    def ask(self, body: bytes = b"", *, method: str = "POST", path: str = "", **headers: str) -> tuple[int, Any]:
        """Ask, and return the status and the body, parsed."""
        with closing(HTTPConnection(self.host, self.port, timeout=PATIENCE_S)) as connection:
            connection.putrequest(method, path or self.path, skip_accept_encoding=True)
            connection.putheader("Content-Length", str(len(body)))
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body)
            return self._read(connection.getresponse())

    def _read(self, response: HTTPResponse) -> tuple[int, Any]:
        content = response.read()
        text = content.decode()
        assert "Traceback" not in text
        assert ".py" not in text
        return response.status, json.loads(text) if text else None


@pytest.fixture(scope="module")
def tickets(deployed: LocalAws) -> Http:
    return Http(deployed.urls["ticket"])


def check_refusal(body: Any) -> str:
    """Check what the ticket function answers where it gives no ticket; return the code."""
    assert set(body) == {"code", "message"}
    assert body["code"] in CODES
    check_message(body["message"])
    return str(body["code"])


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream", "text/html; charset=utf-16"])
def test_bodies_are_answered_with_a_ticket_or_an_error(tickets: Http, content_type: str) -> None:
    surprises = {}
    for case in BODIES:
        status, body = tickets.ask(case.encoded or b"", Content_Type=content_type)
        seen = "issued" if status == 200 else check_refusal(body)
        if (status, seen) not in {(200, case.answer), (400, case.answer)}:
            surprises[case.name] = status, seen
    assert surprises == {}


HEADERS = [
    {"Origin": "https://evil.example.com"},
    {"Origin": "null"},
    {"Authorization": "Bearer \xff"},
    {"Cookie": "a=b; " * 2_000},
    {"X_Forwarded_For": "127.0.0.1', '"},
    {"Content_Encoding": "gzip"},
]


def test_headers_decide_nothing(tickets: Http) -> None:
    for headers in HEADERS:
        assert tickets.ask(b'{"name":"Ada"}', Content_Type="application/json", **headers)[0] == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "MADEUP"])
def test_no_other_method_gives_a_ticket(tickets: Http, method: str) -> None:
    status, body = tickets.ask(b'{"name":"Ada"}', method=method)
    assert status == 404
    assert body in (None, {"message": "Not Found"})


@pytest.mark.parametrize(
    "suffix", ["/..", "/../ticket", "/%2e%2e/ticket", "/%00", "//", ";x", "/%ED%A0%80", "/x" * 1_000]
)
def test_no_other_path_gives_a_ticket(tickets: Http, suffix: str) -> None:
    assert tickets.ask(b'{"name":"Ada"}', path=tickets.path + suffix) == (404, {"message": "Not Found"})


def write_token(*parts: object) -> str:
    """Make a token of these parts, which nobody has signed."""
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


TOKENS = [
    "",
    "Bearer",
    "Bearer x",
    "Bearer ..",
    "Bearer a.b.c",
    "Bearer a.b.c, Bearer d.e.f",
    "Bearer " + "x" * 7_000,
    "Basic YWRhOmFkYQ==",
    "Bearer " + write_token({"alg": "none"}, {"sub": "admin"}, ""),
    "Bearer " + write_token({"alg": "HS256"}, {"sub": "admin", "iss": 7, "exp": 1e300}, {}),
    "Bearer " + write_token({"alg": "HS256"}, {"__proto__": {"sub": "admin"}}, {}),
]


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_no_made_up_token_gives_a_ticket(cognito: LocalAws, token: str) -> None:
    answer = Http(cognito.urls["ticket"]).ask(b'{"name":"Ada","sub":"admin"}', Authorization=token)
    assert answer == (401, {"message": "Unauthorized"})


QUERIES = [
    "",
    "ticket",
    "ticket=",
    "ticket=" + "0" * 64,
    "ticket=" + "x" * 6_000,
    "ticket=%00",
    "ticket=%ff%fe",
    "ticket=%ED%A0%80",
    "ticket=a&ticket=b",
    "ticket[]=x&__proto__[ticket]=x",
    "Ticket=x",
    "token=x",
]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_no_made_up_ticket_opens_a_connection(deployed: LocalAws, query: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        websocket.create_connection(f"{deployed.urls['websocket']}?{query}", timeout=PATIENCE_S)
    assert refusal.value.status_code == 401


INVOCATIONS: list[tuple[Any, str]] = [
    (None, "frame.not_object"),
    ([], "frame.not_object"),
    ("text", "frame.not_object"),
    ({}, "field.missing"),
    ({"from": "\u202e"}, "field.out_of_range"),
    ({"from": {"toString": "bot"}}, "field.bad_type"),
    ({"from": "bot", "room": "hostile", "id": "1", "text": "\ud800"}, "frame.bad_unicode"),
    ({"from": "bot", "x": json.loads("[" * 200 + "]" * 200)}, "frame.too_deep"),
    ({"from": "bot", "x" * 40_000: 1}, "frame.too_large"),
    ({"from": "bot", "room": "../..", "id": "1", "text": "x"}, "room.bad_name"),
]


def test_invocations_are_answered(deployed: LocalAws) -> None:
    client = deployed.session.client("lambda", endpoint_url=deployed.endpoint)
    for event, code in INVOCATIONS:
        answer = client.invoke(FunctionName=deployed.functions["publish"], Payload=json.dumps(event))
        assert answer.get("FunctionError") is None
        reply = json.loads(answer["Payload"].read())
        assert (reply["type"], reply["code"]) == ("error", code)
        check_message(reply["message"])


def test_no_function_has_failed(deployed: LocalAws) -> None:
    """Whoever answered in its place, this shows in what the functions have written."""
    written = deployed.functions_log.read_text(encoding="utf-8")
    assert "crashed" not in written
    assert "Traceback" not in written
