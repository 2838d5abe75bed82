"""What can go wrong with a connection or a request, and the codes that the client itself looks at or gives."""

from __future__ import annotations

# The client's own.
CLOSED = "client.closed"
LEFT = "client.left"
REMOVED = "client.removed"
# Of docs/protocol.md.
FRAME_TOO_LARGE = "frame.too_large"
BAD_UNICODE = "frame.bad_unicode"
NOT_JOINED = "room.not_joined"
EXPIRED = "connection.expired"
# The answers that say of a room that this user may not be in it.
SHUT_OUT = frozenset({"room.banned", "room.private", "room.not_allowed", "user.banned"})


class ConnectionLostError(Exception):
    """The connection could not be made, or is gone; another attempt may succeed."""


class SignInRefusedError(Exception):
    """This user is not let in; another attempt changes nothing."""


class RequestError(Exception):
    """A request was refused, by the server or before it was sent.

    Attributes:
        code: stable dotted word, one of docs/protocol.md, `client.closed`, `client.left` or `client.removed`.
        message: for people; may change.
        retryable: whether the same request may succeed when it is made again.
        retry_after_ms: how long to wait before that, where it is known.
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False, retry_after_ms: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retryable = retryable
        self.retry_after_ms = retry_after_ms
