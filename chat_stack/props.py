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
    "memory_size": (128, 10_240),
    "throttling_rate_limit": (1, 100_000),
    "throttling_burst_limit": (1, 100_000),
}
_DURATIONS_S = {
    "connection_lifetime": (125 * 60, 24 * 3_600),
    "message_retention": (3_600, 36_500 * 24 * 3_600),
    "timeout": (5, 29),
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


def _refuse_token(name: str, value: object) -> None:
    # CloudFormation would put it in unchecked, and the functions would fail instead of the deployment.
    if Token.is_unresolved(value) or (isinstance(value, Duration) and value.is_unresolved()):
        raise ValueError(f"{name} must be known when the app is synthesised, got a token")


def _write(duration: Duration) -> str:
    return duration.to_human_string()
