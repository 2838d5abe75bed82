"""A DynamoDB table: calls under the invocation's deadline, and items to and from plain values."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from chat.aws.client import AwsClient, AwsUnavailable
from chat.aws.deadline import Deadline
from chat.protocol.errors import UnavailableError

Item = dict[str, Any]
Values = dict[str, str | int | None]

# A call that takes this long will not end well, and somebody is waiting for the answer.
_CALL_S = 8.0


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

    async def query(self, **parameters: Any) -> AsyncIterator[tuple[list[Item], Item | None]]:
        """Page through a query: the items as plain values, and the raw key that the next page starts after."""
        start: Item | None = parameters.pop("ExclusiveStartKey", None)
        while True:
            paging = {"ExclusiveStartKey": start} if start else {}
            page = await self.call("Query", **parameters, **paging)
            start = page.get("LastEvaluatedKey")
            yield [from_item(item) for item in page["Items"]], start
            if start is None:
                return


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
