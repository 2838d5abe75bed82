"""Bugs to plant, each of which the simulation has to find: what it promises is only worth what it would notice.

Each takes the place of a few lines of the code under test, for as long as a run lasts.
"""

from __future__ import annotations

from asyncio import create_task, gather, get_running_loop
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from chat.aws import connections as connection_rows
from chat.aws import log as log_rows
from chat.aws import tickets as ticket_rows
from chat.aws.cursors import DynamoCursors
from chat.aws.log import DynamoLog
from chat.aws.table import Table, from_item
from chat.aws.tickets import DynamoTickets
from chat.domain import access, append, audience, delivery, membership, moderation, publishing, reading, requests
from chat.domain.append import Draft
from chat.domain.chat import Caller, Chat, Tally
from chat.domain.membership import Joined
from chat.domain.model import Entry, Identity, Job, Revision, Shard, User
from chat.domain.reading import Page
from chat.protocol.actions import Position
from chat.protocol.limits import Rate
from chat_client.entries import Entry as ShownEntry
from chat_client.exchange import Exchange
from chat_client.requests import Request
from chat_client.room import Room
from chat_client.rooms import Rooms
from tests.simulation import ledger, pushes, rights, rows, views
from tests.simulation.dynamodb import Answer
from tests.simulation.network import SimulatedClient
from tests.simulation.rows import READ_LAST


@dataclass(frozen=True)
class Bug:
    """A bug, where it is planted, and which promises it may break."""

    name: str
    where: object
    attribute: str
    planted: Any
    promises: tuple[str, ...]

    @contextmanager
    def plant(self) -> Any:
        """Have the code under test be wrong for a while."""
        with patch.object(self.where, self.attribute, self.planted):
            yield


# Of the log.


async def _put_anyway(
    self: DynamoLog, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None
) -> bool:
    await self._table.call("PutItem", Item=log_rows._row(entry))
    return True


async def _find_nothing(chat: Chat, entries: Sequence[Entry], draft: Draft) -> Entry | None:
    return None


class _Counter:
    """Numbers from a counter, which is atomic, and no log."""

    def __init__(self) -> None:
        self._last: dict[tuple[object, str], int] = {}

    async def append(self, chat: Chat, draft: Draft, after: int | None, tally: Tally) -> Entry:
        key = get_running_loop(), draft.room
        stored = await append._find(chat, await append._read_tail(chat, draft.room, after), draft)
        if stored:
            return stored
        head = await reading.read_head(chat, draft.room)
        number = max(self._last.get(key, 0), head.seq if head else 0) + 1
        self._last[key] = number
        entry = append._number(chat, draft, head)._replace(seq=number)
        await chat.log.put(entry, {})
        return entry


async def _ack_first(chat: Chat, caller: Caller, draft: Draft, after: int | None) -> Entry:
    head = await reading.read_head(chat, draft.room)
    create_task(publish(chat, caller, draft, after))  # noqa: RUF006 - the bug: nobody waits for it
    return append._number(chat, draft, head)


def _expire_at_once(chat: Chat, draft: Draft, head: Entry | None) -> Entry:
    expires_at_s = chat.surroundings.now_ms() // 1000 + chat.retention_s if chat.retention_s else None
    return number(chat, draft, head)._replace(expires_at_s=expires_at_s)


def _begin_an_epoch(chat: Chat, head: Entry | None) -> str:
    return f"{chat.log.mark}.{chat.surroundings.token()}"


async def _read_stale(self: Table, start: Any = None, **parameters: Any) -> Any:
    if "entry" in str(parameters.get("ExpressionAttributeValues")):
        parameters["ConsistentRead"] = False
    return await query_page(self, start, **parameters)


# Of getting entries to everybody.


async def _push_later(chat: Chat, caller: Caller, entry: Entry) -> None:
    create_task(push(chat, caller, entry))  # noqa: RUF006 - the bug: nobody waits for it


