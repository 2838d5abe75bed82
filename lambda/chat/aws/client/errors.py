"""What a caller may catch, and what AWS's replies say about it."""

import json
from typing import Any

from chat.aws.client.messages import Reply

# DynamoDB and SQS refuse these with status 400, and ask for them again.
_TRANSIENT_CODES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ReplicatedWriteConflictException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "Throttling",
        "ThrottlingException",
        "TransactionInProgressException",
        # These come with a 5xx today; their names are what is documented.
        "InternalServerError",
        "ServiceUnavailable",
    }
)

# A role's credentials were used for longer than they last: with new ones the request succeeds.
_EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException"})


class AwsError(Exception):
    """AWS refused a call, and would refuse it again.

    Attributes:
        code: the error's name, such as "ConditionalCheckFailedException".
        message: AWS's explanation.
        body: the whole reply, with fields such as `Item` and `CancellationReasons`.
    """

    def __init__(self, code: str, message: str, body: dict[str, Any]) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.body = body


class AwsUnavailable(Exception):  # noqa: N818 - a state of AWS rather than a mistake of the caller's
    """No final reply came before the deadline; a request that changes something may have been carried out."""


def is_transient(reply: Reply) -> bool:
    """Tell whether the same request may succeed if it is sent again.

    408 is what a server says before it closes a connection that was idle for too long.
    """
    if reply.status < 400:
        return False
    if reply.status in (408, 429) or reply.status >= 500:
        return True
    if reply.status not in (400, 403):
        return False
    return _read_code(reply, read_object(reply) or {}) in _TRANSIENT_CODES | _EXPIRED_CODES


def tells_of_expiry(reply: Reply) -> bool:
    """Tell whether a request was refused because its credentials have expired."""
    return reply.status in (400, 403) and _read_code(reply, read_object(reply) or {}) in _EXPIRED_CODES


def read_object(reply: Reply) -> dict[str, Any] | None:
    """Return the JSON object in a reply's body, None if it holds something else."""
    try:
        value = json.loads(reply.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def read_error(reply: Reply) -> AwsError:
    """Build the error that a reply of the JSON 1.0 protocol stands for."""
    body = read_object(reply) or {}
    message = body.get("message") or body.get("Message") or f"HTTP {reply.status} {reply.body[:200]!r}"
    return AwsError(_read_code(reply, body), str(message), body)


def _read_code(reply: Reply, body: dict[str, Any]) -> str:
    code = str(body.get("__type") or reply.headers.get("x-amzn-errortype") or reply.status)
    return code.rpartition("#")[2].partition(":")[0]
