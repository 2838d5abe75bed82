"""Token buckets in the Connections table: a row for each user and what they do.

A bucket is kept as the time when it will be full again. Taking from a full one, as nearly always, is one conditional
write; so is refusing.
"""

from __future__ import annotations

from chat.aws.client import AwsError
from chat.aws.table import Item, Table, Values, from_item, to_item
from chat.protocol.limits import Rate

_KEPT_S = 60


class DynamoRates:
    """The `Rates` port on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def take(self, user_id: str, what: str, rate: Rate, now_ms: int) -> int:
        """One UpdateItem; two where the bucket is neither full nor empty."""
        now_us, token_us = now_ms * 1_000, round(1_000_000 / rate.per_second)
        latest_us = now_us + token_us * (rate.burst - 1)
        key = {"connectionId": f"user#{user_id}", "room": f"@{what}"}
        values = {":next": now_us + token_us, ":now": now_us, ":expires": (latest_us + token_us) // 1_000_000 + _KEPT_S}
        row = await self._update(key, ":next", "attribute_not_exists(fullAt) OR fullAt <= :now", values)
        if row and row["fullAt"] <= latest_us:
            # Another function may take at the same time: the condition judges what stands there then.
            values = {":token": token_us, ":latest": latest_us, ":expires": values[":expires"]}
            row = await self._update(key, "fullAt + :token", "fullAt <= :latest", values)
        return max(1, -((latest_us - row["fullAt"]) // 1_000)) if row else 0

    async def _update(self, key: Values, full_at: str, condition: str, values: Values) -> Item | None:
        """Move a bucket's time; return the row as it is where the condition does not hold."""
        try:
            await self._table.call(
                "UpdateItem",
                Key=to_item(key),
                UpdateExpression=f"SET fullAt = {full_at}, expiresAt = :expires",
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                return from_item(error.body["Item"])
            raise
        return None
