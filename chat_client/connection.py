"""One WebSocket, on websocket-client: text frames in and out, and every failure as one error."""

from __future__ import annotations

import socket
import ssl
from http import HTTPStatus
from typing import cast

import websocket

from chat_client.errors import ConnectionLostError, SignInRefusedError

_CONNECT_S = 10
_CLOSE_S = 0.5


class Connection:
    """An open WebSocket, for one thread.

    Args:
        url: of the stage, with its query string.

    Raises:
        ConnectionLostError: it could not be reached, or did not take the ticket: get a new one.
        SignInRefusedError: the user is banned, or may not connect from here.
    """

    def __init__(self, url: str) -> None:
        try:
            # An Origin is for browsers: a chat that allows the pages of some origins lets other clients in without one.
            self._socket = websocket.create_connection(url, timeout=_CONNECT_S, suppress_origin=True)
        except websocket.WebSocketBadStatusException as error:
            if error.status_code == HTTPStatus.FORBIDDEN:
                raise SignInRefusedError("banned from the chat, or not allowed to connect (HTTP 403)") from None
            raise ConnectionLostError(f"HTTP {error.status_code}") from None
        except (websocket.WebSocketException, OSError, ValueError) as error:
            raise ConnectionLostError(_describe(error)) from None
        # websocket-client forgets its socket when the other side closes; the selector still knows this number.
        self._fileno: int = cast("socket.socket", self._socket.sock).fileno()

    def fileno(self) -> int:
        """Tell the socket's number, for select."""
        return self._fileno

    @property
    def has_pending(self) -> bool:
        """Whether decrypted bytes wait that select does not see."""
        sock = self._socket.sock
        return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0

    def receive(self) -> str | None:
        """Take the next frame, once select says that there is one.

        Returns:
            Its text; None for a control frame, which has been dealt with.

        Raises:
            ConnectionLostError: the connection is gone.
        """
        try:
            opcode, frame = self._socket.recv_data_frame(control_frame=True)
        except (websocket.WebSocketException, OSError) as error:
            raise ConnectionLostError(_describe(error)) from None
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise ConnectionLostError(f"the server closed the connection{_status(frame.data)}")
        return bytes(frame.data).decode() if opcode == websocket.ABNF.OPCODE_TEXT else None

    def send(self, text: str) -> None:
        """Send a text frame.

        Raises:
            ConnectionLostError: the connection is gone.
        """
        try:
            self._socket.send(text)
        except (websocket.WebSocketException, OSError) as error:
            raise ConnectionLostError(_describe(error)) from None

    def close(self) -> None:
        """Say goodbye, where there is somebody left to hear it, and close the socket."""
        self._socket.close(timeout=_CLOSE_S)
        if self._socket.sock is not None:
            self._socket.sock.close()


def _describe(error: Exception) -> str:
    return str(error) or type(error).__name__


def _status(payload: bytes) -> str:
    return f" ({int.from_bytes(payload[:2])})" if len(payload) >= 2 else ""
