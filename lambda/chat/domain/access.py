"""Who may do what in a room. Every action comes through here before it reads or writes anything of a room."""

from __future__ import annotations

import re
from asyncio import gather
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from chat.domain.chat import Caller, Chat
from chat.domain.model import Access, Connection, Identity, Standing, User
from chat.protocol.errors import (
    ConnectionExpiredError,
    RateLimitedError,
    RoomBannedError,
    RoomMutedError,
    RoomNotAllowedError,
    RoomNotJoinedError,
    RoomPrivateError,
    RoomReadOnlyError,
    UserBannedError,
)
from chat.protocol.fields import name_direct_room, split_direct_room
from chat.protocol.limits import Rate

# API Gateway writes a list in a token as [one two].
_WORDS = re.compile(r"[^\s,\[\]\"]+")
_RULE = re.compile(r"([A-Za-z0-9\-_.:*]+)\s*:\s*(none|read|write|moderate)\b")


class Permit(NamedTuple):
    """What a user may do in a room, found out for this request."""

    room: str
    user: User
    access: Access
    standing: Standing


class ClaimAccess:
    """The `RoomAccess` port by a claim of the token: patterns such as `support-*: write`, of which the first counts."""

    def __init__(self, claim: str) -> None:
        self._claim = claim

    async def decide(self, identity: Identity, room: str) -> Access | None:
        """Decide by the claim; who has none that fits does not get in."""
        for pattern, access in _RULE.findall(identity.claims.get(self._claim, "")):
            if fnmatchcase(room, pattern):
                return Access[access.upper()]
        return Access.NONE


async def authorize(
    chat: Chat,
    caller: Caller,
    room: str | None,
    need: Access,
    *,
    to: str | None = None,
    what: str = "send",
    rate: Rate | None = None,
) -> Permit:
    """Find out whether the caller may do something in a room that its connection is in.

    Direct rooms need no joining, and belong to two users.

    Args:
        chat: the ports.
        caller: who asks.
        room: the room; None for the direct room with `to`.
        need: what it takes.
        to: a user, in place of the room.
        what: what is counted, where there is a rate.
        rate: how often this user may do it.

    Raises:
        RoomNotJoinedError, ConnectionExpiredError: the connection is not there.
        RateLimitedError: the user is too fast.
        ChatError: as `permit` does.
    """
    users = split_direct_room(room) if room else []
    granted: Access | None
    if room is None or users:
        user = (await require_connection(chat, caller)).user
        room = room or name_direct_room(user.id, to or user.id)
        granted = Access.NONE if users and user.id not in users else Access.WRITE
    else:
        member = await chat.connections.find_member(caller.connection_id, room)
        if member is None or member.expires_at_s * 1000 <= chat.surroundings.now_ms():
            raise RoomNotJoinedError(f"this connection is not in {room}; join it first")
        user, granted = member.user, member.granted
    standings, wait_ms = await gather(chat.standings.read(user.id, [room]), count(chat, user, what, rate))
    permitted = permit(chat, room, user, granted, standings[room], need)
    check_rate(what, wait_ms)
    return permitted


def permit(
    chat: Chat, room: str, user: User, granted: Access | None, standing: Standing, need: Access = Access.READ
) -> Permit:
    """Judge whether a user may do something in a room.

    Args:
        chat: the ports.
        room: the room.
        user: who.
        granted: what the application gave; None where the room's own rules hold.
        standing: what is on record.
        need: what it takes.

    Raises:
        UserBannedError, RoomBannedError: the user is banned.
        RoomPrivateError, RoomNotAllowedError: the room is not for this user, or that is not.
        RoomReadOnlyError: the user may only read there.
        RoomMutedError: the user is muted.
    """
    refuse_banned(room, standing)
    access = _judge(user, granted, standing)
    if access is Access.NONE:
        if granted is None or split_direct_room(room):
            raise RoomPrivateError(f"{room} is for its members alone")
        raise RoomNotAllowedError(f"you may not enter {room}")
    if access < need:
        if need is Access.WRITE:
            raise RoomReadOnlyError(f"you may read {room}, and not write there")
        raise RoomNotAllowedError(f"that takes the owner or a moderator of {room}")
    muted_ms = standing.muted_until_ms - chat.surroundings.now_ms()
    if need is Access.WRITE and muted_ms > 0:
        raise RoomMutedError(f"you are muted in {room}", retry_after_ms=muted_ms)
    return Permit(room, user, access, standing)


def refuse_banned(room: str, standing: Standing) -> None:
    """Refuse who is banned from a room, or from the chat.

    Raises:
        UserBannedError, RoomBannedError: the user is.
    """
    if standing.is_banned_from_chat:
        raise UserBannedError("you are banned from this chat")
    if standing.is_banned:
        raise RoomBannedError(f"you are banned from {room}")


def _judge(user: User, granted: Access | None, standing: Standing) -> Access:
    if granted is not None:
        return granted
    if standing.owner == user.id:
        return Access.MODERATE
    return Access.WRITE if standing.is_member or not standing.is_private else Access.NONE


async def ask_application(chat: Chat, connection: Connection, room: str) -> Access | None:
    """Find out what the application gives a user in a room; None where the room's own rules hold."""
    if is_moderator(chat, connection.claims):
        return Access.MODERATE
    if chat.room_access is None:
        return None
    return await chat.room_access.decide(Identity(connection.user, connection.claims), room)


def is_moderator(chat: Chat, claims: Mapping[str, str]) -> bool:
    """Whether these are the claims of somebody who may moderate everywhere."""
    moderators = chat.moderators
    if moderators is None:
        return False
    groups = claims.get(moderators.claim, "")
    return moderators.group in (_WORDS.findall(groups) if groups.startswith("[") else groups.split(","))


async def require_connection(chat: Chat, caller: Caller) -> Connection:
    """Return the caller's connection.

    Raises:
        ConnectionExpiredError: it has no live row.
    """
    return check_connection(chat, await chat.connections.find_connection(caller.connection_id))


def check_connection(chat: Chat, connection: Connection | None) -> Connection:
    """Return a connection that may still be alive.

    Raises:
        ConnectionExpiredError: it is none.
    """
    if connection is None or connection.expires_at_s * 1000 <= chat.surroundings.now_ms():
        raise ConnectionExpiredError("the server does not know this connection any more; connect again")
    return connection


async def count(chat: Chat, user: User, what: str, rate: Rate | None) -> int:
    """Count one more of what a user does; return the milliseconds to wait where that is too often."""
    return await chat.rates.take(user.id, what, rate, chat.surroundings.now_ms()) if rate else 0


def check_rate(what: str, wait_ms: int) -> None:
    """Refuse what is done too often.

    Raises:
        RateLimitedError: with the time to wait.
    """
    if wait_ms:
        raise RateLimitedError(f"too fast: the next {what} may come in {wait_ms} ms", retry_after_ms=wait_ms)
