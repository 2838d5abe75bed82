"""From a frame to its reply: sending, history, sync, and everything a client can get wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.domain.requests import answer
from chat.protocol.errors import UnavailableError
from chat.protocol.limits import Limits
from tests.unit.domain.conftest import Room, make_entry


class Died(BaseException):
    """The function's end, wherever it was."""


async def test_send_is_acked_and_pushed_to_the_others(world: Room) -> None:
    ada, _ = world.enter("a1", "lobby", name="ada"), world.enter("b1", "lobby", name="bob")
    world.enter("a2", "lobby", name="ada")
    ack = await world.ask(ada, "send", room="lobby", id="m1", text="hi", after=0)
    assert ack == {
        "type": "ack",
        "id": "m1",
        "room": "lobby",
        "epoch": "table.t1",
        "seq": 1,
        "at": world.surroundings.ms,
    }
    message = {
        "type": "message",
        "room": "lobby",
        "epoch": "table.t1",
        "seq": 1,
        "id": "m1",
        "from": "ada",
        "name": "ada",
        "text": "hi",
        "at": world.surroundings.ms,
    }
    assert world.pushed("b1") == world.pushed("a2") == [message]
    assert world.pushed("a1") == []
    assert (ada.tally.messages, ada.tally.deliveries) == (1, 2)


async def test_what_a_client_says_about_itself_is_not_believed(world: Room) -> None:
    ada = world.enter("a1", "lobby", name="ada")
    world.enter("b1", "lobby")
    await world.ask(ada, "send", room="lobby", id="m1", text="hi", **{"from": "eve", "at": 1, "seq": 99, "name": "Eve"})
    pushed = world.pushed("b1")[0]
    assert (pushed["from"], pushed["name"], pushed["seq"]) == ("ada", "ada", 1)
    assert pushed["at"] == world.surroundings.ms


async def test_a_retry_is_stored_once_acked_alike_and_pushed_again(world: Room) -> None:
    ada = world.enter("a1", "lobby")
    world.enter("b1", "lobby")
    acks = [await world.ask(ada, "send", room="lobby", id="m1", text="hi", after=0) for _ in range(2)]
    assert acks[0] == acks[1]
    assert world.log.seqs("lobby") == [1]
    assert [frame["seq"] for frame in world.pushed("b1")] == [1, 1]


async def test_a_retry_after_a_crash_between_put_and_push_is_pushed(world: Room) -> None:
    ada = world.enter("a1", "lobby")
    world.enter("b1", "lobby")
    deliver = world.fan_out.deliver

    async def die(*_: Any, **__: Any) -> Any:
        raise Died

    world.fan_out.deliver = die  # type: ignore[method-assign]
    with pytest.raises(Died):
        await world.ask(ada, "send", room="lobby", id="m1", text="hi", after=0)
    world.fan_out.deliver = deliver  # type: ignore[method-assign]
    assert (await world.ask(ada, "send", room="lobby", id="m1", text="hi", after=0))["seq"] == 1
    assert [frame["seq"] for frame in world.pushed("b1")] == [1]


async def test_a_gone_connection_loses_its_rows_and_nobody_else_does(world: Room) -> None:
    ada = world.enter("a1", "lobby")
    world.enter("b1", "lobby", "other")
    world.enter("c1", "lobby")
    world.surroundings.ms += 60_000
    world.fan_out.gone = {"b1"}
    assert (await world.ask(ada, "send", room="lobby", id="m1", text="hi"))["type"] == "ack"
    assert sorted(world.connections.members) == [("a1", "lobby"), ("c1", "lobby")]
    assert sorted(world.connections.connections) == ["a1", "c1"]
    assert (ada.tally.deliveries, ada.tally.gone, ada.tally.failed) == (1, 1, 0)


async def test_a_connection_that_may_still_be_opening_keeps_its_rows(world: Room) -> None:
    ada = world.enter("a1", "lobby")
    world.surroundings.ms += 60_000
    world.enter("b1", "lobby")
    world.surroundings.ms += 59_999
    # So @connections answers until `$connect` has returned.
    world.fan_out.gone = {"b1"}
    await world.ask(ada, "send", room="lobby", id="m1", text="hi")
    assert ("b1", "lobby") in world.connections.members
    assert "b1" in world.connections.connections


