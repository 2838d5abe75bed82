"""Events as lines of text."""

from __future__ import annotations

import re

import pytest

from chat_client.entries import Message, UnknownEntry
from chat_client.errors import RequestError
from chat_client.events import (
    Acked,
    Disconnected,
    Done,
    Event,
    Failed,
    HistoryPage,
    Invited,
    Joined,
    ListedRoom,
    Member,
    MembersPage,
    Muted,
    Presence,
    Read,
    Refused,
    Removed,
    Reset,
    RoomsPage,
    Truncated,
    Typing,
)
from chat_client.rendering import render_event

HI = Message("lobby", "A", 1, "1", "bob", "Bob", "hi", 1_700_000_000_000)


def render(event: Event, room: str = "lobby") -> list[str]:
    return [line.plain for line in render_event(event, room)]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Joined("1", "lobby", head=3, members=2), "* you are in lobby, 2 here"),
        (Joined("1", "lobby", head=3, members=101), "* you are in lobby, more than 100 here"),
        (Presence("lobby", "bob", "Bob", "left"), "* Bob left"),
        (Presence("other", "bob", "Bob", "joined"), "[other] * Bob joined"),
        (Disconnected("gone", 2.4), "* not connected (gone), trying again in 2 s"),
        (
            Refused("name must be shorter (HTTP 400)"),
            "* the server does not let you in: name must be shorter (HTTP 400)",
        ),
        (Reset("lobby"), "* the room's log was replaced; its newest messages follow"),
        (Truncated("lobby"), "* older messages have expired before you could see them"),
        (Invited("den", "bob", "Bob"), "[den] * Bob invites you: /join den"),
        (Removed("lobby", "kicked"), "* you are out of lobby: kicked"),
        (Muted("lobby", 60), "* you may not write to lobby for 60 s"),
        (Muted("lobby", 0), "* you may write to lobby again"),
        (Done("1", "create", "den", None), "[den] * it is yours: /join den"),
        (Done("1", "kick", "lobby", "bob"), "* done: kick bob"),
        (
            RoomsPage("1", (ListedRoom("lobby", 9, 7, 2), ListedRoom("den", 3, 3, 0)), None),
            "* your rooms: lobby (2 unread), den",
        ),
        (RoomsPage("1", (), None), "* your rooms: none"),
        (MembersPage("1", "lobby", (Member("a", "Ada"), Member("b", "Bob")), None), "* here: Ada (a), Bob (b)"),
        (
            Failed("1", "join", "lobby", RequestError("room.too_many", "leave one first")),
            "* join failed: leave one first (room.too_many)",
        ),
    ],
)
def test_lines(event: Event, line: str) -> None:
    assert render(event) == [line]


def test_a_message_has_time_and_name() -> None:
    [line] = render(HI)
    assert re.fullmatch(r"\d\d:\d\d #1 Bob: hi", line)


def test_the_text_of_a_message_has_no_style() -> None:
    [line] = render_event(HI, "lobby")
    assert line.style == ""
    assert all(line.plain[span.start : span.end].strip() != "hi" for span in line.spans)


def test_an_impossible_time_is_no_obstacle() -> None:
    event = Message("lobby", "A", 1, "1", "bob", "Bob", "hi", 10**30)
    assert render(event) == ["--:-- #1 Bob: hi"]


def test_older_messages_are_announced() -> None:
    lines = render(HistoryPage("1", "lobby", (HI, HI), more=False))
    assert lines[0] == "* 2 older, the room's first message"
    assert len(lines) == 3


def test_older_entries_of_unknown_types_have_no_line() -> None:
    unknown = UnknownEntry("lobby", "A", 2, "2", "bob", "Bob")
    lines = render(HistoryPage("1", "lobby", (HI, unknown), more=False))
    assert lines[0] == "* 1 older, the room's first message"
    assert len(lines) == 2


def test_nothing_that_others_wrote_reaches_the_terminal_as_a_command() -> None:
    evil = "\x1b[2J\u202e"
    events: list[Event] = [
        Message("lobby", "A", 1, "1", evil, evil, evil, 0),
        Presence(evil, evil, evil, evil),
        MembersPage("1", evil, (Member(evil, evil),), None),
        HistoryPage("1", evil, (Message(evil, "A", 1, "1", evil, evil, evil, 0),), more=True),
        Failed("1", evil, evil, RequestError(evil, evil)),
        Disconnected(evil, 1),
        Joined("1", evil, 1, 1),
        Invited(evil, evil, evil),
        Removed(evil, evil),
        Muted(evil, 60),
        Done("1", evil, evil, evil),
        RoomsPage("1", (ListedRoom(evil, 1, 0, 1),), None),
    ]
    for event in events:
        assert not {"\x1b", "\u202e"} & set("".join(render(event)))


@pytest.mark.parametrize(
    "event",
    [
        Acked("1", "lobby", 1),
        Typing("lobby", "bob", "Bob"),
        Read("lobby", "bob", 1),
        Done("1", "read", "lobby", None),
        Failed("1", "read", "lobby", RequestError("client.closed", "closed")),
    ],
)
def test_what_needs_no_line(event: Event) -> None:
    assert render(event) == []
