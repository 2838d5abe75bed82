"""Chaos on the deployed stack, in a short form; and clients that do not read."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from typing import Any

import websocket

from chaos.experiment import experiment, make_plan
from chaos.faults import Dealer, Fault, Kind, Request
from chaos.functions import hasten_redelivery, redirect_functions
from chaos.proxy import Proxy
from chat_client import GuestSignIn
from local_aws.local import LocalAws
from tests.e2e.conftest import Connect

SECONDS = 10
# On a busy machine; what waits for the one who hangs takes six.
PROMPT_S = 2.5


async def test_nothing_is_lost_duplicated_or_out_of_order_among_faults(deployed: LocalAws) -> None:
    dealer = Dealer(1, every=40, kill_every_s=1.5)
    outcome = await experiment(deployed, make_plan(seconds=SECONDS, seed=1), dealer)
    result = outcome.result
    assert result["faults"] == {"lost": 0, "duplicated": 0, "out_of_order": 0, "absent": 0, "refused": {}}
    assert result["counts"]["shown"] == result["counts"]["expected"] > 100
    assert (result["passed"], outcome.list_missing()) == (True, [])


def test_a_client_that_stops_reading_delays_nobody(deployed: LocalAws, connect: Connect, room: str) -> None:
    ada, bob = connect("ada"), connect("bob")
    deaf = websocket.create_connection(
        GuestSignIn(deployed.urls["ticket"], "deaf")().url,
        sockopt=((socket.SOL_SOCKET, socket.SO_RCVBUF, 1024),),
    )
    deaf.send(json.dumps({"action": "join", "room": room}))
    deaf.recv()
    ada.ask("join", room=room)
    bob.ask("join", room=room)
    for number in range(15):
        sent_s = time.monotonic()
        ada.ask("send", room=room, text=f"{number} ".ljust(8000, "x"))
        assert bob.pushed("message")["seq"] == number + 1
        assert time.monotonic() - sent_s < PROMPT_S
    deaf.close(timeout=0)


async def test_a_connection_that_hangs_delays_nobody_and_is_told_later(
    deployed: LocalAws, connect: Connect, room: str
) -> None:
    ada, bob, slow = connect("ada"), connect("bob"), connect("slow")
    for each in (ada, bob, slow):
        await asyncio.to_thread(each.ask, "join", room=room)
    path = f"/@connections/{find_connection(deployed, room, slow.user)}"
    is_hanging = True

    def choose(request: Request) -> Fault | None:
        return Fault(Kind.SLOW, delay_s=30) if is_hanging and request.path.endswith(path) else None

    async with Proxy(deployed.endpoint, never_kill) as proxy:
        proxy.choose = choose
        with hasten_redelivery(deployed), redirect_functions(deployed, proxy, {}):
            await asyncio.to_thread(ada.ask, "history", room=room, after=0)
            sent_s = time.monotonic()
            asking = asyncio.create_task(asyncio.to_thread(ada.ask, "send", room=room, text="hi", after=0))
            assert (await asyncio.to_thread(bob.pushed, "message"))["text"] == "hi"
            assert time.monotonic() - sent_s < PROMPT_S
            assert (await asking)["type"] == "ack"
            is_hanging = False
            assert (await asyncio.to_thread(slow.pushed, "message"))["text"] == "hi"
    assert {each.kind for each in proxy.injected} == {Kind.SLOW}


async def never_kill(_function: str) -> None:
    raise AssertionError


def find_connection(local: LocalAws, room: str, user: str) -> str:
    client = local.session.client("dynamodb", endpoint_url=local.endpoint)
    rows: list[dict[str, Any]] = client.scan(TableName=local.outputs["ConnectionsTableName"])["Items"]
    found: list[str] = [
        row["connectionId"]["S"] for row in rows if row["room"]["S"] == room and row["user"]["S"] == user
    ]
    return found[0]
