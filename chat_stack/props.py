"""Checks of what a construct is given, so that a bad prop fails where it stands and not in CloudFormation."""

import re

from aws_cdk import Duration, Token


def check_number(name: str, value: float, lowest: float, highest: float) -> None:
    """Refuse a number outside its range; a value that is only known at deployment passes.

    Raises:
        ValueError: names the prop, the range and the value.
    """
    if not Token.is_unresolved(value) and not lowest <= value <= highest:
        raise ValueError(f"{name} must be between {lowest} and {highest}, got {value}")


def check_duration(name: str, value: Duration, shortest: Duration, longest: Duration) -> None:
    """Refuse a duration outside its range.

    Raises:
        ValueError: names the prop, the range and the value.
    """
    if value.is_unresolved():
        return
    if not shortest.to_seconds() <= value.to_seconds() <= longest.to_seconds():
        bounds = f"{shortest.to_human_string()} and {longest.to_human_string()}"
        raise ValueError(f"{name} must be between {bounds}, got {value.to_human_string()}")


def check_stage_name(name: str, value: str) -> None:
    """Refuse what API Gateway refuses as a stage's name.

    Raises:
        ValueError: names the prop, the grammar and the value.
    """
    if not Token.is_unresolved(value) and not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", value):
        raise ValueError(f"{name} must be 1 to 128 of letters, digits, - and _, got {value!r}")
