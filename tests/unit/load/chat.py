"""A scripted chat on loopback: rooms with logs, pushes, and the faults that a test asks for."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from tests.unit.chat_client.frames import Frame, entry


class ScriptedChat:
    """A chat that stores, acks and pushes; a user is whoever the ticket names.

    Args:
        store: which entries a message becomes, from the one that it should.
        refuse: the code that every message is refused with.
        push: whether others are told of a message.
        status: that handshakes are refused with.

    Attributes:
        logs: the entries of each room.
        handshakes: how many came.
        asked: the actions that came on each connection.
        refuse, push: as above.
        is_deaf: nothing is answered any more.
    """

    def __init__(
        self,
        *,
        store: Callable[[Frame], list[Frame]] = lambda message: [message],
        refuse: str | None = None,
        push: bool = True,
        status: int | None = None,
    ) -> None:
        self.logs: defaultdict[str, list[Frame]] = defaultdict(list)
        self.sockets: list[ServerConnection] = []
        self.asked: list[list[str]] = []
        self.handshakes = 0
        self.is_deaf = False
        self._store = store
        self.refuse = refuse
        self.push = push
        self._status = status
        self._members: defaultdict[str, set[ServerConnection]] = defaultdict(set)
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where to connect."""
        assert self._server
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/dev"

    async def __aenter__(self) -> Self:
        self._server = await serve(self._serve, "127.0.0.1", 0, process_request=self._shake_hands)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()

    def _shake_hands(self, socket: ServerConnection, request: Any) -> Any:
        self.handshakes += 1
        return socket.respond(self._status, "No\n") if self._status else None

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request
        self.sockets.append(socket)
        self.asked.append(asked := [])
        user = socket.request.path.rpartition("=")[2]
        try:
            with suppress(ConnectionClosed):
                async for text in socket:
                    frame = json.loads(text)
                    asked.append(frame["action"])
                    if not self.is_deaf:
                        await self._take(socket, user, frame)
        finally:
            for members in self._members.values():
                members.discard(socket)

    async def _take(self, socket: ServerConnection, user: str, frame: Frame) -> None:
        match frame["action"]:
            case "ping":
                reply: Frame = {"type": "pong"}
            case "join":
                reply = self._join(socket, frame)
            case "sync":
                asked = frame["rooms"].items()
                rooms = {
                    room: {"head": len(self.logs[room]), **self._read(room, place["after"])} for room, place in asked
                }
                reply = {"type": "synced", "rooms": rooms}
            case "history":
                room = frame["room"]
                reply = {"type": "history", "room": room, **self._read(room, frame["after"])}
            case "send" if self.refuse:
                reply = {"type": "error", "code": self.refuse, "message": "no", "retryable": False}
            case "send":
                reply = self._send(socket, user, frame)
            case action:
                raise AssertionError(f"a load generator sends no {action}")
        await socket.send(json.dumps({**reply, "id": frame.get("id")}))

    def _join(self, socket: ServerConnection, frame: Frame) -> Frame:
        room = frame["room"]
        self._members[room].add(socket)
        page = self._read(room, frame["after"])
        return {"type": "joined", "room": room, "head": len(self.logs[room]), "members": 2, **page}

    def _read(self, room: str, after: int) -> Frame:
        entries = self.logs[room][after:]
        epoch = "A" if self.logs[room] else None
        more = len(entries) > 100
        return {"epoch": epoch, "entries": entries[:100], "more": more, "reset": False, "truncated": False}

    def _send(self, socket: ServerConnection, user: str, frame: Frame) -> Frame:
        room = frame["room"]
        log = self.logs[room]
        for earlier in log:
            if (earlier["from"], earlier["id"]) == (user, frame["id"]):
                return _ack(room, earlier["seq"])
        before = len(log)
        for stored in self._store(entry(0, user=user, request_id=frame["id"], text=frame["text"])):
            log.append({**stored, "seq": len(log) + 1})
        if self.push:
            others = self._members[room] - {socket}
            for stored in log[before:]:
                broadcast(others, json.dumps({**stored, "room": room, "epoch": "A"}))
        return _ack(room, before + 1)


def _ack(room: str, seq: int) -> Frame:
    return {"type": "ack", "room": room, "epoch": "A", "seq": seq, "at": 1}


async def wait_until(condition: Callable[[], bool], patience_s: float = 10) -> None:
    """Let others go on until something holds."""
    async with asyncio.timeout(patience_s):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.005)
