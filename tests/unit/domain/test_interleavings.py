"""Every interleaving of a few attempts to append, with crashes: no duplicate, no hole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from chat.domain.append import Draft, append
from chat.domain.chat import Chat, Tally
from chat.domain.model import Content, Deleted, Edited, Entry, Message, Reacted, Revision, User
from chat.domain.ports import LogPage
from chat.protocol.errors import ChatError, EntryDeletedError
from tests.fakes.ports import FakeLog, FakeWorld
from tests.unit.domain.conftest import make_entry
from tests.unit.domain.schedules import Notes, Run, Stepped, explore


class PlantedLog(FakeLog):
    """A log with one bug."""

    def __init__(self, planted: str | None, notes: Notes) -> None:
        super().__init__()
        self.planted = planted
        self.notes = notes
        self.first_revisions: dict[str, Mapping[int, Revision]] = {}

    async def read(self, room: str, **bounds: Any) -> LogPage:
        page = await super().read(room, **bounds)
        reads_again = bool(self.notes.of_running()) and "limit" not in bounds
        if self.planted == "no look-up after a lost race" and reads_again:
            return LogPage([entry._replace(id="unseen") for entry in page.entries], page.complete)
        return page

    async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
        if self.planted == "put without its condition":
            self.entries.pop((entry.room, entry.seq), None)
        if self.planted == "put without a receipt":
            receipt_s = None
        if self.planted == "changes of the first attempt":
            first = self.first_revisions.setdefault(self.notes.running, revisions)
            revisions = {seq: revision._replace(last_change=None) for seq, revision in first.items()}
        return await super().put(entry, revisions, receipt_s=receipt_s)


HI = Message("hi")


@dataclass(frozen=True)
class Attempt:
    """One invocation's try; `crashes` lets the schedule kill it at any step."""

    user: str
    id: str
    after: int | None = 0
    content: Content = HI
    crashes: bool = False
    is_from_server: bool = False


class Appending(Run):
    """Attempts to append to one log."""

    def __init__(self, attempts: list[Attempt], entries: list[Entry], planted: str | None) -> None:
        notes = Notes()
        self.log = PlantedLog(planted, notes)
        self.log.entries.update({(entry.room, entry.seq): entry for entry in entries})
        self.attempts = {str(index): attempt for index, attempt in enumerate(attempts)}
        chat = FakeWorld().chat._replace(log=Stepped(self.log, notes))
        tasks = {who: _append(chat, attempt, planted) for who, attempt in self.attempts.items()}
        super().__init__(notes, tasks, [who for who, attempt in self.attempts.items() if attempt.crashes])

    def stored(self) -> str:
        return f"{sorted(self.log.entries.items())} {sorted(self.log.receipts.items())}"

    def check(self, *, over: bool) -> None:
        entries = [entry for _, entry in sorted(self.log.entries.items())]
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1)), "a hole"
        keys = [(entry.user.id, entry.id) for entry in entries]
        assert len(keys) == len(set(keys)), "stored twice"
        assert len({entry.epoch for entry in entries}) <= 1, "two epochs"
        for who, entry in self.results.items():
            if not isinstance(entry, ChatError):
                self.check_ack(self.attempts[who], entry)

    def check_ack(self, attempt: Attempt, entry: Entry) -> None:
        found = self.log.entries.get(("lobby", entry.seq))
        assert found, "acked, and not in the log"
        assert (found.user.id, found.id) == (attempt.user, attempt.id), "acked somebody else's"


async def _append(chat: Chat, attempt: Attempt, planted: str | None) -> Entry:
    user = User(attempt.user, attempt.user)
    draft = Draft("lobby", user, attempt.id, attempt.content, is_from_server=attempt.is_from_server)
    after = attempt.after
    if planted == "no look-up at first":
        # Behaves like a client whose every attempt names the newest position.
        page = await chat.log.read("lobby", newest_first=True, limit=1)
        after = page.entries[0].seq if page.entries else 0
    return await append(chat, draft, after, Tally())


SETTINGS = {
    "two attempts of one send": [Attempt("ada", "a1"), Attempt("ada", "a1")],
    "two users": [Attempt("ada", "a1"), Attempt("bob", "a1")],
    "a crash, its retry, a rival": [
        Attempt("ada", "a1", crashes=True),
        Attempt("ada", "a1"),
        Attempt("bob", "b1"),
    ],
    "two crashing attempts, a third, another message": [
        Attempt("ada", "a1", crashes=True),
        Attempt("ada", "a1", crashes=True),
        Attempt("ada", "a1"),
        Attempt("ada", "a2"),
    ],
}


@pytest.mark.parametrize("attempts", SETTINGS.values(), ids=SETTINGS.keys())
def test_no_interleaving_makes_a_duplicate_or_a_hole(attempts: list[Attempt]) -> None:
    assert explore(partial(Appending, attempts, [], None)) > 5 * len(attempts)


