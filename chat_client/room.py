"""How far one room's log has been shown, and what waits until it can be.

Source: docs/protocol.md, "Staying complete".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat_client.entries import Entry
from chat_client.events import Reset, Truncated

DIRECT_PREFIX = "dm:"
# What is dropped beyond this is read with `history` once the gap below it is closed.
_HELD_MOST = 1_000


def name_direct_room(user: str, other: str) -> str:
    """Return the name of the direct room of two users."""
    return DIRECT_PREFIX + ":".join(sorted((user, other)))


@dataclass(frozen=True, slots=True)
class Position:
    """The last seq that was shown, and the epoch that it belongs to.

    Attributes:
        after: that seq; 0 for the start of the log.
        epoch: None while the room is empty.
        restarts: how often the room had started over; an answer to an older position says nothing about this one.
    """

    after: int
    epoch: str | None
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a room's log, as a reply carries it."""

    epoch: str | None
    entries: tuple[Entry, ...]
    more: bool
    reset: bool
    truncated: bool


class Room:
    """One room's log, as far as this client has shown it.

    Takes entries in any order and gives them back once each, in the order of their numbers. The caller sends what
    `position` says, and asks `history` when `gap_due_s` has come.

    Attributes:
        name: the room's name.
        gap_due_s: when to ask for what is missing below the entries that wait; None while nothing waits.
    """

    def __init__(self, name: str, gap_s: float, position: Position | None = None) -> None:
        self.name = name
        self.gap_due_s: float | None = None
        self._gap_s = gap_s
        self._shown = position.after if position else None
        self._epoch = position.epoch if position else None
        self._restarts = 0
        self._held: dict[tuple[str, int], Entry] = {}

    @property
    def position(self) -> Position | None:
        """What to send as `after` and `epoch`; None before the first page, and where it has to be asked for again."""
        return None if self._shown is None else Position(self._shown, self._epoch, self._restarts)

    def take_entry(self, entry: Entry, now_s: float) -> list[Entry]:
        """Take one entry: a push, or this client's own message by its ack.

        Returns:
            The entries to show now; none where this one was shown before, or another must come first.
        """
        if self._epoch is None and self._shown is not None:
            self._epoch = entry.epoch
        self._hold([entry])
        return self._release(now_s)

    def note_asked(self, now_s: float) -> None:
        """Note that what is missing was asked for: should the answer fail, it is asked for again, but not at once."""
        if self.gap_due_s is not None:
            self.gap_due_s = now_s + self._gap_s

    def take_page(self, page: Page, asked: Position | None, now_s: float) -> list[Entry | Reset | Truncated]:
        """Take a page that was read from a position on, or the newest page.

        Args:
            page: what the server answered.
            asked: the position that it was asked for with; None for the newest page.
            now_s: the time, in seconds.

        Returns:
            What to show now, in order.
        """
        if asked and asked.restarts != self._restarts:
            return []
        if page.reset or self._shown is None:
            return self._start_over(page, now_s)
        self._epoch = self._epoch or page.epoch
        if asked is None or asked.after > self._shown or page.epoch != self._epoch:
            # The page does not begin where this client stands: a number missing below it need not have expired.
            self._hold(page.entries)
            return [*self._release(now_s)]
        told: list[Entry | Reset | Truncated] = [Truncated(self.name)] if page.truncated else []
        return told + self._show_page(page, now_s)

    def _start_over(self, page: Page, now_s: float) -> list[Entry | Reset | Truncated]:
        self._restarts += page.reset
        self._epoch = page.epoch
        told: list[Entry | Reset | Truncated] = [Reset(self.name)] if page.reset else []
        if page.reset and page.more and not page.entries:
            # The answer had no space for the newest entries; what comes after 0 would be the whole log.
            self._shown = self.gap_due_s = None
            return told
        self._shown = page.entries[0].seq - 1 if page.entries else 0
        return told + self._show_page(page, now_s)

    def _show_page(self, page: Page, now_s: float) -> list[Entry | Reset | Truncated]:
        assert self._shown is not None
        fresh = [entry for entry in page.entries if entry.seq > self._shown]
        if fresh:
            self._shown = fresh[-1].seq
        if self._epoch is None and self._held:
            # The room was empty when the page was read; its first entries have overtaken the answer.
            self._epoch = next(iter(self._held))[0]
        # An entry of another epoch made this client ask; the answer decides which log it is.
        self._held = {key: entry for key, entry in self._held.items() if key[0] == self._epoch}
        self.gap_due_s = None
        return [*fresh, *self._release(now_s)]

    def _hold(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if len(self._held) < _HELD_MOST:
                self._held[entry.epoch, entry.seq] = entry

    def _release(self, now_s: float) -> list[Entry]:
        """Take what can be shown out of what waits, and see whether a gap remains."""
        if self._shown is None:
            return []
        ready: list[Entry] = []
        self._held = {
            key: entry for key, entry in self._held.items() if entry.epoch != self._epoch or entry.seq > self._shown
        }
        while self._epoch and (entry := self._held.pop((self._epoch, self._shown + 1), None)):
            ready.append(entry)
            self._shown += 1
        if not self._held:
            self.gap_due_s = None
        elif any(epoch != self._epoch for epoch, _ in self._held):
            self.gap_due_s = now_s
        elif ready or self.gap_due_s is None:
            self.gap_due_s = now_s + self._gap_s
        return ready
