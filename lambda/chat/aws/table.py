"""A DynamoDB table: calls under the invocation's deadline, and items to and from plain values."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from chat.aws.client import AwsClient, AwsError, AwsUnavailable
from chat.aws.deadline import Deadline
from chat.protocol.errors import UnavailableError

Item = dict[str, Any]
Values = Mapping[str, str | int | None]

# A call that takes this long will not end well, and somebody is waiting for the answer.
_CALL_S = 8.0
# DynamoDB's own limit; what it does not get to, it hands back.
_BATCH_KEYS = 100
_BATCH_ATTEMPTS = 6
_BATCH_BACKOFF_S = 0.02
# Another writer has changed what a condition is about, or is about to.
_LOST_RACE = {"ConditionalCheckFailed", "TransactionConflict", "TransactionConflictException"}
_THROTTLED = {"ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}


class Table:
    """One table. Items hold strings and whole numbers only.

    Attributes:
        name: the table's name.
    """

    def __init__(self, client: AwsClient, name: str, deadline: Deadline) -> None:
        self.name = name
        self._client = client
        self._deadline = deadline

    async def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation on this table.

        Raises:
            AwsError: DynamoDB refused it, for a condition for instance.
            UnavailableError: no answer in time. A write may have happened.
        """
        return await self.call_client(operation, TableName=self.name, **parameters)

    async def call_client(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation that names its tables itself."""
        try:
            return await self._client.call(operation, parameters, deadline=self._deadline.within(_CALL_S))
        except AwsUnavailable as error:
            raise UnavailableError(f"{operation} was not answered in time; send the same frame again") from error

    async def batch_get(self, keys: Sequence[Values], *, consistent: bool) -> list[Item]:
        """Read rows by their keys, each of them once: those that are there, in no order, as plain values.

        Raises:
            UnavailableError: some stayed unread.
        """
        rows: list[Item] = []
        for first in range(0, len(keys), _BATCH_KEYS):
            left: list[Item] = [to_item(key) for key in keys[first : first + _BATCH_KEYS]]
            for attempt in range(_BATCH_ATTEMPTS):
                if attempt:
                    await asyncio.sleep(random.random() * _BATCH_BACKOFF_S * 2**attempt)  # noqa: S311 - jitter
                request = {self.name: {"Keys": left, "ConsistentRead": consistent}}
                reply = await self.call_client("BatchGetItem", RequestItems=request)
                rows += map(from_item, reply["Responses"].get(self.name, []))
                left = reply.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
                if not left:
                    break
            else:
                raise UnavailableError("BatchGetItem was throttled; send the same frame again")
        return rows

    async def transact(self, writes: Sequence[Mapping[str, Item]]) -> bool:
        """Write several rows of this table, all or none: a "Put", an "Update" or a "ConditionCheck" each.

        Returns:
            Whether they were written. False says that a condition did not hold, or that another writer is at it.

        Raises:
            UnavailableError: it was throttled.
        """
        items = [{kind: {**write, "TableName": self.name} for kind, write in one.items()} for one in writes]
        try:
            await self.call_client("TransactWriteItems", TransactItems=items)
        except AwsError as error:
            codes = {reason.get("Code") for reason in error.body.get("CancellationReasons", [])} - {"None", None}
            if (codes or {error.code}) <= _LOST_RACE:
                return False
            if codes and codes <= _LOST_RACE | _THROTTLED:
                raise UnavailableError("TransactWriteItems was throttled; send the same frame again") from error
            raise
        return True

    async def query(self, **parameters: Any) -> AsyncIterator[list[Item]]:
        """Go through a query, page by page, to its end."""
        start: Item | None = {}
        while start is not None:
            items, start = await self.query_page(start, **parameters)
            yield items

    async def query_page(self, start: Item | None = None, **parameters: Any) -> tuple[list[Item], Item | None]:
        """Read one page of a query.

        Args:
            start: the raw key that the page starts after; nothing for the first one.
            **parameters: of the Query.

        Returns:
            The items as plain values, and the key that the next page starts after; None on the last one.
        """
        page = await self.call("Query", **parameters, **({"ExclusiveStartKey": start} if start else {}))
        return [from_item(item) for item in page["Items"]], page.get("LastEvaluatedKey")


def to_item(values: Values) -> Item:
    """Write plain values as DynamoDB does; None is left out."""
    return {
        name: {"N": str(value)} if isinstance(value, int) else {"S": value}
        for name, value in values.items()
        if value is not None
    }


def from_item(item: Item) -> Item:
    """Read what `to_item` wrote."""
    return {name: int(value["N"]) if "N" in value else value["S"] for name, value in item.items()}