async def test_a_send_does_not_fail_because_a_gone_connection_can_not_be_cleaned_up(world: Room) -> None:
    ada = world.enter("a1", "lobby")
    world.enter("b1", "lobby")
    world.surroundings.ms += 60_000
    world.fan_out.gone = {"b1"}

    async def time_out(connection_id: str, room: str) -> Any:
        raise UnavailableError("too late")

    world.connections.remove_member = time_out  # type: ignore[method-assign]
    assert (await world.ask(ada, "send", room="lobby", id="m1", text="hi"))["type"] == "ack"
    assert ("b1", "lobby") in world.connections.members


async def test_a_failing_connection_keeps_its_rows_and_is_counted(world: Room) -> None:
    ada = world.enter("a1", "lobby")
    world.enter("b1", "lobby")
    world.fan_out.failing = {"b1"}
    assert (await world.ask(ada, "send", room="lobby", id="m1", text="hi"))["type"] == "ack"
    assert ("b1", "lobby") in world.connections.members
    assert ada.tally.failed == 1


async def test_a_large_audience_is_read_to_the_end(world: Room) -> None:
    world.connections.page_members = 10
    ada = world.enter("a1", "lobby")
    for number in range(35):
        world.enter(f"b{number}", "lobby")
    await world.ask(ada, "send", room="lobby", id="m1", text="hi")
    assert ada.tally.deliveries == 35


