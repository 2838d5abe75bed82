"""What users do: they talk, come and go, and put each other out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chat_client.requests import Kind
from chat_client.room import Position
from tests.simulation.chance import Dice
from tests.simulation.devices import Device
from tests.simulation.functions import Lambda
from tests.simulation.ledger import Ledger
from tests.simulation.loop import VirtualLoop
from tests.simulation.observer import Observer

PUBLIC, PRIVATE = "lobby", "club"

_ACTIONS: Mapping[str, float] = {
    "send": 40,
    "burst": 3,
    "change": 10,
    "read": 6,
    "typing": 4,
    "question": 4,
    "direct": 5,
    "leave": 4,
    "join": 8,
    "offline": 4,
    "reload": 2,
    "steal": 1,
    "moderate": 5,
    "publish": 2,
}
_LONGEST_OFFLINE_S = 40.0
_LONGEST_TEXT = 8_000


class Crowd:
    """All users with their devices.

    Args:
        loop: the world's.
        devices: of all users; the first user owns the private room and moderates the chat.
        observer: told of what is done.
        functions: for what the application itself sends.
        ledger: tells which messages there are to change.
        pace_s: how long a user waits between two things, on average.
        night: from when until when all are quiet.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        devices: Sequence[Device],
        observer: Observer,
        functions: Lambda,
        ledger: Ledger,
        pace_s: float,
        night: tuple[float, float],
    ) -> None:
        self.devices = devices
        self.users = list(dict.fromkeys(device.user for device in devices))
        self.is_over = False
        self._loop = loop
        self._observer = observer
        self._functions = functions
        self._ledger = ledger
        self._pace_s = pace_s
        self._night = night
        self._said = 0

    def start(self, dice: Mapping[str, Dice]) -> None:
        """Have everybody begin; `dice` are each user's."""
        for device in self.devices:
            device.join(PUBLIC)
            device.go_online()
        owner = self.devices[0]
        self._ask(owner, "create", PRIVATE, private=True)
        owner.join(PRIVATE)
        for user in self.users:
            self._loop.after(dice[user].uniform(0.5, 3), self._act, user, dice[user])

    def finish(self) -> None:
        """Have everybody stop, and come back online."""
        self.is_over = True
        for device in self.devices:
            device.go_online()

    def _act(self, user: str, dice: Dice) -> None:
        if self.is_over:
            return
        wait_s = dice.uniform(0, 2 * self._pace_s)
        dusk_s, dawn_s = self._night
        if dusk_s <= self._loop.time() + wait_s < dawn_s:
            wait_s += dawn_s - self._loop.time()
        self._loop.after(wait_s, self._act, user, dice)
        device = dice.choose([device for device in self.devices if device.user == user])
        if dice.strikes("connection drops"):
            device.break_connection()
        if dice.strikes("client freezes"):
            device.freeze(dice.uniform(1, 20))
        getattr(self, f"_{dice.choose_by(_ACTIONS)}")(device, dice)

    def _ask(self, device: Device, kind: Kind, room: str | None, **fields: object) -> None:
        user = fields.get("user")
        self._observer.see_act(device, kind, room, user if isinstance(user, str) else None)
        device.ask(kind, room, **fields)

    def _say(self, dice: Dice) -> str:
        """Make up a text that is another one each time; a few of the longest make a page of 32 KB."""
        self._said += 1
        length = int(dice.uniform(0, _LONGEST_TEXT)) if dice.random() < 0.05 else 0
        return f"text {self._said}".ljust(length, "~")

    def _choose_room(self, device: Device, dice: Dice) -> str:
        return dice.choose([*device.list_rooms(), PUBLIC])

    def _send(self, device: Device, dice: Dice) -> None:
        self._ask(device, "send", self._choose_room(device, dice), text=self._say(dice))

    def _burst(self, device: Device, dice: Dice) -> None:
        for _ in range(6):
            self._send(device, dice)

    def _change(self, device: Device, dice: Dice) -> None:
        room = self._choose_room(device, dice)
        head = self._ledger.head.get(room, 0)
        seq = max(1, head - int(dice.random() * 5))
        match dice.choose(("edit", "delete", "react")):
            case "edit":
                self._ask(device, "edit", room, seq=seq, text=self._say(dice))
            case "delete":
                self._ask(device, "delete", room, seq=seq)
            case _:
                self._ask(device, "react", room, seq=seq, emoji="+", remove=dice.random() < 0.3)

    def _read(self, device: Device, dice: Dice) -> None:
        room = self._choose_room(device, dice)
        seq = max(1, self._observer.views.last_shown(device, room) - int(dice.random() * 3))
        device.read(room, seq)

    def _typing(self, device: Device, dice: Dice) -> None:
        device.typing(self._choose_room(device, dice))

    def _direct(self, device: Device, dice: Dice) -> None:
        user, text = dice.choose(self.users), self._say(dice)
        self._observer.see_act(device, "send to", None, user)
        device.send_to(user, text)

    def _leave(self, device: Device, dice: Dice) -> None:
        room = self._choose_room(device, dice)
        self._observer.see_act(device, "leave", room, None)
        device.leave(room)

    def _join(self, device: Device, dice: Dice) -> None:
        room = dice.choose((PUBLIC, PRIVATE))
        self._observer.see_act(device, "join", room, None)
        device.join(room)

    def _offline(self, device: Device, dice: Dice) -> None:
        if device.is_online:
            self._observer.see_act(device, "offline", None, None)
            device.go_offline()
            self._loop.after(dice.uniform(0, _LONGEST_OFFLINE_S), device.go_online)

    def _reload(self, device: Device, dice: Dice) -> None:
        last = self._observer.views.last_shown
        positions: dict[str, Position | None] = {}
        for name, position in device.list_positions().items():
            known = position is not None and last(device, name) == position.after and dice.random() < 0.8
            positions[name] = position if known else None
        self._observer.see_act(device, "reload", None, None)
        device.reload(positions)

    def _steal(self, device: Device, dice: Dice) -> None:
        """Try a ticket that was used."""
        if device.tickets:
            device.steal(dice.choose(device.tickets))

    def _question(self, device: Device, dice: Dice) -> None:
        kind: Kind = dice.choose(("members", "rooms", "history"))
        if kind == "rooms":
            self._ask(device, kind, None, next=None)
        elif kind == "members":
            self._ask(device, kind, self._choose_room(device, dice), next=None)
        else:
            self._ask(device, kind, self._choose_room(device, dice), before=int(1 + dice.random() * 30), limit=None)

    def _moderate(self, device: Device, dice: Dice) -> None:
        """Invite or put out; who has no right to will be refused."""
        user = dice.choose(self.users)
        kinds: dict[Kind, float] = {"invite": 6, "remove": 2, "kick": 1, "ban": 2, "unban": 2, "mute": 1}
        kind = dice.choose_by(kinds)
        room = PRIVATE if kind in ("invite", "remove") else dice.choose((PUBLIC, PRIVATE))
        if kind in ("ban", "unban") and dice.random() < 0.3:
            # For the whole chat.
            self._ask(self.devices[0], kind, None, user=user)
            return
        owner = self.devices[0] if dice.random() < 0.8 else device
        if kind == "mute":
            self._ask(owner, kind, room, user=user, seconds=int(dice.random() * 10))
        else:
            self._ask(owner, kind, room, user=user)

    def _publish(self, device: Device, dice: Dice) -> None:
        """Have the application itself send something."""
        self._said += 1
        event = {"room": PUBLIC, "text": f"notice {self._said}", "from": "application", "id": f"n{self._said}"}
        self._functions.invoke_async("publish", event, f"publish {self._said}")
