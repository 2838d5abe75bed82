"""A month's bill for so many users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chat_stack.cost.actions import Actions
from chat_stack.cost.prices import PriceList
from chat_stack.cost.profile import Profile
from chat_stack.cost.usage import Usage

_ABOUT_ROOMS = {"$disconnect", "sync"}
_GB = 1e9
# Our own in CloudWatch, and an idle queue that Lambda asks 15 times a minute.
_EVERY_MONTH = Usage(metrics=5, queue_requests=15 * 60 * 24 * 30)


@dataclass(frozen=True, slots=True)
class MonthCost:
    """A month, in dollars: by what users do, and by service."""

    by_action: Mapping[str, float]
    by_service: Mapping[str, float]

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.by_service.values())


def use_actions(actions: Actions, profile: Profile) -> dict[str, Usage]:
    """Return what one user's actions of a month use, by action."""

    def use(name: str) -> Usage:
        if name == "ping":
            # API Gateway answers by itself: two messages, and nothing else.
            return Usage(api_messages=2)
        if name == "send":
            return actions.send(profile.room_members)
        return actions.use(name, profile.room_members, profile.rooms if name in _ABOUT_ROOMS else 1)

    return {name: use(name) * times for name, times in profile.count_actions().items()}


def cost_month(actions: Actions, prices: PriceList, profile: Profile) -> MonthCost:
    """Work out a month's bill.

    Args:
        actions: what each action uses.
        prices: what that costs.
        profile: how many users there are, and what they do.
    """
    sends = profile.sends_a_day * profile.days
    used = {name: usage * profile.users for name, usage in use_actions(actions, profile).items()}
    used["being connected"] = Usage(connection_minutes=profile.connected_s / 60) * profile.users
    stored_gb = sends * profile.months_kept * actions.assumptions.frame_bytes / _GB
    used["stored messages"] = Usage(stored_gb_months=stored_gb) * profile.users
    used["being there"] = _EVERY_MONTH
    total = Usage()
    for usage in used.values():
        total += usage
    bill = prices.charge(total)
    alone = {name: sum(prices.charge(usage).values()) for name, usage in used.items()}
    # What is bought in bulk costs less than each part of it alone.
    share = sum(bill.values()) / sum(alone.values())
    return MonthCost({name: dollars * share for name, dollars in alone.items()}, bill)
