"""A loopback server that answers as API Gateway and DynamoDB do, and does nothing else.

Plain sockets and epoll: it must be faster than every client.

Run in a process of its own: `python -m benchmarks.server SETTINGS`, with the settings as JSON. It prints its port.
"""

from __future__ import annotations

import json
import select
import socket
import ssl
import sys
import time
from collections import deque
from contextlib import suppress
from typing import NamedTuple

_HEADERS = (
    b"Date: Tue, 24 Nov 2026 15:00:00 GMT\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n"
    b"x-amzn-RequestId: 0b5f9d5a-1f4e-4d1c-8d5f-4d0b4c8a1a55\r\nx-amz-apigw-id: BFaT_fALIAMCKug=\r\n"
)
POSTED = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + _HEADERS + b"\r\n"
ITEM = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + _HEADERS + b"\r\n{}"
READ_BYTES = 16 * 1024


class Settings(NamedTuple):
    """How the server behaves.

    Attributes:
        delay_s: until each reply.
        slow_every: each so many-th reply is slow; 0 for none.
        slow_s: until a slow reply.
        certificate: a file with a certificate and its key, for TLS; empty for none.
    """

    delay_s: float = 0.0
    slow_every: int = 0
    slow_s: float = 0.2
    certificate: str = ""


class _Peer:
    """A client's connection."""

    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        self._received = b""

    def read_request(self) -> bytes | None:
        """Return the head of a request once all of it has come; nobody here sends the next one sooner.

        Raises:
            OSError: the connection has ended.
        """
        try:
            data = self.socket.recv(READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        if not data:
            raise ConnectionResetError("the client has closed the connection")
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return None
        head = head.lower()
        _, found, length = head.partition(b"\r\ncontent-length: ")
        if found and len(body) < int(length.partition(b"\r\n")[0]):
            return None
        self._received = b""
        return head


class _Server:
    """Serves all connections in one thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._context: ssl.SSLContext | None = None
        if settings.certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(settings.certificate)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1000)
        self._listener.settimeout(0)
        self.port = self._listener.getsockname()[1]
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._peers: dict[int, _Peer] = {}
        self._answered = 0
        # When to send which reply: each kind of delay has a queue, and so each queue is in order.
        self._due = {settings.delay_s: deque[tuple[float, _Peer, bytes]](), settings.slow_s: deque()}

    def serve(self) -> None:
        """Serve until the process is ended."""
        while True:
            for number, _ in self._poll.poll(self._send_due()):
                if number == self._listener.fileno():
                    # Whoever has gone again before this is nobody's loss.
                    with suppress(OSError):
                        self._accept()
                    continue
                peer = self._peers[number]
                try:
                    if head := peer.read_request():
                        self._answer(peer, head)
                except OSError:
                    del self._peers[number]
                    peer.socket.close()

    def _accept(self) -> None:
        accepted, _ = self._listener.accept()
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        accepted.settimeout(0)
        if self._context:
            # Its first reads shake hands.
            accepted = self._context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        self._poll.register(accepted, select.EPOLLIN)
        self._peers[accepted.fileno()] = _Peer(accepted)

    def _answer(self, peer: _Peer, head: bytes) -> None:
        reply = ITEM if b"\r\nx-amz-target: " in head else POSTED
        self._answered += 1
        every = self._settings.slow_every
        delay_s = self._settings.slow_s if every and self._answered % every == 0 else self._settings.delay_s
        if delay_s:
            self._due[delay_s].append((time.monotonic() + delay_s, peer, reply))
        else:
            peer.socket.send(reply)

    def _send_due(self) -> float | None:
        """Send the replies whose time has come; return the seconds until that of the next."""
        now_s = time.monotonic()
        for due in self._due.values():
            while due and due[0][0] <= now_s:
                _, peer, reply = due.popleft()
                with suppress(OSError):
                    peer.socket.send(reply)
        return min((due[0][0] - now_s for due in self._due.values() if due), default=None)


if __name__ == "__main__":
    server = _Server(Settings(**json.loads(sys.argv[1])))
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve()
