"""The rooms that the user wants to be in: entering them, catching up, and sending what waited for that.

Source: docs/protocol.md, "Staying complete".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chat_client.entries import Deleted, Edited, Entry, Message, Reacted, UnknownEntry
from chat_client.errors import NOT_JOINED, REMOVED, SHUT_OUT, RequestError
from chat_client.events import Acked, Event, Joined, Member, Removed
from chat_client.exchange import Exchange
from chat_client.frames import AckFrame, HistoryFrame, JoinedFrame, SyncedFrame
from chat_client.link import Timing
from chat_client.requests import ENTERING_WAITS_FOR, ORDERS, WRITES, Request
from chat_client.room import DIRECT_PREFIX, Page, Position, Room, name_direct_room

# How many rooms the server takes in one `sync`; there may be more where many are direct.
_SYNC_MOST = 100


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
        self._sync_most = _SYNC_MOST
        self._typing_due_s: dict[str, float] = {}

    def add(self, name: str, position: Position | None) -> None:
        """Want to be in a room; what is known of it already stays."""
        self.by_name.setdefault(name, Room(name, self._timing.gap_s, position))

    def drop(self, name: str, error: RequestError) -> bool:
        """Want to be in a room no longer: what was asked there fails with an error; say whether it was wanted."""
        self._ready.discard(name)
        for request in self._exchange.requests.select(room=name):
            if request.needs_join:
                self._exchange.fail(request, error)
        return self.by_name.pop(name, None) is not None

    def join(self, name: str, now_s: float) -> Request:
        """Enter a room from where it was shown, once what it must not overtake is answered."""
        requests = self._exchange.requests
        waiting = requests.select("join", room=name)
        request = waiting[0] if waiting else requests.add(Request(self._exchange.new_id(), "join", name))
        if request.due_s is None and not requests.select(*ENTERING_WAITS_FOR, room=name):
            position = self.by_name[name].position
            request.fields = {"room": name, **_fields(position)}
            request.asked = {name: position}
            self._exchange.transmit(request, now_s)
        return request

    def enter(self, name: str, position: Position | None, now_s: float) -> None:
        """Be in a room without being asked to: in a direct one."""
        if name not in self.by_name:
            self.add(name, position)
            self.join(name, now_s)

    def address(self, now_s: float) -> None:
        """Put the messages to users into their direct rooms, once it is known who this user is."""
        if not self.user.user:
            return
        for request in self._exchange.requests.select("send"):
            if "to" in request.fields:
                request.room = name_direct_room(self.user.user, request.fields.pop("to"))
                request.fields["room"] = request.room
                self.enter(request.room, None, now_s)
                self.flush(request.room, now_s)

    def join_all(self, now_s: float) -> None:
        """Enter every room again, on a new connection."""
        for name in self.by_name:
            self.join(name, now_s)

    def rejoin(self, name: str, now_s: float) -> None:
        """Enter a room again that the server does not see this connection in; the answer brings what was missed."""
        self._ready.discard(name)
        for request in self._exchange.requests.select("catch_up", room=name):
            self._exchange.requests.remove(request)
        self.join(name, now_s)

    def is_member(self, request: Request) -> bool:
        """Say whether a request needs a membership that this client believes to have."""
        return request.needs_join and request.kind != "join" and request.room in self.by_name

    def withdraw(self, name: str, now_s: float) -> None:
        """Leave a room that this connection was let into when nobody wanted to be in it any more."""
        if name not in self.by_name:
            request = Request(self._exchange.new_id(), "withdraw", name, {"room": name})
            self._exchange.transmit(self._exchange.requests.add(request), now_s)

    def lose(self) -> None:
        """Note that the connection is gone."""
        self._ready.clear()
        self._sync_due_s = math.inf

    def flush(self, name: str, now_s: float) -> None:
        """Send what waits for a room: its questions, and the oldest of its entries."""
        if name not in self._ready:
            return
        for request in self._exchange.requests.select("history", "members", *ORDERS, room=name):
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

    def take_catch_up(self, request: Request, frame: HistoryFrame, now_s: float) -> None:
        """Take the page that catching up has brought."""
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
            elif page.code in SHUT_OUT:
                self.remove(name, page.code)

    def split_sync(self, request: Request, now_s: float) -> None:
        """Ask in halves what was too large for one frame; later, no more than that is asked at once."""
        if len(request.asked) > 1:
            self._sync_most = (len(request.asked) + 1) // 2
            self._sync(now_s, self._ready.intersection(request.asked))

    def take_push(self, entry: Entry, now_s: float) -> None:
        """Take a pushed entry; the first of a direct room is where this client begins in it."""
        if entry.room.startswith(DIRECT_PREFIX):
            self.enter(entry.room, Position(entry.seq - 1, entry.epoch), now_s)
        room = self.by_name.get(entry.room)
        if room:
            self.settle([entry], now_s)
            self._tell(room.take_entry(entry, now_s))

    def take_ack(self, request: Request, frame: AckFrame, now_s: float) -> None:
        """Put an entry of this client's into its place in the log: no push brings it."""
        name = request.room or ""
        self._exchange.finish(request, Acked(request.id, name, frame.seq))
        own = _make_entry(request, frame, self.user)
        self._tell(self.by_name[name].take_entry(own, now_s))
        self.flush(name, now_s)

    def settle(self, entries: Iterable[Entry], now_s: float) -> None:
        """Count entries of this client's that are found in the log as acked."""
        for entry in entries:
            request = self._exchange.requests.get(entry.id, *WRITES) if entry.user == self.user.user else None
            if request and request.room == entry.room:
                self._exchange.finish(request, Acked(entry.id, entry.room, entry.seq))
                self.flush(entry.room, now_s)

    def catch_up(self, name: str, now_s: float) -> None:
        """Ask for what comes after the position, unless that is asked already."""
        room = self.by_name[name]
        room.note_asked(now_s)
        position = room.position
        if not self._exchange.requests.select("catch_up", room=name):
            fields = {"room": name, **_fields(position)}
            request = Request(self._exchange.new_id(), "catch_up", name, fields, {name: position})
            self._exchange.transmit(self._exchange.requests.add(request), now_s)

    def remove(self, name: str, reason: str) -> None:
        """Note that this connection was put out of a room, and may not come back by itself."""
        error = RequestError(REMOVED, f"out of {name} before the answer came ({reason})")
        if self.drop(name, error):
            self._exchange.tell(Removed(name, reason))

    def delay_read(self, request: Request, now_s: float) -> None:
        """Have a position that was read wait a short while for those after it."""
        if request.room in self._ready:
            request.due_s = now_s + self._timing.read_s

    def signal_typing(self, name: str, now_s: float) -> None:
        """Say that this user is typing, unless that was said a short while ago or nobody can hear it."""
        if name in self._ready and self._typing_due_s.get(name, now_s) <= now_s:
            self._typing_due_s[name] = now_s + self._timing.typing_s
            self._exchange.signal({"action": "typing", "room": name}, now_s)

    def tick(self, now_s: float) -> None:
        """Ask for what has been missing too long, and whether a quiet room hides something."""
        for room in self._gaps():
            if room.gap_due_s is not None and room.gap_due_s <= now_s:
                self.catch_up(room.name, now_s)
        if self._sync_due_s <= now_s:
            least_s, most_s = self._timing.sync_least_s, self._timing.sync_most_s
            self._sync_due_s = now_s + least_s + self._jitter() * (most_s - least_s)
            if not self._exchange.requests.select("sync"):
                self._sync(now_s, self._ready)

    def deadline(self) -> float:
        """Say when `tick` is due, in seconds; infinity for never."""
        return min([self._sync_due_s, *(room.gap_due_s for room in self._gaps() if room.gap_due_s is not None)])

    def _take_page(self, request: Request, name: str, page: Page, now_s: float) -> None:
        room = self.by_name.get(name)
        if room is None:
            return
        asked = request.asked[name]
        self.settle(page.entries, now_s)
        self._tell(room.take_page(page, asked, now_s))
        if room.position is None:
            self._ready.discard(name)
            self.catch_up(name, now_s)
        elif page.more and asked and not page.reset:
            # After a first page, or one that starts over, `more` means older entries.
            self.catch_up(name, now_s)
        else:
            self._ready.add(name)
            self.flush(name, now_s)

    def _gaps(self) -> list[Room]:
        """List the rooms where something is missing that has not been asked for."""
        asked = {request.room for request in self._exchange.requests.select("catch_up")}
        return [self.by_name[name] for name in self._ready - asked if self.by_name[name].gap_due_s is not None]

    def _sync(self, now_s: float, names: Iterable[str]) -> None:
        ordered, most = sorted(names), self._sync_most
        for start in range(0, len(ordered), most):
            asked = {name: self.by_name[name].position for name in ordered[start : start + most]}
            rooms = {name: _fields(position) for name, position in asked.items()}
            request = Request(self._exchange.new_id(), "sync", None, {"rooms": rooms}, asked)
            if not self._exchange.transmit(self._exchange.requests.add(request), now_s):
                self.split_sync(request, now_s)

    def _tell(self, events: Sequence[Event]) -> None:
        self._exchange.tell(*(event for event in events if not isinstance(event, UnknownEntry)))


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
