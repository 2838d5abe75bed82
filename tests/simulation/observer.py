"""Looks at everything that happens, holds the promises against it, and writes the timeline."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chat.protocol.frames import Frame
from chat_client.entries import Entry
from chat_client.events import Event
from tests.simulation.chance import Fault
from tests.simulation.devices import Device
from tests.simulation.functions import Invocation
from tests.simulation.gateway import Connection
from tests.simulation.ledger import Ledger
from tests.simulation.pushes import FITS, Pushes
from tests.simulation.rights import Rights
from tests.simulation.rows import Rows
from tests.simulation.sqs import QueuedMessage
from tests.simulation.tables import Write
from tests.simulation.views import ACKED, Views
from tests.simulation.violations import Judge

EXPECTED = "a function fails in no other way than by errors of the protocol"
_PUT_OUT = ("kick", "ban", "remove")
_FRAME_BYTES = 32 * 1024


class Observer:
    """Is told of every event in the world.

    Attributes:
        lines: the timeline; None where nobody reads it.
    """

    def __init__(
        self, judge: Judge, ledger: Ledger, rights: Rights, pushes: Pushes, rows: Rows, *, traces: bool
    ) -> None:
        self.lines: list[str] | None = [] if traces else None
        self.views = Views(judge, ledger)
        self.ledger = ledger
        self.pushes = pushes
        self.rows = rows
        self._judge = judge
        self._rights = rights

    def note(self, what: Callable[[], str]) -> None:
        """Write a line of the timeline."""
        if self.lines is not None:
            self.lines.append(f"{self._judge.now_s():10.3f}  {what()}")

    def see_fault(self, fault: Fault) -> None:
        """Note a fault."""
        self.note(lambda: f"!! {fault}")

    def see_write(self, write: Write) -> None:
        """Look at a write to a table."""
        self.note(lambda: f"   {write.table} {' '.join(write.key)} {_describe(write)} by {write.by}")
        self.ledger.see_write(write)
        if write.table == "Rooms":
            self._rights.see_write(write)
        else:
            self.rows.see_write(write)

    def see_open(self, connection: Connection, ticket: str) -> None:
        """Look at a connection that was let in."""
        self.note(lambda: f"++ {connection.id} is open")
        self.rows.see_ticket(ticket, connection)

    def see_close(self, connection: Connection) -> None:
        """Note a connection that is gone for API Gateway."""
        self.note(lambda: f"-- {connection.id} is closed")

    def see_start(self, invocation: Invocation, function: str) -> None:
        """Note an invocation."""
        self.note(lambda: f"=> {function}: {invocation.name}")
        if function == "disconnect":
            self.rows.see_gone(invocation.name.split(" ")[0], invocation)

    def see_end(self, invocation: Invocation, response: dict[str, Any] | None) -> None:
        """Look at how an invocation ended."""
        self.note(lambda: f"<= {invocation.name}: {invocation.failure or 'failed' if response is None else response}")
        self._judge.check(EXPECTED, invocation.failure is None, lambda: f"{invocation.name}: {invocation.failure!r}")
        self.rows.see_end(invocation, is_good=response is not None)

    def see_post(self, connection_id: str, invocation: Invocation, body: bytes, status: int) -> None:
        """Look at a post to a connection."""
        self.note(lambda: f"-> {connection_id} {status} {body.decode()[:120]} by {invocation.name}")
        places = self.pushes.see_post(connection_id, body, status)
        if status == 410:
            self.rows.see_gone(connection_id, invocation)
        elif status == 200:
            user = self.rows.user_of(connection_id)
            for room, seq in places:
                self._rights.check_push(user, room, invocation.started_s, f"{seq} by {invocation.name}")

    def see_job(self, message: QueuedMessage) -> None:
        """Note a job in the queue."""
        self.note(lambda: f"   queued {message.body[:160]}")
        self.pushes.see_job(message)

    def see_answer(self, connection: Connection, invocation: Invocation, request: str, body: str) -> None:
        """Look at the answer to a frame."""
        asked, answer = json.loads(request), json.loads(body)
        self._judge.check(FITS, len(body.encode()) <= _FRAME_BYTES, lambda: f"{len(body)} bytes for {request}")
        since_s, what = invocation.started_s, invocation.name
        if answer["type"] == "joined":
            self.rows.see_joined(invocation, answer["head"])
        match answer["type"]:
            case "joined" | "history":
                if answer["entries"]:
                    self._rights.check_answer(connection.user, answer["room"], since_s, what)
            case "synced":
                for room, page in answer["rooms"].items():
                    if page.get("entries"):
                        self._rights.check_answer(connection.user, room, since_s, what)
            case "ack" if "epoch" in answer:
                self._see_ack(connection, invocation, asked, answer)
            case "ack" if asked["action"] in ("ban", "remove"):
                self._rights.see_done(asked.get("room"), asked["user"])

    def see_act(self, device: Device, action: str, room: str | None, user: str | None) -> None:
        """Note what somebody does."""
        self.note(lambda: f"@@ {device.name}: {action} {room or ''} {user or ''}")
        if action in _PUT_OUT and user:
            self.views.put_out.add((user, room))
        elif action == "leave" and room:
            self.views.forget(device, room)
        elif action == "create":
            # Who came while the room was a public one has to go.
            self.views.put_out.update((each, room) for each in self._rights.users)

    def see_event(self, device: Device, event: Event) -> None:
        """Look at what a device tells its user."""
        self.note(lambda: f"## {device.name} {'shows' if isinstance(event, Entry) else 'tells'} {event}")
        self.views.see_event(device, event)

    def _see_ack(self, connection: Connection, invocation: Invocation, asked: Frame, answer: Frame) -> None:
        room, seq = answer["room"], answer["seq"]
        item = self.ledger.find(room, seq)
        good = item is not None and (item["user"]["S"], item["id"]["S"]) == (connection.user, asked["id"])
        self._judge.check(ACKED, good, lambda: f"{invocation.name} acks {seq} of {room}, where {item} stands")
        if good:
            # Who came after it was stored has read it by joining.
            since_s = min(invocation.started_s, self.ledger.stored_s(room, seq))
            self.pushes.see_ack(connection.id, (room, seq), since_s, invocation.name)


def _describe(write: Write) -> str:
    if write.after is None:
        return "deleted"
    fields = {name: next(iter(value.values())) for name, value in write.after.items()}
    kept = ("text", "target", "id", "fullAt", "seq", "expiresAt", "banned", "member", "owner", "private")
    shown = {name: value for name, value in fields.items() if name in kept}
    return f"{'changed' if write.before else 'written'} {shown}"
