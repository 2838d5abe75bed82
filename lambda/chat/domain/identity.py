"""Who opens a connection: tickets, and the users behind them.

Whoever may chat gets a ticket over HTTPS, and opens a socket with it. So no lasting secret stands in a URL: a ticket
works once, for a minute, and is stored as its hash alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from chat.domain.chat import Chat
from chat.domain.model import User
from chat.protocol.errors import FieldOutOfRangeError
from chat.protocol.limits import NAME_LENGTH

TICKET_LIFETIME_S = 60
_USER_ID = re.compile(r"[A-Za-z0-9\-_.]{1,48}")
# Where identity providers put a name for people, the most telling one first.
_NAME_CLAIMS = ("name", "preferred_username", "nickname", "cognito:username", "username", "sub")


async def issue_ticket(chat: Chat, user: User) -> str:
    """Make a ticket that lets a user connect, once, within a minute."""
    ticket = chat.surroundings.secret()
    expires_at_s = chat.surroundings.now_ms() // 1000 + TICKET_LIFETIME_S
    await chat.tickets.put(_hash(ticket), user, expires_at_s)
    return ticket


async def redeem_ticket(chat: Chat, ticket: str) -> User | None:
    """Take a ticket back, and tell whose it was; None where it is unknown, used or expired."""
    return await chat.tickets.take(_hash(ticket), chat.surroundings.now_ms() // 1000)


def identify_guest(name: str, key: str) -> User:
    """Return the guest who holds a key: the same user whenever the key is the same, and nobody else.

    Raises:
        FieldOutOfRangeError: the name is not fit to be shown.
    """
    return User(f"guest-{sha256(key.encode()).hexdigest()[:32]}", check_name(name))


def identify_claims(claims: Mapping[str, str]) -> User:
    """Return the user whom a verified token speaks of."""
    subject = claims["sub"]
    # Some providers have characters in `sub` that no room name of a direct room may have.
    user_id = subject if _USER_ID.fullmatch(subject) else sha256(subject.encode()).hexdigest()[:40]
    name = next(claims[claim] for claim in _NAME_CLAIMS if claims.get(claim))
    shown = "".join(character for character in name if character.isprintable())[:NAME_LENGTH]
    return User(user_id, shown.strip() or user_id)


def check_name(name: str) -> str:
    """Return a name that is fit to be shown.

    Raises:
        FieldOutOfRangeError: it is not 1 to 64 printable characters.
    """
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable() or name.isspace():
        raise FieldOutOfRangeError(f"name must be 1 to {NAME_LENGTH} printable characters, got {len(name)}")
    return name


def _hash(ticket: str) -> str:
    return sha256(ticket.encode()).hexdigest()
