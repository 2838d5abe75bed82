"""The loopback server, and the environment in which it is trusted."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from benchmarks.loopback import keep_awake, make_environment, run_server
from benchmarks.server import Settings
from chat.aws.client import AwsClient, Payload, opening
from chat.aws.client.authorities import Authorities


async def post(url: str, count: int) -> list[float]:
    """Post so often, one after the other; return how long each took, in seconds."""
    client = AwsClient.from_environment(
        "apigatewaymanagementapi", {**make_environment(), "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": url}
    )
    took_s = []
    for _ in range(count):
        started_s = time.perf_counter()
        deadline = asyncio.get_running_loop().time() + 10
        assert (await client.send("POST", "/@connections/x", Payload(b"b"), deadline=deadline)).status == 200
        took_s.append(time.perf_counter() - started_s)
    await client.close()
    return took_s


def list_children() -> list[int]:
    """List the processes that this one has started and that run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def test_whoever_keeps_a_processor_awake_gives_way_and_ends() -> None:
    before = list_children()
    with keep_awake():
        started = [pid for pid in list_children() if pid not in before]
        assert [os.sched_getscheduler(pid) for pid in started] == [os.SCHED_IDLE] * 2
    assert list_children() == before


def test_each_reply_is_late_and_some_are_later() -> None:
    make_environment()
    with run_server(Settings(delay_s=0.01, slow_every=3, slow_s=0.1), is_tls=False) as url:
        took_s = asyncio.run(post(url, 6))
    assert all(late_s > 0.009 for late_s in took_s)
    assert [late_s > 0.09 for late_s in took_s[2::3]] == [True, True]
    assert min(took_s) < 0.09


def test_over_tls_it_is_trusted_by_who_has_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", make_environment()["SSL_CERT_FILE"])
    monkeypatch.setattr(opening, "AUTHORITIES", Authorities())
    with run_server(Settings(), is_tls=True) as url:
        assert url.startswith("https://")
        assert len(asyncio.run(post(url, 2))) == 2
