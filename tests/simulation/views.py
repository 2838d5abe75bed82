"""What each device has shown of each room: exactly the log from its join on, in order, once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat_client.entries import Entry
from chat_client.events import Acked, Event, Failed, Joined, Removed, Reset
from tests.simulation.devices import Device
from tests.simulation.ledger import Ledger
from tests.simulation.violations import Judge

SHOWN = "a device shows the log in order, once, without a hole"
COMPLETE = "who has synced has shown everything"
STANDS = "a device shows each message as it stands"
ACKED = "an acked entry is in the log"
ANSWERED = "every request is answered in the end"
JUSTIFIED = "nobody is put out without a reason"


@dataclass(slots=True)
class View:
    """How far a room was shown, None for not at all yet; and its head when it was joined."""

    last: int | None = None
    head: int | None = None


class Views:
    """All that devices tell their users.

    Attributes:
        put_out: whom somebody asked to put out of which room; None for out of the chat.
    """

    def __init__(self, judge: Judge, ledger: Ledger) -> None:
        self.put_out: set[tuple[str, str | None]] = set()
        self._judge = judge
        self._ledger = ledger
        self._views: dict[tuple[str, int, str], View] = {}

    def see_event(self, device: Device, event: Event) -> None:
        """Check something that is shown."""
        match event:
            case Entry():
                self._show(device, event)
            case Acked(request_id, room, seq):
                item = self._ledger.find(room, seq)
                good = item is not None and (item["user"]["S"], item["id"]["S"]) == (device.user, request_id)
                self._judge.check(ACKED, good, lambda: f"{request_id} as {seq} in {room}, where {item} stands")
            case Joined(room=room, head=head) if self._view(device, room).last is None:
                self._view(device, room).head = head
            case Reset(room):
                self._judge.check(SHOWN, False, lambda: f"{device.name} starts over in {room}")
            case Removed(room=room) | Failed(action="join", room=str(room)):
                if device.forgets_when_removed:
                    self.forget(device, room)
                if isinstance(event, Removed):
                    reasons = {(device.user, room), (device.user, None)} & self.put_out
                    self._judge.check(JUSTIFIED, reasons, lambda: f"{device.name} from {room}: {event.reason}")

    def forget(self, device: Device, room: str) -> None:
        """Note that a device is out of a room, and begins anew should it come back."""
        self._views.pop((device.name, device.lives, room), None)
        device.positions = {name: position for name, position in device.positions.items() if name != room}

    def last_shown(self, device: Device, room: str) -> int:
        """Tell the seq that a device has shown last; 0 for none."""
        position = device.positions.get(room)
        return self._view(device, room).last or (position.after if position else 0)

    def check_complete(self, device: Device) -> None:
        """Check, once all is quiet, that a device has shown all, and that nobody waits for an answer."""
        for room in device.list_rooms():
            head, last = self._ledger.head.get(room, 0), self.last_shown(device, room)
            self._judge.check(COMPLETE, last == head, f"{device.name} {room}: {last} of {head}")
        for room, messages in device.list_messages().items():
            for message in messages:
                self._check_message(device, room, message)
        waiting = device.list_waiting()
        self._judge.check(ANSWERED, not waiting, lambda: f"{device.name} waits for {waiting}")

    def _check_message(self, device: Device, room: str, message: Mapping[str, Any]) -> None:
        if self._ledger.has_expired(room, message["seq"]):
            # So may have what was done to it, before this device could hear of it.
            return
        item = self._ledger.find(room, message["seq"]) or {}
        stored = item.get("text", {}).get("S"), json.loads(item.get("reactions", {}).get("S", "{}"))
        self._judge.check(
            STANDS,
            (message["text"], message["reactions"]) == stored,
            lambda: f"{device.name} shows {message} in {room}, where {item} stands",
        )

    def _view(self, device: Device, room: str) -> View:
        return self._views.setdefault((device.name, device.lives, room), View())

    def _show(self, device: Device, entry: Entry) -> None:
        view = self._view(device, entry.room)
        start = self.last_shown(device, entry.room)
        if start == 0 and view.head is not None:
            # A first page holds the newest entries.
            fits = 0 < entry.seq <= max(1, view.head)
            self._judge.check(SHOWN, fits, lambda: f"{device.name} begins {entry.room} with {entry.seq} of {view.head}")
        elif start:
            skipped = range(start + 1, entry.seq)
            fits = entry.seq > start and all(self._ledger.has_expired(entry.room, seq) for seq in skipped)
            self._judge.check(SHOWN, fits, lambda: f"{device.name} shows {entry.seq} of {entry.room} after {start}")
        item = self._ledger.find(entry.room, entry.seq)
        same = item is not None and all(
            item[name]["S"] == value
            for name, value in {"epoch": entry.epoch, "id": entry.id, "user": entry.user}.items()
        )
        self._judge.check(SHOWN, same, lambda: f"{device.name} shows {entry}, where {item} stands")
        view.last = entry.seq
