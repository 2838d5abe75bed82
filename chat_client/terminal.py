"""The conversation of one person with the chat, by lines: what is typed, and what is shown."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

from rich.console import Console
from rich.text import Text

from chat_client.client import ChatClient
from chat_client.entries import Entry
from chat_client.events import Event, HistoryPage, Left, MembersPage, Presence, Refused, Removed, Reset, RoomsPage
from chat_client.people import People, UserUnknownError
from chat_client.rendering import render_event, render_notice, render_problem
from chat_client.room import DIRECT_PREFIX, Position
from chat_client.sign_in import SignIn
from chat_client.state import State

HELP = """\
/join ROOM      enter a room and talk there    /leave          leave this room
/history        show older messages            /members        show who is here
/edit N TEXT    change your message N          /delete N       delete it
/react N EMOJI  react to a message             /msg USER TEXT  write to USER alone
/rooms          list your rooms                /create ROOM [private]  own a new room
/invite USER    let into this private room     /remove USER    and take that back
/kick USER      put out of this room           /mute USER SECONDS  let only read here
/ban USER       keep out of this room          /unban USER     and take that back
/help           show this                      /quit           leave, like Ctrl-D
USER is an id, as /members shows it, or a name that was seen in this room."""


class Terminal:
    """Takes typed lines, shows events.

    Lines come on the main thread and events on the client's. What they share are sets, dicts and the room's
    name, which each of them changes in single steps; who needs the name twice takes it once.

    Args:
        sign_in: gets an admission for each connection.
        room: to begin in.
        console: to show on.
        state: what was shown before; what is shown is noted there.

    Attributes:
        refused: the server did not let this user in.
        failures: how many messages were not sent.
    """

    def __init__(self, sign_in: SignIn, room: str, console: Console, state: State) -> None:
        self.refused = False
        self.failures = 0
        self.on_refused: Callable[[], object] = lambda: None
        self._console = console
        self._state = state
        self._client = ChatClient(sign_in, self._show_event)
        self._room: str | None = None
        self._first_room = room
        self._oldest: dict[str, int] = {}
        self._people = People()
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
            "/msg": self._message,
            "/rooms": self._rooms,
            "/create": self._create,
            "/mute": self._mute,
            "/help": self._help,
        }
        decisions = {
            "/invite": self._client.invite,
            "/remove": self._client.remove,
            "/kick": self._client.kick,
            "/ban": lambda room, user: self._client.ban(user, room),
            "/unban": lambda room, user: self._client.unban(user, room),
        }
        self._commands |= {command: partial(self._decide, command, ask) for command, ask in decisions.items()}

    def start(self) -> None:
        """Connect, and enter the first room, and the direct rooms, where something may have been said meanwhile."""
        self._join(self._first_room)
        for room in self._state.rooms:
            if room.startswith(DIRECT_PREFIX) and room != self._first_room:
                self._enter(room)
        self._client.connect()

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
            try:
                self._commands[command](argument.strip())
            except UserUnknownError as error:
                self._show(render_problem(str(error)))
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
        room = self._room
        if room is None:
            self._show(render_problem("you are in no room: /join ROOM"))
        else:
            self._await_sent(text, self._client.send(room, text))

    def _message(self, argument: str) -> None:
        user, text = self._people.find(self._room, argument)
        if text:
            self._await_sent(text, self._client.send_to(user, text))
        else:
            self._show(render_problem("what? /msg USER TEXT"))

    def _await_sent(self, text: str, future: Future[Any]) -> None:
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
        self._enter(room)

    def _enter(self, room: str) -> None:
        """Join a room, and read on from where it was shown before this start."""
        position = self._state.find(room)
        if position:
            self._oldest.setdefault(room, position.after + 1)
            self._await(self._client.join(room, after=position.after, epoch=position.epoch))
        else:
            self._await(self._client.join(room))

    def _leave(self, _: str) -> None:
        room, self._room = self._room, None
        if room is not None:
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
        room = self._room
        if room is None or not number.isdecimal() or not what.strip():
            self._show(render_problem(f"which message? Its number stands before the name: /{command} 12 ..."))
            return
        future = ask(room, int(number), what.strip())
        future.add_done_callback(partial(self._check_sent, f"/{command} {number}"))
        self._await(future)

    def _history(self, _: str) -> None:
        room = self._room
        before = self._oldest.get(room or "", 1)
        if room is None or before <= 1:
            self._show(render_notice("there is nothing older"))
        else:
            self._await(self._client.history(room, before))

    def _members(self, _: str) -> None:
        room = self._room
        if room is not None:
            self._await(self._client.members(room))

    def _rooms(self, _: str) -> None:
        self._await(self._client.rooms())

    def _create(self, argument: str) -> None:
        room, _, how = argument.partition(" ")
        if room and how.strip() in ("", "private"):
            self._await(self._client.create(room, private=bool(how)))
        else:
            self._show(render_problem("which room? /create ROOM [private]"))

    def _decide(self, command: str, ask: Callable[[str, str], Future[Any]], argument: str) -> None:
        room = self._room
        user, rest = self._people.find(room, argument)
        if room is None or rest:
            self._show(render_problem(f"whom, in the room that you are in? {command} USER"))
        else:
            self._await(ask(room, user))

    def _mute(self, argument: str) -> None:
        room = self._room
        user, seconds = self._people.find(room, argument)
        if room is None or not seconds.isdecimal():
            self._show(render_problem("for how long, in the room that you are in? /mute USER SECONDS"))
        else:
            self._await(self._client.mute(room, user, int(seconds)))

    def _help(self, _: str) -> None:
        self._show(Text(HELP))

    def _await(self, future: Future[Any]) -> None:
        self._unanswered.add(future)
        future.add_done_callback(self._unanswered.discard)

    def _show_event(self, event: Event) -> None:
        self._note(event)
        match event:
            case Entry():
                self._client.read(event.room, event.seq)
            case MembersPage(next=str(following)):
                self._await(self._client.members(event.room, following=following))
            case RoomsPage(next=str(following)):
                self._await(self._client.rooms(following=following))
        for line in render_event(event, self._room):
            self._show(line)
        match event:
            case Entry():
                self._state.note(event.room, Position(event.seq, event.epoch))
            case Reset() | Left():
                self._state.forget(event.room)
            case Refused():
                self.refused = True
                self.on_refused()

    def _note(self, event: Event) -> None:
        """Note what commands need to know later."""
        match event:
            case Entry():
                self._oldest.setdefault(event.room, event.seq)
                self._people.note(event.room, event.user, event.name)
            case HistoryPage(entries=(oldest, *_)):
                self._oldest[event.room] = oldest.seq
                for entry in event.entries:
                    self._people.note(event.room, entry.user, entry.name)
            case Presence():
                self._people.note(event.room, event.user, event.name)
            case MembersPage():
                for member in event.members:
                    self._people.note(event.room, member.user, member.name)
            case Reset():
                self._oldest.pop(event.room, None)
            case Removed() if event.room == self._room:
                self._room = None

    def _show(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True, highlight=False)
