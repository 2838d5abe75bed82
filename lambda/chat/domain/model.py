"""The things of a chat: users, connections, members, entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple


class User(NamedTuple):
    """Who somebody is: an id, and the name that others see."""

    id: str
    name: str


class Access(IntEnum):
    """What a user may do in a room; each level includes those below it."""

    NONE = 0
    READ = 1
    WRITE = 2
    MODERATE = 3


class Identity(NamedTuple):
    """What a ticket stands for: a user, and those claims of their token that decide about rooms."""

    user: User
    claims: Mapping[str, str] = {}


class Connection(NamedTuple):
    """A live socket. API Gateway ends each one after two hours; `expires_at_s` (epoch seconds) lies after that."""

    id: str
    user: User
    connected_at_ms: int
    expires_at_s: int
    claims: Mapping[str, str] = {}


class Device(NamedTuple):
    """A connection of a user, as an index shows it: where a frame can be pushed to."""

    connection_id: str
    user: User
    expires_at_s: int


class Shard(NamedTuple):
    """A part of a room's audience: the `number`-th, from 0 on, of equal ones."""

    number: int = 0
    of: int = 1

    def split(self, parts: int) -> Sequence[Shard]:
        """Cut it into equal parts."""
        return [Shard(self.number * parts + part, self.of * parts) for part in range(parts)]


WHOLE = Shard()


class Job(NamedTuple):
    """A frame that is on its way to a part of a room.

    Jobs of one room and shard are done in the order in which they were put.

    Attributes:
        id: the same for the same frame: put again, it is the same job.
        frame: the pushed frame, as text.
        sender: the connection that is not told; empty for none.
        connections: whom an earlier attempt has missed; empty for the whole shard.
    """

    room: str
    shard: Shard
    id: str
    frame: str
    sender: str = ""
    connections: Sequence[str] = ()


class Member(NamedTuple):
    """A connection in a room.

    Attributes:
        granted: what the application, or the group of moderators, gave at the join; None where the room's own rules
            hold.
    """

    room: str
    connection_id: str
    user: User
    expires_at_s: int
    granted: Access | None = None


class Standing(NamedTuple):
    """What is on record about a user and a room.

    Attributes:
        owner: id of the room's owner; None where it has none.
        is_private: whether the room is for its members.
        is_member: whether the user was made a member.
        is_banned: whether the user is banned from the room.
        is_banned_from_chat: whether the user is banned from the whole chat.
        muted_until_ms: until when the user may not write there; 0 for not muted.
    """

    owner: str | None = None
    is_private: bool = False
    is_member: bool = False
    is_banned: bool = False
    is_banned_from_chat: bool = False
    muted_until_ms: int = 0


class Message(NamedTuple):
    """What somebody said, as it stands now.

    Attributes:
        text: None once it was deleted.
        meta: a JSON object that travels with it.
        edit_seq: number of the last edit, 0 for none.
        reactions: the ids of the users who reacted, by emoji, in the order in which they did.
        change_seq: number of the last entry that changed it in any way, 0 for none.
    """

    text: str | None
    meta: Mapping[str, object] | None = None
    edit_seq: int = 0
    reactions: Mapping[str, Sequence[str]] = {}
    change_seq: int = 0


class Edited(NamedTuple):
    """The message with number `target` got another text; None once that was edited again, or deleted."""

    target: int
    text: str | None


class Deleted(NamedTuple):
    """The message with number `target` lost its text."""

    target: int


class Reacted(NamedTuple):
    """Somebody reacted to the message with number `target`, or took that back."""

    target: int
    emoji: str
    remove: bool


Content = Message | Edited | Deleted | Reacted


class Entry(NamedTuple):
    """One entry of a room's log.

    Attributes:
        seq: its number in the room, from 1 on, without holes.
        epoch: names the log that the number belongs to.
        id: the sender's own id for it, unique for that user.
        at_ms: milliseconds since 1970, for showing only.
        expires_at_s: epoch seconds after which it counts as gone; None for ever. The newest entry of a room has None.
    """

    room: str
    seq: int
    epoch: str
    id: str
    user: User
    content: Content
    at_ms: int
    expires_at_s: int | None = None

    def is_live(self, now_ms: int) -> bool:
        """Whether it still counts: DynamoDB deletes expired items late."""
        return self.expires_at_s is None or self.expires_at_s * 1000 > now_ms


class Revision(NamedTuple):
    """What a new entry changes in an earlier one, in the same transaction; None leaves that part alone.

    Attributes:
        last_change: the `change_seq` of the message that the content was made from: nothing is stored unless that is
            still so.
    """

    content: Content | None = None
    expires_at_s: int | None = None
    last_change: int | None = None
