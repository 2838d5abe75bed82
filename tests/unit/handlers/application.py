"""A fake Lambda endpoint on loopback: the application's own functions, which answer as a test tells them to."""

from __future__ import annotations

import json
import threading
from typing import Any

from tests.unit.handlers.loopback import LoopbackServer, Reply, Request


class FakeApplication(LoopbackServer):
    """The server, and what it was asked.

    Attributes:
        replies: the next replies; the last one stays.
        requests: what arrived.
        delay_s: how long each reply takes.
    """

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply(404)]
        self.requests: list[Request] = []
        self.delay_s = 0.0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        super().__init__()

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The bodies of what arrived."""
        return [json.loads(request.body) for request in self.requests]

    def reply(self, answer: object) -> None:
        """Have the functions return this from now on."""
        self.replies = [Reply(200, json.dumps(answer))]

    def close(self) -> None:
        """Stop the server; nobody waits for slow replies any more."""
        self._closing.set()
        super().close()

    def answer(self, request: Request) -> Reply:
        """Note a request, and give the next reply."""
        with self._lock:
            self.requests.append(request)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        self._closing.wait(self.delay_s)
        return reply
