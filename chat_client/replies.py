"""The server's answers, and what each means for its request and its room.

Source: docs/protocol.md, "Actions and their replies" and "Errors".
"""

from __future__ import annotations

from chat_client.errors import EXPIRED, FRAME_TOO_LARGE, NOT_JOINED, SHUT_OUT, RequestError
from chat_client.events import Done, Failed, HistoryPage, Left, MembersPage, RoomsPage
from chat_client.exchange import Exchange
from chat_client.frames import (
    AckFrame,
    DoneFrame,
    ErrorFrame,
    HistoryFrame,
    JoinedFrame,
    LeftFrame,
    MembersFrame,
    ReplyFrame,
    RoomsFrame,
    SyncedFrame,
)
from chat_client.requests import ENTERING_WAITS_FOR, ORDERS, WRITES, Request
from chat_client.rooms import Rooms


class Replies:
    """Takes answers. One whose request has been answered before changes nothing.

    Args:
        exchange: the requests.
        rooms: the rooms that they are about.
    """

    def __init__(self, exchange: Exchange, rooms: Rooms) -> None:
        self._exchange = exchange
        self._requests = exchange.requests
        self._rooms = rooms

    def take(self, frame: ReplyFrame, now_s: float) -> None:
        """Take an answer."""
        match frame:
            case ErrorFrame():
                self._take_error(frame, now_s)
            case JoinedFrame() if request := self._requests.get(frame.id, "join"):
                self._rooms.take_joined(request, frame, now_s)
            case JoinedFrame():
                self._rooms.withdraw(frame.room, now_s)
            case AckFrame() if request := self._requests.get(frame.id, *WRITES):
                self._rooms.take_ack(request, frame, now_s)
            case HistoryFrame() if request := self._requests.get(frame.id, "catch_up"):
                self._rooms.take_catch_up(request, frame, now_s)
            case HistoryFrame() if request := self._requests.get(frame.id, "history"):
                self._take_history(request, frame, now_s)
            case SyncedFrame() if request := self._requests.get(frame.id, "sync"):
                self._rooms.take_synced(request, frame, now_s)
            case _:
                self._take_other(frame, now_s)

    def _take_other(self, frame: ReplyFrame, now_s: float) -> None:
        """Take an answer that says nothing of a room's log."""
        match frame:
            case DoneFrame() if request := self._requests.get(frame.id, *ORDERS):
                self._exchange.finish(request, Done(request.id, request.kind, request.room, request.fields.get("user")))
                self._go_on(request, now_s)
            case MembersFrame() if request := self._requests.get(frame.id, "members"):
                self._exchange.finish(request, MembersPage(request.id, request.room or "", frame.members, frame.next))
            case RoomsFrame() if request := self._requests.get(frame.id, "rooms"):
                self._exchange.finish(request, RoomsPage(request.id, frame.rooms, frame.next))
            case LeftFrame() if request := self._requests.get(frame.id, "leave"):
                self._exchange.finish(request, Left(request.id, frame.room))
                self._go_on(request, now_s)
            case LeftFrame() if request := self._requests.get(frame.id, "withdraw"):
                self._requests.remove(request)
                self._go_on(request, now_s)

    def _take_history(self, request: Request, frame: HistoryFrame, now_s: float) -> None:
        room = request.room or ""
        self._exchange.finish(request, HistoryPage(request.id, room, frame.page.entries, frame.page.more))
        self._rooms.settle(frame.page.entries, now_s)

    def _take_error(self, frame: ErrorFrame, now_s: float) -> None:
        error = frame.error
        request = self._find_refused(frame)
        if error.code == EXPIRED:
            self._exchange.link.give_up(error.message)
        elif request is None:
            # An answer to a repeated request that was answered before concerns nobody.
            if frame.id is None:
                self._exchange.tell(Failed(None, None, None, error))
        elif error.retryable:
            self._exchange.postpone(request, error, now_s)
        elif error.code == NOT_JOINED and self._rooms.is_member(request):
            # The server has lost the connection's place in the room; the request waits until it is there again.
            request.due_s = None
            self._rooms.rejoin(request.room or "", now_s)
        else:
            self._exchange.fail(request, error)
            self._go_on(request, now_s, error)

    def _find_refused(self, frame: ErrorFrame) -> Request | None:
        if frame.id is None and frame.error.code == FRAME_TOO_LARGE:
            # The server did not read the id. If any frame is too large, the largest is.
            return self._exchange.find_largest()
        return self._requests.get(frame.id)

    def _go_on(self, request: Request, now_s: float, error: RequestError | None = None) -> None:
        """Do what waited for the end of a request, which was bad where there is an error."""
        room = request.room or ""
        if request.kind == "join":
            self._rooms.drop(room, RequestError(NOT_JOINED, f"could not join {room}"))
        elif request.kind in ENTERING_WAITS_FOR and self._requests.select("join", room=room):
            self._rooms.join(room, now_s)
        elif request.kind in WRITES:
            self._rooms.flush(room, now_s)
        elif request.kind == "catch_up" and error and error.code in SHUT_OUT:
            self._rooms.remove(room, error.code)
        elif request.kind == "sync" and error and error.code == FRAME_TOO_LARGE:
            self._rooms.split_sync(request, now_s)
