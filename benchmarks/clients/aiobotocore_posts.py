"""aiobotocore, all posts gathered; it runs in a virtual environment of its own."""

from __future__ import annotations

import asyncio
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

from benchmarks.clients.workload import BODY, Workload, measure, read_workload


async def run(workload: Workload) -> None:
    """Do the workload."""
    async with _make_client(workload) as first, _make_client(workload) as other:
        await _post(first, workload)
        client = other if workload.is_cold else first
        with measure():
            await _post(client, workload)


def _make_client(workload: Workload) -> Any:
    config = AioConfig(max_pool_connections=workload.concurrency)
    return get_session().create_client("apigatewaymanagementapi", endpoint_url=workload.url, config=config)


async def _post(client: Any, workload: Workload) -> None:
    posts = [
        client.post_to_connection(ConnectionId=connection_id, Data=BODY) for connection_id in workload.connection_ids
    ]
    assert len(await asyncio.gather(*posts)) == workload.posts


if __name__ == "__main__":
    asyncio.run(run(read_workload()))
