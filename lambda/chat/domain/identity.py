"""Who opens a connection: tickets, and the users behind them.

Whoever may chat gets a ticket over HTTPS, and opens a socket with it. So no lasting secret stands in a URL: a ticket
works once, for a minute, and is stored as its hash alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from chat.domain.chat import Chat
from chat.domain.model import Identity, User
from chat.protocol.errors import FieldMissingError, FieldOutOfRangeError, UserBannedError
from chat.protocol.fields import is_user_id
from chat.protocol.limits import NAME_LENGTH

TICKET_LIFETIME_S = 60
# Where identity providers put a name for people, the most telling one first.
_NAME_CLAIMS = ("name", "preferred_username", "nickname", "cognito:username", "username", "sub")


async def issue_ticket(chat: Chat, identity: Identity) -> str:
    """Make a ticket that lets a user connect, once, within a minute.

    Raises:
        UserBannedError: the user is banned from the chat.
    """
    if await chat.standings.is_banned_from_chat(identity.user.id):
        raise UserBannedError("you are banned from this chat")
    ticket = chat.surroundings.secret()
    expires_at_s = chat.surroundings.now_ms() // 1000 + TICKET_LIFETIME_S
    await chat.tickets.put(_hash(ticket), identity, expires_at_s)
    return ticket


async def redeem_ticket(chat: Chat, ticket: str) -> Identity | None:
    """Take a ticket back, and tell whose it was; None where it is unknown, used or expired."""
    return await chat.tickets.take(_hash(ticket), chat.surroundings.now_ms() // 1000)


def identify_guest(name: str, key: str) -> User:
    """Return the guest who holds a key: the same user whenever the key is the same, and nobody else.

    Raises:
        FieldOutOfRangeError: the name is not fit to be shown.
    """
    return User(f"guest-{_hash(key)[:32]}", check_name(name))


def identify_claims(claims: Mapping[str, Any], kept: Collection[str] | None = ()) -> Identity:
    """Return whom a verified token speaks of.

    Args:
        claims: the token's.
        kept: the names of those that are kept for later; None for all.

    Raises:
        FieldMissingError: the token tells no user.
    """
    # API Gateway hands claims on as strings, whatever they were in the token; not everything in its place does.
    written = {name: _write(value) for name, value in claims.items() if value is not None}
    subject = written.get("sub")
    if not subject:
        raise FieldMissingError("the token has no claim sub, which tells users apart")
    # Some providers have characters in `sub` that no room name of a direct room may have.
    user_id = subject if is_user_id(subject) else _hash(subject)[:40]
    name = next(written[claim] for claim in _NAME_CLAIMS if written.get(claim))
    shown = "".join(character for character in name if character.isprintable())[:NAME_LENGTH]
    keeps = {name: value for name, value in written.items() if kept is None or name in kept}
    return Identity(User(user_id, shown.strip() or user_id), keeps)


def _write(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def check_name(name: str) -> str:
    """Return a name that is fit to be shown.

    Raises:
        FieldOutOfRangeError: it is not 1 to 64 printable characters.
    """
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable() or name.isspace():
        raise FieldOutOfRangeError(f"name must be 1 to {NAME_LENGTH} printable characters, got {len(name)}")
    return name


def _hash(text: str) -> str:
    # Nobody has checked it: half of a surrogate pair is as good as any other text.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
