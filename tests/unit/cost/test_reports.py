"""The reports: rooms against the floor, a month, quotas, one room."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chat_stack.cost.__main__ import main
from chat_stack.cost.actions import Actions
from chat_stack.cost.assumptions import Assumptions
from chat_stack.cost.calls import read_calls
from chat_stack.cost.growth import grow
from chat_stack.cost.hot_room import limit_room
from chat_stack.cost.month import cost_month
from chat_stack.cost.prices import PriceList
from chat_stack.cost.profile import Profile
from chat_stack.cost.quotas import use_quotas
from chat_stack.cost.rooms import cost_rooms


def test_a_million_messages_to_ten(actions: Actions, prices: PriceList) -> None:
    (room,) = cost_rooms(actions, prices, [10])
    assert room.floor == pytest.approx(10.00)
    assert room.bill["API Gateway"] == pytest.approx(11.00)
    assert room.bill["DynamoDB"] == pytest.approx(5.5 * 0.125 + 2 * 0.625)
    assert room.bill["Lambda"] == pytest.approx(0.20 + 0.5 * (40_000 + 9 * 220) * 0.0000133334)
    assert room.bill["Logs"] == pytest.approx(1.7 * 0.50 + 0.05 * 5.00)
    assert room.transfer == pytest.approx(2.66 * 0.09)
    assert room.ratio == pytest.approx(sum(room.bill.values()) / 10)
    assert room.judge() == {}


def test_goals_begin_at_a_hundred_members_and_at_the_queue(actions: Actions, prices: PriceList) -> None:
    hundred, thousand = cost_rooms(actions, prices, [100, 1_000])
    assert hundred.judge() == {"at most 1.05 of the floor": hundred.ratio <= 1.05}
    assert thousand.judge() == {
        "at most 1.05 of the floor": True,
        "below the floor where messages leave together": True,
    }


def test_a_missed_goal_is_printed_as_missed(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--calls", str(page), "--sizes", "100", "--log-bytes", "100000"]) == 0
    assert "MISSED  100 members: at most 1.05 of the floor" in capsys.readouterr().out


def test_more_calls_are_a_higher_bill(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def total() -> float:
        main(["--calls", str(page), "--sizes", "10", "--json"])
        bill = json.loads(capsys.readouterr().out)["rooms"][0]["bill"]
        return float(sum(bill.values()))

    before = total()
    page.write_text(page.read_text().replace("PutItem 1, POST N", "PutItem 3, POST N", 1))
    assert total() == pytest.approx(before + 2 * 0.625)


def test_a_month_adds_up(prices: PriceList) -> None:
    actions = Actions(read_calls(), Assumptions())
    profile = Profile(users=1_000)
    month = cost_month(actions, prices, profile)
    assert sum(month.by_action.values()) == pytest.approx(month.total)
    # Six hours on 22 days.
    assert month.by_action["being connected"] == pytest.approx(1_000 * 22 * 6 * 60 * 0.25e-6)
    # Two messages each four minutes.
    assert month.by_action["ping"] == pytest.approx(1_000 * 22 * 6 * 15 * 2e-6)
    assert month.by_service["DynamoDB"] > 0


def test_quotas_bind_where_demand_meets_them() -> None:
    actions = Actions(read_calls(), Assumptions())
    quotas = {quota.name: quota for quota in use_quotas(actions, Profile(users=9_000))}
    connects = quotas["new connections a second"]
    # Half of them within 15 minutes.
    assert connects.demand == pytest.approx(5.0)
    assert connects.binds_at_users == 900_000
    pings = Profile(users=9_000, sends_a_day=0, typings_a_day=0, reads_a_day=0, connections_a_day=0)
    frames = {quota.name: quota.demand for quota in use_quotas(actions, pings)}[
        "frames of clients a second, of the stage"
    ]
    assert frames == pytest.approx(9_000 * 0.5 * 3 * (1 / 240 + 1 / 1_350))


def test_growth_is_more_of_the_same(prices: PriceList) -> None:
    small, large = grow(Actions(read_calls(), Assumptions()), prices, Profile(), [7_200, 72_000])
    assert (small.users, large.users) == (14_400, 144_000)
    assert (small.reconnects_per_s, large.reconnects_per_s) == (1.0, 10.0)
    assert large.binding == small.binding == "API Gateway requests and posts a second"
    assert large.times == pytest.approx(10 * small.times)
    # Beyond a billion messages, each costs less.
    assert 8 * small.dollars < large.dollars < 10 * small.dollars


def test_one_room_is_bound_by_posts_first() -> None:
    limits = list(limit_room(Assumptions(), 100_001))
    assert limits[0].a_second == pytest.approx(0.1)
    assert limits[1].a_second == pytest.approx(1.0)
    assert limits[1].what == "messages, 10 together"
    # Four rows and 26,600 bytes of entries: 11 of 3,000 units.
    joins = [limit.a_second for limit in limits if limit.what == "joins"]
    assert joins == pytest.approx([3_000 / 11, 500, 1_000])


def test_a_small_room_has_no_queue() -> None:
    assert all("together" not in limit.what for limit in limit_room(replace(Assumptions(), together=10), 50))


@pytest.mark.parametrize("report", ["rooms", "room", "month", "quotas", "growth"])
def test_each_report_is_text_and_json(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([report]) == 0
    assert "\n-" in capsys.readouterr().out
    assert main([report, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_a_missing_page_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--calls", str(tmp_path / "none.md")]) == 1
    assert "is missing" in capsys.readouterr().err
