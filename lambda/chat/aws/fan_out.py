"""Pushing to clients through @connections, from within the invocation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from chat.aws.client import AwsClient, AwsUnavailable, Payload
from chat.aws.deadline import Deadline
from chat.domain.ports import Delivery

# One slow or throttled client may not hold back the sender's ack for longer.
_POST_S = 3.0


class InlineFanOut:
    """The `FanOut` port: concurrent posts, as many at a time as the client has connections."""

    def __init__(self, client: AwsClient, deadline: Deadline, *, concurrency: int) -> None:
        self._client = client
        self._deadline = deadline
        self._concurrency = concurrency

    async def deliver(self, connection_ids: Sequence[str], frame: bytes) -> Delivery:
        """One POST for each connection; the frame is hashed once."""
        payload = Payload(frame)
        waiting = iter(connection_ids)
        gone: list[str] = []
        delivered = failed = 0

        async def work() -> None:
            nonlocal delivered, failed
            for connection_id in waiting:
                status = await self._post(connection_id, payload)
                if status == 410:
                    gone.append(connection_id)
                elif status == 200:
                    delivered += 1
                else:
                    failed += 1

        await asyncio.gather(*(work() for _ in range(min(self._concurrency, len(connection_ids)))))
        return Delivery(delivered, gone, failed)

    async def _post(self, connection_id: str, payload: Payload) -> int | None:
        """Return the final status; None where there was none in time."""
        path = f"/@connections/{quote(connection_id, safe='')}"
        try:
            reply = await self._client.send("POST", path, payload, deadline=self._deadline.within(_POST_S))
        except AwsUnavailable:
            return None
        return reply.status
