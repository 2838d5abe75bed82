"""A client of the chat: `ChatClient` for programs, `python -m chat_client` for people.

The core is `session` and what it stands on: it does no I/O, tells no time and rolls no dice. `runner` and `connection`
put it on a thread and a socket, and `client` in the hands of programs; `terminal`, `people`, `rendering`,
`sanitizing` and `state` put that on a screen, again after a restart.

Source: docs/protocol.md.
"""

from chat_client.client import ChatClient
from chat_client.entries import Deleted, Edited, Entry, Message, Reacted, UnknownEntry
from chat_client.errors import RequestError, SignInRefusedError
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
from chat_client.link import Timing
from chat_client.room import Position
from chat_client.sign_in import Admission, CognitoSignIn, GuestSignIn

__all__ = [
    "Acked",
    "Admission",
    "ChatClient",
    "CognitoSignIn",
    "Connected",
    "Deleted",
    "Disconnected",
    "Done",
    "Edited",
    "Entry",
    "Event",
    "Failed",
    "GuestSignIn",
    "HistoryPage",
    "Invited",
    "Joined",
    "Left",
    "ListedRoom",
    "Member",
    "MembersPage",
    "Message",
    "Muted",
    "Position",
    "Presence",
    "Reacted",
    "Read",
    "Refused",
    "Removed",
    "RequestError",
    "Reset",
    "RoomsPage",
    "SignInRefusedError",
    "Timing",
    "Truncated",
    "Typing",
    "UnknownEntry",
]
