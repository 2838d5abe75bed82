"""Events as lines of text for a terminal."""

from __future__ import annotations

import zlib
from datetime import datetime

from rich.text import Text

from chat_client.events import (
    Acked,
    Connected,
    Disconnected,
    Event,
    Failed,
    HistoryPage,
    Joined,
    Left,
    MembersPage,
    Message,
    Presence,
    Refused,
    Reset,
    Truncated,
)
from chat_client.sanitizing import sanitize

_COLORS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
_STATUS_HINTS = {
    401: "the name is not accepted, it needs 1 to 64 characters",
    403: "the name is not accepted, it needs 1 to 64 characters, or the URL is wrong",
}


def render_event(event: Event, room: str | None) -> list[Text]:
    """Make an event's lines.

    Args:
        event: what happened.
        room: the one that is looked at; lines about others say where they belong.

    Returns:
        The lines; none for what needs no telling.
    """
    match event:
        case Message():
            lines = [_message(event)]
        case HistoryPage():
            older = "there are older ones: /history" if event.more else "the room's first message"
            lines = [render_notice(f"{len(event.messages)} older, {older}"), *map(_message, event.messages)]
        case MembersPage():
            names = ", ".join(member.name for member in event.members)
            lines = [render_notice(f"here: {names}")]
        case Acked() | Failed(action="send"):
            # The message itself is shown, or told with its text by whoever sent it.
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


def _message(message: Message) -> Text:
    color = _COLORS[zlib.crc32(message.user.encode()) % len(_COLORS)]
    return Text.assemble(
        (f"{_clock(message.at_ms)} ", "dim"),
        (f"{sanitize(message.name)}: ", color),
        sanitize(message.text),
    )


def _describe(event: Event) -> str:
    line = ""
    match event:
        case Connected():
            line = "connected"
        case Disconnected():
            line = f"not connected ({event.reason}), trying again in {event.retry_in_s:.0f} s"
        case Refused():
            hint = _STATUS_HINTS.get(event.status, "is the URL right?")
            line = f"the server refused the connection with HTTP {event.status}: {hint}"
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
    return line


def _clock(at_ms: int) -> str:
    try:
        return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%H:%M")
    except (OverflowError, ValueError, OSError):
        return "--:--"
