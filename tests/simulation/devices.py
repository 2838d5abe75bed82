"""What a user's device is to the world: it has its user's tickets and hands, whichever client runs on it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chat_client.events import Event
from chat_client.requests import Kind
from chat_client.room import Position
from tests.simulation.chance import Dice
from tests.simulation.gateway import Connection, Gateway
from tests.simulation.loop import VirtualLoop


class DeviceObserver(Protocol):
    """Who looks on."""

    def see_event(self, device: Device, event: Event) -> None:
        """A device tells its user something."""


class Device(ABC):
    """A device, which reconnects while it is online.

    Attributes:
        user: whose it is; also their id.
        is_online: there is a network.
        tickets: those that it has used.
        lives: how often it was started.
        positions: from where each room was shown when it was started last.
    """

    # What it may ask for in half an hour in which nothing happens: two rounds of `sync`; and, where its connection gets
    # too old, a ticket, a handshake, a join for each room, and the `sync` after that.
    quiet_calls = 16
    # Whether it begins a room anew when it comes back after it was put out; else it goes on from where it was.
    forgets_when_removed = True

    def __init__(
        self,
        loop: VirtualLoop,
        gateway: Gateway,
        observer: DeviceObserver,
        dice: Dice,
        user: str,
        claims: dict[str, str],
    ) -> None:
        self.name = dice.name
        self.user = user
        self.is_online = False
        self.tickets: list[str] = []
        self.lives = 1
        self.positions: Mapping[str, Position | None] = {}
        self.loop = loop
        self.gateway = gateway
        self.observer = observer
        self.dice = dice
        self.claims = {"sub": user, "name": user, **claims}
        self.thaws_s = 0.0
        self._thefts = 0
        # A clock of its own, a little fast or slow.
        self.pace = dice.uniform(0.999, 1.001)

    # What its user does.

    @abstractmethod
    def join(self, room: str) -> None:
        """Enter a room."""

    @abstractmethod
    def leave(self, room: str) -> None:
        """Leave a room."""

    @abstractmethod
    def read(self, room: str, seq: int) -> None:
        """Say how far a room was read."""

    @abstractmethod
    def typing(self, room: str) -> None:
        """Say that the user is typing."""

    @abstractmethod
    def send_to(self, user: str, text: str) -> None:
        """Send a direct message."""

    @abstractmethod
    def ask(self, kind: Kind, room: str | None, **fields: Any) -> None:
        """Ask for anything else."""

    @abstractmethod
    def reload(self, positions: Mapping[str, Position | None]) -> None:
        """Start anew, from where each room was shown."""

    # What happens to it.

    @abstractmethod
    def go_online(self) -> None:
        """Find a network."""

    @abstractmethod
    def go_offline(self) -> None:
        """Lose the network, and with it the connection."""

    @abstractmethod
    def break_connection(self) -> None:
        """Have the connection break somewhere on its way."""

    def freeze(self, seconds: float) -> None:
        """Do nothing for a while: what comes waits."""
        self.thaws_s = max(self.thaws_s, self.loop.time() + seconds)

    def steal(self, ticket: str) -> None:
        """Try to connect with a ticket that was used already."""
        self._thefts += 1
        self.gateway.connect(_Nobody(), self.user, ticket, f"{self.name}.stolen{self._thefts}")

    def use_ticket(self, ticket: str) -> None:
        """Note a ticket that is about to be used; somebody may have copied it."""
        self.tickets.append(ticket)
        if self.dice.strikes("ticket stolen"):
            self.steal(ticket)

    # What it shows.

    @abstractmethod
    def list_rooms(self) -> Sequence[str]:
        """List the rooms that it wants to be in."""

    @abstractmethod
    def list_positions(self) -> Mapping[str, Position | None]:
        """Tell how far it has shown each of its rooms; None for not at all."""

    def list_messages(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Tell which messages it shows in each room, as they stand there; nothing where its client keeps none."""
        return {}

    @abstractmethod
    def list_waiting(self) -> Sequence[object]:
        """List what it has asked for in vain."""


class _Nobody:
    """A client that does nothing."""

    name = "nobody"

    def take_open(self, connection: Connection) -> None:
        """Nothing."""

    def take_frame(self, connection: Connection, text: str) -> None:
        """Nothing."""

    def take_close(self, connection: Connection, reason: str) -> None:
        """Nothing."""
