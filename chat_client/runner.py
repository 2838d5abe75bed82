"""A session on a thread and a socket.

One thread owns the session, the socket and the callbacks, and nothing else touches them. Every other thread hands it
a piece of work through a queue and wakes it through a pair of sockets. The one lock is for the end of that queue: what
is handed over before the runner is stopped is done, and what comes later is refused.
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
from typing import Any

from chat_client.connection import Connection
from chat_client.errors import CLOSED, ConnectionLostError, RequestError, SignInRefusedError
from chat_client.events import Answer, Event, Failed
from chat_client.link import Timing
from chat_client.session import Session
from chat_client.sign_in import SignIn

# select takes no infinity.
_WAIT_MOST_S = 3600


class Runner:
    """Runs a session: gives it the time and the frames, and takes its frames and events.

    Args:
        sign_in: gets an admission for each connection.
        on_event: called with every event, on the thread.
        timing: how long to wait for what.
    """

    def __init__(self, sign_in: SignIn, on_event: Callable[[Event], None], timing: Timing | None) -> None:
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

    def start(self) -> None:
        """Start the thread, which connects."""
        self._thread.start()

    def stop(self) -> None:
        """Close the connection and wait for the thread. What is not answered fails with `client.closed`."""
        self._submit(self._end)
        if self._thread.ident is None:
            self._shut()
        elif threading.current_thread() is not self._thread:
            self._thread.join()

    def request(self, make: Callable[[Session, float], str]) -> Future[Any]:
        """Have the session make a request.

        Args:
            make: does so, given the session and the time, and returns the request's id.

        Returns:
            What will hold the event that answers it, or the `RequestError` that it fails with.
        """
        future: Future[Any] = Future()
        # A request that may have been sent can't be taken back.
        future.set_running_or_notify_cancel()

        def work() -> None:
            request_id = make(self._session, time.monotonic())
            self._futures.setdefault(request_id, []).append(future)

        if not self._submit(work):
            future.set_exception(RequestError(CLOSED, "the client is closed"))
        return future

    def notify(self, signal: Callable[[Session, float], None]) -> None:
        """Have the session do something that has no answer; after the end nothing happens."""
        self._submit(lambda: signal(self._session, time.monotonic()))

    def _submit(self, work: Callable[[], object]) -> bool:
        """Hand work to the thread; say whether it will be done."""
        with self._door:
            if self._is_closed:
                return False
            self._work.put(work)
            # A full buffer wakes the thread as well.
            with suppress(BlockingIOError):
                self._waker.send(b"!")
        return True

    # What follows runs on the thread.

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
        elif isinstance(event, Answer):
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
