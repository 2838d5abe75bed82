"""A scripted `POST /ticket`: gives tickets for a scripted chat server, or refuses."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any, Self


class TicketServer:
    """Answers on loopback as long as the context lasts.

    Args:
        websocket_url: where the tickets lead.
        status: of every answer.
        problem: the body of a refusal.

        answer: the body of every good answer; where it is left out, one that the request asks for.
        cut: how many bytes of each body are not sent.

    Attributes:
        asked: the bodies of the requests so far.
        headers: their headers.
    """

    def __init__(
        self, websocket_url: str, *, status: int = 200, problem: Any = None, answer: Any = None, cut: int = 0
    ) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._websocket_url = websocket_url
        self._status = status
        self._problem = problem
        self._fixed = answer
        self._cut = cut
        self._server = HTTPServer(("127.0.0.1", 0), self._make_handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """Where to ask for a ticket."""
        return f"http://127.0.0.1:{self._server.server_port}/ticket"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, body: dict[str, Any]) -> Any:
        if self._status != 200:
            return self._problem
        if self._fixed is not None:
            return self._fixed
        if "AuthFlow" in body:
            return {"AuthenticationResult": {"IdToken": f"token of {body['AuthParameters']['USERNAME']}"}}
        name = body.get("name", "ada")
        ticket = f"t{len(self.asked)}"
        return {"ticket": ticket, "url": self._websocket_url, "expires_in": 60, "user": name, "name": name}

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        tickets = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                tickets.asked.append(body)
                tickets.headers.append({name.lower(): value for name, value in self.headers.items()})
                text = json.dumps(tickets._answer(body)).encode()
                self.send_response(tickets._status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text[: len(text) - tickets._cut])

            def log_message(self, *_: object) -> None:
                pass

        return Handler
