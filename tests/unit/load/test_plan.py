"""Plans: who is in which room, and what can't be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chat_client.load.plan import Plan, PlanError


def make(**fields: Any) -> Plan:
    return Plan(run="r", **{"clients": 20, "rooms": 4, **fields})


@pytest.mark.parametrize(("clients", "rooms", "joins"), [(20, 4, 1), (20, 4, 3), (7, 3, 2), (5, 5, 5), (3, 6, 2)])
def test_everybody_is_in_as_many_rooms_and_the_rooms_are_even(clients: int, rooms: int, joins: int) -> None:
    plan = make(clients=clients, rooms=rooms, joins_per_client=joins)
    members = plan.list_members()
    assert len(members) == rooms
    sizes = {len(inside) for inside in members.values()}
    assert max(sizes) - min(sizes) <= 1
    for client in range(clients):
        assert len(set(plan.list_rooms(client))) == joins
        assert all(client in members[room] for room in plan.list_rooms(client))


def test_rooms_are_new_ones_in_each_run() -> None:
    assert not set(Plan(run="a").list_members()) & set(Plan(run="b").list_members())


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"clients": 0}, "clients must be more than 0, got 0"),
        ({"rate": 0}, "rate must be more than 0, got 0"),
        ({"duration_s": -1}, "duration_s must be more than 0"),
        ({"ramp": float("nan")}, "ramp must be more than 0"),
        ({"rooms": 21}, "20 clients that join 1 each leave some of 21 rooms empty: at most 20 rooms"),
        ({"joins_per_client": 5}, "joins_per_client must be at most 4 with 4 rooms (a connection is in at most 50)"),
        ({"rooms": 60, "joins_per_client": 51}, "joins_per_client must be at most 50"),
        ({"rate": 201}, "201 messages a second are more than 20 clients may send: each is one user"),
        ({"rate": 250}, "at least 25 clients"),
        ({"text_bytes": 15}, "text_bytes must be 16 to 8192, got 15"),
        ({"text_bytes": 8193}, "text_bytes must be 16 to 8192, got 8193"),
        ({"reconnects": -1}, "reconnects must be 0 to 30000 percent a minute"),
        ({"ramp": 1, "reconnects": 301}, "reconnects must be 0 to 300 percent a minute"),
    ],
)  # fmt: skip
def test_what_can_not_be_says_why(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(PlanError, match=re.escape(problem)):
        make(**fields)


def test_limits_themselves_are_fine() -> None:
    make(rate=200, text_bytes=8192, ramp=1, reconnects=300)


def test_it_says_what_it_comes_to() -> None:
    assert make(rate=8, joins_per_client=2, duration_s=10, seed=3).describe() == (
        "20 clients, 10 in each of 4 rooms; 8 messages a second, shown 80 times a second, for 10 s; seed 3"
    )


def test_cuts_are_a_share_of_all_clients_a_minute() -> None:
    assert make(reconnects=30).cuts_per_second == pytest.approx(0.1)
