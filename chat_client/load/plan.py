"""What a run is to do: how many clients, where, how fast, for how long."""

from __future__ import annotations

from dataclasses import dataclass

from chat_client.load.messages import TEXT_BYTES_LEAST

# Of docs/protocol.md, "Limits".
SENDS_PER_USER = 10
_ROOMS_PER_CONNECTION = 50
_TEXT_BYTES_MOST = 8192
# API Gateway's quota for an account, unless it was raised.
CONNECTS_PER_SECOND = 500
_PERCENT_MINUTES = 100 * 60


class PlanError(ValueError):
    """A run can't be as it was asked for; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run. Each client is a user of its own.

    Attributes:
        run: makes the rooms' names new ones.
        clients, rooms: how many.
        joins_per_client: how many of the rooms each client is in.
        rate: messages a second, of all clients together.
        duration_s: how long messages are sent.
        ramp: connects a second, those after a cut included.
        text_bytes: size of a message's text.
        reconnects: how many percent of the connections are cut each minute.
        seed: decides who sends where, and whose connection is cut.

    Raises:
        PlanError: it does not fit together.
    """

    run: str
    clients: int = 100
    rooms: int = 10
    joins_per_client: int = 1
    rate: float = 10
    duration_s: float = 60
    ramp: float = 100
    text_bytes: int = 64
    reconnects: float = 0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("clients", "rooms", "joins_per_client", "rate", "duration_s", "ramp"):
            if not getattr(self, name) > 0:
                raise PlanError(f"{name} must be more than 0, got {getattr(self, name)}")
        self._check_rooms()
        self._check_rates()
        if not TEXT_BYTES_LEAST <= self.text_bytes <= _TEXT_BYTES_MOST:
            raise PlanError(f"text_bytes must be {TEXT_BYTES_LEAST} to {_TEXT_BYTES_MOST}, got {self.text_bytes}")

    def _check_rooms(self) -> None:
        most = min(self.rooms, _ROOMS_PER_CONNECTION)
        if self.joins_per_client > most:
            raise PlanError(
                f"joins_per_client must be at most {most} with {self.rooms} rooms (a connection is in at most "
                f"{_ROOMS_PER_CONNECTION}), got {self.joins_per_client}"
            )
        if self.clients * self.joins_per_client < self.rooms:
            raise PlanError(
                f"{self.clients} clients that join {self.joins_per_client} each leave some of {self.rooms} rooms "
                f"empty: at most {self.clients * self.joins_per_client} rooms"
            )

    def _check_rates(self) -> None:
        if self.rate > self.clients * SENDS_PER_USER:
            raise PlanError(
                f"{self.rate:g} messages a second are more than {self.clients} clients may send: each is one user, and "
                f"a user may send {SENDS_PER_USER} a second; at least {self.rate / SENDS_PER_USER:.0f} clients"
            )
        if not 0 <= self.cuts_per_second <= self.ramp:
            raise PlanError(
                f"reconnects must be 0 to {self.ramp / self.clients * _PERCENT_MINUTES:.0f} percent a minute, which is "
                f"what a ramp of {self.ramp:g} connects a second makes good, got {self.reconnects:g}"
            )

    @property
    def cuts_per_second(self) -> float:
        """How many connections are cut in a second."""
        return self.clients * self.reconnects / _PERCENT_MINUTES

    def describe(self) -> str:
        """Say what it comes to."""
        per_room = self.clients * self.joins_per_client / self.rooms
        return (
            f"{self.clients} clients, {per_room:.3g} in each of {self.rooms} rooms; {self.rate:g} messages a second, "
            f"shown {self.rate * per_room:.0f} times a second, for {self.duration_s:g} s; seed {self.seed}"
        )

    def list_rooms(self, client: int) -> list[str]:
        """List the rooms that a client is in; all rooms have the same number of clients, or one more."""
        first = client * self.joins_per_client
        return [f"load-{self.run}-{(first + nth) % self.rooms}" for nth in range(self.joins_per_client)]

    def list_members(self) -> dict[str, list[int]]:
        """List the clients in each room."""
        members: dict[str, list[int]] = {}
        for client in range(self.clients):
            for room in self.list_rooms(client):
                members.setdefault(room, []).append(client)
        return members