async def _push_once(chat: Chat, caller: Caller, draft: Draft, after: int | None) -> Entry:
    entry = await append.append(chat, draft, after, caller.tally)
    if caller.tally.messages:
        await push(chat, caller, entry)
    return entry


async def _push_and_delete_sender(chat: Chat, caller: Caller, entry: Entry) -> None:
    await push(chat, caller, entry)
    if caller.tally.gone:
        await audience.remove_rows(chat, caller.connection_id)


async def _forget_nobody(chat: Chat, connection_id: str) -> None:
    pass


async def _take_throttled_for_gone(self: SimulatedClient, what: str, *rest: Any) -> Answer:
    answer = await attempt(self, what, *rest)
    return replace(answer, status=410) if what == "POST" and answer.status == 429 else answer


async def _queue_no_missed(chat: Chat, tally: Tally, jobs: Sequence[Job]) -> None:
    await chat.deliveries.put([job for job in jobs if not job.connections])


async def _swallow_missed(chat: Chat, tally: Tally, jobs: Sequence[Job]) -> None:
    ids = audience.one_page(jobs[0].connections)
    await audience.post(chat, tally, ids, delivery.pack(job.frame for job in jobs), {})


def _bound_half(shard: Shard) -> tuple[str, str]:
    return bound(shard._replace(number=shard.number * 2, of=shard.of * 2))


def _cut_short(chat: Chat, shard: Shard) -> Sequence[Shard]:
    parts = cut(chat, shard)
    return parts[:-1] if len(parts) > 1 else parts


# Of who gets in, and who doesn't.


async def _join_after_reading(chat: Chat, caller: Caller, room: str, position: Position | None) -> Joined:
    page = await reading.read_page(chat, room, position)
    return (await join(chat, caller, room, position))._replace(page=page)


async def _resume_from_newest(chat: Chat, room: str, position: Position | None, limit: int = 100) -> Page:
    # A client that is told of more would ask for ever.
    return (await reading._read_newest(chat, room, 2, reset=False))._replace(more=False)


async def _take_any_ticket(self: DynamoTickets, ticket_hash: str, now_s: int) -> Identity | None:
    key = {name: {"S": value} for name, value in ticket_rows._key(ticket_hash).items()}
    item = (await self._table.call("GetItem", Key=key, ConsistentRead=True)).get("Item")
    await self._table.call("DeleteItem", Key=key)
    row = from_item(item or {})
    return Identity(User(row["user"], row["name"])) if item else None


async def _expel_nobody(chat: Chat, caller: Caller, room: str, user_id: str, reason: str) -> None:
    pass


def _refuse_nobody(room: str, standing: object) -> None:
    pass


async def _count_nothing(chat: Chat, user: User, what: str, rate: Rate | None) -> int:
    return 0


async def _move_anywhere(self: DynamoCursors, room: str, user_id: str, seq: int, now_ms: int) -> bool:
    values: Any = {":seq": seq}
    return await self._update(room, user_id, "SET seq = :seq", values)


async def _disconnect_half(chat: Chat, connection_id: str) -> Any:
    found = await chat.connections.read_rows(connection_id)
    await chat.connections.remove_connection(connection_id)
    await gather(*(chat.connections.remove_member(connection_id, member.room) for member in found.members[1:]))
    return found


# Of the client.


def _show_at_once(self: Room, entry: ShownEntry, now_s: float) -> list[ShownEntry]:
    return [entry]


def _transmit_as_new(self: Exchange, request: Request, now_s: float) -> bool:
    if request.attempts and request.kind == "send":
        self.requests.remove(request)
        request.id = self.new_id()
        self.requests.add(request)
    return transmit(self, request, now_s)


def _sync_never(self: Rooms, *_: object) -> None:
    pass