@pytest.mark.parametrize(
    "planted", ["put without its condition", "no look-up after a lost race", "no look-up at first"]
)
def test_the_exploration_finds_a_planted_bug(planted: str) -> None:
    def explore_all() -> None:
        for attempts in SETTINGS.values():
            explore(partial(Appending, attempts, [], planted))

    with pytest.raises(AssertionError, match=r"a hole|stored twice|acked"):
        explore_all()


BOT = Attempt("bot", "m1", after=None, is_from_server=True)
PUBLISHING = {
    "two invocations at once": [BOT, BOT],
    "two invocations and a rival": [BOT, BOT, Attempt("bob", "b1")],
    "a crash, its repetition, a rival": [replace(BOT, crashes=True), BOT, Attempt("bob", "b1")],
}


@pytest.fixture
def short_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have those who know no position look at the newest entry alone, as if rivals came by the hundred."""
    monkeypatch.setattr("chat.domain.append._NEWEST", 1)


@pytest.mark.usefixtures("short_look")
@pytest.mark.parametrize("attempts", PUBLISHING.values(), ids=PUBLISHING.keys())
def test_a_receipt_keeps_a_server_from_publishing_twice(attempts: list[Attempt]) -> None:
    assert explore(partial(Appending, attempts, [], None)) > 5 * len(attempts)


@pytest.mark.usefixtures("short_look")
def test_without_a_receipt_a_server_publishes_twice() -> None:
    with pytest.raises(AssertionError, match="stored twice"):
        explore(partial(Appending, PUBLISHING["two invocations and a rival"], [], "put without a receipt"))


MESSAGE = make_entry("lobby", 1, text="first", user=User("ada", "ada"))
FIRST_EDIT = make_entry("lobby", 2, content=Edited(1, "second"), user=User("ada", "ada"))
ONE_EDIT = [MESSAGE._replace(content=Message("second", edit_seq=2, change_seq=2)), FIRST_EDIT]
EDIT, OTHER_EDIT = (Attempt("ada", f"e{number}", 1, Edited(1, f"edit {number}")) for number in (1, 2))
REACTION = Attempt("bob", "r1", 1, Reacted(1, "x", remove=False))
DELETION = Attempt("ada", "d1", 1, Deleted(1))
CHANGES = {
    "two edits": ([MESSAGE], [EDIT, OTHER_EDIT]),
    "two edits of an edited message": (ONE_EDIT, [EDIT, OTHER_EDIT]),
    "two attempts of one edit, and another": ([MESSAGE], [replace(EDIT, crashes=True), EDIT, OTHER_EDIT]),
    "an edit and a reaction": (ONE_EDIT, [EDIT, REACTION]),
    "an edit and a deletion": (ONE_EDIT, [EDIT, DELETION]),
}


class Changing(Appending):
    """Attempts to change the message with number 1."""

    def check(self, *, over: bool) -> None:
        super().check(over=over)
        entries = [entry for _, entry in sorted(self.log.entries.items())]
        message = fold(entries[1:])
        assert entries[0].content == message, "a change is lost"
        *_, last_edit = [0, *(entry.seq for entry in entries if isinstance(entry.content, Edited))]
        for entry in entries:
            if isinstance(entry.content, Edited):
                stands = entry.seq == last_edit and message.text is not None
                assert (entry.content.text is not None) is stands, "a text that was replaced still stands somewhere"
        for who, result in self.results.items():
            if isinstance(result, ChatError):
                assert isinstance(result, EntryDeletedError), f"{self.attempts[who]} ended with {result}"


def fold(changes: list[Entry]) -> Message:
    """The message as its changes, one after the other, make it."""
    message = Message("first")
    for entry in changes:
        match entry.content:
            case Edited(1, text):
                message = message._replace(text=text, edit_seq=entry.seq, change_seq=entry.seq)
            case Reacted(1, emoji):
                message = message._replace(reactions={emoji: [entry.user.id]}, change_seq=entry.seq)
            case Deleted(1):
                message = Message(None, edit_seq=message.edit_seq, change_seq=entry.seq)
    return message


@pytest.mark.parametrize(("entries", "attempts"), CHANGES.values(), ids=CHANGES.keys())
def test_no_interleaving_loses_a_change_or_keeps_a_text(entries: list[Entry], attempts: list[Attempt]) -> None:
    assert explore(partial(Changing, attempts, entries, None)) > 5 * len(attempts)


@pytest.mark.parametrize("planted", ["put without its condition", "changes of the first attempt"])
def test_the_exploration_finds_a_lost_change(planted: str) -> None:
    def explore_all() -> None:
        for entries, attempts in CHANGES.values():
            explore(partial(Changing, attempts, entries, planted))

    with pytest.raises(AssertionError, match=r"a change is lost|acked|still stands"):
        explore_all()
