"""Every error that a client can be answered with. Codes are stable; docs/protocol.md documents each."""

from __future__ import annotations

from typing import ClassVar


class ChatError(Exception):
    """A request that is answered with an error frame. The socket stays open.

    Attributes:
        code: stable dotted word.
        retryable: whether the same frame may succeed when it is sent again.
        retry_after_ms: how long to wait before that, where it is known.
    """

    code: ClassVar[str]
    retryable: ClassVar[bool] = False
    retry_after_ms: int | None = None

    def __init__(self, message: str, *, retry_after_ms: int | None = None) -> None:
        super().__init__(message)
        if retry_after_ms is not None:
            self.retry_after_ms = retry_after_ms


class NotJsonError(ChatError):
    """The frame is no JSON."""

    code = "frame.not_json"


class NotObjectError(ChatError):
    """The frame is JSON, but no object."""

    code = "frame.not_object"


class TooDeepError(ChatError):
    """The frame nests too deeply."""

    code = "frame.too_deep"


class TooLargeError(ChatError):
    """The frame is too long."""

    code = "frame.too_large"


class BadUnicodeError(ChatError):
    """A string holds half of a surrogate pair."""

    code = "frame.bad_unicode"


class ActionMissingError(ChatError):
    """The frame names no action."""

    code = "action.missing"


class ActionUnknownError(ChatError):
    """There is no such action."""

    code = "action.unknown"


class FieldMissingError(ChatError):
    """A field that the action needs is not there."""

    code = "field.missing"


class FieldBadTypeError(ChatError):
    """A field has another JSON type than the action needs."""

    code = "field.bad_type"


class FieldOutOfRangeError(ChatError):
    """A field is too small, too large, too short or too long."""

    code = "field.out_of_range"


class RoomBadNameError(ChatError):
    """A room's name is outside the grammar."""

    code = "room.bad_name"


class RoomNotJoinedError(ChatError):
    """The connection is not in the room."""

    code = "room.not_joined"


class RoomTooManyError(ChatError):
    """The connection is in as many rooms as it may be in."""

    code = "room.too_many"


class RoomPrivateError(ChatError):
    """The room is for its members, and the user is none."""

    code = "room.private"


class RoomReadOnlyError(ChatError):
    """The user may read the room, and not write there."""

    code = "room.read_only"


class RoomNotAllowedError(ChatError):
    """The user may not do that there."""

    code = "room.not_allowed"


class RoomBannedError(ChatError):
    """The user is banned from the room."""

    code = "room.banned"


class RoomMutedError(ChatError):
    """The user may not write there for a while."""

    code = "room.muted"


class RoomExistsError(ChatError):
    """The room has an owner, or messages."""

    code = "room.exists"


class RoomNotPrivateError(ChatError):
    """Only private rooms have members who are invited."""

    code = "room.not_private"


class RoomBusyError(ChatError):
    """Lost the race for the next number too often."""

    code = "room.busy"
    retryable = True
    retry_after_ms = 500


class EntryNotFoundError(ChatError):
    """There is no such message in the room."""

    code = "entry.not_found"


class EntryDeletedError(ChatError):
    """The message was deleted."""

    code = "entry.deleted"


class EntryNotYoursError(ChatError):
    """The message is somebody else's."""

    code = "entry.not_yours"


class TooManyReactionsError(ChatError):
    """The message has as many reactions as one may have."""

    code = "entry.too_many_reactions"


class MessageRefusedError(ChatError):
    """The application's review refused the message."""

    code = "message.refused"


class AfterTooOldError(ChatError):
    """The position lies too far behind the head to look for an earlier attempt."""

    code = "send.after_too_old"


class RateLimitedError(ChatError):
    """The user does that too often."""

    code = "rate.limited"
    retryable = True


class UserBannedError(ChatError):
    """The user is banned from the chat."""

    code = "user.banned"


class ConnectionExpiredError(ChatError):
    """The connection's row is gone or past its time."""

    code = "connection.expired"


class UnavailableError(ChatError):
    """Storage, or a function of the application, did not answer in time."""

    code = "server.unavailable"
    retryable = True
    retry_after_ms = 1_000
