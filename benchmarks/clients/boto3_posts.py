"""boto3, sequential for a concurrency of one, else with that many threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

from benchmarks.clients.workload import BODY, Workload, measure, read_workload


def run(workload: Workload) -> None:
    """Do the workload."""
    client = _make_client(workload)
    with ThreadPoolExecutor(workload.concurrency) as pool:
        map_all = map if workload.concurrency == 1 else pool.map
        _post(client, workload, map_all)
        if workload.is_cold:
            client = _make_client(workload)
        with measure():
            _post(client, workload, map_all)


def _make_client(workload: Workload) -> Any:
    config = Config(max_pool_connections=workload.concurrency)
    return boto3.Session().client("apigatewaymanagementapi", endpoint_url=workload.url, config=config)


def _post(client: Any, workload: Workload, map_all: Callable[..., Any]) -> None:
    def post(connection_id: str) -> None:
        client.post_to_connection(ConnectionId=connection_id, Data=BODY)

    assert len(list(map_all(post, workload.connection_ids))) == workload.posts


if __name__ == "__main__":
    run(read_workload())
