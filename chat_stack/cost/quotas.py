"""Where the account's quotas bind, for users who do what a profile says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chat_stack.cost.actions import Actions
from chat_stack.cost.month import use_actions
from chat_stack.cost.prices import CostError
from chat_stack.cost.profile import Profile
from chat_stack.cost.usage import Usage

QUOTAS = Path(__file__).parent / "quotas.toml"


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """A quota, and what is asked of it at the busiest time."""

    name: str
    limit: float
    demand: float
    users: int
    remedy: str

    @property
    def binds_at_users(self) -> int:
        """How many users of that kind reach it."""
        return int(self.users * self.limit / self.demand)


def use_quotas(actions: Actions, profile: Profile, path: Path = QUOTAS) -> Iterator[QuotaUse]:
    """Compare the quotas with what a profile asks of them, those first that bind first.

    Args:
        actions: what each action uses.
        profile: how many users there are, and what they do.
        path: a file like quotas.toml.

    Raises:
        CostError: a quota is about something that is not known here.
    """
    demands = estimate_demands(actions, profile)
    quotas = []
    for entry in tomllib.loads(path.read_text())["quota"]:
        if entry["demand"] not in demands:
            raise CostError(f"{path}: demand must be one of {', '.join(demands)}, got {entry['demand']!r}")
        demand = demands[entry["demand"]]
        # What nobody asks for binds nowhere.
        if demand:
            quotas.append(QuotaUse(entry["name"], entry["limit"], demand, profile.users, entry["raise"]))
    yield from sorted(quotas, key=lambda quota: quota.binds_at_users)


def estimate_demands(actions: Actions, profile: Profile) -> dict[str, float]:
    """Return what is asked at the busiest time, by quota."""
    used = Usage()
    for usage in use_actions(actions, profile).values():
        used += usage
    counts = profile.count_actions()
    frames = sum(times for name, times in counts.items() if name in {"join", "send", "typing", "read", "sync", "ping"})
    # A user's month, squeezed into the time of being connected, gives the average rate.
    peak = profile.users * profile.peak_share * profile.peak_factor / profile.connected_s
    return {
        "connects": profile.users * profile.peak_share / (profile.rush_minutes * 60),
        "frames": frames * peak,
        "requests": used.api_messages * peak,
        "functions": used.compute_gb_s * 1024 / actions.assumptions.memory_mb * peak,
        "read_units": used.read_units * peak,
        "write_units": used.write_units * peak,
    }
