"""The `RoomLog` port on both backends, and appending and reading on top of it."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from chat.aws.log import DynamoLog
from chat.domain.append import Draft, append
from chat.domain.chat import Tally
from chat.domain.model import Content, Deleted, Edited, Entry, Message, Reacted, Revision, User
from chat.domain.reading import read_page
from chat.protocol.actions import Position
from chat.protocol.errors import AfterTooOldError
from tests.unit.dynamodb import connect
from tests.unit.store.conftest import Stores

ADA = User("ada", "Ada")
EXPIRING = {1: Revision(expires_at_s=2_000_000_000)}


def entry(seq: int, *, room: str = "lobby", text: str = "hi", expires_at_s: int | None = None) -> Entry:
    return Entry(room, seq, "table.e", f"id{seq}", ADA, Message(text), 1_700_000_000_000 + seq, expires_at_s)


async def fill(stores: Stores, *numbers: int, text: str = "hi") -> None:
    for seq in numbers:
        assert await stores.log.put(entry(seq, text=text), {})


async def seqs(stores: Stores, **bounds: int | bool | None) -> list[int]:
    page = await stores.log.read("lobby", **bounds)  # type: ignore[arg-type]
    return [found.seq for found in page.entries]


async def test_an_entry_comes_back_as_it_was_put(stores: Stores) -> None:
    written = entry(1, text='caf\u00e9 \U0001f600 \x00 "')
    assert await stores.log.put(written, {})
    assert (await stores.log.read("lobby")).entries == [written]


async def test_a_number_is_given_once(stores: Stores) -> None:
    await fill(stores, 1, 2)
    assert not await stores.log.put(entry(2, text="other"), {})
    assert not await stores.log.put(entry(2, text="other"), EXPIRING)
    assert (await stores.log.read("lobby")).entries == [entry(1), entry(2)]


async def test_only_one_of_many_writers_gets_a_number(stores: Stores) -> None:
    puts = [stores.log.put(entry(1)._replace(id=f"w{number}"), {}) for number in range(8)]
    assert sorted(await asyncio.gather(*puts)) == [False] * 7 + [True]


async def test_rooms_do_not_see_each_other(stores: Stores) -> None:
    await fill(stores, 1)
    assert await stores.log.put(entry(1, room="lobby2"), {})
    assert (await stores.log.read("lobby2")).entries == [entry(1, room="lobby2")]


async def test_ranges(stores: Stores) -> None:
    await fill(stores, *range(8, 13))
    assert await seqs(stores) == [8, 9, 10, 11, 12]
    assert await seqs(stores, first=10) == [10, 11, 12]
    assert await seqs(stores, first=13) == []
    assert await seqs(stores, last=9) == [8, 9]
    assert await seqs(stores, first=9, last=11) == [9, 10, 11]
    assert await seqs(stores, newest_first=True, limit=2) == [12, 11]
    assert await seqs(stores, last=10, newest_first=True, limit=2) == [10, 9]
    assert await seqs(stores, first=9, limit=2) == [9, 10]


async def test_complete_says_that_nothing_follows(stores: Stores) -> None:
    await fill(stores, *range(1, 6))
    assert (await stores.log.read("lobby")).complete
    assert (await stores.log.read("lobby", limit=6)).complete
    assert not (await stores.log.read("lobby", limit=4)).complete


async def test_a_predecessor_expires_with_its_successors_put(stores: Stores) -> None:
    await fill(stores, 1)
    assert await stores.log.put(entry(2), EXPIRING)
    assert (await stores.log.read("lobby")).entries == [entry(1, expires_at_s=2_000_000_000), entry(2)]


CONTENTS: list[Content] = [
    Message("hi", {"reply_to": 3, "deep": [{"a": None}]}),
    Message("hi", None, 7, {"\U0001f600": ["ada", "bob"], "x": ["eve"]}),
    Message(None, edit_seq=3),
    Edited(1, "new"),
    Edited(1, None),
    Deleted(1),
    Reacted(1, "\U0001f600", remove=False),
    Reacted(1, "x", remove=True),
]


@pytest.mark.parametrize("content", CONTENTS, ids=repr)
async def test_every_content_comes_back_as_it_was_put_or_revised(stores: Stores, content: Content) -> None:
    written = entry(1)._replace(content=content)
    assert await stores.log.put(written, {})
    assert (await stores.log.read("lobby")).entries == [written]


@pytest.mark.parametrize(("before", "after"), list(itertools.pairwise(CONTENTS[:3])), ids=repr)
async def test_a_revision_replaces_the_whole_content(stores: Stores, before: Content, after: Content) -> None:
    assert await stores.log.put(entry(1)._replace(content=before), {})
    assert await stores.log.put(entry(2), {1: Revision(after, 2_000_000_000)})
    assert (await stores.log.read("lobby")).entries[0] == entry(1, expires_at_s=2_000_000_000)._replace(content=after)


async def test_nothing_is_written_where_a_revised_entry_is_gone(stores: Stores) -> None:
    await fill(stores, 1)
    assert not await stores.log.put(entry(3), {2: Revision(Message("ghost")), **EXPIRING})
    assert (await stores.log.read("lobby")).entries == [entry(1)]


async def test_reading_pages_past_a_megabyte(stores: Stores) -> None:
    await fill(stores, *range(1, 181), text="x" * 8_000)
    page = await stores.log.read("lobby")
    assert [found.seq for found in page.entries] == list(range(1, 181))
    assert page.complete


async def test_appending_from_far_behind_pages_past_a_megabyte(stores: Stores) -> None:
    await fill(stores, *range(1, 181), text="x" * 8_000)
    retry = Draft("lobby", ADA, "id170", Message("hi"))
    assert (await append(stores.chat(), retry, 2, Tally())).seq == 170
    fresh = Draft("lobby", ADA, "new", Message("hi"))
    assert (await append(stores.chat(), fresh, 2, Tally())).seq == 181


async def test_concurrent_appends_get_one_number_each(stores: Stores) -> None:
    chat = stores.chat()
    drafts = [Draft("lobby", User(f"u{number}", "U"), "same", Message("hi")) for number in range(6)]
    entries = await asyncio.gather(*(append(chat, draft, 0, Tally()) for draft in drafts))
    assert sorted(found.seq for found in entries) == [1, 2, 3, 4, 5, 6]
    assert await seqs(stores) == [1, 2, 3, 4, 5, 6]
    assert len({found.epoch for found in entries}) == 1


async def test_concurrent_attempts_of_one_send_store_it_once(stores: Stores) -> None:
    chat = stores.chat(retention_s=3_600)
    await append(chat, Draft("lobby", ADA, "a0", Message("hi")), 0, Tally())
    attempts = [append(chat, Draft("lobby", ADA, "a1", Message("hi")), 1, Tally()) for _ in range(6)]
    assert {found.seq for found in await asyncio.gather(*attempts)} == {2}
    assert await seqs(stores) == [1, 2]


async def test_appends_with_retention_race_as_well(stores: Stores) -> None:
    chat = stores.chat(retention_s=3_600)
    drafts = [Draft("lobby", ADA, f"a{number}", Message("hi")) for number in range(6)]
    await asyncio.gather(*(append(chat, draft, 0, Tally()) for draft in drafts))
    found = (await stores.log.read("lobby")).entries
    assert [one.seq for one in found] == [1, 2, 3, 4, 5, 6]
    assert [one.expires_at_s is None for one in found] == [False] * 5 + [True]


async def test_expired_entries_that_are_still_there(stores: Stores) -> None:
    for seq in range(1, 4):
        assert await stores.log.put(entry(seq, expires_at_s=1_600_000_000), {})
    await fill(stores, 4)
    page = await read_page(stores.chat(), "lobby", Position(1, None))
    assert [found.seq for found in page.entries] == [4]
    assert page.truncated
    assert (await append(stores.chat(), Draft("lobby", ADA, "id2", Message("hi")), 1, Tally())).seq == 2


async def test_entries_deleted_out_of_order(stores: Stores) -> None:
    await fill(stores, 3, 5, 6)
    page = await read_page(stores.chat(), "lobby", Position(3, None))
    assert ([found.seq for found in page.entries], page.truncated) == ([5, 6], True)
    page = await read_page(stores.chat(), "lobby", Position(2, None))
    assert ([found.seq for found in page.entries], page.truncated) == ([3, 5, 6], False)


async def test_a_read_without_end_is_bounded(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(stores.log, DynamoLog):
        monkeypatch.setattr("chat.aws.log._READ_PAGES", 1)
    else:
        monkeypatch.setattr(stores.log, "bound", 130)
    await fill(stores, *range(1, 181), text="x" * 8_000)
    assert not (await stores.log.read("lobby")).complete
    with pytest.raises(AfterTooOldError):
        await append(stores.chat(), Draft("lobby", ADA, "new", Message("hi")), 1, Tally())


async def test_a_log_says_which_table_it_lives_in(stores: Stores) -> None:
    written = await append(stores.chat(), Draft("lobby", ADA, "a1", Message("hi")), 0, Tally())
    assert written.epoch.startswith(f"{stores.log.mark}.")
    assert len(written.epoch) <= 64


@pytest.mark.parametrize("stores", ["dynamodb"], indirect=True)
async def test_entries_are_stored_under_their_documented_keys(stores: Stores, dynamodb_url: str) -> None:
    assert stores.tables
    await fill(stores, 42)
    found = await asyncio.to_thread(
        connect(dynamodb_url).get_item,
        TableName=stores.tables[1],
        Key={"room": {"S": "lobby"}, "item": {"S": "entry#000000000042"}},
    )
    assert found["Item"]["text"] == {"S": "hi"}


async def test_a_receipt_tells_the_seq_of_an_id_until_it_expires(stores: Stores) -> None:
    said = entry(1)._replace(user=User("bot", "Bot"), id="n#1")
    assert await stores.log.put(said, {}, receipt_s=60)
    now_s = said.at_ms // 1000
    assert await stores.log.find_receipt("lobby", "bot", "n#1", now_s + 59) == 1
    assert await stores.log.find_receipt("lobby", "bot", "n#1", now_s + 60) is None
    assert await stores.log.find_receipt("lobby", "bot", "n#2", now_s) is None
    assert await stores.log.find_receipt("lobby", "n", "1", now_s) is None


async def test_an_id_with_a_receipt_is_not_stored_again_under_another_number(stores: Stores) -> None:
    assert await stores.log.put(entry(1), {}, receipt_s=60)
    assert not await stores.log.put(entry(1)._replace(seq=2), {}, receipt_s=60)
    late = entry(1)._replace(seq=2, at_ms=entry(1).at_ms + 60_000)
    assert await stores.log.put(late, {}, receipt_s=60)
    assert [found.seq for found in (await stores.log.read("lobby")).entries] == [1, 2]
