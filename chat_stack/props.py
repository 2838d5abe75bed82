"""What a chat's props may be, so that a bad one fails where it stands and not in CloudFormation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Duration, Token

_NUMBERS = {
    "max_frame_bytes": (1_024, 32 * 1024),
    "max_text_bytes": (1, 16 * 1024),
    "max_room_name_length": (1, 128),
    "max_rooms_per_connection": (1, 100),
    "max_connections_per_user": (1, 100),
    "max_sends_per_second": (1, 1_000),
    "max_send_burst": (1, 1_000),
    "max_joins_per_second": (1, 1_000),
    "max_join_burst": (1, 1_000),
    "inline_limit": (1, 1_000),
    "max_shards": (1, 256),
    "deliver_concurrency": (2, 100),
    "posts_per_second": (100, 100_000),
    "posts_in_flight": (1, 500),
    "memory_size": (128, 10_240),
    "throttling_rate_limit": (1, 100_000),
    "throttling_burst_limit": (1, 100_000),
    "batch_size": (1, 10_000),
    "retry_attempts": (0, 10_000),
}
# What stands around a text: the action, a room, an id, a position.
_ENVELOPE_BYTES = 512
_DURATIONS_S = {
    "connection_lifetime": (125 * 60, 24 * 3_600),
    "message_retention": (3_600, 36_500 * 24 * 3_600),
    "timeout": (5, 29),
    "hook_timeout": (1, 10),
}


def check_numbers(**props: int) -> None:
    """Refuse a number outside its range.

    Raises:
        ValueError: names the prop, the range and the value.
    """
    for name, value in props.items():
        _refuse_token(name, value)
        lowest, highest = _NUMBERS[name]
        if not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError(f"{name} must be a whole number between {lowest} and {highest}, got {value!r}")


def check_sizes(*, max_frame_bytes: int, max_text_bytes: int) -> None:
    """Refuse a text that no frame could carry.

    Raises:
        ValueError: names both props, and what fits.
    """
    most = max_frame_bytes - _ENVELOPE_BYTES
    if max_text_bytes > most:
        raise ValueError(
            f"max_text_bytes must be at most {most}, {_ENVELOPE_BYTES} less than max_frame_bytes, got {max_text_bytes}"
        )


def check_durations(**props: Duration | None) -> None:
    """Refuse a duration outside its range; none at all passes.

    Raises:
        ValueError: names the prop, the range and the value.
    """
    for name, value in props.items():
        if value is None:
            continue
        _refuse_token(name, value)
        shortest_s, longest_s = _DURATIONS_S[name]
        if not shortest_s <= value.to_seconds() <= longest_s:
            shortest, longest = Duration.seconds(shortest_s), Duration.seconds(longest_s)
            raise ValueError(f"{name} must be between {_write(shortest)} and {_write(longest)}, got {_write(value)}")


def check_stage_name(value: str) -> None:
    """Refuse what API Gateway refuses as a stage's name.

    Raises:
        ValueError: names the prop, the grammar and the value.
    """
    _refuse_token("stage_name", value)
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", value):
        raise ValueError(f"stage_name must be 1 to 128 of letters, digits, - and _, got {value!r}")


def check_origins(origins: Sequence[str]) -> None:
    """Refuse what no browser sends as an Origin.

    Raises:
        ValueError: names the prop, the grammar and the value.
    """
    if isinstance(origins, str):
        raise ValueError(f"allowed_origins must be a list, got {origins!r}")  # noqa: TRY004 - like every bad prop
    for origin in origins:
        _refuse_token("allowed_origins", origin)
        if not re.fullmatch(r"https?://[a-z0-9.\-]+(:[0-9]+)?", origin):
            raise ValueError(f"allowed_origins must be origins such as https://chat.example.com, got {origin!r}")


def check_words(**props: str | None) -> None:
    """Refuse the name of a group or a claim that no token has; none at all passes.

    Raises:
        ValueError: names the prop and the value.
    """
    for name, value in props.items():
        # API Gateway hands a token's list over as one string, `[one two]`.
        if value is not None and not re.fullmatch(r"[^\s,\[\]\"]+", value):
            raise ValueError(f"{name} must be one word, without spaces, commas, brackets or quotes, got {value!r}")


def check_access(sign_in: str, *, moderator_group: str | None, room_access_claim: str | None, asks: bool) -> None:
    """Refuse rules about who may do what that contradict each other, or that need a token where there is none.

    Args:
        sign_in: how users sign in, as `ChatAuth.sign_in` says it.
        moderator_group: the prop.
        room_access_claim: the prop.
        asks: whether there is a `room_access` function to ask.

    Raises:
        ValueError: names the props, and what to do.
    """
    check_words(moderator_group=moderator_group, room_access_claim=room_access_claim)
    if room_access_claim and asks:
        raise ValueError(
            f"give room_access or room_access_claim, not both, got the claim {room_access_claim!r} as well"
        )
    for name, value in (("moderator_group", moderator_group), ("room_access_claim", room_access_claim)):
        if value and sign_in == "guest":
            raise ValueError(f"{name} needs a token, which guests have not: leave it out, got {value!r}")


def _refuse_token(name: str, value: object) -> None:
    # CloudFormation would put it in unchecked, and the functions would fail instead of the deployment.
    if Token.is_unresolved(value) or (isinstance(value, Duration) and value.is_unresolved()):
        raise ValueError(f"{name} must be known when the app is synthesised, got a token")


def _write(duration: Duration) -> str:
    return duration.to_human_string()
