"""What is to be delivered, in an SQS FIFO queue: a group for each room and shard."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from chat.aws.client import AwsClient, AwsUnavailable
from chat.aws.deadline import Deadline
from chat.domain.model import Job, Shard
from chat.protocol.errors import UnavailableError

# SQS's own limit, and four fifths of the other: what a job takes is reckoned only.
_BATCH_JOBS = 10
_BATCH_BYTES = 200 * 1024
_ATTEMPTS = 5
_BACKOFF_S = 0.05
_CALL_S = 8.0


class SqsDeliveries:
    """The `Deliveries` port on SQS."""

    def __init__(self, client: AwsClient, queue_url: str, deadline: Deadline) -> None:
        self._client = client
        self._queue_url = queue_url
        self._deadline = deadline

    async def put(self, jobs: Sequence[Job]) -> None:
        """One SendMessageBatch for each ten jobs, at the same time."""
        await asyncio.gather(*(self._send(batch) for batch in _cut(jobs)))

    async def _send(self, jobs: Sequence[Job]) -> None:
        entries = [{"Id": str(number), **_write(job)} for number, job in enumerate(jobs)]
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(random.random() * _BACKOFF_S * 2**attempt)  # noqa: S311 - jitter
            request = {"QueueUrl": self._queue_url, "Entries": entries}
            try:
                reply = await self._client.call("SendMessageBatch", request, deadline=self._deadline.within(_CALL_S))
            except AwsUnavailable as error:
                raise UnavailableError("the queue was not reached in time; send the same frame again") from error
            failed = {each["Id"]: each["SenderFault"] for each in reply.get("Failed", [])}
            if not failed:
                return
            if any(failed.values()):
                break
            entries = [entry for entry in entries if entry["Id"] in failed]
        raise UnavailableError("the queue did not take everything; send the same frame again")


def read_job(body: str) -> Job:
    """Read what `put` wrote."""
    fields = json.loads(body)
    shard = Shard(fields["shard"], fields["shards"])
    return Job(fields["room"], shard, fields["id"], fields["frame"], fields["sender"], fields["connections"])


def _write(job: Job) -> dict[str, Any]:
    body = {
        "room": job.room,
        "shard": job.shard.number,
        "shards": job.shard.of,
        "id": job.id,
        "frame": job.frame,
        "sender": job.sender,
        "connections": list(job.connections),
    }
    # Those who were missed have a group of their own: whoever can't be reached holds up nobody else in the shard.
    group = f"{job.room} {job.shard.number}/{job.shard.of} {' '.join(job.connections)}"
    return {
        # In ASCII: there are characters that SQS does not take.
        "MessageBody": json.dumps(body),
        # A room's name may be as long as a group's, and a shard has to go with it.
        "MessageGroupId": _hash(group),
        "MessageDeduplicationId": _hash(f"{group} {job.id}"),
    }


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _cut(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    """Cut jobs into batches that SQS takes."""
    batch: list[Job] = []
    size_bytes = 0
    for job in jobs:
        # JSON in JSON, in ASCII, takes three times the room at most.
        job_bytes = 3 * len(job.frame.encode()) + sum(len(each) + 4 for each in job.connections) + 1_000
        if batch and (len(batch) == _BATCH_JOBS or size_bytes + job_bytes > _BATCH_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append(job)
        size_bytes += job_bytes
    if batch:
        yield batch
