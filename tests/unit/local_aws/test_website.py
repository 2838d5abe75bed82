"""The local web server: the app's files, config.json, and what it passes on."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from local_aws.ministack import choose_port
from local_aws.website import CONTENT_SECURITY_POLICY, HEADERS, find_file, make_config, serve_website

COGNITO_TARGET = "AWSCognitoIdentityProviderService"


@dataclass
class Upstream:
    """Stands in for MiniStack: answers every POST with 418, and notes what it was sent."""

    url: str
    requests: list[tuple[str, Message, bytes]]


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    requests: list[tuple[str, Message, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append((self.path, self.headers, body))
            self.send_response(418)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Set-Cookie", "a=b")
            self.end_headers()
            self.wfile.write(b"short and stout")

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Upstream(f"http://127.0.0.1:{server.server_port}", requests)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def urls(upstream: Upstream) -> dict[str, str]:
    """What urls.json of a run with Cognito holds."""
    return {
        "websocket": "ws://127.0.0.1:4599/_aws/execute-api/a1/chat",
        "ticket": f"{upstream.url}/_aws/execute-api/a2/$default/ticket",
        "aws": upstream.url,
        "cognito_client": "client",
    }


@pytest.fixture
def files(tmp_path: Path) -> Path:
    files = tmp_path / "dist"
    (files / "assets").mkdir(parents=True)
    (files / "index.html").write_text("<title>Chat</title>")
    (files / "assets" / "app-1a.js").write_text("start()")
    (files / "manifest.webmanifest").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    return files


@pytest.fixture
def port(files: Path, urls: dict[str, str]) -> Iterator[int]:
    port = choose_port()
    with serve_website(files, port, lambda: urls):
        yield port


def ask(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        ("/", "text/html", b"<title>Chat</title>"),
        ("/assets/app-1a.js?v=1", "javascript", b"start()"),
        ("/manifest.webmanifest", "application/manifest+json", b"{}"),
    ],
)
def test_files_are_served_under_their_types(port: int, path: str, kind: str, content: bytes) -> None:
    answer = ask(port, "GET", path)
    assert (answer.status, answer.body) == (200, content)
    assert kind in answer.headers["Content-Type"]
    assert answer.headers["Cache-Control"] == "no-cache"


def test_head_is_answered_without_a_body(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"HEAD / HTTP/1.1\r\n\r\n")
        head, _, body = client.makefile("rb").read().partition(b"\r\n\r\n")
    assert b"Content-Length: 19" in head
    assert body == b""


def test_every_path_of_the_app_is_its_page_and_a_missing_file_is_missing(port: int) -> None:
    assert ask(port, "GET", "/rooms/lobby").body == b"<title>Chat</title>"
    assert ask(port, "GET", "/assets/app-2b.js").status == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/ld.so.conf", "/%00.txt"]
)
def test_nothing_outside_the_directory_is_served(port: int, path: str) -> None:
    assert ask(port, "GET", path).status == 404


def test_a_link_does_not_lead_out_of_the_directory(files: Path) -> None:
    (files / "out.txt").symlink_to(files.parent / "secret.txt")
    assert find_file(files, "/out.txt") is None


def test_config_tells_how_users_sign_in(port: int, urls: dict[str, str]) -> None:
    assert json.loads(ask(port, "GET", "/config.json").body) == {
        "ticketUrl": "/ticket",
        "auth": "cognito",
        "cognito": {"endpoint": "/cognito", "clientId": "client"},
        "selfSignUp": False,
    }
    guests = {name: url for name, url in urls.items() if name != "cognito_client"}
    assert make_config(guests) == {"ticketUrl": "/ticket", "auth": "guest", "selfSignUp": False}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/none.js"), ("POST", "/none"), ("POST", "/ticket")]
)
def test_every_answer_has_the_security_headers(port: int, method: str, path: str) -> None:
    answer = ask(port, method, path, b"{}" if method == "POST" else None)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert policy == CONTENT_SECURITY_POLICY.format(endpoints="ws://127.0.0.1:4599")


def test_a_request_for_a_ticket_is_passed_on(port: int, upstream: Upstream) -> None:
    answer = ask(port, "POST", "/ticket", b'{"name":"ada"}', Authorization="Bearer t", Cookie="c", X_Other="o")
    ((path, headers, body),) = upstream.requests
    assert (path, body) == ("/_aws/execute-api/a2/$default/ticket", b'{"name":"ada"}')
    assert headers["Authorization"] == "Bearer t"
    assert "Cookie" not in headers
    assert "X-Other" not in headers
    assert (answer.status, answer.body) == (418, b"short and stout")
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert "Set-Cookie" not in answer.headers


def test_signing_in_with_cognito_is_passed_on(port: int, upstream: Upstream) -> None:
    target = f"{COGNITO_TARGET}.InitiateAuth"
    assert ask(port, "POST", "/cognito", b"{}", X_Amz_Target=target).status == 418
    ((path, headers, _),) = upstream.requests
    assert (path, headers["X-Amz-Target"]) == ("/", target)


@pytest.mark.parametrize("target", ["", f"{COGNITO_TARGET}.AdminCreateUser", "DynamoDB_20120810.Scan", "SignUp.Scan"])
def test_cognito_is_asked_for_nothing_else_and_no_other_service_is(port: int, upstream: Upstream, target: str) -> None:
    assert ask(port, "POST", "/cognito", b"{}", X_Amz_Target=target).status == 403
    assert upstream.requests == []


@pytest.mark.parametrize("path", ["/", "/cognito/x", "/ticket/x", "/Ticket", "/_aws/execute-api/a2/$default/ticket"])
def test_no_other_path_is_passed_on(port: int, upstream: Upstream, path: str) -> None:
    assert ask(port, "POST", path, b"{}").status == 404
    assert upstream.requests == []


def test_without_cognito_nothing_is_passed_on_to_it(port: int, urls: dict[str, str], upstream: Upstream) -> None:
    del urls["cognito_client"]
    assert ask(port, "POST", "/cognito", b"{}", X_Amz_Target=f"{COGNITO_TARGET}.InitiateAuth").status == 404
    assert upstream.requests == []


@pytest.mark.parametrize("path", ["/ticket", "/cognito"])
def test_what_is_passed_on_is_no_page(port: int, path: str) -> None:
    assert ask(port, "GET", path).status == 405


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(port: int, method: str) -> None:
    assert ask(port, method, "/ticket").status == 501


@pytest.mark.parametrize(("length", "status"), [(None, 411), ("-1", 411), ("ten", 411), ("65537", 413)])
def test_a_body_has_a_length_and_a_bounded_one(port: int, upstream: Upstream, length: str | None, status: int) -> None:
    stated = f"Content-Length: {length}\r\n" if length else ""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(f"POST /ticket HTTP/1.1\r\n{stated}\r\n".encode())
        assert client.recv(64).split()[1] == str(status).encode()
    assert upstream.requests == []


def test_a_local_aws_that_does_not_answer_is_said(port: int, urls: dict[str, str]) -> None:
    urls["ticket"] = f"http://127.0.0.1:{choose_port()}/ticket"
    answer = ask(port, "POST", "/ticket", b"{}")
    assert answer.status == 502
    assert b"The local AWS did not answer" in answer.body


def test_a_browser_that_goes_away_is_no_news(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    client = socket.create_connection(("127.0.0.1", port), timeout=5)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.sendall(b"POST /ticket HTTP/1.1\r\nContent-Length: 10\r\n\r\n")
    client.close()
    assert ask(port, "GET", "/").status == 200
    assert capfd.readouterr().err == ""


def test_nobody_listens_once_it_has_ended(files: Path, urls: dict[str, str]) -> None:
    port = choose_port()
    with serve_website(files, port, lambda: urls):
        assert ask(port, "GET", "/").status == 200
    with pytest.raises(ConnectionRefusedError):
        ask(port, "GET", "/")
