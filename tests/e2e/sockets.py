"""A bare client: frames in, frames out, and nothing repaired. What the server sends is what a test sees.

Every frame that is asked with, and every one that is seen, is checked against docs/asyncapi.yaml.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import websocket

from chat_client.sign_in import SignIn
from tests.contract.schemas import check_received, check_reply, check_sent

Frame = dict[str, Any]
PATIENCE_S = 20.0

# These carry an id too: that of whoever wrote the entry.
_ENTRIES = ("message", "edited", "deleted", "reacted")


class Socket:
    """One connection. Pushes that come while a reply is awaited are kept for `pushed`."""

    def __init__(self, sign_in: SignIn, name: str) -> None:
        self.name = name
        admission = sign_in()
        self.user = admission.user.user
        self._socket = websocket.create_connection(admission.url, timeout=PATIENCE_S)
        self._pushed: list[Frame] = []
        self._requests = 0

    def ask(self, action: str, **fields: Any) -> Frame:
        """Send an action and wait for its reply."""
        self._requests += 1
        request_id = fields.pop("id", f"{self.name}-{self._requests}")
        request = {"action": action, "id": request_id, **fields}
        check_sent(request)
        self.send_text(json.dumps(request))
        while (frame := self.receive()).get("id") != request_id or frame["type"] in _ENTRIES:
            self._pushed.append(frame)
        check_reply(action, frame)
        return frame

    def tell(self, action: str, **fields: Any) -> None:
        """Send an action that has no reply."""
        request = {"action": action, **fields}
        check_sent(request)
        self.send_text(json.dumps(request))

    def send_text(self, text: str) -> None:
        """Send a text frame as it is."""
        self._socket.send(text)

    def receive(self) -> Frame:
        """Wait for the next frame, whatever it is."""
        frame: Frame = json.loads(self._socket.recv())
        check_received(frame)
        return frame

    def pushed(self, frame_type: str) -> Frame:
        """Wait for the next push of a type."""
        for index, frame in enumerate(self._pushed):
            if frame.get("type") == frame_type:
                return self._pushed.pop(index)
        while (frame := self.receive()).get("type") != frame_type:
            self._pushed.append(frame)
        return frame

    def kept(self, frame_type: str) -> list[Frame]:
        """The pushes of a type that came while replies were awaited."""
        return [frame for frame in self._pushed if frame.get("type") == frame_type]

    def wait_until_closed(self) -> None:
        """Wait for the server to close the connection."""
        with suppress(websocket.WebSocketConnectionClosedException, ConnectionError):
            while self._socket.recv():
                pass
        # The library's own `close` does nothing once the other side has closed.
        self.kill()

    def kill(self) -> None:
        """Cut the connection without a word, as a phone in a tunnel does."""
        assert self._socket.sock
        self._socket.sock.close()

    def close(self) -> None:
        """Close the connection properly."""
        self._socket.close()


def eventually(probe: Any, expected: Any) -> None:
    """Wait until a probe gives what is expected.

    Raises:
        AssertionError: it did not in time.
    """
    until = time.monotonic() + PATIENCE_S
    while (seen := probe()) != expected:
        assert time.monotonic() < until, f"still {seen!r}, not {expected!r}"
        time.sleep(0.1)
