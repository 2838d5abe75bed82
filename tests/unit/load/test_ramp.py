"""The ramp, by a clock that the test turns."""

from __future__ import annotations

import asyncio

from chat_client.load.ramp import Ramp


class Clock:
    """A time that passes where somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s: list[float] = []

    def read(self) -> float:
        return self.now_s

    async def sleep(self, wait_s: float) -> None:
        self.slept_s.append(wait_s)
        self.now_s += wait_s


async def test_turns_come_at_an_even_rate() -> None:
    clock = Clock()
    ramp = Ramp(10, clock=clock.read, sleep=clock.sleep)
    turns_s = []
    for _ in range(5):
        await ramp.wait_for_turn()
        turns_s.append(round(clock.now_s, 6))
    assert turns_s == [100, 100.1, 100.2, 100.3, 100.4]


async def test_turns_that_nobody_took_are_not_made_up_for() -> None:
    clock = Clock()
    ramp = Ramp(10, clock=clock.read, sleep=clock.sleep)
    await ramp.wait_for_turn()
    clock.now_s += 60
    for _ in range(3):
        await ramp.wait_for_turn()
    assert [round(wait_s, 6) for wait_s in clock.slept_s] == [0, 0, 0.1, 0.1]


async def test_who_waits_at_the_same_time_gets_different_turns() -> None:
    waits_s: list[float] = []

    async def note(wait_s: float) -> None:
        waits_s.append(wait_s)
        await asyncio.sleep(0)

    ramp = Ramp(4, clock=lambda: 0, sleep=note)
    await asyncio.gather(*(ramp.wait_for_turn() for _ in range(4)))
    assert waits_s == [0, 0.25, 0.5, 0.75]
