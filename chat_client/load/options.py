"""The command line of the load generator."""

from __future__ import annotations

import argparse
import json
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chat_client.load.plan import CONNECTS_PER_SECOND, SENDS_PER_USER, Plan, PlanError
from chat_client.sign_in import CognitoSignIn, GuestSignIn, SignIn

_URLS = Path(".local/urls.json")
_CLIENTS_PER_ROOM = 10


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for.

    Attributes:
        url: of tickets.
        sign_ins: one for each client.
        json, html: where to write the result; None where it is not asked for.
        warning: what the plan risks; None where it is nothing.
    """

    url: str
    plan: Plan
    sign_ins: Sequence[SignIn]
    json: Path | None
    html: Path | None
    warning: str | None


def parse_options(arguments: Sequence[str] | None) -> Options:
    """Read the command line.

    Raises:
        SystemExit: with status 2, after a line that says what is wrong; or with 0, after the help.
    """
    parser = _make_parser()
    asked = parser.parse_args(arguments)
    try:
        _choose_url(asked)
        _check_files(asked.json, asked.html)
        plan = _make_plan(asked)
        sign_ins = _make_sign_ins(asked)
    except PlanError as error:
        parser.error(str(error))
    warning = None
    if plan.ramp > CONNECTS_PER_SECOND:
        warning = (
            f"API Gateway takes {CONNECTS_PER_SECOND} connects a second of an account, unless its quota was raised; "
            f"--ramp {plan.ramp:g} is more"
        )
    return Options(asked.url, plan, sign_ins, asked.json, asked.html, warning)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m chat_client.load",
        description="Load a chat with many clients, and see that each is shown every message once and in order.",
        epilog="Ctrl-C ends the run early and reports. Exit status: 0 if nothing was lost, duplicated, out of order or "
        "refused; 1 if something was; 2 if the run can't be as it was asked for.",
    )
    add = parser.add_argument
    add("--url", help="of tickets, https://.../ticket; the local run's where it is left out")
    add("--clients", type=int, default=100, help="each a user of its own (default: %(default)s)")
    add("--rooms", type=int, help=f"(default: one for {_CLIENTS_PER_ROOM} clients)")
    add("--joins-per-client", type=int, default=1, help="rooms that a client is in (default: %(default)s)")
    add(
        "--rate",
        type=float,
        default=10,
        help=f"messages a second of all clients together, at most {SENDS_PER_USER} for each (default: %(default)s)",
    )
    add("--duration", type=float, default=60, help="seconds to send for (default: %(default)s)")
    add("--ramp", type=float, default=100, help="connects a second (default: %(default)s)")
    add("--text-bytes", type=int, default=64, help="size of a message (default: %(default)s)")
    add("--reconnects", type=float, default=0, help="percent of the connections to cut each minute (default: 0)")
    add("--seed", type=int, help="repeats who sends where (default: another one each time)")
    add("--json", type=Path, metavar="FILE", help="to write the result to")
    add("--html", type=Path, metavar="FILE", help="to write a report with charts to")
    add("--cognito-client", help="id of the user pool's client, where users sign in with Cognito")
    add("--cognito-url", help="of Cognito, https://cognito-idp.REGION.amazonaws.com")
    add("--users", type=Path, metavar="FILE", help="users of the pool, one a line: name, space, password")
    return parser


def _choose_url(asked: argparse.Namespace) -> None:
    """Take the local run where no URL is given."""
    if asked.url:
        if not asked.url.startswith(("https://", "http://")):
            raise PlanError(f"--url must begin with https:// or http://, got {asked.url!r}")
        return
    try:
        urls: dict[str, Any] = json.loads(_URLS.read_text())
        asked.url = urls["ticket"]
    except (OSError, ValueError, LookupError):
        raise PlanError(f"no local run found ({_URLS} is missing): start one with `make run`, or give --url") from None
    if "cognito_client" in urls:
        asked.cognito_client, asked.cognito_url = urls["cognito_client"], urls["aws"]


def _check_files(*files: Path | None) -> None:
    """See before the run whether its result can be written."""
    for file in files:
        if file and not file.absolute().parent.is_dir():
            raise PlanError(f"can't write {file}: there is no directory {file.parent}")


def _make_plan(asked: argparse.Namespace) -> Plan:
    return Plan(
        run=secrets.token_hex(4),
        clients=asked.clients,
        rooms=max(1, asked.clients // _CLIENTS_PER_ROOM) if asked.rooms is None else asked.rooms,
        joins_per_client=asked.joins_per_client,
        rate=asked.rate,
        duration_s=asked.duration,
        ramp=asked.ramp,
        text_bytes=asked.text_bytes,
        reconnects=asked.reconnects,
        seed=random.randrange(1_000_000) if asked.seed is None else asked.seed,  # noqa: S311 - no secret
    )


def _make_sign_ins(asked: argparse.Namespace) -> list[SignIn]:
    if not asked.cognito_client:
        if asked.users or asked.cognito_url:
            raise PlanError("--users and --cognito-url need --cognito-client")
        return [GuestSignIn(asked.url, f"load {index}") for index in range(asked.clients)]
    if not asked.users or not asked.cognito_url:
        raise PlanError("users who sign in with Cognito need --cognito-client, --cognito-url and --users")
    try:
        lines = [line.split(maxsplit=1) for line in asked.users.read_text().splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"--users: {error}") from None
    if short := [number for number, line in enumerate(lines, 1) if len(line) != 2]:
        raise PlanError(f"--users: {asked.users} has no password in entry {short[0]}: name, space, password")
    if len(lines) < asked.clients:
        raise PlanError(f"--users: {asked.users} has {len(lines)} users for {asked.clients} clients")
    return [
        CognitoSignIn(
            asked.url, endpoint=asked.cognito_url, client_id=asked.cognito_client, user=user, password=password
        )
        for user, password in lines[: asked.clients]
    ]
