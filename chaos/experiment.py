"""An experiment: the load generator runs over a deployed stack while faults strike, and judges what its clients saw."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from chaos.faults import KINDS, Dealer, Fault, Kind, Request, Service
from chaos.functions import hasten_redelivery, redirect_functions
from chaos.proxy import Injection, Proxy
from chat_client.link import Timing
from chat_client.load.generator import Generator, Patience, Phase
from chat_client.load.plan import Plan
from chat_client.load.result import Result, build_result
from chat_client.sign_in import GuestSignIn
from local_aws.local import LocalAws

# Rooms of four are pushed to by the message function, those of five by the queue.
_INLINE_LIMIT = 4
_CLIENTS, _ROOMS = 9, 2
# A client that lost a reply or a push finds out by itself, and need not take minutes.
_TIMING = Timing(reply_s=3, sync_first_s=1, sync_least_s=4, sync_most_s=8, backoff_s=0.5, backoff_most_s=3)
# Nobody is made to connect again: whoever missed something has to notice.
_PATIENCE = Patience(connect_s=30, resume_s=float("inf"), give_up_s=20)

Follow = Callable[[Generator], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an experiment.

    Attributes:
        result: the judgement of the load generator.
        injected: how often what went wrong.
        passed: how many requests nothing went wrong with.
    """

    result: Result
    injected: Counter[Injection]
    passed: int

    def count(self, service: Service, kind: Kind) -> int:
        """Count the faults of a kind that requests to a service had."""
        return sum(times for each, times in self.injected.items() if (each.service, each.kind) == (service, kind))

    def count_kills(self) -> Counter[str]:
        """Count how often each function was killed."""
        kills: Counter[str] = Counter()
        for each, times in self.injected.items():
            kills[each.function] += times if each.kind is Kind.KILLED else 0
        return +kills

    def list_missing(self) -> list[str]:
        """List the kinds of faults that the run was to have and did not: it says nothing about them."""
        missing = [
            f"{service.value} {kind.value}"
            for service, kinds in KINDS.items()
            for kind in kinds
            if not self.count(service, kind)
        ]
        return missing + [f"{name} killed" for name in ("message", "deliver") if not self.count_kills()[name]]


def make_plan(*, seconds: float, seed: int, rate: float = 3) -> Plan:
    """Make a plan of what MiniStack can take on one machine, for rooms of either way of pushing."""
    return Plan(
        run=secrets.token_hex(4),
        clients=_CLIENTS,
        rooms=_ROOMS,
        rate=rate,
        duration_s=seconds,
        ramp=6,
        # One connection in three seconds is cut without a word.
        reconnects=222,
        seed=seed,
    )


async def _show_nothing(_generator: Generator) -> None:
    """Follow a run without a word."""


async def experiment(local: LocalAws, plan: Plan, dealer: Dealer, *, follow: Follow = _show_nothing) -> Outcome:
    """Run a plan while faults strike, until they end with its sending, and everybody has caught up or can't.

    Args:
        local: a run with guests, whose functions are changed in the meantime.
        plan: what the clients do.
        dealer: deals the faults out.
        follow: shows the run, until it is cancelled.
    """
    url = local.urls["ticket"]
    sign_ins = [GuestSignIn(url, f"chaos {index}") for index in range(plan.clients)]
    generator = Generator(plan, sign_ins, timing=_TIMING, patience=_PATIENCE)
    started_at = datetime.now(UTC)

    async def kill(function: str) -> None:
        await asyncio.to_thread(local.kill_function, function)

    def choose(request: Request) -> Fault | None:
        # While the clients catch up, nothing goes wrong any more.
        return None if generator.phase is Phase.CATCH_UP else dealer.choose(request)

    async with Proxy(local.endpoint, kill) as proxy:
        with hasten_redelivery(local), redirect_functions(local, proxy, {"INLINE_LIMIT": str(_INLINE_LIMIT)}):
            # MiniStack starts a process for each request that finds a function cold: one does.
            await asyncio.to_thread(sign_ins[0])
            proxy.choose = choose
            following = asyncio.ensure_future(follow(generator))
            try:
                await generator.run()
            finally:
                following.cancel()
                await asyncio.wait([following])
    return Outcome(build_result(generator, url=url, started_at=started_at), proxy.injected, proxy.passed)
