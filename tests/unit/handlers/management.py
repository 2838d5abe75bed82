"""A fake @connections on loopback. Each connection answers with the statuses that it was given; 200 without."""

from __future__ import annotations

import threading
from collections import defaultdict
from urllib.parse import unquote

from tests.unit.handlers.loopback import LoopbackServer, Reply, Request


class FakeManagement(LoopbackServer):
    """The server, and what it was asked.

    Attributes:
        statuses: for a connection id, the statuses of its next replies; the last one stays.
        bare: connection ids whose 410 comes without AWS's error header.
        frames: what arrived with 200, by connection id.
        closed: ids of the connections that were closed, in order; they are gone from then on.
    """

    def __init__(self) -> None:
        self.statuses: dict[str, list[int]] = {}
        self.bare: set[str] = set()
        self.frames: dict[str, list[str]] = defaultdict(list)
        self.closed: list[str] = []
        self._lock = threading.Lock()
        super().__init__()

    @property
    def url(self) -> str:
        """The callback URL, with a stage in its path."""
        return f"{super().url}/chat"

    def answer(self, request: Request) -> Reply:
        """Note a post, or a closed connection."""
        stage, _, quoted = request.path.partition("/@connections/")
        assert stage == "/chat", request.path
        connection_id = unquote(quoted)
        with self._lock:
            planned = self.statuses.get(connection_id, [200])
            status = planned.pop(0) if len(planned) > 1 else planned[0]
            if status == 410 and connection_id not in self.bare:
                return Reply(status, headers={"x-amzn-ErrorType": "GoneException"})
            if status == 200 and request.method == "DELETE":
                self.closed.append(connection_id)
                self.statuses[connection_id] = [410]
                return Reply(204)
            if status == 200:
                self.frames[connection_id].append(request.body)
            return Reply(status)
