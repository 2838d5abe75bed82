"""Pushing to clients through @connections, from within the invocation."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Mapping, Sequence
from functools import lru_cache
from math import inf
from urllib.parse import quote

from chat.aws.client import AwsClient, AwsUnavailable, Payload, Reply
from chat.aws.deadline import Deadline
from chat.domain.ports import Delivery

# Slow and throttled clients together may not hold back the sender's ack for longer.
_RETRIES_S = 3.0
# What is left for what has to be done about those who could not be reached: they may be many.
_AFTER_S = 2.0
# A hint that comes later is of no use to anybody.
_HINT_S = 1.0
# More than can leave while the next page is read; a room of a hundred thousand is not to stand in memory.
_WAITING_MOST = 1_000
_REACHED, _GONE = 200, 410


class ConcurrentFanOut:
    """The `FanOut` port: concurrent posts, as many at a time as the client has connections."""

    def __init__(self, client: AwsClient, deadline: Deadline, *, concurrency: int) -> None:
        self._client = client
        self._deadline = deadline
        self._concurrency = concurrency

    async def deliver(
        self,
        pages: AsyncIterable[Sequence[str]],
        frames: Sequence[bytes],
        instead: Mapping[str, Sequence[bytes]],
        *,
        is_hint: bool = False,
    ) -> Delivery:
        """One POST for each connection and frame, and more for those that are throttled, once all others are served.

        A POST that broke may have arrived all the same. It is repeated: clients drop what they have, by its number.
        """
        work = _Work([Payload(frame) for frame in frames], _make_payloads(instead))
        await self._post_once(pages, work, _HINT_S if is_hint else inf)
        if not is_hint:
            missed, work.missed = work.missed, []
            await self._post_again(missed, work)
        return Delivery(work.reached, work.gone, [connection_id for connection_id, _ in work.missed])

    async def close(self, connection_ids: Sequence[str]) -> None:
        """One DELETE for each connection. Whose socket can't be closed now has lost its rows, and can do nothing."""
        deadline = self._deadline.within(_RETRIES_S, leaving_s=_AFTER_S)
        requests = [
            self._client.send("DELETE", _path(connection_id), Payload(), deadline=deadline)
            for connection_id in connection_ids
        ]
        await asyncio.gather(*requests, return_exceptions=True)

    async def _post_once(self, pages: AsyncIterable[Sequence[str]], work: _Work, seconds: float) -> None:
        def post(target: _Target) -> None:
            connection_id, done = target
            payloads = work.select(connection_id)
            if done < len(payloads):
                volley.add(target, self._client.prepare("POST", _path(connection_id), payloads[done]))

        def take(target: _Target, reply: Reply | None) -> None:
            if work.note(target, reply.status if reply else None):
                post((target[0], target[1] + 1))

        volley = self._client.start_volley(self._deadline.within(seconds, leaving_s=_AFTER_S), take)
        # Connections open while the first page is read; a list that is at hand tells how many it needs.
        opening = asyncio.get_running_loop().call_soon(self._client.open_ahead, self._concurrency)
        try:
            async for page in pages:
                opening.cancel()
                for connection_id in page:
                    post((connection_id, 0))
                await volley.wait_for_room(_WAITING_MOST)
        finally:
            opening.cancel()
            await volley.wait()

    async def _post_again(self, missed: Sequence[_Target], work: _Work) -> None:
        """Go through those that were missed with many workers; each takes the next one as it gets free."""
        waiting, deadline = deque(missed), self._deadline.within(_RETRIES_S, leaving_s=_AFTER_S)

        async def serve() -> None:
            while waiting:
                await self._serve(waiting.popleft(), work, deadline)

        await asyncio.gather(*(serve() for _ in range(min(len(waiting), self._concurrency))))

    async def _serve(self, target: _Target, work: _Work, deadline: float) -> None:
        """Post what is left for one connection, in order, up to the first that does not arrive."""
        connection_id, done = target
        for number, payload in enumerate(work.select(connection_id)[done:], done):
            try:
                status = (await self._client.send("POST", _path(connection_id), payload, deadline=deadline)).status
            except AwsUnavailable:
                status = None
            if not work.note((connection_id, number), status):
                return


# A connection, and how many of its frames have arrived.
_Target = tuple[str, int]


class _Work:
    def __init__(self, payloads: Sequence[Payload], instead: Mapping[str, Sequence[Payload]]) -> None:
        self.payloads = payloads
        self.instead = instead
        self.reached = 0
        self.gone: list[str] = []
        self.missed: list[_Target] = []

    def select(self, connection_id: str) -> Sequence[Payload]:
        return self.instead.get(connection_id, self.payloads)

    def note(self, target: _Target, status: int | None) -> bool:
        """Note the reply to a post; tell whether the connection's next frame may follow."""
        if status == _REACHED:
            self.reached += 1
        elif status == _GONE:
            self.gone.append(target[0])
        else:
            self.missed.append(target)
        return status == _REACHED


def _make_payloads(instead: Mapping[str, Sequence[bytes]]) -> dict[str, list[Payload]]:
    return {connection_id: [Payload(frame) for frame in frames] for connection_id, frames in instead.items()}


# Those in a busy room are posted to again and again.
@lru_cache(maxsize=4096)
def _path(connection_id: str) -> str:
    return f"/@connections/{quote(connection_id, safe='')}"
