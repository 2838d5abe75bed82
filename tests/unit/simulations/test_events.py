"""The clock and its processes."""

from __future__ import annotations

from simulations.events import Process, Simulation


def test_processes_wake_in_the_order_of_time_then_of_asking() -> None:
    simulation = Simulation()
    woken: list[tuple[str, float]] = []

    def sleep(name: str, *times: float) -> Process:
        for at in times:
            yield at
            woken.append((name, simulation.now))

    simulation.start(sleep("a", 1.0, 3.0))
    simulation.start(sleep("b", 1.0, 2.0))
    simulation.run(10.0)
    assert woken == [("a", 1.0), ("b", 1.0), ("b", 2.0), ("a", 3.0)]


def test_a_process_starts_others() -> None:
    simulation = Simulation()
    woken: list[float] = []

    def child() -> Process:
        woken.append(simulation.now)
        yield 4.0
        woken.append(simulation.now)

    def parent() -> Process:
        yield 2.0
        simulation.start(child())
        simulation.start(child(), at=3.0)

    simulation.start(parent())
    simulation.run(10.0)
    assert woken == [2.0, 3.0, 4.0, 4.0]


def test_nothing_happens_after_the_end() -> None:
    simulation = Simulation()

    def tick() -> Process:
        at = 0.0
        while True:
            yield at
            at += 1.0

    simulation.start(tick())
    simulation.run(2.5)
    assert simulation.now == 2.0
