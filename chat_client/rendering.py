"""Events as lines of text for a terminal."""

from __future__ import annotations

import zlib
from datetime import datetime

from rich.text import Text

from chat_client.entries import Deleted, Edited, Entry, Message, Reacted, UnknownEntry
from chat_client.events import (
    Acked,
    Connected,
    Disconnected,
    Done,
    Event,
    Failed,
    HistoryPage,
    Invited,
    Joined,
    Left,
    ListedRoom,
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
from chat_client.sanitizing import sanitize

_COLORS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")


def render_event(event: Event, room: str | None) -> list[Text]:
    """Make an event's lines.

    Args:
        event: what happened.
        room: the one that is looked at; lines about others say where they belong.

    Returns:
        The lines; none for what needs no telling.
    """
    match event:
        case Entry():
            lines = [_render_entry(event)]
        case HistoryPage():
            entries = [entry for entry in event.entries if not isinstance(entry, UnknownEntry)]
            older = "there are older ones: /history" if event.more else "the room's first message"
            lines = [render_notice(f"{len(entries)} older, {older}"), *map(_render_entry, entries)]
        case MembersPage():
            names = ", ".join(f"{member.name} ({member.user})" for member in event.members)
            lines = [render_notice(f"here: {names}")]
        case RoomsPage():
            lines = [render_notice(f"your rooms: {', '.join(map(_describe_room, event.rooms)) or 'none'}")]
        case Acked() | Failed(action="send" | "edit" | "delete" | "react"):
            # The message itself is shown, or told with its text by whoever sent it.
            return []
        case Typing() | Read() | Done(action="read") | Failed(action="read"):
            # They come by themselves, and too often for lines of their own.
            return []
        case _:
            lines = [render_notice(_describe(event))]
    where = getattr(event, "room", None)
    prefix = f"[{sanitize(where)}] " if where is not None and where != room else ""
    return [Text.assemble((prefix, "dim"), line) for line in lines]


def render_notice(text: str) -> Text:
    """Make a line of the client's own; it may quote others."""
    return Text(f"* {sanitize(text)}", "dim")


def render_problem(text: str) -> Text:
    """Make a line about something that went wrong; it may quote others."""
    return Text(f"! {sanitize(text)}", "bold red")


def _render_entry(entry: Entry) -> Text:
    match entry:
        case Message():
            return _render_message(entry)
        case Edited(text=str(text)):
            what = f"changed #{entry.target} to: {text}"
        case Deleted():
            what = f"deleted #{entry.target}"
        case Reacted(remove=remove):
            what = f"{'took back' if remove else 'reacted'} {entry.emoji} on #{entry.target}"
        case _:
            what = "changed a message that was changed again since"
    return render_notice(f"{entry.name} {what}")


def _render_message(message: Message) -> Text:
    color = _COLORS[zlib.crc32(message.user.encode(errors="replace")) % len(_COLORS)]
    reactions = "".join(f" {emoji}{len(users)}" for emoji, users in message.reactions.items())
    return Text.assemble(
        (f"{_clock(message.at_ms)} ", "dim"),
        (f"#{message.seq} ", "dim"),
        (f"{sanitize(message.name)}: ", color),
        ("(deleted)", "dim") if message.text is None else sanitize(message.text),
        (" (edited)" if message.edited else "", "dim"),
        (sanitize(reactions), "dim"),
    )


def _describe(event: Event) -> str:
    line = ""
    match event:
        case Connected():
            line = "connected"
        case Disconnected():
            line = f"not connected ({event.reason}), trying again in {event.retry_in_s:.0f} s"
        case Refused():
            line = f"the server does not let you in: {event.reason}"
        case Joined():
            line = f"you are in {event.room}, {'more than 100' if event.members > 100 else event.members} here"
        case Left():
            line = f"you left {event.room}"
        case Presence():
            line = f"{event.name} {event.state}"
        case Reset():
            line = "the room's log was replaced; its newest messages follow"
        case Truncated():
            line = "older messages have expired before you could see them"
        case Failed():
            line = f"{event.action or 'a request'} failed: {event.error.message} ({event.error.code})"
        case _:
            line = _describe_decision(event)
    return line


def _describe_decision(event: Event) -> str:
    line = ""
    match event:
        case Invited():
            line = f"{event.name} invites you: /join {event.room}"
        case Removed():
            line = f"you are out of {event.room}: {event.reason}"
        case Muted(seconds=0):
            line = f"you may write to {event.room} again"
        case Muted():
            line = f"you may not write to {event.room} for {event.seconds} s"
        case Done(action="create"):
            line = f"it is yours: /join {event.room}"
        case Done():
            line = f"done: {event.action} {event.user}"
    return line


def _describe_room(room: ListedRoom) -> str:
    return f"{room.room} ({room.unread} unread)" if room.unread else room.room


def _clock(at_ms: int) -> str:
    try:
        return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%H:%M")
    except (OverflowError, ValueError, OSError):
        return "--:--"
