"""A client of the chat: `ChatClient` for programs, `python -m chat_client` for people.

The core is `session` and what it stands on: it does no I/O, tells no time and rolls no dice. `client` and `connection`
put it on a thread and a socket; `terminal`, `rendering` and `sanitizing` put that on a screen.

Source: docs/protocol.md.
"""

from chat_client.client import ChatClient
from chat_client.errors import RequestError
from chat_client.events import (
    Acked,
    Connected,
    Deleted,
    Disconnected,
    Edited,
    Entry,
    Event,
    Failed,
    HistoryPage,
    Joined,
    Left,
    Member,
    MembersPage,
    Message,
    Presence,
    Reacted,
    Refused,
    Reset,
    Truncated,
)
from chat_client.link import Timing
from chat_client.room import Position
from chat_client.sign_in import Admission, CognitoSignIn, GuestSignIn, SignInRefusedError

__all__ = [
    "Acked",
    "Admission",
    "ChatClient",
    "CognitoSignIn",
    "Connected",
    "Deleted",
    "Disconnected",
    "Edited",
    "Entry",
    "Event",
    "Failed",
    "GuestSignIn",
    "HistoryPage",
    "Joined",
    "Left",
    "Member",
    "MembersPage",
    "Message",
    "Position",
    "Presence",
    "Reacted",
    "Refused",
    "RequestError",
    "Reset",
    "SignInRefusedError",
    "Timing",
    "Truncated",
]
