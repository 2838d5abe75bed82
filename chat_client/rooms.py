"""The rooms that the user wants to be in: entering them, reading on, and sending what waited for that.

Source: docs/protocol.md, "Staying complete".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from chat_client.errors import NOT_JOINED
from chat_client.events import Acked, Deleted, Edited, Entry, Joined, Member, Message, Reacted
from chat_client.exchange import Exchange
from chat_client.frames import AckFrame, HistoryFrame, JoinedFrame, SyncedFrame
from chat_client.link import Timing
from chat_client.requests import WRITES, Request
from chat_client.room import Page, Position, Room


class Rooms:
    """Each room's log, and whether this connection is in the room.

    Attributes:
        by_name: the rooms that the user wants to be in, over reconnects.
        user: who connected last; their own entries are recognised by it.
    """

    def __init__(self, exchange: Exchange, jitter: Callable[[], float], timing: Timing) -> None:
        self.by_name: dict[str, Room] = {}
        self.user = Member("", "")
        self._exchange = exchange
        self._jitter = jitter
        self._timing = timing
        # Those that this connection is in and has caught up with: what waits for them can be sent.
        self._ready: set[str] = set()
        self._sync_due_s = math.inf

    def add(self, name: str, position: Position | None) -> None:
        """Want to be in a room; what is known of it already stays."""
        self.by_name.setdefault(name, Room(name, self._timing.gap_s, position))

    def drop(self, name: str) -> bool:
        """Want to be in a room no longer; say whether it was wanted."""
        self._ready.discard(name)
        return self.by_name.pop(name, None) is not None

    def join(self, name: str, now_s: float) -> Request:
        """Enter a room from where it was shown, once a `leave` before that is answered."""
        requests = self._exchange.requests
        waiting = requests.select("join", room=name)
        request = waiting[0] if waiting else requests.add(Request(self._exchange.new_id(), "join", name))
        if request.due_s is None and not requests.select("leave", room=name):
            position = self.by_name[name].position
            request.fields = {"room": name, **_fields(position)}
            request.asked = {name: position}
            self._exchange.transmit(request, now_s)
        return request

    def join_all(self, now_s: float) -> None:
        """Enter every room again, on a new connection."""
        for name in self.by_name:
            self.join(name, now_s)

    def rejoin(self, name: str, now_s: float) -> None:
        """Enter a room again that the server does not see this connection in."""
        self._ready.discard(name)
        self.join(name, now_s)

    def lose(self) -> None:
        """Note that the connection is gone."""
        self._ready.clear()
        self._sync_due_s = math.inf

    def flush(self, name: str, now_s: float) -> None:
        """Send what waits for a room: its questions, and the oldest of its entries."""
        if name not in self._ready:
            return
        for request in self._exchange.requests.select("history", "members", room=name):
            if request.due_s is None:
                self._exchange.transmit(request, now_s)
        for request in self._exchange.requests.select(*WRITES, room=name):
            if request.due_s is None:
                # The position of the first attempt stays in the frame: the server looks for that attempt after it.
                request.fields = {**_fields(self.by_name[name].position), **request.fields}
                self._exchange.transmit(request, now_s)
            if self._exchange.requests.get(request.id):
                return

    def take_joined(self, request: Request, frame: JoinedFrame, now_s: float) -> None:
        """Note that this connection is in a room."""
        self._exchange.finish(request, Joined(request.id, frame.room, frame.head, frame.members))
        self._sync_due_s = min(self._sync_due_s, now_s + self._timing.sync_first_s)
        self._take_page(request, frame.room, frame.page, now_s)

    def take_read(self, request: Request, frame: HistoryFrame, now_s: float) -> None:
        """Take the page that a read of the session's own has brought."""
        self._exchange.requests.remove(request)
        self._take_page(request, request.room or "", frame.page, now_s)

    def take_synced(self, request: Request, frame: SyncedFrame, now_s: float) -> None:
        """Take what a `sync` has brought; enter again the rooms that the server does not see this connection in."""
        self._exchange.requests.remove(request)
        for name, page in frame.rooms.items():
            if name not in self._ready or name not in request.asked:
                continue
            if isinstance(page, Page):
                self._take_page(request, name, page, now_s)
            elif page.code == NOT_JOINED:
                self.rejoin(name, now_s)

    def take_push(self, entry: Entry, now_s: float) -> None:
        """Take a pushed entry."""
        room = self.by_name.get(entry.room)
        if room:
            self.settle([entry], now_s)
            self._exchange.tell(*room.take_entry(entry, now_s))

    def take_ack(self, request: Request, frame: AckFrame, now_s: float) -> None:
        """Put an entry of this client's into its place in the log: no push brings it."""
        name = request.room or ""
        self._exchange.finish(request, Acked(request.id, name, frame.seq))
        own = _make_entry(request, frame, self.user)
        self._exchange.tell(*self.by_name[name].take_entry(own, now_s))
        self.flush(name, now_s)

    def settle(self, entries: Iterable[Entry], now_s: float) -> None:
        """Count entries of this client's that are found in the log as acked."""
        for entry in entries:
            request = self._exchange.requests.get(entry.id, *WRITES) if entry.user == self.user.user else None
            if request and request.room == entry.room:
                self._exchange.finish(request, Acked(entry.id, entry.room, entry.seq))
                self.flush(entry.room, now_s)

    def read(self, name: str, now_s: float) -> None:
        """Ask for what comes after the position, unless that is asked already."""
        room = self.by_name[name]
        room.note_asked(now_s)
        position = room.position
        if not self._exchange.requests.select("read", room=name):
            fields = {"room": name, **_fields(position)}
            request = Request(self._exchange.new_id(), "read", name, fields, {name: position})
            self._exchange.transmit(self._exchange.requests.add(request), now_s)

    def tick(self, now_s: float) -> None:
        """Ask for what has been missing too long, and whether a quiet room hides something."""
        for room in self._gaps():
            if room.gap_due_s is not None and room.gap_due_s <= now_s:
                self.read(room.name, now_s)
        if self._sync_due_s <= now_s:
            self._sync(now_s)

    def deadline(self) -> float:
        """Say when `tick` is due, in seconds; infinity for never."""
        return min([self._sync_due_s, *(room.gap_due_s for room in self._gaps() if room.gap_due_s is not None)])

    def _take_page(self, request: Request, name: str, page: Page, now_s: float) -> None:
        room = self.by_name.get(name)
        if room is None:
            return
        asked = request.asked[name]
        self.settle(page.entries, now_s)
        self._exchange.tell(*room.take_page(page, asked, now_s))
        # After a first page, or one that starts over, `more` means older entries.
        if page.more and asked and not page.reset:
            self.read(name, now_s)
        else:
            self._ready.add(name)
            self.flush(name, now_s)

    def _gaps(self) -> list[Room]:
        """List the rooms where something is missing that has not been asked for."""
        asked = {request.room for request in self._exchange.requests.select("read")}
        return [self.by_name[name] for name in self._ready - asked if self.by_name[name].gap_due_s is not None]

    def _sync(self, now_s: float) -> None:
        least_s, most_s = self._timing.sync_least_s, self._timing.sync_most_s
        self._sync_due_s = now_s + least_s + self._jitter() * (most_s - least_s)
        asked = {name: self.by_name[name].position for name in sorted(self._ready)}
        if asked and not self._exchange.requests.select("sync"):
            rooms = {name: _fields(position) for name, position in asked.items()}
            request = Request(self._exchange.new_id(), "sync", None, {"rooms": rooms}, asked)
            self._exchange.transmit(self._exchange.requests.add(request), now_s)


def _fields(position: Position | None) -> dict[str, Any]:
    return {"after": position.after, "epoch": position.epoch} if position else {}


def _make_entry(request: Request, frame: AckFrame, user: Member) -> Entry:
    """Make the entry that an acked request has become."""
    fields = request.fields
    common = (request.room or "", frame.epoch, frame.seq, request.id, user.user, user.name)
    match request.kind:
        case "edit":
            return Edited(*common, fields["seq"], fields["text"], frame.at_ms)
        case "delete":
            return Deleted(*common, fields["seq"], frame.at_ms)
        case "react":
            return Reacted(*common, fields["seq"], fields["emoji"], fields["remove"], frame.at_ms)
        case _:
            return Message(*common, fields["text"], frame.at_ms)
