"""A fake @connections on loopback. Each connection answers with the statuses that it was given; 200 without."""

from __future__ import annotations

import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class FakeManagement:
    """The server, and what was posted to it.

    Attributes:
        statuses: for a connection id, the statuses of its next replies; the last one stays.
        bare: connection ids whose 410 comes without AWS's error header.
        frames: what arrived with 200, by connection id.
        posts: how many requests there were.
    """

    def __init__(self) -> None:
        self.statuses: dict[str, list[int]] = {}
        self.bare: set[str] = set()
        self.frames: dict[str, list[str]] = defaultdict(list)
        self.posts = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        """The callback URL, with a stage in its path."""
        return f"http://127.0.0.1:{self._server.server_port}/chat"

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str, frame: str) -> tuple[int, bool]:
        """Note a post; return its status and whether to send the error header."""
        stage, _, connection_id = path.partition("/@connections/")
        assert stage == "/chat", path
        with self._lock:
            self.posts += 1
            connection_id = unquote(connection_id)
            planned = self.statuses.get(connection_id, [200])
            status = planned.pop(0) if len(planned) > 1 else planned[0]
            if status == 200:
                self.frames[connection_id].append(frame)
            return status, connection_id not in self.bare

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, with_header = fake.answer(self.path, body)
                self.send_response(status)
                if status == 410 and with_header:
                    self.send_header("x-amzn-ErrorType", "GoneException")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