async def test_history_before_and_after(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", seq) for seq in range(1, 31)])
    ada = world.enter("a1", "lobby")
    down = await world.ask(ada, "history", room="lobby", before=21, limit=5)
    up = await world.ask(ada, "history", room="lobby", after=20, epoch="table.e", limit=5)
    newest = await world.ask(ada, "history", room="lobby")
    assert [entry["seq"] for entry in down["entries"]] == [16, 17, 18, 19, 20]
    assert [entry["seq"] for entry in up["entries"]] == [21, 22, 23, 24, 25]
    assert [entry["seq"] for entry in newest["entries"]] == list(range(1, 31))
    assert (down["more"], up["more"], newest["more"]) == (True, True, False)
    assert set(down) == {"type", "room", "epoch", "entries", "more", "reset", "truncated"}


async def test_a_page_of_long_texts_fits_the_frame_and_says_that_there_is_more(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", seq, text="\u00e9" * 4_000) for seq in range(1, 31)])
    ada = world.enter("a1", "lobby")
    up = await world.ask(ada, "history", room="lobby", after=0, id="\x01" * 64)
    newest = await world.ask(ada, "history", room="lobby", id="\x01" * 64)
    for page in (up, newest):
        assert 24_000 < len(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()) <= 32 * 1024
        assert page["more"]
    assert [entry["seq"] for entry in up["entries"]] == [1, 2, 3]
    assert [entry["seq"] for entry in newest["entries"]] == [28, 29, 30]


async def test_sync_tells_each_room_what_is_missing(world: Room) -> None:
    world.fill("one", [make_entry("one", seq) for seq in range(1, 4)])
    world.fill("two", [make_entry("two", seq) for seq in range(1, 4)])
    ada = world.enter("a1", "one", "two")
    reply = await world.ask(
        ada, "sync", rooms={"one": {"after": 3, "epoch": "table.e"}, "two": {"after": 1}, "three": {"after": 0}}
    )
    rooms = reply["rooms"]
    assert rooms["one"] == {
        "head": 3,
        "epoch": "table.e",
        "entries": [],
        "more": False,
        "reset": False,
        "truncated": False,
    }
    assert [entry["seq"] for entry in rooms["two"]["entries"]] == [2, 3]
    assert rooms["three"]["error"]["code"] == "room.not_joined"


async def test_sync_of_many_rooms_shares_one_frame() -> None:
    world = Room(limits=Limits(rooms_per_connection=100))
    names = [f"{number:0128}" for number in range(100)]
    for name in names:
        world.fill(name, [make_entry(name, seq, text="x" * 900) for seq in range(1, 101)])
    ada = world.enter("a1", *names)
    reply = await world.ask(ada, "sync", rooms={name: {"after": 0} for name in names})
    assert len(json.dumps(reply, separators=(",", ":")).encode()) <= 32 * 1024
    assert all(room["more"] and room["head"] == 100 for room in reply["rooms"].values())
    assert any(room["entries"] for room in reply["rooms"].values())


TEXT = "x"
BAD_FRAMES: list[tuple[str, str]] = [
    ("", "frame.not_json"),
    ("hello", "frame.not_json"),
    ('{"action": ', "frame.not_json"),
    ('{"action": "join", "room": "lobby", "after": NaN}', "frame.not_json"),
    ('{"action": "join", "room": "lobby", "after": 1e400}', "frame.not_json"),
    ('{"action": "join", "room": "lobby", "after": ' + "9" * 400 + "}", "frame.not_json"),
    ("[]", "frame.not_object"),
    ('"join"', "frame.not_object"),
    ("null", "frame.not_object"),
    ("1", "frame.not_object"),
    ('{"action": "join", "x": ' + "[" * 20 + "]" * 20 + "}", "frame.too_deep"),
    ("[" * 16_000 + "]" * 16_000, "frame.too_deep"),
    ('{"a":' * 5_000 + "1" + "}" * 5_000, "frame.too_deep"),
    ('{"action": "send", "text": "' + "x" * 32_768 + '"}', "frame.too_large"),
    (r'{"action": "send", "id": "1", "room": "lobby", "text": "\ud800"}', "frame.bad_unicode"),
    (r'{"action": "join", "room": "lobby", "\udfff": 1}', "frame.bad_unicode"),
    (r'{"action": "join", "room": "lobby", "id": "\ud800"}', "frame.bad_unicode"),
    ("{}", "action.missing"),
    ('{"action": null}', "action.missing"),
    ('{"action": 5}', "action.missing"),
    ('{"action": ["join"]}', "action.missing"),
    ('{"action": "dance"}', "action.unknown"),
    ('{"action": "__class__"}', "action.unknown"),
    ('{"action": "join"}', "field.missing"),
    ('{"action": "join", "room": null}', "field.missing"),
    ('{"action": "join", "room": 5}', "field.bad_type"),
    ('{"action": "join", "room": ""}', "room.bad_name"),
    ('{"action": "join", "room": "@"}', "room.bad_name"),
    ('{"action": "join", "room": "a b"}', "room.bad_name"),
    ('{"action": "join", "room": "lobby\\n"}', "room.bad_name"),
    ('{"action": "join", "room": "lobby#1"}', "room.bad_name"),
    ('{"action": "join", "room": "caf\u00e9"}', "room.bad_name"),
    ('{"action": "join", "room": "\u0661"}', "room.bad_name"),
    ('{"action": "join", "room": "' + "x" * 129 + '"}', "room.bad_name"),
    ('{"action": "join", "room": "lobby", "id": 5}', "field.bad_type"),
    ('{"action": "join", "room": "lobby", "id": ""}', "field.out_of_range"),
    ('{"action": "join", "room": "lobby", "id": "' + "x" * 65 + '"}', "field.out_of_range"),
    ('{"action": "join", "room": "lobby", "after": "5"}', "field.bad_type"),
    ('{"action": "join", "room": "lobby", "after": true}', "field.bad_type"),
    ('{"action": "join", "room": "lobby", "after": 1.5}', "field.bad_type"),
    ('{"action": "join", "room": "lobby", "after": -1}', "field.out_of_range"),
    ('{"action": "join", "room": "lobby", "after": 1000000000000}', "field.out_of_range"),
    ('{"action": "join", "room": "lobby", "after": 1, "epoch": 1}', "field.bad_type"),
    ('{"action": "join", "room": "lobby", "after": 1, "epoch": "' + "x" * 65 + '"}', "field.out_of_range"),
    ('{"action": "send", "room": "lobby", "text": "x"}', "field.missing"),
    ('{"action": "send", "room": "lobby", "id": "1"}', "field.missing"),
    ('{"action": "send", "room": "lobby", "id": "1", "text": 5}', "field.bad_type"),
    ('{"action": "send", "room": "lobby", "id": "1", "text": ""}', "field.out_of_range"),
    ('{"action": "send", "room": "lobby", "id": "1", "text": "' + "x" * 8_193 + '"}', "field.out_of_range"),
    ('{"action": "send", "room": "lobby", "id": "1", "text": "' + "\\u0000" * 2_000 + '"}', "field.out_of_range"),
    ('{"action": "send", "room": "nowhere", "id": "1", "text": "x"}', "room.not_joined"),
    ('{"action": "history", "room": "nowhere"}', "room.not_joined"),
    ('{"action": "members", "room": "nowhere"}', "room.not_joined"),
    ('{"action": "history", "room": "lobby", "before": 0}', "field.out_of_range"),
    ('{"action": "history", "room": "lobby", "before": 1, "after": 1}', "field.out_of_range"),
    ('{"action": "history", "room": "lobby", "limit": 0}', "field.out_of_range"),
    ('{"action": "history", "room": "lobby", "limit": 101}', "field.out_of_range"),
    ('{"action": "members", "room": "lobby", "next": 5}', "field.bad_type"),
    ('{"action": "sync"}', "field.missing"),
    ('{"action": "sync", "rooms": []}', "field.bad_type"),
    ('{"action": "sync", "rooms": {"lobby": 5}}', "field.bad_type"),
    ('{"action": "sync", "rooms": {"lobby": {}}}', "field.missing"),
    ('{"action": "sync", "rooms": {"@": {"after": 1}}}', "room.bad_name"),
    (
        json.dumps({"action": "sync", "rooms": {f"r{number}": {"after": 0} for number in range(101)}}),
        "field.out_of_range",
    ),
]


@pytest.mark.parametrize(("body", "code"), BAD_FRAMES, ids=[f"{code}-{body[:40]}" for body, code in BAD_FRAMES])
async def test_bad_frames_are_answered_with_their_code(world: Room, body: str, code: str) -> None:
    caller = world.enter("a1", "lobby")
    reply = await answer(world.chat, caller, body)
    assert reply
    assert (reply["type"], reply["code"], reply["retryable"]) == ("error", code, False)
    assert 10 < len(reply["message"]) < 300
    json.dumps(reply, ensure_ascii=False).encode()
    assert world.log.entries == {}


async def test_an_error_carries_the_id_of_its_request(world: Room) -> None:
    assert (await world.ask(world.connect("a1"), "dance", id="r1"))["id"] == "r1"
    assert "id" not in (await answer(world.chat, world.connect("a1"), "hello") or ())


async def test_unknown_fields_are_ignored_and_null_is_absent(world: Room) -> None:
    ada = world.connect("a1")
    reply = await world.ask(ada, "join", room="lobby", id=None, after=None, epoch=None, colour={"a": [1]})
    assert reply["type"] == "joined"
    assert "id" not in reply


async def test_limits_come_from_the_settings() -> None:
    world = Room(limits=Limits(frame_bytes=200, text_bytes=5, room_name_length=5))
    ada = world.enter("a1", "lobby")
    ok = {"room": "lobby", "id": "1", "text": "\u00e9\u00e9x"}
    assert (await world.ask(ada, "send", **ok))["type"] == "ack"
    assert (await world.ask(ada, "send", **{**ok, "text": "\u00e9\u00e9xx"}))["code"] == "field.out_of_range"
    assert (await world.ask(ada, "join", room="lobby2"))["code"] == "room.bad_name"
    assert (await world.ask(ada, "join", room="lobby", x="x" * 200))["code"] == "frame.too_large"


async def test_the_longest_text_is_stored_and_shown(world: Room) -> None:
    ada = world.enter("a1", "lobby")
    world.enter("b1", "lobby")
    for text in ("x" * 8_192, "\u20ac" * 2_730, '"' * 4_096, "\U0001f600" * 2_048, "\u202e\u200b\x00 <b>"):
        assert (await world.ask(ada, "send", room="lobby", id=text[:8], text=text))["type"] == "ack"
        assert world.pushed("b1")[-1]["text"] == text
