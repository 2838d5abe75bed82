"""What AWS meters, as amounts that can be added up and multiplied."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Amounts, by meter.

    Attributes:
        api_messages: of the WebSocket API, in and out, each 32 KB begun.
        connection_minutes: that sockets are open.
        http_requests: of the HTTP API, for tickets.
        read_units: of DynamoDB: 4 KB read consistently, or 8 KB otherwise.
        write_units: of DynamoDB: 1 KB written; in an index, again.
        stored_gb_months: in DynamoDB.
        invocations: of functions.
        compute_gb_s: memory times duration.
        queue_requests: of SQS, each 64 KB begun.
        log_gb: written to CloudWatch.
        traces: recorded by X-Ray.
        metrics: kept for a month by CloudWatch.
        transfer_gb: sent to clients.
    """

    api_messages: float = 0.0
    connection_minutes: float = 0.0
    http_requests: float = 0.0
    read_units: float = 0.0
    write_units: float = 0.0
    stored_gb_months: float = 0.0
    invocations: float = 0.0
    compute_gb_s: float = 0.0
    queue_requests: float = 0.0
    log_gb: float = 0.0
    traces: float = 0.0
    metrics: float = 0.0
    transfer_gb: float = 0.0

    def __add__(self, other: Self) -> Self:
        return type(self)(**{meter: getattr(self, meter) + getattr(other, meter) for meter in METERS})

    def __mul__(self, times: float) -> Self:
        return type(self)(**{meter: getattr(self, meter) * times for meter in METERS})


METERS = tuple(field.name for field in fields(Usage))
