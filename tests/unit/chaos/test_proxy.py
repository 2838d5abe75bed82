"""The proxy, between the functions' own client and a scripted service."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import pytest

from chaos.faults import Fault, Kind, Request, Service
from chaos.proxy import Injection, Proxy
from chat.aws.client import AwsClient, AwsUnavailable, Payload
from chat.aws.client.credentials import find_credentials
from chat.aws.client.environment import Endpoint
from tests.unit.aws_client.servers import ScriptedServer, answer_with, reply, serve

KEYS = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
OK = reply(200, b'{"Items":[]}')


class Chaos:
    """A proxy before a service: each request meets the next of the planned faults, and once there is none passes."""

    def __init__(self, service: ScriptedServer) -> None:
        self.service = service
        self.planned: list[Fault] = []
        self.killed: list[str] = []
        self.proxy = Proxy(service.url, self.kill)
        self.clients: list[AwsClient] = []

    def choose(self, request: Request) -> Fault | None:
        return self.planned.pop(0) if self.planned else None

    async def kill(self, function: str) -> None:
        self.killed.append(function)

    def connect(self, service: str, function: str = "message", path: str = "") -> AwsClient:
        endpoint = Endpoint.from_url(self.proxy.find_url(function) + path)
        self.clients.append(AwsClient(service, endpoint, "eu-west-1", find_credentials(KEYS)))
        return self.clients[-1]

    async def call(self, *planned: Fault) -> None:
        """Call DynamoDB until there is an answer, or five seconds have passed."""
        self.planned = list(planned)
        deadline = asyncio.get_running_loop().time() + 5
        assert await self.connect("dynamodb").call("Query", {"n": 1}, deadline=deadline) == {"Items": []}

    def list_injected(self) -> Counter[Kind]:
        return Counter({each.kind: times for each, times in self.proxy.injected.items()})


@asynccontextmanager
async def run(*answers: bytes) -> AsyncIterator[Chaos]:
    async with serve(answer_with(*answers or [OK])) as service:
        chaos = Chaos(service)
        async with chaos.proxy:
            chaos.proxy.choose = chaos.choose
            yield chaos
            for client in chaos.clients:
                await client.close()


async def test_without_faults_everything_passes_unchanged() -> None:
    async with run() as chaos:
        await chaos.call()
        (request,) = chaos.service.requests
    assert (request.method, request.path, request.body) == ("POST", "/", b'{"n":1}')
    assert request.headers["x-amz-target"] == "DynamoDB_20120810.Query"
    assert (chaos.proxy.passed, chaos.proxy.injected) == (1, {})


async def test_before_it_is_told_nothing_goes_wrong() -> None:
    async with serve(answer_with(OK)) as service:
        chaos = Chaos(service)
        async with chaos.proxy:
            await chaos.call(Fault(Kind.FAILED))
            await chaos.clients[0].close()
    assert chaos.proxy.injected == {}


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        (Kind.THROTTLED, 1),
        (Kind.FAILED, 1),
        (Kind.REQUEST_LOST, 1),
        (Kind.REPLY_LOST, 2),
        (Kind.KILLED, 2),
    ],
)
async def test_a_fault_costs_an_attempt_and_is_counted(kind: Kind, reached: int) -> None:
    async with run() as chaos:
        await chaos.call(Fault(kind))
        assert len(chaos.service.requests) == reached
    assert chaos.proxy.injected == {Injection("message", Service.DYNAMODB, kind): 1}
    assert (chaos.proxy.passed, chaos.killed) == (1, ["message"] if kind is Kind.KILLED else [])


async def test_what_is_slow_arrives_once_and_late() -> None:
    async with run() as chaos:
        started_s = time.monotonic()
        await chaos.call(Fault(Kind.SLOW, delay_s=0.1))
        assert time.monotonic() - started_s >= 0.1
        assert len(chaos.service.requests) == 1


async def test_a_connection_that_is_said_to_be_gone_is_ended_first() -> None:
    async with run(reply(204)) as chaos:
        chaos.planned = [Fault(Kind.GONE)]
        client = chaos.connect("apigatewaymanagementapi", "deliver", "/prod")
        deadline = asyncio.get_running_loop().time() + 5
        answered = await client.send("POST", "/@connections/c%3D", Payload(b"{}"), deadline=deadline)
        (request,) = chaos.service.requests
    assert (answered.status, answered.headers["x-amzn-errortype"]) == (410, "GoneException")
    assert (request.method, request.path, request.body) == ("DELETE", "/prod/@connections/c%3D", b"")
    assert chaos.proxy.injected == {Injection("deliver", Service.CONNECTIONS, Kind.GONE): 1}


async def test_a_service_that_closes_its_connections_is_reached_all_the_same() -> None:
    async with run(OK, b"", OK) as chaos:
        for _ in range(3):
            await chaos.call()


async def test_a_service_that_is_away_is_told_by_a_cut() -> None:
    async with serve(answer_with(OK)) as service:
        pass
    async with Proxy(service.url, Chaos(service).kill) as proxy:
        client = AwsClient("dynamodb", Endpoint.from_url(proxy.find_url("message")), "r", find_credentials(KEYS))
        with pytest.raises(AwsUnavailable, match=r"reset|closed|ended"):
            await client.call("Query", {}, deadline=asyncio.get_running_loop().time() + 0.3)
        await client.close()


async def test_its_end_does_not_wait_for_those_that_are_slow() -> None:
    async with run() as chaos:
        chaos.planned = [Fault(Kind.SLOW, delay_s=60)] * 2
        with pytest.raises(AwsUnavailable):
            await chaos.connect("dynamodb").call("Query", {}, deadline=asyncio.get_running_loop().time() + 0.2)
        started_s = time.monotonic()
    assert time.monotonic() - started_s < 1


@pytest.mark.parametrize("turns", range(5))
async def test_its_end_closes_a_connection_that_has_just_come(turns: int) -> None:
    """One that is left open is a ResourceWarning, which fails the test."""
    async with run() as chaos:
        address = urlsplit(chaos.proxy.find_url("message"))
        # It waits to be accepted: the event loop has had no turn.
        with socket.create_connection((str(address.hostname), address.port or 0)) as late:
            for _ in range(turns):
                await asyncio.sleep(0)
            await chaos.proxy.__aexit__(None, None, None)
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            late.settimeout(1)
            # One that was never accepted is reset, the others end.
            with suppress(ConnectionResetError):
                assert late.recv(1) == b""
    gc.collect()
