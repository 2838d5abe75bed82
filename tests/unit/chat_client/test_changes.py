"""Edits, deletions and reactions: entries like any other, sent in order and told in their place."""

from __future__ import annotations

import pytest

from chat_client.entries import Deleted, Edited, Message, Reacted
from chat_client.events import Acked
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import ack, joined, push


@pytest.fixture
def bench() -> Bench:
    """A session in a room that has shown number 1."""
    bench = Bench()
    bench.open()
    bench.join(1)
    return bench


def test_changes_go_out_one_after_the_other_and_stand_in_the_log_by_their_acks(bench: Bench) -> None:
    session, now_s = bench.session, bench.now_s
    session.ask("edit", "lobby", now_s, seq=1, text="new")
    session.ask("react", "lobby", now_s, seq=1, emoji="x", remove=False)
    session.ask("react", "lobby", now_s, seq=1, emoji="x", remove=True)
    session.ask("delete", "lobby", now_s, seq=1)
    sent = []
    for seq in range(2, 6):
        (frame,) = bench.sent()
        sent.append({name: value for name, value in frame.items() if name not in ("id", "room", "epoch")})
        bench.receive(ack(frame["id"], seq))
    assert sent == [
        {"action": "edit", "seq": 1, "text": "new", "after": 1},
        {"action": "react", "seq": 1, "emoji": "x", "remove": False, "after": 2},
        {"action": "react", "seq": 1, "emoji": "x", "remove": True, "after": 3},
        {"action": "delete", "seq": 1, "after": 4},
    ]
    assert bench.shown() == [1, 2, 3, 4, 5]
    (edited,) = bench.told(Edited)
    assert (edited.seq, edited.target, edited.text, edited.user) == (2, 1, "new", "ada")
    assert [reacted.remove for reacted in bench.told(Reacted)] == [False, True]
    assert [deleted.target for deleted in bench.told(Deleted)] == [1]
    assert len(bench.told(Acked)) == 4


def test_changes_of_others_are_told_in_order(bench: Bench) -> None:
    common = {"from": "bob", "name": "Bob", "target": 1}
    bench.receive(
        push(4) | {"type": "deleted", **common},
        push(3) | {"type": "reacted", "emoji": "x", "remove": False, **common},
        push(2) | {"type": "edited", "text": "new", **common},
    )
    assert bench.shown() == [1, 2, 3, 4]
    assert [type(event) for event in bench.events if not isinstance(event, Message)][-3:] == [Edited, Reacted, Deleted]


def test_a_page_shows_messages_as_they_stand(bench: Bench) -> None:
    request_id = bench.session.join("den", bench.now_s)
    frame = joined(request_id, 1, 2, room="den")
    frame["entries"][0] |= {"edited": True, "reactions": {"x": ["ada"]}, "meta": {"reply_to": 1}}
    frame["entries"][1] |= {"deleted": True}
    del frame["entries"][1]["text"]
    bench.receive(frame)
    first, second = (message for message in bench.told(Message) if message.room == "den")
    assert (first.edited, first.reactions, first.meta) == (True, {"x": ["ada"]}, {"reply_to": 1})
    assert (second.text, second.edited) == (None, False)


def test_a_malformed_change_is_ignored(bench: Bench) -> None:
    bench.receive(push(2) | {"type": "edited", "target": "one"}, push(2) | {"type": "reacted", "target": 1})
    assert bench.shown() == [1]
