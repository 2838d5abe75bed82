"""The command line: `python -m local_aws run`."""

from __future__ import annotations

import fcntl
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from local_aws.local import ROOT, LocalAws
from local_aws.logs import follow_log
from local_aws.ministack import USUAL_PORT
from local_aws.processes import CommandError
from local_aws.progress import Progress
from local_aws.users import PASSWORD
from local_aws.watch import deploy_changes, watch_sources
from local_aws.website import USUAL_PORT as USUAL_WEB_PORT

_GREETING = """
The chat is up at {websocket}
{web}
Chat in two other terminals:

    make chat NAME=ada
    make chat NAME=bob

or, without make: .venv/bin/python -m chat_client --name ada --room lobby

A change in lambda/, chat_stack/ or web/ is deployed at once. Ctrl-C stops everything. The functions' log:
"""

_COGNITO_GREETING = """
The chat is up; tickets at {ticket}
{web}
Chat in two other terminals, with the password {password}

    make chat NAME=ada@example.com
    make chat NAME=grace@example.com

A change in lambda/, chat_stack/ or web/ is deployed at once. Ctrl-C stops everything. The functions' log:
"""


@click.group()
def main() -> None:
    """Run Chat Stack on this machine, without an AWS account."""


@main.command()
@click.option(
    "--port", default=USUAL_PORT, show_default=True, help="Where MiniStack listens; a free port if it is taken."
)
@click.option("--web-port", default=USUAL_WEB_PORT, show_default=True, help="The same for the web app.")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / ".local",
    show_default=True,
    help="For urls.json and logs.",
)
@click.option(
    "--auth",
    type=click.Choice(["guest", "cognito"]),
    default="guest",
    show_default=True,
    help="How users sign in.",
)
def run(port: int, web_port: int, directory: Path, auth: str) -> None:
    """Start MiniStack, deploy the stack to it, serve the web app, and follow the functions' log until Ctrl-C."""
    # Shells start what runs in the background with SIGINT ignored.
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.default_int_handler)
    console = Console()
    try:
        changes = watch_sources(ROOT)
        with _claim(directory), _start(directory, console, auth, port=port, web_port=web_port) as local:
            console.print(_greet(local.urls, auth), markup=False, highlight=False, soft_wrap=True)
            with follow_log(local.functions_log, console):
                deploy_changes(changes, local, ROOT, console)
    except KeyboardInterrupt:
        console.print("Stopped.")
    except CommandError as error:
        raise click.ClickException(str(error)) from None


def _start(directory: Path, console: Console, auth: str, *, port: int, web_port: int) -> LocalAws:
    return LocalAws(directory.absolute(), Progress(console), preferred_port=port, auth=auth, web_port=web_port)


def _greet(urls: dict[str, str], auth: str) -> str:
    greeting = _GREETING if auth == "guest" else _COGNITO_GREETING
    web = f"\nOpen {urls['web']}\n" if "web" in urls else ""
    return greeting.format(**{**urls, "web": web}, password=PASSWORD)


@contextmanager
def _claim(directory: Path) -> Iterator[None]:
    """Keep a second run out of a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"A local run is up already, in {directory}: stop it first, or choose another with --directory."
            ) from None
        yield


if __name__ == "__main__":
    main(prog_name="python -m local_aws")