def _drop_no_duplicate(self: Room, page: Any, now_s: float) -> list[Any]:
    shown = [*page.entries]
    if shown:
        self._shown = max(self._shown or 0, shown[-1].seq)
    return [*shown, *self._release(now_s)]


# The code as it is, for those that do a little more or less than it.
publish, push, join = publishing.publish, delivery.push, membership.join
cut = delivery._cut
number, bound, query_page = append._number, connection_rows._bound, Table.query_page
transmit, attempt = Exchange.transmit, SimulatedClient._attempt

_LOG = (ledger.DENSE, ledger.FOR_EVER, ledger.STORED_ONCE, ledger.ONE_EPOCH, views.ACKED, views.SHOWN)
_PUSHED = (pushes.PUSHED, pushes.EMPTIED)

BUGS: Sequence[Bug] = (
    Bug("an entry is put without its condition", DynamoLog, "put", _put_anyway, _LOG),
    Bug("nobody looks for an earlier attempt", append, "_find", _find_nothing, (ledger.STORED_ONCE,)),
    Bug("numbers come from a counter", publishing, "append", _Counter().append, (*_LOG, views.COMPLETE)),
    Bug("the ack comes before the entry is stored", requests, "publish", _ack_first, (views.ACKED,)),
    Bug("the newest entry expires", append, "_number", _expire_at_once, _LOG),
    Bug("every entry begins an epoch", append, "_continue_epoch", _begin_an_epoch, (ledger.ONE_EPOCH,)),
    Bug("the log is read from a stale replica", Table, "query_page", _read_stale, (*_LOG, READ_LAST)),
    Bug("the ack comes before the push", publishing, "push", _push_later, _PUSHED),
    Bug("a repeated send is not pushed again", requests, "publish", _push_once, _PUSHED),
    Bug("the sender is deleted on 410", publishing, "push", _push_and_delete_sender, (rows.KEPT,)),
    Bug("410 is ignored", audience, "_forget", _forget_nobody, (rows.CLEARED,)),
    Bug("429 counts as gone", SimulatedClient, "_attempt", _take_throttled_for_gone, (rows.KEPT, *_PUSHED)),
    Bug("who was missed is not queued", delivery, "_put", _queue_no_missed, _PUSHED),
    Bug("who was missed twice counts as reached", delivery, "_deliver_again", _swallow_missed, _PUSHED),
    Bug("a shard that is cut loses its last part", delivery, "_cut", _cut_short, (pushes.EMPTIED,)),
    Bug("half of each shard is left out", connection_rows, "_bound", _bound_half, _PUSHED),
    Bug("a join reads before it writes", requests, "join", _join_after_reading, (READ_LAST,)),
    Bug("a resume begins with the newest", membership, "read_page", _resume_from_newest, (views.SHOWN,)),
    Bug("a ticket is read, then deleted", DynamoTickets, "take", _take_any_ticket, (rows.TICKETS,)),
    Bug("a ban leaves connections in the room", moderation, "expel", _expel_nobody, (rights.PUSHES,)),
    Bug("the banned are let in", access, "refuse_banned", _refuse_nobody, (rights.ANSWERS,)),
    Bug("sends are not counted", access, "count", _count_nothing, (ledger.COUNTED,)),
    Bug("a read cursor moves back", DynamoCursors, "move", _move_anywhere, (ledger.FORWARD,)),
    Bug("a disconnect leaves a row", membership, "remove_rows", _disconnect_half, (rows.CLEARED,)),
    Bug("the client shows pushes as they come", Room, "take_entry", _show_at_once, (views.SHOWN,)),
    Bug("the client shows a page's entries again", Room, "_show_page", _drop_no_duplicate, (views.SHOWN,)),
    Bug(
        "the client gives each attempt an id", Exchange, "transmit", _transmit_as_new, (ledger.STORED_ONCE, views.ACKED)
    ),
    Bug("the client never syncs", Rooms, "_sync", _sync_never, (views.COMPLETE,)),
)
