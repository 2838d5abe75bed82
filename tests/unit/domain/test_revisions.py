"""Edits, deletions and reactions: entries of the log that change an earlier one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from chat.domain.model import Deleted, Edited, Entry, Message, Revision, User
from chat.domain.ports import LogPage
from chat.domain.revisions import REACTIONS
from chat.protocol.limits import Limits
from tests.unit.domain.conftest import Room, make_entry


async def say(world: Room, text: str = "hi", **fields: Any) -> Any:
    """Ada sends number 1, and stands ready to change it."""
    ada = world.enter("a1", "lobby", name="ada")
    world.enter("b1", "lobby", name="bob")
    ack = await world.ask(ada, "send", room="lobby", id="m1", text=text, after=0, **fields)
    assert ack["seq"] == 1
    return ada


async def history(world: Room, caller: Any) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await world.ask(caller, "history", room="lobby", after=0))["entries"]
    return [{name: entry[name] for name in entry if name not in ("id", "from", "name", "at")} for entry in entries]


async def test_an_edit_is_an_entry_and_changes_its_message(world: Room) -> None:
    ada = await say(world)
    ack = await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="hello", after=1)
    assert (ack["type"], ack["seq"]) == ("ack", 2)
    pushed = world.pushed("b1")[-1]
    assert (pushed["type"], pushed["seq"], pushed["target"], pushed["text"]) == ("edited", 2, 1, "hello")
    assert (pushed["room"], pushed["from"], pushed["epoch"]) == ("lobby", "ada", "table.t1")
    assert await history(world, ada) == [
        {"type": "message", "seq": 1, "text": "hello", "edited": True},
        {"type": "edited", "seq": 2, "target": 1, "text": "hello"},
    ]


async def test_an_edited_text_stands_nowhere_any_more_once_it_is_edited_again(world: Room) -> None:
    ada = await say(world, "first")
    await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="second")
    await world.ask(ada, "edit", room="lobby", id="m3", seq=1, text="third")
    assert await history(world, ada) == [
        {"type": "message", "seq": 1, "text": "third", "edited": True},
        {"type": "edited", "seq": 2, "target": 1},
        {"type": "edited", "seq": 3, "target": 1, "text": "third"},
    ]


async def test_a_deleted_message_keeps_its_number_and_loses_its_text_everywhere(world: Room) -> None:
    ada = await say(world, "secret", meta={"secret": 1})
    await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="secret too")
    await world.ask(ada, "react", room="lobby", id="m3", seq=1, emoji="x")
    await world.ask(ada, "delete", room="lobby", id="m4", seq=1)
    assert world.pushed("b1")[-1]["type"] == "deleted"
    assert await history(world, ada) == [
        {"type": "message", "seq": 1, "deleted": True},
        {"type": "edited", "seq": 2, "target": 1},
        {"type": "reacted", "seq": 3, "target": 1, "emoji": "x", "remove": False},
        {"type": "deleted", "seq": 4, "target": 1},
    ]
    assert "secret" not in repr(world.log.entries)


async def test_reactions_come_and_go(world: Room) -> None:
    ada = await say(world)
    bob = world.enter("b1", "lobby", name="bob")
    for caller, request_id, remove in ((ada, "r1", False), (bob, "r2", False), (bob, "r3", False), (ada, "r4", True)):
        await world.ask(caller, "react", room="lobby", id=request_id, seq=1, emoji="\U0001f600", remove=remove)
    assert (await history(world, ada))[0]["reactions"] == {"\U0001f600": ["bob"]}
    await world.ask(bob, "react", room="lobby", id="r5", seq=1, emoji="\U0001f600", remove=True)
    assert "reactions" not in (await history(world, ada))[0]


async def test_reactions_are_limited(world: Room) -> None:
    ada = await say(world)
    full = Message("hi", reactions={"x": [f"u{number}" for number in range(REACTIONS)]})
    world.fill("lobby", [make_entry("lobby", 1, content=full)])
    reply = await world.ask(ada, "react", room="lobby", id="r1", seq=1, emoji="y")
    assert reply["code"] == "entry.too_many_reactions"


@pytest.mark.parametrize(("action", "fields"), [("edit", {"text": "x"}), ("delete", {}), ("react", {"emoji": "x"})])
async def test_what_is_no_message_can_not_be_changed(world: Room, action: str, fields: dict[str, str]) -> None:
    ada = await say(world)
    await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="new")
    for seq in (2, 3, 999):
        reply = await world.ask(ada, action, room="lobby", id="x", seq=seq, **fields)
        assert reply["code"] == "entry.not_found"
    await world.ask(ada, "delete", room="lobby", id="m3", seq=1)
    assert (await world.ask(ada, action, room="lobby", id="x", seq=1, **fields))["code"] == "entry.deleted"


@pytest.mark.parametrize(("action", "fields"), [("edit", {"text": "x"}), ("delete", {})])
async def test_somebody_elses_message_can_not_be_changed(world: Room, action: str, fields: dict[str, str]) -> None:
    await say(world)
    bob = world.enter("b2", "lobby", name="bob")
    assert (await world.ask(bob, action, room="lobby", id="x", seq=1, **fields))["code"] == "entry.not_yours"
    assert world.log.seqs("lobby") == [1]


async def test_an_expired_message_can_not_be_changed(world: Room) -> None:
    ada = await say(world)
    world.fill("lobby", [make_entry("lobby", 1, expires_at_s=1), make_entry("lobby", 2)])
    assert (await world.ask(ada, "react", room="lobby", id="x", seq=1, emoji="x"))["code"] == "entry.not_found"


@pytest.mark.parametrize(
    ("action", "fields", "expected"),
    [
        ("edit", {"text": "new"}, Message("new", reactions={"x": ["bob"]}, edit_seq=3, change_seq=3)),
        ("react", {"emoji": "y"}, Message("hi", reactions={"x": ["bob"], "y": ["ada"]}, change_seq=3)),
        ("delete", {}, Message(None, change_seq=3)),
    ],
)
async def test_a_message_that_was_read_stale_is_changed_again_from_what_is_there(
    world: Room, action: str, fields: dict[str, str], expected: Message
) -> None:
    ada = await say(world)
    stale = world.log.entries["lobby", 1]
    await world.ask(Caller("b1", Tally()), "react", room="lobby", id="r1", seq=1, emoji="x", after=1)
    read = world.log.read
    misled: list[str] = []

    async def read_stale_once(room: str, **bounds: Any) -> LogPage:
        if bounds == {"first": 1, "last": 1} and not misled:
            misled.append(room)
            return LogPage([stale], complete=True)
        return await read(room, **bounds)

    world.log.read = read_stale_once  # type: ignore[method-assign]
    assert (await world.ask(ada, action, room="lobby", id="m2", seq=1, after=2, **fields))["seq"] == 3
    assert misled
    assert world.log.entries["lobby", 1].content == expected
    assert ada.tally.conflicts == 1


@pytest.mark.parametrize(("action", "fields"), [("edit", {"text": "third"}), ("delete", {}), ("react", {"emoji": "x"})])
@pytest.mark.parametrize("target", [1, 2])
async def test_what_is_stored_after_the_head_was_read_is_no_obstacle(
    world: Room, target: int, action: str, fields: dict[str, str]
) -> None:
    ada = await say(world, "first")
    read, put = world.log.read, world.log.put
    puts: list[tuple[int, ...]] = []
    faster: list[str] = []

    async def read_head_early(room: str, **bounds: Any) -> LogPage:
        page = await read(room, **bounds)
        if len(world.log.entries) == 1 and not faster:
            faster.append(room)
            # Another device of hers is faster: it takes number 2, and where it edits, changes the target.
            if target == 1:
                await world.ask(Caller("a1", Tally()), "edit", room="lobby", id="m2", seq=1, text="second", after=1)
            else:
                await world.ask(Caller("a1", Tally()), "send", room="lobby", id="m2", text="second", after=1)
        return page

    async def put_each_once(entry: Entry, revisions: Mapping[int, Revision], **options: Any) -> bool:
        puts.append((entry.seq, *revisions))
        return await put(entry, revisions, **options)

    world.log.read, world.log.put = read_head_early, put_each_once  # type: ignore[method-assign]
    assert (await world.ask(ada, action, room="lobby", id="m3", seq=target, after=1, **fields))["seq"] == 3
    # A transaction takes each item once.
    assert all(len(set(items)) == len(items) for items in puts)


@pytest.mark.parametrize(("action", "fields"), [("edit", {"text": "third"}), ("delete", {})])
async def test_an_edit_whose_entry_has_expired_before_its_message_stands_in_no_way(
    world: Room, action: str, fields: dict[str, str]
) -> None:
    ada = await say(world, "first")
    await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="second", after=1)
    await world.ask(ada, "send", room="lobby", id="m3", text="news", after=2)
    del world.log.entries["lobby", 2]
    assert (await world.ask(ada, action, room="lobby", id="m4", seq=1, after=3, **fields))["seq"] == 4
    assert world.log.seqs("lobby") == [1, 3, 4]
    assert "second" not in repr(world.log.entries)


async def test_an_edit_whose_entry_expires_just_now_is_not_in_the_way(world: Room) -> None:
    ada = await say(world, "first")
    await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="second", after=1)
    await world.ask(ada, "send", room="lobby", id="m3", text="news", after=2)
    put = world.log.put

    async def expire_first(*args: Any, **fields: Any) -> bool:
        world.log.entries.pop(("lobby", 2), None)
        return await put(*args, **fields)

    world.log.put = expire_first  # type: ignore[method-assign]
    assert (await world.ask(ada, "edit", room="lobby", id="m4", seq=1, text="third", after=3))["seq"] == 4
    assert world.log.seqs("lobby") == [1, 3, 4]


async def test_a_retried_edit_is_stored_once(world: Room) -> None:
    ada = await say(world)
    acks = [await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="new", after=1) for _ in range(2)]
    assert acks[0] == acks[1]
    assert world.log.seqs("lobby") == [1, 2]


async def test_a_retried_delete_is_answered_with_the_first_attempt(world: Room) -> None:
    ada = await say(world)
    acks = [await world.ask(ada, "delete", room="lobby", id="m2", seq=1, after=1) for _ in range(2)]
    assert acks[0] == acks[1]


async def test_with_retention_a_target_that_is_the_predecessor_gets_both_changes() -> None:
    world = Room(retention_s=60)
    ada = await say(world)
    await world.ask(ada, "edit", room="lobby", id="m2", seq=1, text="new", after=1)
    target = world.log.entries["lobby", 1]
    assert target.content == Message("new", edit_seq=2, change_seq=2)
    assert target.expires_at_s == world.surroundings.ms // 1000 + 60
    await world.ask(ada, "delete", room="lobby", id="m3", seq=1, after=2)
    assert world.log.entries["lobby", 2].content == Edited(1, None)
    assert world.log.entries["lobby", 2].expires_at_s
    assert world.log.entries["lobby", 3].content == Deleted(1)


async def test_meta_travels_with_a_message(world: Room) -> None:
    ada = await say(world, meta={"reply_to": 7, "client": {"a": [1, None]}})
    assert world.pushed("b1")[-1]["meta"] == {"reply_to": 7, "client": {"a": [1, None]}}
    assert (await history(world, ada))[0]["meta"] == {"reply_to": 7, "client": {"a": [1, None]}}


async def test_the_largest_message_that_limits_allow_fits_into_a_page() -> None:
    world = Room(limits=Limits(text_bytes=16 * 1024))
    ada = world.enter("a1", "x" * 128, name=User("u" * 48, "\U0001f600" * 64))
    fields = {"room": "x" * 128, "id": "\x01" * 64}
    meta = {"m": "x" * (2 * 1024 - 8)}
    assert (await world.ask(ada, "send", text="y" * 16 * 1024, meta=meta, **fields))["type"] == "ack"
    for number in range(REACTIONS):
        user = world.enter(f"c{number}", "x" * 128, name=f"{number:048}")
        emoji = f"{number:04}" + "\U0001f600" * 11
        assert (await world.ask(user, "react", seq=1, emoji=emoji, **fields))["type"] == "ack"
    page = await world.ask(ada, "history", after=0, limit=1, **fields)
    assert len(page["entries"][0]["reactions"]) == REACTIONS
    assert len(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()) <= 32 * 1024


async def test_an_emoji_is_small(world: Room) -> None:
    ada = await say(world)
    for emoji in ("", "x" * 49, "\x01" * 9):
        assert (await world.ask(ada, "react", room="lobby", id="r", seq=1, emoji=emoji))["code"] == "field.out_of_range"
