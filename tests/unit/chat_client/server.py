"""A WebSocket server on loopback that does what the test tells it."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import Self, cast

import websocket

from tests.unit.chat_client.frames import Frame

PATIENCE_S = 10
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer:
    """The server's side of one connection.

    Attributes:
        target: path and query that the client asked for.
        headers: of the client's handshake, by lower-case name.
    """

    def __init__(self, connection: socket.socket, target: str, headers: Mapping[str, str]) -> None:
        self.target = target
        self.headers = headers
        self._connection = connection
        # websocket-client's framing serves both sides of a connection.
        self._socket = websocket.WebSocket()
        self._socket.sock = connection
        self._socket.connected = True

    def receive(self) -> Frame:
        """Take the next frame but a `read`, which comes when it will."""
        while (frame := self._take())["action"] == "read":
            pass
        return frame

    def receive_read(self) -> Frame:
        """Take the next frame, a `read`."""
        frame = self._take()
        assert frame["action"] == "read"
        return frame

    def send(self, *frames: Frame) -> None:
        """Send frames."""
        for frame in frames:
            self._socket.send(json.dumps(frame))

    def ping(self) -> None:
        """Send a ping of WebSocket's own."""
        self._socket.ping("are you there")

    def goodbye(self, status: int) -> None:
        """Close as a server does."""
        self._socket.send_close(status)

    def is_gone(self) -> bool:
        """Wait for the client to close; say whether it did so properly."""
        opcode, data = self._socket.recv_data()
        while opcode == websocket.ABNF.OPCODE_TEXT and json.loads(data)["action"] == "read":
            opcode, data = self._socket.recv_data()
        return bool(opcode == websocket.ABNF.OPCODE_CLOSE)

    def cut(self) -> None:
        """Reset the connection, as a broken network does."""
        with suppress(OSError):
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()

    def _take(self) -> Frame:
        return cast("Frame", json.loads(self._socket.recv()))


class Server:
    """Answers handshakes: with the statuses it was given, one for each, and then with 101."""

    def __init__(self, statuses: Iterable[int] = ()) -> None:
        self._statuses = list(statuses)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._peers: SimpleQueue[Peer] = SimpleQueue()
        self._accepted: list[Peer] = []
        self._thread = threading.Thread(target=self._serve)
        self.handshakes = 0
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}/dev"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for peer in self._accepted:
            peer.cut()

    def accept(self) -> Peer:
        """Wait for the next connection."""
        return self._peers.get(timeout=PATIENCE_S)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.settimeout(PATIENCE_S)
                self._shake_hands(connection)

    def _shake_hands(self, connection: socket.socket) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.recv(4096)
        self.handshakes += 1
        first, *rest = request.decode().split("\r\n")
        if self._statuses:
            connection.sendall(f"HTTP/1.1 {self._statuses.pop(0)} No\r\nContent-Length: 0\r\n\r\n".encode())
            connection.close()
            return
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in rest)}
        accepted = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + _GUID).encode()).digest()).decode()
        connection.sendall(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accepted}\r\n\r\n".encode()
        )
        peer = Peer(connection, first.split(" ")[1], headers)
        self._accepted.append(peer)
        self._peers.put(peer)
