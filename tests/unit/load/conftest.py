"""What the tests of the clients and of whole runs share."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat_client.events import Member
from chat_client.link import Timing
from chat_client.load.generator import Generator, Patience
from chat_client.load.judge import Judge
from chat_client.load.plan import Plan
from chat_client.load.recorder import Recorder
from chat_client.sign_in import Admission, SignIn
from tests.unit.load.chat import ScriptedChat

FAST = Timing(gap_s=0.02, reply_s=0.3, sync_first_s=60, backoff_s=0.02)
# Where everything comes, nobody waits so long.
PATIENT = Patience(connect_s=20, resume_s=0.2, give_up_s=20)
IMPATIENT = Patience(connect_s=0.5, resume_s=0.2, give_up_s=0.5)


def admit(url: str, name: str) -> SignIn:
    """Signs everybody in, with a ticket that says who they are."""
    return lambda: Admission(f"{url}?ticket={name}", Member(name, name))


def make_generator(chat: ScriptedChat, plan: Plan, patience: Patience = PATIENT) -> Generator:
    """Make a run against a scripted chat, with short waits."""
    sign_ins = [admit(chat.url, f"user{index}") for index in range(plan.clients)]
    return Generator(plan, sign_ins, timing=FAST, patience=patience)


@pytest.fixture
async def chat() -> AsyncIterator[ScriptedChat]:
    """A chat where nothing goes wrong."""
    async with ScriptedChat() as chat:
        yield chat


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Where clients sign in."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.fixture
def make_recorder() -> Callable[..., Recorder]:
    """Makes recorders of one room with some clients."""
    return lambda clients=1: Recorder(Judge({"den": range(clients)}), time.monotonic)
