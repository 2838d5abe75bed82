"""The command line: `python -m chat_client`."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console

from chat_client.sign_in import CognitoSignIn, GuestSignIn, SignIn
from chat_client.state import State, locate_state
from chat_client.terminal import HELP, Terminal

_URLS = Path(".local/urls.json")
_GOODBYE_S = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Chat until the input ends.

    Returns:
        The exit status: 0, 1 where the server refused the connection or a message was not sent.
    """
    options = _parse(arguments)
    state = State(options.state, options.url, options.name, is_fresh=options.fresh)
    terminal = Terminal(_make_sign_in(options, state), options.room, Console(), state)
    chat = _chat_by_prompt if _is_interactive() else _chat_by_pipe
    try:
        with suppress(KeyboardInterrupt):
            chat(terminal)
    finally:
        terminal.close()
        _close(state)
    return 1 if terminal.refused or terminal.failures else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m chat_client",
        description="Chat in a terminal.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--url", help="of tickets, https://.../ticket; the local run's where it is left out")
    parser.add_argument("--room", default="lobby", help="to begin in (default: lobby)")
    parser.add_argument("--name", help="yours, 1 to 64 characters (default: $USER); with Cognito, the user's")
    parser.add_argument("--cognito-client", help="id of the user pool's client, where users sign in with Cognito")
    parser.add_argument("--cognito-url", help="of Cognito, https://cognito-idp.REGION.amazonaws.com")
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="keeps where to read on (default: one for each chat)"
    )
    parser.add_argument("--fresh", action="store_true", help="forget where to read on, and who this guest was")
    options = parser.parse_args(arguments)
    options.name = options.name or os.environ.get("USER") or getpass.getuser()
    if not options.url:
        try:
            urls = json.loads(_URLS.read_text())
            options.url = urls["ticket"]
        except (OSError, ValueError, LookupError):
            parser.exit(2, f"No local run found ({_URLS} is missing): start one with `make run`, or give --url.\n")
        if "cognito_client" in urls:
            options.cognito_client, options.cognito_url = urls["cognito_client"], urls["aws"]
    if bool(options.cognito_client) != bool(options.cognito_url):
        parser.error("--cognito-client and --cognito-url go together: give both, or neither to chat as a guest")
    options.state = options.state or locate_state(options.url, options.name)
    return options


def _make_sign_in(options: argparse.Namespace, state: State) -> SignIn:
    if not options.cognito_client:
        return GuestSignIn(options.url, options.name, state.key)
    # Never an argument, which every user of the machine could read.
    password = os.environ.get("CHAT_PASSWORD") or getpass.getpass(f"Password of {options.name}: ")
    return CognitoSignIn(
        options.url,
        endpoint=options.cognito_url,
        client_id=options.cognito_client,
        user=options.name,
        password=password,
    )


def _close(state: State) -> None:
    try:
        state.close()
    except OSError as error:
        sys.stderr.write(f"Where to read on is not kept: {error}; give another --state.\n")


def _is_interactive() -> bool:
    return sys.stdin.isatty()


def _chat_by_prompt(terminal: Terminal) -> None:
    """Chat with one prompt that stays: what comes while it is drawn is shown above it."""
    keys = KeyBindings()
    prompt: PromptSession[None] = PromptSession("> ", key_bindings=keys, erase_when_done=True)

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def take_line(event: KeyPressEvent) -> None:
        line = event.current_buffer.text
        event.current_buffer.reset(append_to_history=True)
        if not terminal.enter(line):
            event.app.exit()

    def leave() -> None:
        if prompt.app.future and not prompt.app.future.done():
            prompt.app.exit()

    def leave_from_other_thread() -> None:
        if prompt.app.loop:
            prompt.app.loop.call_soon_threadsafe(leave)

    terminal.on_refused = leave_from_other_thread
    # Raw: colours pass. What others wrote was sanitized before it gets here.
    with patch_stdout(raw=True):
        with suppress(EOFError):
            prompt.prompt(pre_run=terminal.start)
        terminal.flush(_GOODBYE_S)


def _chat_by_pipe(terminal: Terminal) -> None:
    terminal.start()
    for line in sys.stdin:
        if terminal.refused or not terminal.enter(line):
            break
    terminal.finish()


if __name__ == "__main__":
    sys.exit(main())
