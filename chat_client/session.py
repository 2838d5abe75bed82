"""A client's side of the protocol, without I/O: frames and the time go in, events and frames come out.

Source: docs/protocol.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chat_client.errors import CLOSED, EXPIRED, LEFT, NOT_JOINED, RequestError
from chat_client.events import (
    Connected,
    Disconnected,
    Entry,
    Event,
    Failed,
    HistoryPage,
    Left,
    Member,
    MembersPage,
    Presence,
    Refused,
)
from chat_client.exchange import Exchange
from chat_client.frames import (
    AckFrame,
    ErrorFrame,
    HistoryFrame,
    JoinedFrame,
    LeftFrame,
    MembersFrame,
    SyncedFrame,
    parse_frame,
)
from chat_client.link import Timing
from chat_client.requests import WRITES, Kind, Request
from chat_client.room import Position
from chat_client.rooms import Rooms

Reply = JoinedFrame | AckFrame | HistoryFrame | SyncedFrame | MembersFrame | LeftFrame


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

    # What the user asks for. Each returns the id that the event with the answer carries.

    def join(self, room: str, now_s: float, position: Position | None = None) -> str:
        """Enter a room, and stay in it over reconnects until `leave`. Answered by `Joined`.

        Args:
            room: the room's name.
            now_s: the time, in seconds.
            position: where to read on from; a room that the session is in already keeps its own.
        """
        if self._link.has_ended:
            return self._refuse("join", room, _closed())
        self._rooms.add(room, position)
        return self._rooms.join(room, now_s).id

    def leave(self, room: str, now_s: float) -> str:
        """Leave a room; what was asked there and is not answered fails with `client.left`. Answered by `Left`."""
        request = Request(self._exchange.new_id(), "leave", room, {"room": room})
        wanted = self._rooms.drop(room)
        error = RequestError(LEFT, f"left {room} before the answer came")
        for other in self._requests.select("join", *WRITES, "read", "history", "members", room=room):
            self._exchange.fail(other, error)
        if wanted and self._link.is_open:
            self._exchange.transmit(self._requests.add(request), now_s)
        else:
            self._exchange.tell(Left(request.id, room))
        return request.id

    def send(self, room: str, text: str, now_s: float) -> str:
        """Send a message, after those sent before to the room. Answered by `Acked`; told as `Message` in its place."""
        return self._ask("send", room, {"text": text}, now_s)

    def edit(self, room: str, seq: int, text: str, now_s: float) -> str:
        """Give this user's own message another text. Answered by `Acked`; told as `Edited` in its place."""
        return self._ask("edit", room, {"seq": seq, "text": text}, now_s)

    def delete(self, room: str, seq: int, now_s: float) -> str:
        """Delete this user's own message. Answered by `Acked`; told as `Deleted` in its place."""
        return self._ask("delete", room, {"seq": seq}, now_s)

    def react(self, room: str, seq: int, emoji: str, now_s: float, *, remove: bool = False) -> str:
        """React to a message, or take that back. Answered by `Acked`; told as `Reacted` in its place."""
        return self._ask("react", room, {"seq": seq, "emoji": emoji, "remove": remove}, now_s)

    def history(self, room: str, before: int, now_s: float, limit: int | None = None) -> str:
        """Ask for the messages below a seq. Answered by `HistoryPage`."""
        return self._ask("history", room, {"before": before, "limit": limit}, now_s)

    def members(self, room: str, now_s: float, following: str | None = None) -> str:
        """Ask who is in a room, from the start or from a page's `next` on. Answered by `MembersPage`."""
        return self._ask("members", room, {"next": following}, now_s)

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
        self._rooms.join_all(now_s)

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
            case Presence() as presence:
                if presence.room in self._rooms.by_name:
                    self._exchange.tell(presence)
            case ErrorFrame() as frame:
                self._take_error(frame, now_s)
            case frame:
                self._take_reply(frame, now_s)

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

    def _ask(self, kind: Kind, room: str, fields: dict[str, Any], now_s: float) -> str:
        if self._link.has_ended:
            return self._refuse(kind, room, _closed())
        if room not in self._rooms.by_name:
            return self._refuse(kind, room, RequestError(NOT_JOINED, f"not in the room {room}: join it first"))
        request = self._requests.add(Request(self._exchange.new_id(), kind, room, {"room": room, **fields}))
        self._rooms.flush(room, now_s)
        return request.id

    def _refuse(self, kind: Kind, room: str, error: RequestError) -> str:
        request_id = self._exchange.new_id()
        self._exchange.tell(Failed(request_id, kind, room, error))
        return request_id

    def _take_reply(self, frame: Reply | None, now_s: float) -> None:
        """Take an answer; one whose request has been answered before is ignored."""
        match frame:
            case JoinedFrame() if request := self._requests.get(frame.id, "join"):
                self._rooms.take_joined(request, frame, now_s)
            case AckFrame() if request := self._requests.get(frame.id, *WRITES):
                self._rooms.take_ack(request, frame, now_s)
            case HistoryFrame() if request := self._requests.get(frame.id, "read"):
                self._rooms.take_read(request, frame, now_s)
            case HistoryFrame() if request := self._requests.get(frame.id, "history"):
                self._take_history(request, frame, now_s)
            case SyncedFrame() if request := self._requests.get(frame.id, "sync"):
                self._rooms.take_synced(request, frame, now_s)
            case MembersFrame() if request := self._requests.get(frame.id, "members"):
                self._exchange.finish(request, MembersPage(request.id, request.room or "", frame.members, frame.next))
            case LeftFrame() if request := self._requests.get(frame.id, "leave"):
                self._exchange.finish(request, Left(request.id, frame.room))
                self._go_on(request, now_s)

    def _take_history(self, request: Request, frame: HistoryFrame, now_s: float) -> None:
        room = request.room or ""
        self._exchange.finish(request, HistoryPage(request.id, room, frame.page.entries, frame.page.more))
        self._rooms.settle(frame.page.entries, now_s)

    def _take_error(self, frame: ErrorFrame, now_s: float) -> None:
        request, error = self._requests.get(frame.id), frame.error
        if error.code == EXPIRED:
            self._link.give_up(error.message)
        elif request is None:
            # An answer to a repeated request that was answered before concerns nobody.
            if frame.id is None:
                self._exchange.tell(Failed(None, None, None, error))
        elif error.retryable:
            self._exchange.postpone(request, error, now_s)
        else:
            self._exchange.fail(request, error)
            if error.code == NOT_JOINED and request.room in self._rooms.by_name:
                self._rooms.rejoin(request.room, now_s)
            else:
                self._go_on(request, now_s)

    def _go_on(self, request: Request, now_s: float) -> None:
        """Do what waited for the end of a request, good or bad."""
        room = request.room or ""
        if request.kind == "join":
            self._rooms.drop(room)
            for other in self._requests.select("send", "history", "members", room=room):
                self._exchange.fail(other, RequestError(NOT_JOINED, f"could not join {room}"))
        elif request.kind == "leave" and room in self._rooms.by_name:
            self._rooms.join(room, now_s)
        elif request.kind == "send":
            self._rooms.flush(room, now_s)


def _closed() -> RequestError:
    return RequestError(CLOSED, "the client was closed before the answer came")
