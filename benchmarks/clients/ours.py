"""The functions' own fan-out, with a budget that never binds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

from benchmarks.clients.workload import BODY, Workload, measure, read_workload
from chat.aws.client import AwsClient, RequestBudget
from chat.aws.deadline import Deadline
from chat.aws.fan_out import ConcurrentFanOut


async def run(workload: Workload) -> None:
    """Do the workload."""
    client = _make_client(workload)
    await _post(client, workload)
    if workload.is_cold:
        await client.close()
        client = _make_client(workload)
    with measure():
        await _post(client, workload)
    await client.close()


def _make_client(workload: Workload) -> AwsClient:
    environment = {**os.environ, "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": workload.url}
    budget = RequestBudget(1e6, burst=1e6)
    return AwsClient.from_environment(
        "apigatewaymanagementapi", environment, max_connections=workload.concurrency, budget=budget
    )


async def _post(client: AwsClient, workload: Workload) -> None:
    async def pages() -> AsyncIterator[list[str]]:
        yield workload.connection_ids

    deadline = Deadline()
    deadline.start(600)
    fan_out = ConcurrentFanOut(client, deadline, concurrency=workload.concurrency)
    delivery = await fan_out.deliver(pages(), [BODY], {})
    assert delivery.delivered == workload.posts


if __name__ == "__main__":
    asyncio.run(run(read_workload()))
