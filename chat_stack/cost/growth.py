"""The same kind of users, from ten connections to ten million: the bill, and the quota that binds first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chat_stack.cost.actions import Actions
from chat_stack.cost.month import cost_month
from chat_stack.cost.prices import PriceList
from chat_stack.cost.profile import Profile
from chat_stack.cost.quotas import use_quotas

CONNECTIONS = tuple(10**power for power in range(1, 8))
# API Gateway ends each connection then; whoever was connected comes back.
_LIFETIME_S = 2 * 3_600


@dataclass(frozen=True, slots=True)
class Growth:
    """A chat of one size.

    Attributes:
        connections: at the busiest time.
        users: in a month.
        dollars: for that month.
        reconnects_per_s: only because no connection lasts longer than two hours.
        binding: the quota that is needed most times over.
        times: how many of it; below 1, what an account begins with is enough.
    """

    connections: int
    users: int
    dollars: float
    reconnects_per_s: float
    binding: str
    times: float


def grow(actions: Actions, prices: PriceList, profile: Profile, sizes: Sequence[int] = CONNECTIONS) -> Iterator[Growth]:
    """Work out chats of several sizes.

    Args:
        actions: what each action uses.
        prices: what that costs.
        profile: what users do; how many there are follows from the connections.
        sizes: connections at the busiest time.
    """
    for connections in sizes:
        users = round(connections / profile.peak_share)
        grown = replace(profile, users=users, room_members=min(profile.room_members, connections))
        first = next(use_quotas(actions, grown))
        dollars = cost_month(actions, prices, grown).total
        times = first.demand / first.limit
        yield Growth(connections, users, dollars, connections / _LIFETIME_S, first.name, times)
