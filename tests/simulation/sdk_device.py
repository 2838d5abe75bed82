"""A device that runs the TypeScript SDK, on simulated sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chat_client.entries import Entry
from chat_client.errors import RequestError
from chat_client.events import Event, Failed, Joined, Removed, Reset
from chat_client.parser import parse_frame
from chat_client.requests import Kind
from chat_client.room import Position
from tests.simulation.bridge import Answer, Bridge
from tests.simulation.devices import Device
from tests.simulation.dynamodb import EPOCH_S
from tests.simulation.gateway import Connection

_PUT_OUT = ("kicked", "banned", "removed")
# Longer than any request is repeated at a time.
_IN_VAIN_MS = 120_000


class SdkDevice(Device):
    """A device with the SDK's client; its storage outlives a reload.

    Args:
        bridge: where the client is.
        world: as `Device` takes it.
    """

    forgets_when_removed = False

    def __init__(self, bridge: Bridge, *world: Any) -> None:
        super().__init__(*world)
        self._bridge = bridge
        self._storage = bridge.make_name()
        self._client = ""
        # By the numbers that the client has for them.
        self._sockets: dict[int, Connection] = {}
        self._rooms: Sequence[str] = ()
        self._shown: dict[str, Position] = {}
        self._attempts = 0
        self._is_refused = False
        self._due_s = 0.0

    # What its user does.

    def join(self, room: str) -> None:
        self._act("join", room, position=None)

    def leave(self, room: str) -> None:
        self._shown.pop(room, None)
        self._act("leave", room)

    def read(self, room: str, seq: int) -> None:
        self._act("read", room, seq=seq)

    def typing(self, room: str) -> None:
        self._act("typing", room)

    def send_to(self, user: str, text: str) -> None:
        self._act("send to", None, user=user, text=text)

    def ask(self, kind: Kind, room: str | None, **fields: Any) -> None:
        self._act(kind, room, **fields)

    def reload(self, positions: Mapping[str, Position | None]) -> None:
        self._tell("end")
        self._break_sockets()
        self._start()
        self.lives += 1
        self.positions = positions
        for room, position in positions.items():
            asked = {"after": position.after, "epoch": position.epoch} if position else None
            self._act("join", room, position=asked)

    # What happens to it.

    def go_online(self) -> None:
        self.is_online = True
        if self._client:
            self._tell("wake")

    def go_offline(self) -> None:
        self.is_online = False
        self._break_sockets()

    def break_connection(self) -> None:
        for connection in list(self._sockets.values()):
            self.gateway.drop(connection)

    # What it shows.

    def list_rooms(self) -> Sequence[str]:
        return self._rooms

    def list_positions(self) -> Mapping[str, Position | None]:
        return {room: self._shown.get(room) for room in self._rooms}

    def list_waiting(self) -> Sequence[object]:
        if self._is_refused:
            # What it has to write waits until its user is let in again.
            return []
        shown = self._show()
        writes = [write for room in shown["snapshots"].values() for write in room["pending"] if not write["error"]]
        return [*writes, *(wait_ms for wait_ms in shown["waitingMs"] if wait_ms > _IN_VAIN_MS)]

    def list_messages(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        snapshots = self._show()["snapshots"]
        # A room that its user wants to be in, and is not let into, stays as it was.
        return {room: snapshots[room]["messages"] for room in self._rooms}

    def _show(self) -> dict[str, Any]:
        shown = self._tell("show").shown
        assert shown is not None
        return shown

    # What API Gateway does.

    def take_open(self, connection: Connection) -> None:
        """Note that a socket is open."""
        self._tell_socket(connection, "open")

    def take_frame(self, connection: Connection, text: str) -> None:
        """Take a frame, once this device is awake."""
        if self.loop.time() < self.thaws_s:
            self.loop.after(self.thaws_s - self.loop.time(), self.take_frame, connection, text)
        else:
            self._tell_socket(connection, "receive", text)

    def take_close(self, connection: Connection, reason: str) -> None:
        """Note that a socket is closed."""
        self._tell_socket(connection, "cut", reason)

    def _start(self) -> None:
        self._client = self._bridge.make_name()
        self._shown.clear()
        self._is_refused = False
        self._tell("make", int(self.dice.random() * 2**32), self._storage)

    def _act(self, name: str, room: str | None, **fields: Any) -> None:
        if not self._client:
            self._start()
        self._tell("act", name, room, fields)

    def _tell_socket(self, connection: Connection, what: str, *details: object) -> None:
        for number, known in list(self._sockets.items()):
            if known is connection:
                if what == "cut":
                    del self._sockets[number]
                self._tell(what, number, *details)

    def _break_sockets(self) -> None:
        for number, connection in list(self._sockets.items()):
            self.gateway.leave(connection)
            if self._sockets.pop(number, None):
                self._tell("cut", number, "no network")

    def _now_ms(self) -> float:
        return (EPOCH_S + self.loop.time() * self.pace) * 1000

    def _tell(self, what: str, *details: object) -> Answer:
        answer = self._bridge.tell(self._client, self._now_ms(), what, *details)
        self._rooms = [] if self._is_refused else answer.rooms
        for said in answer.said:
            self._take(*said)
        if answer.due_ms is not None:
            in_s = (answer.due_ms - self._now_ms()) / 1000 / self.pace
            self._wake_at(max(self.loop.time() + max(0.001, in_s), self.thaws_s))
        return answer

    def _take(self, what: str, detail: Any, text: str = "") -> None:
        """Do what the client says."""
        match what:
            case "sign in":
                self._sign_in(detail)
            case "socket":
                (ticket,) = parse_qs(urlsplit(text).query)["ticket"]
                self.use_ticket(ticket)
                self._attempts += 1
                name = f"{self.name}.{self._attempts}"
                self._sockets[detail] = self.gateway.connect(self, self.user, ticket, name)
            case "send" if detail in self._sockets:
                self.gateway.send(self._sockets[detail], text)
            case "close" if detail in self._sockets:
                self.gateway.leave(self._sockets.pop(detail))
            case "event" if detail["type"] == "connection":
                self._is_refused = detail["state"] == "refused"
            case "event":
                self._note(detail)

    def _sign_in(self, number: int) -> None:
        client = self._client
        self._attempts += 1

        def admit(status: int, ticket: str) -> None:
            if client == self._client:
                url = f"wss://chat?ticket={ticket}" if status == 200 and self.is_online else None
                self._tell("admit", number, {"url": url, "user": self.user, "isRefused": status == 403})

        if self.is_online:
            self.gateway.issue_ticket(self.claims, f"{self.name}.{self._attempts} ticket", admit)
        else:
            self.loop.after(0.001, admit, 0, "")

    def _note(self, said: dict[str, Any]) -> None:
        event = _read_event(said)
        if isinstance(event, Entry):
            self._shown[event.room] = Position(event.seq, event.epoch)
        elif isinstance(event, Reset):
            self._shown.pop(event.room, None)
        if event:
            self.observer.see_event(self, event)

    def _wake_at(self, time_s: float) -> None:
        if not self.loop.time() < self._due_s <= time_s:
            self._due_s = time_s
            self.loop.after(time_s - self.loop.time(), self._wake, time_s)

    def _wake(self, time_s: float) -> None:
        if time_s == self._due_s:
            self._tell("time")


def _read_event(said: dict[str, Any]) -> Event | None:
    """Read an event of the SDK's as one of the Python client's; None where nobody asks for it."""
    match said["type"]:
        case "joined":
            return Joined(said["id"], said["room"], said["head"], said["members"])
        case "reset":
            return Reset(said["room"])
        case "removed" if said["reason"] not in _PUT_OUT:
            # The answer to a join, or to something else, that the user may not be there.
            return Failed(None, "join", said["room"], RequestError(said["reason"], ""))
        case "message" | "edited" | "deleted" | "reacted" | "removed":
            event = parse_frame(json.dumps(said))
            assert isinstance(event, Entry | Removed)
            return event
    return None
