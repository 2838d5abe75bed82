"""The web app on this machine: its files, config.json, and the two calls that it makes on its own origin.

What CloudFront does on AWS. It listens on loopback alone, and passes on nothing but `POST /ticket` and what Cognito
answers to somebody without AWS credentials.
"""

from __future__ import annotations

import json
import mimetypes
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from local_aws.environment import HOST

USUAL_PORT = 8080
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; connect-src 'self' {endpoints}; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_PAGE = "index.html"
_JSON = "application/json"
_BODY_BYTES = 64 * 1024
_IDLE_S = 30
# A function has 29 s.
_ANSWER_S = 35
_POLL_S = 0.05
_PASSED_ON = ("Authorization", "Content-Type", "X-Amz-Target")
_COGNITO = "AWSCognitoIdentityProviderService."
_OPERATIONS = frozenset(
    (
        "ConfirmForgotPassword",
        "ConfirmSignUp",
        "ForgotPassword",
        "GetTokensFromRefreshToken",
        "GetUser",
        "GlobalSignOut",
        "InitiateAuth",
        "ResendConfirmationCode",
        "RespondToAuthChallenge",
        "RevokeToken",
        "SignUp",
    )
)

Urls = Mapping[str, str]


@contextmanager
def serve_website(files: Path, port: int, read_urls: Callable[[], Urls]) -> Iterator[None]:
    """Serve the web app as long as the context lasts.

    Args:
        files: the directory of the built app; what changes there is served as it is then.
        port: where to listen, on loopback alone.
        read_urls: returns what urls.json holds.
    """
    server = _Server(files, port, read_urls)
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_config(urls: Urls) -> dict[str, Any]:
    """Make what the app reads as config.json."""
    config = {"ticketUrl": "/ticket", "auth": "guest", "selfSignUp": False}
    if "cognito_client" not in urls:
        return config
    return {**config, "auth": "cognito", "cognito": {"endpoint": "/cognito", "clientId": urls["cognito_client"]}}


def find_file(files: Path, path: str) -> Path | None:
    """Return what a path stands for: a file of the app, or its page for what looks like no file; None for neither."""
    if "." not in path.rpartition("/")[2]:
        path = _PAGE
    root = files.resolve()
    file = root / path.lstrip("/")
    # What is no name of a file can't be resolved.
    if "\0" in path or not file.resolve().is_relative_to(root):
        return None
    return file if file.is_file() else None


class _Server(ThreadingHTTPServer):
    def __init__(self, files: Path, port: int, read_urls: Callable[[], Urls]) -> None:
        super().__init__((HOST, port), _Handler)
        self.files = files
        self.read_urls = read_urls

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of browsers that went away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _IDLE_S

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path in self._find_destinations():
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
        elif path == "/config.json":
            self._send(HTTPStatus.OK, _JSON, json.dumps(make_config(self.server.read_urls())).encode())
        elif file := find_file(self.server.files, path):
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self._send(HTTPStatus.OK, kind, file.read_bytes())
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET  # noqa: N815 - http.server looks for this name

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        destination = self._find_destinations().get(path)
        if destination is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif path == "/cognito" and self.headers.get("X-Amz-Target", "").removeprefix(_COGNITO) not in _OPERATIONS:
            self.send_error(HTTPStatus.FORBIDDEN)
        elif (body := self._read_body()) is not None:
            self._pass_on(destination, body)

    def end_headers(self) -> None:
        """Add the headers of every answer, errors included."""
        websocket = urlsplit(self.server.read_urls()["websocket"])
        endpoint = f"{websocket.scheme}://{websocket.netloc}"
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY.format(endpoints=endpoint))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Write nothing: the terminal shows the functions' log."""

    def _find_destinations(self) -> dict[str, str]:
        """Return where each path that is passed on goes."""
        urls = self.server.read_urls()
        return {"/ticket": urls["ticket"], **({"/cognito": urls["aws"]} if "cognito_client" in urls else {})}

    def _read_body(self) -> bytes | None:
        """Return the request's body; None once a body of no length, or of too great a one, has been refused."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return None
        if int(length) > _BODY_BYTES:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        return self.rfile.read(int(length))

    def _pass_on(self, url: str, body: bytes) -> None:
        headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
        place = urlsplit(url)
        connection = HTTPConnection(place.hostname or HOST, place.port, timeout=_ANSWER_S)
        try:
            connection.request("POST", place.path or "/", body, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            self.send_error(HTTPStatus.BAD_GATEWAY, explain=f"The local AWS did not answer: {error}")
        else:
            self._send(response.status, response.getheader("Content-Type", _JSON), answer)
        finally:
            connection.close()

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
