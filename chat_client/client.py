"""`ChatClient`: a session on a thread and a socket.

One thread owns the session, the socket and the callbacks, and nothing else touches them. Every other thread hands it
a piece of work through a queue and wakes it through a pair of sockets. The one lock is for the end of that queue: what
is handed over before the client is closed is done, and what comes later is refused.
"""

from __future__ import annotations

import random
import secrets
import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from chat_client.connection import Connection, ConnectionLostError
from chat_client.errors import CLOSED, RequestError
from chat_client.events import Acked, Event, Failed, HistoryPage, Joined, Left, MembersPage
from chat_client.link import Timing
from chat_client.room import Position
from chat_client.session import Session
from chat_client.sign_in import SignIn, SignInRefusedError

# select takes no infinity.
_WAIT_MOST_S = 3600


class ChatClient:
    """A user of the chat: connects, reconnects, and tells everything in order, once.

    Each request returns a future. It holds the answer's event, or a `RequestError` once the request is not tried any
    more. Requests wait for a connection and survive losing it, for as long as the client is open.

    Args:
        sign_in: gets an admission for each connection; `GuestSignIn` and `CognitoSignIn` do.
        on_event: called with every event, one after the other, on the client's thread. It may make requests, but must
            not wait for their futures. Where it raises, the client closes.
        timing: how long to wait for what.
    """

    def __init__(self, sign_in: SignIn, on_event: Callable[[Event], None], *, timing: Timing | None = None) -> None:
        self._sign_in = sign_in
        self._on_event = on_event
        self._session = Session(new_id=_new_id, jitter=random.random, timing=timing)
        self._connection: Connection | None = None
        self._futures: dict[str, list[Future[Any]]] = {}
        self._work: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._door = threading.Lock()
        self._is_closed = False
        self._waker, self._woken = socket.socketpair()
        self._waker.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="chat client", daemon=True)

    def connect(self) -> None:
        """Start to connect, and return at once; `Connected`, `Disconnected` and `Refused` tell how it goes."""
        self._thread.start()

    def join(self, room: str, *, after: int | None = None, epoch: str | None = None) -> Future[Joined]:
        """Enter a room, and stay in it over reconnects until `leave`.

        Args:
            room: the room's name.
            after: the last seq that was shown before this client was made; the newest entries where it is left out.
            epoch: the epoch of that.
        """
        position = None if after is None else Position(after, epoch)
        return self._request(lambda: self._session.join(room, time.monotonic(), position))

    def leave(self, room: str) -> Future[Left]:
        """Leave a room; what was asked there and is not answered fails with `client.left`."""
        return self._request(lambda: self._session.leave(room, time.monotonic()))

    def send(self, room: str, text: str) -> Future[Acked]:
        """Send a message, exactly once, after those sent before to the room.

        The message itself is told as a `Message`, in its place among the others.
        """
        return self._request(lambda: self._session.send(room, text, time.monotonic()))

    def edit(self, room: str, seq: int, text: str) -> Future[Acked]:
        """Give this user's own message another text."""
        return self._request(lambda: self._session.edit(room, seq, text, time.monotonic()))

    def delete(self, room: str, seq: int) -> Future[Acked]:
        """Delete this user's own message: it keeps its number and loses its text."""
        return self._request(lambda: self._session.delete(room, seq, time.monotonic()))

    def react(self, room: str, seq: int, emoji: str, *, remove: bool = False) -> Future[Acked]:
        """React to a message, or take that back."""
        return self._request(lambda: self._session.react(room, seq, emoji, time.monotonic(), remove=remove))

    def history(self, room: str, before: int, *, limit: int | None = None) -> Future[HistoryPage]:
        """Ask for the messages below a seq: the newest of them, at most `limit` or 100."""
        return self._request(lambda: self._session.history(room, before, time.monotonic(), limit))

    def members(self, room: str, *, following: str | None = None) -> Future[MembersPage]:
        """Ask who is in a room, from the start or from a page's `next` on."""
        return self._request(lambda: self._session.members(room, time.monotonic(), following))

    def close(self) -> None:
        """Close the connection and wait for the thread. What is not answered fails with `client.closed`."""
        self._submit(self._end)
        if self._thread.ident is None:
            self._shut()
        elif threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _request(self, make: Callable[[], str]) -> Future[Any]:
        future: Future[Any] = Future()
        # A request that may have been sent can't be taken back.
        future.set_running_or_notify_cancel()
        if not self._submit(lambda: self._futures.setdefault(make(), []).append(future)):
            future.set_exception(RequestError(CLOSED, "the client is closed"))
        return future

    def _submit(self, work: Callable[[], object]) -> bool:
        """Hand work to the client's thread; say whether it will be done."""
        with self._door:
            if self._is_closed:
                return False
            self._work.put(work)
            # A full buffer wakes the thread as well.
            with suppress(BlockingIOError):
                self._waker.send(b"!")
        return True

    # What follows runs on the client's thread.

    def _run(self) -> None:
        try:
            while not self._is_closing:
                readable = self._wait()
                self._do_work()
                if readable:
                    self._receive()
                self._session.tick(time.monotonic())
                self._pump()
                if self._session.gave_up:
                    self._lose(self._session.gave_up)
                if not self._is_closing and self._session.should_connect(time.monotonic()):
                    self._open()
                self._pump()
        finally:
            self._shut()

    def _wait(self) -> bool:
        """Sleep until there is something to do; say whether there is something to receive."""
        if self._connection and self._connection.has_pending:
            return True
        wait_s = max(0, min(self._session.deadline() - time.monotonic(), _WAIT_MOST_S))
        ready = [key.fileobj for key, _ in self._selector.select(wait_s)]
        if self._woken in ready:
            self._woken.recv(4096)
        return self._connection in ready

    def _do_work(self) -> None:
        while not self._work.empty():
            self._work.get()()

    def _receive(self) -> None:
        if self._connection is None:
            return
        try:
            text = self._connection.receive()
        except ConnectionLostError as error:
            self._lose(str(error))
        else:
            if text is not None:
                self._session.receive(text, time.monotonic())

    def _open(self) -> None:
        try:
            admission = self._sign_in()
            self._connection = Connection(admission.url)
        except SignInRefusedError as error:
            self._session.refuse(str(error))
        except ConnectionLostError as error:
            self._session.lose(str(error), time.monotonic())
        else:
            self._selector.register(self._connection, selectors.EVENT_READ)
            self._session.open(time.monotonic(), admission.user)

    def _lose(self, reason: str) -> None:
        self._hang_up()
        self._session.lose(reason, time.monotonic())

    def _hang_up(self) -> None:
        if self._connection:
            self._selector.unregister(self._connection)
            self._connection.close()
            self._connection = None

    def _pump(self) -> None:
        """Send and tell what the session has to send and to tell."""
        try:
            for text in self._session.take_frames():
                if self._connection:
                    self._connection.send(text)
        except ConnectionLostError as error:
            self._lose(str(error))
        for event in self._session.take_events():
            self._on_event(event)
            self._resolve(event)

    def _resolve(self, event: Event) -> None:
        if isinstance(event, Failed):
            for future in self._futures.pop(event.id or "", []):
                future.set_exception(event.error)
        elif isinstance(event, Joined | Left | Acked | HistoryPage | MembersPage):
            for future in self._futures.pop(event.id, []):
                future.set_result(event)

    def _end(self) -> None:
        self._session.end()
        self._is_closing = True

    def _shut(self) -> None:
        with self._door:
            if self._is_closed:
                return
            self._is_closed = True
        self._session.end()
        self._do_work()
        for event in self._session.take_events():
            self._resolve(event)
        self._hang_up()
        self._selector.close()
        self._waker.close()
        self._woken.close()


def _new_id() -> str:
    return secrets.token_urlsafe(12)
