"""One client of a run: the client's core, on asyncio.

A task connects and reads; while a connection is open, a second one writes, and gives the session the time.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from concurrent.futures import Executor
from contextlib import suppress
from http import HTTPStatus

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from chat_client.entries import Message
from chat_client.errors import CLOSED, ConnectionLostError, SignInRefusedError
from chat_client.events import Acked, Connected, Disconnected, Event, Failed, Joined, Member, Refused, Removed
from chat_client.link import Timing
from chat_client.load.messages import read_key, write_text
from chat_client.load.process import share_tls
from chat_client.load.ramp import Ramp
from chat_client.load.recorder import Recorder
from chat_client.room import Position
from chat_client.session import Session
from chat_client.sign_in import SignIn

_CONNECT_S = 10
_CLOSE_S = 2
_CUT = "cut by the generator"


class LoadClient:
    """A user who is in some rooms, reads them from their start, and sends when told to.

    Args:
        index: which client it is.
        rooms: those to be in.
        sign_in: gets an admission for each connection, on a thread.
        threads: where.
        ramp: says when to connect.
        recorder: is told what happens.
        timing: how long to wait for what.

    Attributes:
        rooms: those that it is in.
        is_ready: it has entered all its rooms.
    """

    def __init__(
        self,
        index: int,
        rooms: list[str],
        sign_in: SignIn,
        *,
        threads: Executor,
        ramp: Ramp,
        recorder: Recorder,
        timing: Timing | None = None,
    ) -> None:
        self.rooms = rooms
        self.is_ready = False
        self._index = index
        self._sign_in = sign_in
        self._threads = threads
        self._ramp = ramp
        self._recorder = recorder
        self._session = Session(new_id=lambda: secrets.token_urlsafe(12), jitter=random.random, timing=timing)
        self._socket: ClientConnection | None = None
        self._was_cut = False
        self._connections = 0
        self._entered: set[str] = set()
        self._due_s: dict[str, float] = {}
        self._outbox: list[str] = []
        self._wake = asyncio.Event()
        self._tick_s = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether the server does not let it in, or its run is over."""
        return self._session.has_ended

    @property
    def unanswered(self) -> int:
        """How many of its messages are neither acked nor refused."""
        return len(self._due_s)

    async def run(self) -> None:
        """Stay connected, until this is cancelled or the server does not let the client in."""
        for room in self.rooms:
            self._session.join(room, time.monotonic(), Position(0, None))
        while not self._session.has_ended:
            await asyncio.sleep(max(0.0, self._session.deadline() - time.monotonic()))
            await self._ramp.wait_for_turn()
            await self._connect()
            self._pump()

    def send(self, room: str, size_bytes: int, due_s: float) -> None:
        """Send a message of some size; its latency counts from when it was due."""
        key = self._recorder.send(room, self._index, due_s)
        request_id = self._session.ask("send", room, time.monotonic(), text=write_text(key, size_bytes))
        self._due_s[request_id] = due_s
        self._pump()

    def cut(self) -> bool:
        """Cut the connection without a word, as a phone in a tunnel does; say whether there was one."""
        if self._socket is None or self._was_cut:
            return False
        self._was_cut = True
        self._socket.transport.abort()
        return True

    async def _connect(self) -> None:
        """Open a connection, and stay until it is gone."""
        try:
            since_s = time.monotonic()
            admission = await asyncio.get_running_loop().run_in_executor(self._threads, self._sign_in)
            self._recorder.measure("ticket", since_s)
            since_s = time.monotonic()
            # The session pings by itself, and API Gateway does not compress.
            socket = await connect(
                admission.url,
                ssl=share_tls() if admission.url.startswith("wss:") else None,
                compression=None,
                ping_interval=None,
                open_timeout=_CONNECT_S,
                close_timeout=_CLOSE_S,
            )
            self._recorder.measure("connect", since_s)
            reason = await self._talk(socket, admission.user)
        except SignInRefusedError as error:
            self._session.refuse(str(error))
        except InvalidStatus as error:
            self._fail_handshake(error.response.status_code)
        except (ConnectionLostError, WebSocketException, OSError) as error:
            self._session.lose(str(error) or type(error).__name__, time.monotonic())
        else:
            self._session.lose(reason, time.monotonic())

    def _fail_handshake(self, status: int) -> None:
        if status == HTTPStatus.FORBIDDEN:
            self._session.refuse("banned from the chat, or not allowed to connect (HTTP 403)")
        else:
            self._session.lose(f"HTTP {status}", time.monotonic())

    async def _talk(self, socket: ClientConnection, user: Member) -> str:
        """Read and write until the connection is gone; say why it is."""
        self._socket = socket
        self._was_cut = False
        self._recorder.counts.open += 1
        self._session.open(time.monotonic(), user)
        self._pump()
        try:
            async with asyncio.TaskGroup() as tasks:
                writing = tasks.create_task(self._write(socket))
                with suppress(ConnectionClosed):
                    async for frame in socket:
                        if isinstance(frame, str):
                            self._session.receive(frame, time.monotonic())
                            self._pump()
                writing.cancel()
        finally:
            self._socket = None
            self._recorder.counts.open -= 1
            self._outbox.clear()
            await socket.close()
        if self._was_cut:
            return _CUT
        return self._session.gave_up or f"the server closed the connection ({socket.close_code})"

    async def _write(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            while not self._session.gave_up:
                while self._outbox:
                    await socket.send(self._outbox.pop(0))
                self._wake.clear()
                self._tick_s = self._session.deadline()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._tick_s - time.monotonic()):
                        await self._wake.wait()
                self._session.tick(time.monotonic())
                self._pump()
        await socket.close()

    def _pump(self) -> None:
        """Take what the session has to send and to tell."""
        self._outbox += self._session.take_frames()
        for event in self._session.take_events():
            self._note(event)
        if self._outbox or self._session.gave_up or self._session.deadline() < self._tick_s:
            self._wake.set()

    def _note(self, event: Event) -> None:
        match event:
            case Message(room=room, seq=seq, text=text):
                self._recorder.show(self._index, room, seq, read_key(text))
            case Acked(id=request_id):
                self._recorder.ack(self._due_s.pop(request_id))
            case Joined(room=room):
                self._note_entered(room)
            case Connected():
                self._recorder.counts.reconnects += self._connections > 0
                self._connections += 1
            case Disconnected(reason=reason) if reason != _CUT:
                self._recorder.lose(reason)
            case Failed(id=request_id, error=error):
                self._due_s.pop(request_id or "", None)
                # With a client that is not let in all that it asks for fails: it counts once.
                if error.code != CLOSED:
                    self._recorder.refuse(error.code)
            case Refused(reason=reason) | Removed(reason=reason):
                self._recorder.refuse(reason)

    def _note_entered(self, room: str) -> None:
        self._entered.add(room)
        if not self.is_ready and len(self._entered) == len(self.rooms):
            self.is_ready = True
            self._recorder.counts.ready += 1
