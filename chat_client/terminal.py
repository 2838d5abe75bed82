"""The conversation of one person with the chat, by lines: what is typed, and what is shown."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

from rich.console import Console
from rich.text import Text

from chat_client.client import ChatClient
from chat_client.events import Entry, Event, HistoryPage, MembersPage, Refused, Reset
from chat_client.rendering import render_event, render_notice, render_problem
from chat_client.sign_in import SignIn

HELP = """\
/join ROOM   enter a room and talk there    /leave     leave this room
/history     show older messages            /members   show who is here
/edit N TEXT    change your message N       /delete N    delete it
/react N EMOJI  react to a message
/help        show this                      /quit      leave, like Ctrl-D"""


class Terminal:
    """Takes typed lines, shows events.

    Lines come on the main thread and events on the client's. What they share are sets and a dict, which each of them
    changes in single steps.

    Args:
        sign_in: gets an admission for each connection.
        room: to begin in.
        console: to show on.

    Attributes:
        refused: the server did not let this user in.
        failures: how many messages were not sent.
    """

    def __init__(self, sign_in: SignIn, room: str, console: Console) -> None:
        self.refused = False
        self.failures = 0
        self.on_refused: Callable[[], object] = lambda: None
        self._console = console
        self._client = ChatClient(sign_in, self._show_event)
        self._room: str | None = None
        self._first_room = room
        self._oldest: dict[str, int] = {}
        self._unanswered: set[Future[Any]] = set()
        self._unsent: set[Future[Any]] = set()
        self._commands: dict[str, Callable[[str], None]] = {
            "/join": self._join,
            "/leave": self._leave,
            "/edit": self._edit,
            "/delete": self._delete,
            "/react": self._react,
            "/history": self._history,
            "/members": self._members,
            "/help": self._help,
        }

    def start(self) -> None:
        """Connect, and enter the first room."""
        self._client.connect()
        self._join(self._first_room)

    def enter(self, line: str) -> bool:
        """Do what a typed line asks for.

        Returns:
            Whether to go on.
        """
        line = line.strip()
        command, _, argument = line.partition(" ")
        if command == "/quit":
            return False
        if not line.startswith("/"):
            self._send(line)
        elif command in self._commands:
            self._commands[command](argument.strip())
        else:
            self._show(render_problem(f"there is no {command}; /help shows what there is"))
        return True

    def finish(self) -> None:
        """Wait for the answers to everything that was asked."""
        while self._unanswered:
            wait(self._unanswered.copy())

    def flush(self, timeout_s: float) -> None:
        """Wait until every message is sent, for a while."""
        wait(self._unsent.copy(), timeout_s)

    def close(self) -> None:
        """Leave. What was not sent is shown as such."""
        self._client.close()

    def _send(self, text: str) -> None:
        if not text:
            return
        if self._room is None:
            self._show(render_problem("you are in no room: /join ROOM"))
            return
        future = self._client.send(self._room, text)
        self._unsent.add(future)
        future.add_done_callback(partial(self._check_sent, text))
        self._await(future)

    def _check_sent(self, text: str, future: Future[Any]) -> None:
        self._unsent.discard(future)
        error = future.exception()
        if error:
            self.failures += 1
            self._show(render_problem(f"not sent: {text[:60]}: {error}"))

    def _join(self, room: str) -> None:
        if not room:
            self._show(render_problem("which room? /join ROOM"))
            return
        self._room = room
        self._await(self._client.join(room))

    def _leave(self, _: str) -> None:
        if self._room is not None:
            room, self._room = self._room, None
            self._oldest.pop(room, None)
            self._await(self._client.leave(room))

    def _edit(self, argument: str) -> None:
        self._change("edit", argument, self._client.edit)

    def _react(self, argument: str) -> None:
        self._change("react", argument, self._client.react)

    def _delete(self, argument: str) -> None:
        self._change("delete", f"{argument} -", lambda room, seq, _: self._client.delete(room, seq))

    def _change(self, command: str, argument: str, ask: Callable[[str, int, str], Future[Any]]) -> None:
        number, _, what = argument.strip().removeprefix("#").partition(" ")
        if self._room is None or not number.isdecimal() or not what.strip():
            self._show(render_problem(f"which message? Its number stands before the name: /{command} 12 ..."))
            return
        future = ask(self._room, int(number), what.strip())
        future.add_done_callback(partial(self._check_sent, f"/{command} {number}"))
        self._await(future)

    def _history(self, _: str) -> None:
        before = self._oldest.get(self._room or "", 1)
        if self._room is None or before <= 1:
            self._show(render_notice("there is nothing older"))
        else:
            self._await(self._client.history(self._room, before))

    def _members(self, _: str) -> None:
        if self._room is not None:
            self._await(self._client.members(self._room))

    def _help(self, _: str) -> None:
        self._show(Text(HELP))

    def _await(self, future: Future[Any]) -> None:
        self._unanswered.add(future)
        future.add_done_callback(self._unanswered.discard)

    def _show_event(self, event: Event) -> None:
        match event:
            case Entry():
                self._oldest.setdefault(event.room, event.seq)
            case HistoryPage(entries=(oldest, *_)):
                self._oldest[event.room] = oldest.seq
            case Reset():
                self._oldest.pop(event.room, None)
            case MembersPage(next=str(following)):
                self._await(self._client.members(event.room, following=following))
        for line in render_event(event, self._room):
            self._show(line)
        if isinstance(event, Refused):
            self.refused = True
            self.on_refused()

    def _show(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True, highlight=False)
