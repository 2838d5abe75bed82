"""Pushing to clients through @connections, from within the invocation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from math import inf
from urllib.parse import quote

from chat.aws.client import AwsClient, AwsUnavailable, Payload
from chat.aws.deadline import Deadline
from chat.domain.ports import Delivery

# Slow and throttled clients together may not hold back the sender's ack for longer.
_RETRIES_S = 3.0
_REACHED, _GONE = 200, 410


class InlineFanOut:
    """The `FanOut` port: concurrent posts, as many at a time as the client has connections."""

    def __init__(self, client: AwsClient, deadline: Deadline, *, concurrency: int) -> None:
        self._client = client
        self._deadline = deadline
        self._concurrency = concurrency

    async def deliver(self, connection_ids: Sequence[str], frame: bytes) -> Delivery:
        """One POST for each connection, and more for those that are throttled, once all others are served."""
        payload = Payload(frame)
        statuses = await self._post_all(connection_ids, payload, self._deadline.within(inf), is_retried=False)
        missed = [each for each, status in statuses.items() if status not in (_REACHED, _GONE)]
        statuses |= await self._post_all(missed, payload, self._deadline.within(_RETRIES_S), is_retried=True)
        reached = sum(status == _REACHED for status in statuses.values())
        gone = [each for each, status in statuses.items() if status == _GONE]
        return Delivery(reached, gone, len(statuses) - reached - len(gone))

    async def close(self, connection_ids: Sequence[str]) -> None:
        """One DELETE for each connection. Whose socket can't be closed now has lost its rows, and can do nothing."""
        deadline = self._deadline.within(_RETRIES_S)
        requests = [
            self._client.send("DELETE", _path(connection_id), Payload(), deadline=deadline)
            for connection_id in connection_ids
        ]
        await asyncio.gather(*requests, return_exceptions=True)

    async def _post_all(
        self, connection_ids: Sequence[str], payload: Payload, deadline: float, *, is_retried: bool
    ) -> dict[str, int | None]:
        """Post to connections; return the final status of each, None where there was none in time."""
        waiting = iter(connection_ids)
        statuses: dict[str, int | None] = {}

        async def work() -> None:
            for connection_id in waiting:
                try:
                    reply = await self._client.send(
                        "POST", _path(connection_id), payload, deadline=deadline, is_retried=is_retried
                    )
                    statuses[connection_id] = reply.status
                except AwsUnavailable:
                    statuses[connection_id] = None

        await asyncio.gather(*(work() for _ in range(min(self._concurrency, len(connection_ids)))))
        return statuses


def _path(connection_id: str) -> str:
    return f"/@connections/{quote(connection_id, safe='')}"
