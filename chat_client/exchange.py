"""Requests and their answers: each request is sent again under its id until it is answered.

Source: docs/protocol.md, "Sending" and "Errors".
"""

from __future__ import annotations

from collections.abc import Callable

from chat_client.errors import RequestError
from chat_client.events import Event, Failed
from chat_client.frames import Fields, encode_frame
from chat_client.link import Link, Timing
from chat_client.requests import OWN, Request, Requests


class Exchange:
    """What is asked and not answered, and what is to be sent and told.

    Attributes:
        link: the connection's state.
        requests: those without an answer.
        new_id: makes an id for a request.
    """

    def __init__(self, new_id: Callable[[], str], jitter: Callable[[], float], timing: Timing) -> None:
        self.link = Link(timing, jitter)
        self.requests = Requests()
        self.new_id = new_id
        self._timing = timing
        self._frames: list[str] = []
        self._events: list[Event] = []

    def transmit(self, request: Request, now_s: float) -> bool:
        """Send a request, for the first time or again; while there is no connection it waits.

        Returns:
            Whether it stays; one that fits into no frame has failed.
        """
        if not self.link.is_open:
            return True
        try:
            text = encode_frame(request.frame)
        except RequestError as error:
            self.fail(request, error)
            return False
        request.due_s = now_s + self._timing.reply_s * 2.0 ** min(request.attempts, 3)
        request.attempts += 1
        request.sent_s = now_s
        self._frames.append(text)
        self.link.note_sent(now_s)
        return True

    def signal(self, fields: Fields, now_s: float) -> None:
        """Send a frame that has no answer and is not sent again."""
        self._frames.append(encode_frame(fields))
        self.link.note_sent(now_s)

    def tell(self, *events: Event) -> None:
        """Add events for the user."""
        self._events.extend(events)

    def find_largest(self) -> Request | None:
        """Find the request with the largest frame of those that are on their way."""
        sent = [request for request in self.requests.select() if request.attempts and request.due_s is not None]
        return max(sent, key=lambda request: len(encode_frame(request.frame).encode()), default=None)

    def finish(self, request: Request, event: Event) -> None:
        """Forget a request, and tell its answer."""
        self.requests.remove(request)
        self.tell(event)

    def fail(self, request: Request, error: RequestError) -> None:
        """Forget a request, and tell why, where it was the user's."""
        self.requests.remove(request)
        if request.kind not in OWN:
            self.tell(Failed(request.id, request.kind, request.room, error))

    def postpone(self, request: Request, error: RequestError, now_s: float) -> None:
        """Send a request again later, when a retryable error says or after a random wait."""
        wait_s = self.link.back_off(request.attempts - 1)
        request.due_s = now_s + max(wait_s, (error.retry_after_ms or 0) / 1000)

    def lose(self, now_s: float) -> float:
        """Note that the connection is gone: requests wait, those about this connection alone are forgotten.

        Returns:
            How long to wait before the next connection, in seconds.
        """
        self._frames.clear()
        for request in self.requests.select(*OWN):
            self.requests.remove(request)
        for request in self.requests.select():
            request.due_s = None
        return self.link.lose(now_s)

    def tick(self, now_s: float) -> None:
        """Send again what was not answered in time, and a ping where the connection was idle or is in doubt."""
        self.link.check_pong(now_s)
        if self.link.gave_up:
            return
        for request in self.requests.due(now_s):
            if self.link.was_silent_since(request.sent_s):
                self._ping(now_s)
            self.transmit(request, now_s)
        if self.link.should_ping(now_s):
            self._ping(now_s)

    def deadline(self) -> float:
        """Say when `tick` or a connection is due, in seconds; infinity for never."""
        return min([self.link.deadline(), *self.requests.deadlines()])

    def take_frames(self) -> list[str]:
        """Hand over the frames to send, in order."""
        frames, self._frames = self._frames, []
        return frames

    def take_events(self) -> list[Event]:
        """Hand over the events to tell, in order."""
        events, self._events = self._events, []
        return events

    def _ping(self, now_s: float) -> None:
        self._frames.append(encode_frame({"action": "ping"}))
        self.link.note_ping(now_s)
