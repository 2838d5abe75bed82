"""A run from its first connect to its verdict: connect everybody, send, let everybody catch up."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum

from chat_client.link import Timing
from chat_client.load.client import LoadClient
from chat_client.load.judge import Judge
from chat_client.load.plan import Plan
from chat_client.load.ramp import Ramp
from chat_client.load.recorder import Recorder
from chat_client.sign_in import SignIn

# Each is a sign-in that is on its way.
_THREADS = 64
_SAMPLES_MOST = 300
_POLL_S = 0.05


class Phase(Enum):
    """What a run is doing."""

    CONNECT = "connecting"
    SEND = "sending"
    CATCH_UP = "catching up"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run waits where nothing goes on, in seconds.

    Attributes:
        connect_s: for another client to enter its rooms.
        resume_s: for another message to be shown, before the clients that miss some are made to connect again. Pushes
            may be missed; a client by itself would ask after minutes.
        give_up_s: for another message to be shown or acked, before what is missing counts as lost.
    """

    connect_s: float = 60
    resume_s: float = 5
    give_up_s: float = 30


class Generator:
    """Runs a plan.

    Args:
        plan: what to do.
        sign_ins: how each client signs in.
        timing: how long the clients wait for what.
        patience: how long the run does.

    Attributes:
        recorder: what has been measured so far.
        judge: what it was told so far.
        phase: what the run is doing.
        phase_started_s: since when, as `recorder.elapsed_s` tells it.
        resumed: clients that missed a push at the end, and had to connect again.
    """

    def __init__(
        self, plan: Plan, sign_ins: Sequence[SignIn], *, timing: Timing | None = None, patience: Patience | None = None
    ) -> None:
        self.plan = plan
        self.judge = Judge(plan.list_members())
        self.recorder = Recorder(self.judge, time.monotonic)
        self.phase = Phase.CONNECT
        self.phase_started_s = 0.0
        self.resumed = 0
        self._patience = patience or Patience()
        # No secrets: who sends where is to be the same for the same seed.
        self._dice = random.Random(plan.seed)  # noqa: S311
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sign-in")
        self._stopped = asyncio.Event()
        ramp = Ramp(plan.ramp)
        self._clients = [
            LoadClient(
                index,
                plan.list_rooms(index),
                sign_in,
                threads=self._threads,
                ramp=ramp,
                recorder=self.recorder,
                timing=timing,
            )
            for index, sign_in in enumerate(sign_ins)
        ]

    def stop(self) -> None:
        """Connect and send no more; everybody still catches up."""
        self._stopped.set()

    @property
    def was_stopped(self) -> bool:
        """Whether it ends before its time."""
        return self._stopped.is_set()

    async def run(self) -> None:
        """Run the plan, until nothing is missing or nothing comes any more."""
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(client.run()) for client in self._clients]
                sampling = tasks.create_task(self._sample())
                await self._connect()
                self._enter(Phase.SEND)
                cutting = tasks.create_task(self._cut())
                await self._send()
                cutting.cancel()
                self._enter(Phase.CATCH_UP)
                await self._catch_up()
                self.recorder.sample()
                for task in (sampling, *running):
                    task.cancel()
        finally:
            self._threads.shutdown(cancel_futures=True)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.phase_started_s = self.recorder.elapsed_s

    async def _connect(self) -> None:
        """Wait until every client is in its rooms or is refused, or nobody else gets there."""
        counts = self.recorder.counts
        ready, since_s = counts.ready, time.monotonic()
        while any(not client.is_ready and not client.has_ended for client in self._clients):
            if counts.ready > ready:
                ready, since_s = counts.ready, time.monotonic()
            if time.monotonic() - since_s > self._patience.connect_s or await self._pause(_POLL_S):
                return

    async def _send(self) -> None:
        """Send at an even rate, from all clients in turn; what was late is made up for."""
        senders = [client for client in self._clients if client.is_ready]
        self._dice.shuffle(senders)
        started_s = time.monotonic()
        for nth in range(round(self.plan.rate * self.plan.duration_s) if senders else 0):
            due_s = started_s + nth / self.plan.rate
            if await self._pause(due_s - time.monotonic()):
                return
            sender = senders[nth % len(senders)]
            sender.send(self._dice.choice(sender.rooms), self.plan.text_bytes, due_s)

    async def _cut(self) -> None:
        if not self.plan.cuts_per_second:
            return
        # Dice of its own: when a cut comes between two messages depends on the machine.
        dice = random.Random(self.plan.seed + 1)  # noqa: S311
        while not await self._pause(1 / self.plan.cuts_per_second):
            self.recorder.counts.cuts += dice.choice(self._clients).cut()

    async def _catch_up(self) -> None:
        """Wait until everybody was shown everything, or nothing comes any more."""
        counts = self.recorder.counts
        before, since_s, resume_s = (0, 0), time.monotonic(), self._patience.resume_s
        while any(client.unanswered for client in self._clients) or self.judge.list_lagging():
            now_s = time.monotonic()
            if (counts.shown, counts.acked) != before:
                before, since_s, resume_s = (counts.shown, counts.acked), now_s, self._patience.resume_s
            elif now_s - since_s > self._patience.give_up_s:
                return
            elif now_s - since_s > resume_s:
                resume_s = self._patience.give_up_s
                self.resumed += sum(self._clients[index].cut() for index in self.judge.list_lagging())
            await asyncio.sleep(_POLL_S)

    async def _sample(self) -> None:
        interval_s = max(1.0, self.plan.duration_s / _SAMPLES_MOST)
        while True:
            await asyncio.sleep(interval_s)
            self.recorder.sample()

    async def _pause(self, wait_s: float) -> bool:
        """Wait, but at least let the others go on; say whether the run was stopped."""
        try:
            async with asyncio.timeout(max(0.0, wait_s)):
                await self._stopped.wait()
        except TimeoutError:
            return False
        return True
