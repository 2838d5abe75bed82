"""A container of a function: the chat's own composition root and adapters, on the simulated services.

The handlers' own work runs in it: they reach their container by its name in their module, and find that of the running
invocation.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any
from unittest.mock import patch

from chat.aws.client import AwsClient
from chat.domain.chat import Caller
from chat.handlers import container as composition
from chat.handlers.container import Container, Event
from chat.protocol.errors import ChatError
from tests.simulation.chance import Dice
from tests.simulation.dynamodb import EPOCH_S
from tests.simulation.functions import Invocation, Work
from tests.simulation.loop import VirtualLoop
from tests.simulation.network import SimulatedClient
from tests.unit.handlers.environment import ENVIRONMENT as VARIABLES

CONNECTIONS, ROOMS = "Connections", "Rooms"
GROUPS_CLAIM, MODERATORS = "groups", "moderators"
ENVIRONMENT = {
    **VARIABLES,
    "CONNECTIONS_TABLE": CONNECTIONS,
    "ROOMS_TABLE": ROOMS,
    "SIGN_IN": "jwt",
    "ALLOWED_ORIGINS": "",
    "GROUPS_CLAIM": GROUPS_CLAIM,
    "MODERATOR_GROUP": MODERATORS,
}
_WORKS = {
    "connect": "_connect",
    "disconnect": "_disconnect",
    "message": "_answer",
    "ticket": "_issue",
    "deliver": "_deliver",
    "publish": "_publish",
}


class Clock:
    """A container's clock, which need not be right."""

    def __init__(self, loop: VirtualLoop, dice: Dice) -> None:
        self._loop = loop
        self.offset_s = dice.uniform(-0.2, 0.2)

    def now_ms(self) -> int:
        """Tell what it shows."""
        return round((EPOCH_S + self._loop.time() + self.offset_s) * 1000)


class SimulatedSurroundings:
    """The `Surroundings` port: the container's clock, the invocation's dice."""

    def __init__(self, clock: Clock) -> None:
        self.now_ms = clock.now_ms

    def jitter(self) -> float:
        """Roll the dice."""
        return Invocation.running().dice.random()

    def token(self) -> str:
        """Make 64 random bits."""
        return Invocation.running().dice.token()

    def secret(self) -> str:
        """Make a word that nobody guesses."""
        return f"{self.token()}{self.token()}"

    async def sleep(self, seconds: float) -> None:
        """Wait in virtual time; a fault may strike after that."""
        await asyncio.sleep(seconds)
        await Invocation.running().pass_fault()


class SimulatedContainer(Container):
    """One container: the chat as the composition root puts it together, on simulated services and with a wrong clock.

    Args:
        loop: the world's.
        clients: the services, by their names.
        variables: of the environment, beside `ENVIRONMENT`.
        dice: for the clock.
    """

    def __init__(
        self, loop: VirtualLoop, clients: Mapping[str, SimulatedClient], variables: Mapping[str, str], dice: Dice
    ) -> None:
        self.clock = Clock(loop, dice)
        with (
            patch.object(AwsClient, "from_environment", lambda service, *_, **__: clients[service]),
            patch.object(composition, "SystemSurroundings", lambda: SimulatedSurroundings(self.clock)),
            patch.object(asyncio, "new_event_loop", lambda: loop),
        ):
            super().__init__({**ENVIRONMENT, **variables})

    def invoke(self, *_: object, **__: object) -> dict[str, Any]:
        """Refuse: it would run the loop, which runs already; `run` is for that."""
        raise NotImplementedError

    async def run(self, invocation: Invocation, work: Work, caller: Caller, event: Event, remaining_s: float) -> None:
        """Run one invocation to its end, as `chat.handlers.container.Container.invoke` does."""
        self._deadline.start(remaining_s)
        if invocation.dice.strikes("clock jumps"):
            self.clock.offset_s = invocation.dice.uniform(-20, 20)
        response, failure = None, None
        try:
            response = (await work(caller, event)).response
        except ChatError:
            pass
        except Exception as error:  # noqa: BLE001 - whoever looks on judges it
            failure = error
        # No `finally`: what has crashed does no more.
        leftovers = [task for task in invocation.list_running() if task is not asyncio.current_task()]
        for task in leftovers:
            task.cancel()
        await asyncio.gather(*leftovers, return_exceptions=True)
        invocation.end(response, failure)


class _RunningContainer:
    """The container of the invocation whose code asks."""

    def __getattr__(self, name: str) -> Any:
        return getattr(Invocation.running().container, name)


@lru_cache(maxsize=1)
def load_works() -> dict[str, Work]:
    """Import the handlers with containers of the simulation, and leave the process's own imports as they were."""
    works: dict[str, Work] = {}
    with patch.dict(os.environ, ENVIRONMENT), patch.dict(sys.modules):
        for function, name in _WORKS.items():
            sys.modules.pop(f"chat.handlers.{function}", None)
            module = import_module(f"chat.handlers.{function}")
            module.container.close()
            module.container = _RunningContainer()  # type: ignore[attr-defined]
            works[function] = getattr(module, name)
    return works
