"""`deliver`: what waits in the queue is pushed to the large rooms' connections."""

from __future__ import annotations

import traceback
from asyncio import gather
from itertools import chain
from typing import Any

from chat.aws.queue import read_job
from chat.domain.chat import Caller
from chat.domain.delivery import deliver
from chat.handlers.container import Container, Event, Result
from chat.protocol.errors import UnavailableError

container = Container()


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Deliver a batch of records; answer `batchItemFailures`, the ids of those that SQS shall hand out again."""
    return container.invoke(_deliver, event, context, route="deliver")


async def _deliver(caller: Caller, event: Event) -> Result:
    groups: dict[str, list[Event]] = {}
    for record in event["Records"]:
        groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
    failed = await gather(*(_deliver_group(caller, records) for records in groups.values()))
    failures = [{"itemIdentifier": message_id} for message_id in chain.from_iterable(failed)]
    return Result({"batchItemFailures": failures}, "failed" if failures else "delivered")


async def _deliver_group(caller: Caller, records: list[Event]) -> list[str]:
    """Deliver one room's and shard's; return the ids of all of them where that fails, so that their order is kept."""
    try:
        await deliver(container.chat, caller.tally, [read_job(record["body"]) for record in records])
    except Exception as error:  # noqa: BLE001 - other rooms' jobs are in the same invocation
        if not isinstance(error, UnavailableError):
            traceback.print_exc()
        return [record["messageId"] for record in records]
    return []
