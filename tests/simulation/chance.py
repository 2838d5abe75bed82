"""Chance: all that is not decided by the code under test is decided here, by the seed.

Everybody who rolls dice has dice of their own, made from the seed and their name. So when one fault is left out of a
run, everybody else's luck stays as it was, and a failing run can be shrunk fault by fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, TypeVar

T = TypeVar("T")

# How often each fault strikes where it can, at its usual rate.
RATES: Mapping[str, float] = {
    # Between a function and a service, for each attempt of a call.
    "request lost": 0.004,
    "reply lost": 0.006,
    "request late": 0.003,
    "slow": 0.02,
    "service error": 0.005,
    "throttled": 0.01,
    # In DynamoDB, for each call.
    "stale read": 0.5,
    "index lags": 0.15,
    "keys unprocessed": 0.05,
    "slow transaction": 0.2,
    "never expired": 0.3,
    # In a function, for each await of a call; and for each invocation.
    "crash": 0.002,
    "freeze": 0.001,
    "cold start": 0.1,
    "clock jumps": 0.01,
    "invoked twice": 0.1,
    # In API Gateway.
    "reply dropped": 0.01,
    "push overtaken": 0.1,
    "buffer full": 0.02,
    "handshake lost": 0.03,
    "half open": 0.3,
    "disconnect lost": 0.3,
    "disconnect late": 0.3,
    "disconnect twice": 0.2,
    # In SQS.
    "not taken": 0.05,
    "delivered again": 0.05,
    # At a client, for each thing that its user does.
    "connection drops": 0.04,
    "client freezes": 0.01,
    "ticket stolen": 0.1,
}


class Fault(NamedTuple):
    """One fault: who was struck, by what, at which of their chances for it."""

    who: str
    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind} ({self.who}, {self.number})"


class Dice:
    """Somebody's dice.

    Attributes:
        faults: how many faults have struck their owner.
    """

    def __init__(self, chance: Chance, name: str) -> None:
        self.name = name
        self.faults = 0
        self._chance = chance
        self._random = Random(f"{chance.seed} {name}")
        self._numbers: Counter[str] = Counter()
        self.random = self._random.random
        self.uniform = self._random.uniform

    def strikes(self, kind: str) -> bool:
        """Decide whether a fault strikes now."""
        self._numbers[kind] += 1
        roll = self._random.random()
        if roll >= self._chance.rates[kind] or not self._chance.admit(Fault(self.name, kind, self._numbers[kind])):
            return False
        self.faults += 1
        return True

    def choose(self, options: Sequence[T]) -> T:
        """Choose one of several."""
        return options[int(self._random.random() * len(options))]

    def choose_by(self, weights: Mapping[T, float]) -> T:
        """Choose one of several, by their weights."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def latency_s(self) -> float:
        """Draw how long a message is on its way inside a region."""
        return 0.001 + 0.006 * self._random.random() ** 2

    def token(self) -> str:
        """Make 64 random bits, as hexadecimal digits."""
        return f"{self._random.getrandbits(64):016x}"


@dataclass(slots=True)
class Chance:
    """The seed, and which faults there are.

    Attributes:
        rates: how often each kind of fault strikes.
        allowed: the only faults that may strike; None for all.
        struck: those that have.
        is_healed: from then on, nothing strikes any more.
        on_fault: told of each fault.
    """

    seed: int
    rates: Mapping[str, float]
    allowed: Collection[Fault] | None
    struck: list[Fault]
    is_healed: bool = False
    on_fault: Callable[[Fault], None] | None = None

    def dice(self, name: str) -> Dice:
        """Give somebody their dice."""
        return Dice(self, name)

    def admit(self, fault: Fault) -> bool:
        """Let a fault strike, unless it is left out of this run."""
        if self.is_healed or (self.allowed is not None and fault not in self.allowed):
            return False
        self.struck.append(fault)
        if self.on_fault:
            self.on_fault(fault)
        return True
