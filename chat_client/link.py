"""Whether the connection lives: when to make it, to try it with a ping, to give it up.

Source: docs/protocol.md, "Connecting".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a session waits, in seconds.

    Attributes:
        gap_s: how long a number may be missing before `history` is asked for it.
        reply_s: how long a reply may take before its request is sent again; longer with each attempt.
        sync_first_s: from a join to the `sync` after it.
        sync_least_s, sync_most_s: between one `sync` and the next, at random.
        read_s: how long the positions that were read in a room are gathered, before the last of them is told.
        typing_s: between one `typing` in a room and the next.
        ping_s: how long nothing is sent before a `ping` is; API Gateway closes what was idle for ten minutes.
        backoff_s, backoff_most_s: the upper bound of the first random wait before trying again, and of the longest.
    """

    gap_s: float = 0.5
    reply_s: float = 10
    sync_first_s: float = 5
    sync_least_s: float = 15 * 60
    sync_most_s: float = 30 * 60
    read_s: float = 2
    typing_s: float = 3
    ping_s: float = 4 * 60
    backoff_s: float = 1
    backoff_most_s: float = 30


class Link:
    """The state of the connection.

    Attributes:
        is_open: frames can be sent.
        has_ended: it will never be open again.
        gave_up: why an open connection is of no use any more; None while it is.
    """

    def __init__(self, timing: Timing, jitter: Callable[[], float]) -> None:
        self.is_open = False
        self.has_ended = False
        self.gave_up: str | None = None
        self._timing = timing
        self._jitter = jitter
        self._failures = 0
        self._opened_s = math.inf
        self._connect_due_s = -math.inf
        self._sent_s = self._received_s = -math.inf
        self._pong_due_s = math.inf

    def open(self, now_s: float) -> None:
        """Note that the socket is open."""
        self.is_open = True
        self._opened_s = now_s
        self.gave_up = None
        self._sent_s = now_s
        self._received_s = -math.inf
        self._pong_due_s = math.inf

    def lose(self, now_s: float) -> float:
        """Note that the socket is closed, or could not be opened.

        Returns:
            How long to wait before the next attempt, in seconds, with full jitter.
        """
        if now_s - self._opened_s >= self._timing.backoff_most_s:
            self._failures = 0
        self.is_open = False
        self._opened_s = math.inf
        wait_s = self.back_off(self._failures)
        self._failures += 1
        self._connect_due_s = now_s + wait_s
        return wait_s

    def end(self) -> None:
        """Note that it is over."""
        self.is_open = False
        self.has_ended = True

    def give_up(self, reason: str) -> None:
        """Ask for a new connection in the place of this one."""
        self.gave_up = reason

    def note_sent(self, now_s: float) -> None:
        """Note that a frame was sent."""
        self._sent_s = now_s

    def note_received(self, now_s: float) -> None:
        """Note that a frame has come: the connection works."""
        self._received_s = now_s
        self._pong_due_s = math.inf

    def note_ping(self, now_s: float) -> None:
        """Note that a ping was sent: anything that comes is as good as its pong."""
        self.note_sent(now_s)
        self._pong_due_s = min(self._pong_due_s, now_s + self._timing.reply_s)

    def should_connect(self, now_s: float) -> bool:
        """Say whether to open a socket now."""
        return not self.is_open and not self.has_ended and self._connect_due_s <= now_s

    def should_ping(self, now_s: float) -> bool:
        """Say whether nothing was sent for so long that a ping is due."""
        return self.is_open and self._sent_s + self._timing.ping_s <= now_s

    def was_silent_since(self, sent_s: float) -> bool:
        """Say whether nothing has come since a frame was sent."""
        return self._received_s < sent_s

    def check_pong(self, now_s: float) -> None:
        """Give up a connection that did not answer a ping."""
        if self.is_open and self._pong_due_s <= now_s:
            self.give_up("the server does not answer")

    def back_off(self, failures: int) -> float:
        """Draw a wait in seconds, between nothing and a bound that doubles with each failure."""
        return self._jitter() * min(self._timing.backoff_most_s, self._timing.backoff_s * 2.0 ** min(failures, 16))

    def deadline(self) -> float:
        """Say when to look at the connection next, in seconds; infinity for never."""
        if self.has_ended:
            return math.inf
        if not self.is_open:
            return self._connect_due_s
        return min(self._sent_s + self._timing.ping_s, self._pong_due_s)
