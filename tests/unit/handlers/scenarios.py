"""What docs/calls.md counts: for each action a scenario, whose last invocation is the one that is meant.

In each, `ada` acts, and `bob` is whom the action is about, where it is about somebody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.unit.handlers.conftest import Functions

Run = Callable[[Functions, int, int], None]
ROOM = "lobby"


@dataclass(frozen=True)
class Scenario:
    """What is run, with the numbers of others and of rooms, and the variables that differ from the usual ones."""

    run: Run
    variables: dict[str, str]


class Scenarios(dict[str, Scenario]):
    """The scenarios of one table of the page, by its rows' names."""

    def row(self, name: str, **variables: str) -> Callable[[Run], Run]:
        """Make a function the scenario of a row."""

        def register(run: Run) -> Run:
            self[name] = Scenario(run, variables)
            return run

        return register


SCENARIOS = Scenarios()
row = SCENARIOS.row


def enter(functions: Functions, others: int, *names: str) -> list[str]:
    """Have so many others in the room, and then users of these names; return the users' ids."""
    functions.tables.put_members(ROOM, others)
    return functions.enter(*names, room=ROOM)


def say(functions: Functions, number: int = 1) -> None:
    """Send a message into the room, as ada, with the position that a client has."""
    functions.ask("ada=", "send", room=ROOM, id=f"m{number}", text="hi", after=number - 1)


def enter_own(functions: Functions, others: int, *, private: bool = False) -> str:
    """Have ada in her own room, with bob and so many others; return bob's id."""
    functions.sign_in("ada=", "ada=")
    functions.ask("ada=", "create", room=ROOM, private=private)
    functions.ask("ada=", "join", room=ROOM)
    bob = functions.sign_in("bob=", "bob=")
    functions.ask("ada=", "invite", room=ROOM, user=bob)
    functions.ask("bob=", "join", room=ROOM)
    functions.tables.put_members(ROOM, others)
    return bob


@row("POST /ticket")
def _ticket(functions: Functions, others: int, rooms: int) -> None:
    functions.issue(name="ada")


@row("$connect")
def _connect(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("ada=", "ada=")


@row("$disconnect")
def _disconnect(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("ada=", "ada=")
    for number in range(rooms):
        functions.tables.put_members(f"room{number}", others)
        functions.ask("ada=", "join", room=f"room{number}")
    functions.disconnect("ada=")


@row("join")
def _join(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")


@row("leave")
def _leave(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.ask("ada=", "leave", room=ROOM)


@row("send")
def send(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.tables.put_entries(ROOM, 1, 1)
    say(functions, 2)


@row("edit")
def edit(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    say(functions)
    functions.ask("ada=", "edit", room=ROOM, id="m2", seq=1, text="ho", after=1)


@row("delete")
def _delete(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    say(functions)
    functions.ask("ada=", "delete", room=ROOM, id="m2", seq=1, after=1)


@row("react")
def _react(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.tables.put_entries(ROOM, 1, 1)
    functions.ask("ada=", "react", room=ROOM, id="m2", seq=1, emoji="+1", after=1)


@row("history")
def _history(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.tables.put_entries(ROOM, 1, 3)
    functions.ask("ada=", "history", room=ROOM, after=1)


@row("sync")
def _sync(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("ada=", "ada=")
    names = [f"room{number}" for number in range(rooms)]
    for room in names:
        functions.ask("ada=", "join", room=room)
        functions.tables.put_entries(room, 1, 1)
    functions.ask("ada=", "sync", rooms={room: {"after": 1} for room in names})


@row("members")
def _members(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.ask("ada=", "members", room=ROOM)


@row("rooms")
def _rooms(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("ada=", "ada=")
    for number in range(rooms):
        functions.ask("ada=", "join", room=f"room{number}")
    functions.ask("ada=", "rooms")


@row("read")
def read(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.tables.put_entries(ROOM, 1, 1)
    functions.ask("ada=", "read", room=ROOM, seq=1)


@row("typing")
def typing(functions: Functions, others: int, rooms: int) -> None:
    enter(functions, others, "ada=")
    functions.type_in("ada=", ROOM)


@row("create")
def _create(functions: Functions, others: int, rooms: int) -> None:
    functions.sign_in("ada=", "ada=")
    functions.ask("ada=", "create", room=ROOM)


@row("invite")
def _invite(functions: Functions, others: int, rooms: int) -> None:
    bob = enter_own(functions, others, private=True)
    functions.ask("ada=", "invite", room=ROOM, user=bob)


@row("remove")
def _remove(functions: Functions, others: int, rooms: int) -> None:
    functions.ask("ada=", "remove", room=ROOM, user=enter_own(functions, others, private=True))


@row("kick")
def _kick(functions: Functions, others: int, rooms: int) -> None:
    functions.ask("ada=", "kick", room=ROOM, user=enter_own(functions, others))


@row("ban")
def _ban(functions: Functions, others: int, rooms: int) -> None:
    functions.ask("ada=", "ban", room=ROOM, user=enter_own(functions, others))


@row("unban")
def _unban(functions: Functions, others: int, rooms: int) -> None:
    functions.ask("ada=", "unban", room=ROOM, user=enter_own(functions, others))


@row("mute")
def _mute(functions: Functions, others: int, rooms: int) -> None:
    functions.ask("ada=", "mute", room=ROOM, user=enter_own(functions, others), seconds=60)


@row("publish")
def _publish(functions: Functions, others: int, rooms: int) -> None:
    functions.tables.put_members(ROOM, others)
    functions.publish(**{"room": ROOM, "from": "bot", "id": "m1", "text": "hi"})
