"""The reports, as text and as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chat_stack.cost.actions import Actions
from chat_stack.cost.assumptions import Assumptions
from chat_stack.cost.growth import grow
from chat_stack.cost.hot_room import limit_room
from chat_stack.cost.month import cost_month
from chat_stack.cost.prices import PriceList
from chat_stack.cost.profile import Profile
from chat_stack.cost.quotas import use_quotas
from chat_stack.cost.rooms import RoomCost, cost_rooms
from chat_stack.cost.tables import format_table, write_dollars

Report = tuple[str, dict[str, Any]]


def report_rooms(actions: Actions, prices: PriceList, sizes: Sequence[int]) -> Report:
    """Report what a million messages cost in rooms of several sizes, and whether the goals are met."""
    rooms = list(cost_rooms(actions, prices, sizes))
    services = list(rooms[0].bill)
    head = ["members", "floor $", *services, "total $", "of floor", "together", "total $", "of floor", "transfer $"]
    rows = [_write_room(room, services) for room in rooms]
    goals = [
        f"{'met   ' if met else 'MISSED'}  {room.members:,} members: {goal}"
        for room in rooms
        for goal, met in room.judge().items()
    ]
    title = f"A million messages to one room; prices of {prices.region}, {prices.date}"
    values = {
        "prices": {"region": prices.region, "date": prices.date},
        "rooms": [
            {
                "members": room.members,
                "floor": room.floor,
                "bill": room.bill,
                "ratio": room.ratio,
                "together": room.together,
                "together_bill": room.together_bill,
                "together_ratio": room.together_ratio,
                "transfer": room.transfer,
                "goals": room.judge(),
            }
            for room in rooms
        ],
    }
    return "\n\n".join([title, format_table(head, rows), "\n".join(goals)]), values


def report_month(actions: Actions, prices: PriceList, profile: Profile) -> Report:
    """Report a month's bill."""
    month = cost_month(actions, prices, profile)

    def write(costs: dict[str, float]) -> list[list[str]]:
        return [[name, write_dollars(dollars)] for name, dollars in sorted(costs.items(), key=lambda item: -item[1])]

    title = f"A month of {profile.users:,} users; prices of {prices.region}, {prices.date}"
    total = f"total {write_dollars(month.total)} $, {month.total / profile.users:.4f} $ a user"
    by_action = format_table(["for", "$"], write(dict(month.by_action)))
    by_service = format_table(["of", "$"], write(dict(month.by_service)))
    values = {"users": profile.users, "total": month.total, "for": month.by_action, "of": month.by_service}
    return "\n\n".join([title, by_action, by_service, total]), values


def report_quotas(actions: Actions, profile: Profile) -> Report:
    """Report where quotas bind."""
    quotas = list(use_quotas(actions, profile))
    rows = [
        [quota.name, f"{quota.limit:,}", f"{quota.demand:,.1f}", f"{quota.binds_at_users:,}", quota.remedy]
        for quota in quotas
    ]
    title = f"Quotas at the busiest time of {profile.users:,} users"
    head = ["quota", "limit", "asked for", "binds at users", "raised by"]
    values = [
        {"name": quota.name, "limit": quota.limit, "demand": quota.demand, "binds_at_users": quota.binds_at_users}
        for quota in quotas
    ]
    return "\n\n".join([title, format_table(head, rows)]), {"users": profile.users, "quotas": values}


def report_growth(actions: Actions, prices: PriceList, profile: Profile) -> Report:
    """Report the same kind of users, from ten connections to ten million."""
    sizes = list(grow(actions, prices, profile))
    rows = [
        [
            f"{size.connections:,}",
            f"{size.users:,}",
            write_dollars(size.dollars),
            f"{size.dollars / size.users:.3f}",
            f"{size.reconnects_per_s:,.1f}",
            f"{size.times:,.2f}",
            size.binding,
        ]
        for size in sizes
    ]
    title = f"From ten connections to ten million; prices of {prices.region}, {prices.date}"
    head = ["connections", "users", "$ a month", "$ a user", "reconnects/s", "times", "the quota that binds first"]
    return "\n\n".join([title, format_table(head, rows)]), {"sizes": [asdict(size) for size in sizes]}


def report_room(assumptions: Assumptions, members: int) -> Report:
    """Report what one room can take."""
    limits = list(limit_room(assumptions, members))
    rows = [[limit.what, f"{limit.a_second:,.2f}", limit.bound] for limit in limits]
    title = f"What one room of {members:,} can take in a second"
    values = [{"what": limit.what, "a_second": limit.a_second, "bound": limit.bound} for limit in limits]
    return "\n\n".join([title, format_table(["what", "a second", "because of"], rows)]), {
        "members": members,
        "limits": values,
    }


def _write_room(room: RoomCost, services: Sequence[str]) -> list[str]:
    together = [str(room.together), write_dollars(sum(room.together_bill.values())), f"{room.together_ratio:.3f}"]
    return [
        f"{room.members:,}",
        write_dollars(room.floor),
        *(write_dollars(room.bill[service]) for service in services),
        write_dollars(sum(room.bill.values())),
        f"{room.ratio:.3f}",
        *(together if room.together > 1 else ["-", "-", "-"]),
        write_dollars(room.transfer),
    ]
