"""The command line: `python -m chat_stack.cost`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from chat_stack.cost.actions import Actions
from chat_stack.cost.assumptions import Assumptions
from chat_stack.cost.calls import CALLS, read_calls
from chat_stack.cost.prices import PRICES, CostError, read_prices
from chat_stack.cost.profile import Profile
from chat_stack.cost.reports import Report, report_growth, report_month, report_quotas, report_room, report_rooms
from chat_stack.cost.rooms import SIZES

T = TypeVar("T", Assumptions, Profile)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a report.

    Returns:
        The exit status: 0, or 1 where a file lacks something.
    """
    options = _parse(arguments)
    try:
        text, values = _report(options)
    except CostError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(values, indent=2) + "\n" if options.json else f"{text}\n")
    return 0


def _report(options: argparse.Namespace) -> Report:
    actions = Actions(read_calls(options.calls), _take(Assumptions, options))
    prices = read_prices(options.prices)
    match options.report:
        case "month":
            return report_month(actions, prices, _take(Profile, options))
        case "quotas":
            return report_quotas(actions, _take(Profile, options))
        case "growth":
            return report_growth(actions, prices, _take(Profile, options))
        case "room":
            return report_room(actions.assumptions, options.sizes[-1])
        case _:
            return report_rooms(actions, prices, options.sizes)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m chat_stack.cost",
        description="What the chat costs, from the calls that each action makes and a dated price list.",
        epilog="docs/scaling.md explains the numbers.",
    )
    parser.add_argument(
        "report",
        nargs="?",
        choices=["rooms", "room", "month", "quotas", "growth"],
        default="rooms",
        help="rooms: a million messages to rooms of several sizes (default); room: what the last of them can take;"
        " month: a bill; quotas: where they bind; growth: from ten connections to ten million",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with all digits")
    parser.add_argument("--sizes", type=_at_least_two, nargs="+", default=SIZES, help="of the rooms, in members")
    parser.add_argument("--calls", type=Path, default=CALLS, help="the page with the calls (default: docs/calls.md)")
    parser.add_argument("--prices", type=Path, default=PRICES, help="of another region or date, in the same form")
    _offer(parser.add_argument_group("what users do: month, quotas, growth"), Profile())
    _offer(parser.add_argument_group("what is taken for granted"), Assumptions())
    return parser.parse_args(arguments)


def _offer(group: Any, defaults: Assumptions | Profile) -> None:
    """Offer an option for each attribute."""
    for field in fields(defaults):
        value = getattr(defaults, field.name)
        group.add_argument(f"--{field.name.replace('_', '-')}", type=type(value), default=value, help=f"({value})")


def _take(kind: type[T], options: argparse.Namespace) -> T:
    return kind(**{field.name: getattr(options, field.name) for field in fields(kind)})


def _at_least_two(text: str) -> int:
    size = int(text)
    if size < 2:
        raise argparse.ArgumentTypeError(f"a room has at least 2 members, got {size}")
    return size


if __name__ == "__main__":
    sys.exit(main())
