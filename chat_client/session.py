"""A client's side of the protocol, without I/O: frames and the time go in, events and frames come out.

Source: docs/protocol.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chat_client.entries import Entry
from chat_client.errors import CLOSED, LEFT, NOT_JOINED, RequestError
from chat_client.events import (
    Connected,
    Disconnected,
    Event,
    Invited,
    Left,
    Member,
    Muted,
    Presence,
    Read,
    Refused,
    Removed,
    Typing,
)
from chat_client.exchange import Exchange
from chat_client.frames import Batch
from chat_client.link import Timing
from chat_client.parser import parse_frame
from chat_client.replies import Replies
from chat_client.requests import Kind, Request
from chat_client.room import Position
from chat_client.rooms import Rooms


class Session:
    """One user's chat over any number of connections, one after the other.

    After each call the caller sends what `take_frames` gives, tells what `take_events` gives, opens a socket when
    `should_connect` says so, closes it when `gave_up` says why, and calls `tick` at `deadline`.

    Args:
        new_id: makes an id that this user has not used before.
        jitter: draws a number from 0 to 1.
        timing: how long to wait for what.
    """

    def __init__(self, *, new_id: Callable[[], str], jitter: Callable[[], float], timing: Timing | None = None) -> None:
        timing = timing or Timing()
        self._exchange = Exchange(new_id, jitter, timing)
        self._link = self._exchange.link
        self._requests = self._exchange.requests
        self._rooms = Rooms(self._exchange, jitter, timing)
        self._replies = Replies(self._exchange, self._rooms)

    # What the user asks for. Each returns the id that the event with the answer carries.

    def join(self, room: str, now_s: float, position: Position | None = None) -> str:
        """Enter a room, and stay in it over reconnects until `leave`. Answered by `Joined`.

        Args:
            room: the room's name.
            now_s: the time, in seconds.
            position: where to read on from; a room that the session is in already keeps its own.
        """
        if self._link.has_ended:
            return self.ask("join", room, now_s)
        self._rooms.add(room, position)
        return self._rooms.join(room, now_s).id

    def leave(self, room: str, now_s: float) -> str:
        """Leave a room; what was asked there and is not answered fails with `client.left`. Answered by `Left`."""
        request = Request(self._exchange.new_id(), "leave", room, {"room": room})
        wanted = self._rooms.drop(room, RequestError(LEFT, f"left {room} before the answer came"))
        if wanted and self._link.is_open:
            self._exchange.transmit(self._requests.add(request), now_s)
        else:
            self._exchange.tell(Left(request.id, room))
        return request.id

    def ask(self, kind: Kind, room: str | None, now_s: float, **fields: Any) -> str:
        """Ask for anything else.

        What becomes an entry goes after what was asked before for the room, is answered by `Acked` and told as an entry
        in its place. `history`, `members` and `rooms` are answered by their pages, and all others by `Done`.

        Args:
            kind: the action.
            room: which it is about, one that the session is in except for `create`; None for what is about none.
            now_s: the time, in seconds.
            fields: of its frame, beside the room.
        """
        where = {} if room is None else {"room": room}
        request = Request(self._exchange.new_id(), kind, room, {**where, **fields})
        if self._keep(request):
            if request.needs_join:
                self._rooms.flush(request.room or "", now_s)
            else:
                self._exchange.transmit(request, now_s)
        return request.id

    def send_to(self, user: str, text: str, now_s: float) -> str:
        """Send a message to a user, and be in the direct room with them. Answered by `Acked`, as by `ask`."""
        request = Request(self._exchange.new_id(), "send", None, {"to": user, "text": text})
        if self._keep(request):
            self._rooms.address(now_s)
        return request.id

    def read(self, room: str, seq: int, now_s: float) -> str:
        """Say how far a room was read; of what is said within a short while the last is sent. Answered by `Done`."""
        waiting = [request for request in self._requests.select("read", room=room) if request.attempts == 0]
        if waiting:
            waiting[0].fields["seq"] = max(seq, waiting[0].fields["seq"])
            return waiting[0].id
        request = Request(self._exchange.new_id(), "read", room, {"room": room, "seq": seq})
        if self._keep(request):
            self._rooms.delay_read(request, now_s)
        return request.id

    def typing(self, room: str, now_s: float) -> None:
        """Say that this user is typing. Not answered; not sent where it comes too often or nobody can hear it."""
        self._rooms.signal_typing(room, now_s)

    def end(self) -> None:
        """End the session; what is not answered fails with `client.closed`."""
        self._link.end()
        self._rooms.lose()
        for request in self._requests.select():
            self._exchange.fail(request, _closed())

    # What happens to the connection.

    def open(self, now_s: float, user: Member) -> None:
        """Note that the socket is open, for this user: enter every room, from where it was shown."""
        self._rooms.user = user
        self._link.open(now_s)
        self._exchange.tell(Connected())
        self._rooms.address(now_s)
        self._rooms.join_all(now_s)
        for request in self._requests.select():
            if not request.needs_join:
                self._exchange.transmit(request, now_s)

    def lose(self, reason: str, now_s: float) -> None:
        """Note that the socket was closed, or could not be opened."""
        self._rooms.lose()
        self._exchange.tell(Disconnected(reason, self._exchange.lose(now_s)))
        for request in self._requests.select("leave"):
            self._exchange.finish(request, Left(request.id, request.room or ""))

    def refuse(self, reason: str) -> None:
        """Note that the server does not let this user in: the session has ended."""
        self._exchange.tell(Refused(reason))
        self.end()

    def receive(self, text: str, now_s: float) -> None:
        """Take a text frame. One that is not of the protocol is ignored."""
        self._link.note_received(now_s)
        match parse_frame(text):
            case Entry() as entry:
                self._rooms.take_push(entry, now_s)
            case Batch(entries=entries):
                for entry in entries:
                    self._rooms.take_push(entry, now_s)
            case Presence() | Typing() as event:
                if event.room in self._rooms.by_name:
                    self._exchange.tell(event)
            case Read() | Invited() | Muted() as event:
                self._exchange.tell(event)
            case Removed(room=room, reason=reason):
                self._rooms.remove(room, reason)
            case None:
                pass
            case frame:
                self._replies.take(frame, now_s)

    def tick(self, now_s: float) -> None:
        """Do what is due: repeat requests, repair gaps, `sync`, `ping`, give up a dead connection."""
        if self._link.is_open:
            self._exchange.tick(now_s)
            self._rooms.tick(now_s)

    # What the caller is to do.

    def should_connect(self, now_s: float) -> bool:
        """Say whether to open a socket now."""
        return self._link.should_connect(now_s)

    @property
    def gave_up(self) -> str | None:
        """Why the open socket is to be closed; None while it is not."""
        return self._link.gave_up if self._link.is_open else None

    @property
    def has_ended(self) -> bool:
        """Whether nothing will happen any more."""
        return self._link.has_ended

    def deadline(self) -> float:
        """Say when `tick` or a connection is due, in seconds; infinity where only a frame or the user can go on."""
        return min(self._exchange.deadline(), self._rooms.deadline())

    def take_frames(self) -> list[str]:
        """Hand over the frames to send, in order."""
        return self._exchange.take_frames()

    def take_events(self) -> list[Event]:
        """Hand over the events to tell, in order."""
        return self._exchange.take_events()

    def _keep(self, request: Request) -> bool:
        """Keep a request until it is answered, where it can be asked at all; fail it where not."""
        room = request.room
        if self._link.has_ended:
            self._exchange.fail(request, _closed())
        elif request.needs_join and room is not None and room not in self._rooms.by_name:
            self._exchange.fail(request, RequestError(NOT_JOINED, f"not in the room {room}: join it first"))
        else:
            self._requests.add(request)
            return True
        return False


def _closed() -> RequestError:
    return RequestError(CLOSED, "the client was closed before the answer came")
