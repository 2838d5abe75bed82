"""Whatever a client sends, by hypothesis: only what is documented comes out, and what is taken stays as it was sent."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.model import User
from chat.domain.requests import answer
from chat.protocol.errors import ChatError
from chat.protocol.fields import read_request_id
from chat.protocol.frames import Frame, decode_frame, encode_frame
from chat.protocol.limits import Limits
from chat.protocol.parsing import ACTIONS, parse_action
from tests.contract.schemas import check_sent, load_document
from tests.hostile.rules import check_answer, check_message
from tests.hostile.strategies import any_texts, broken_frames, damaged_texts, fuzz, texts_of, valid_frames
from tests.unit.domain.conftest import Room, make_entry

LIMITS = Limits()
CODES = load_document()["components"]["schemas"]["ErrorCode"]["enum"]
# No schema counts bytes, knows which of two ids is the lesser one, or looks for halves of surrogate pairs in anything.
BEYOND_SCHEMAS = ("field.out_of_range", "room.bad_name", "frame.bad_unicode")
ANY_VALID = st.one_of(*map(valid_frames, ACTIONS))
ANY_BROKEN = st.one_of(*map(broken_frames, ACTIONS))
BODIES = texts_of(ANY_VALID) | texts_of(ANY_BROKEN) | damaged_texts(ANY_VALID) | any_texts()


def parse(body: str) -> str | None:
    """Parse a frame; return the error's code, None for none."""
    try:
        frame = decode_frame(body, LIMITS.frame_bytes)
        read_request_id(frame)
        parse_action(frame, LIMITS)
    except ChatError as error:
        check_message(str(error))
        return error.code
    return None


@pytest.mark.parametrize("action", ACTIONS)
def test_what_the_contract_describes_is_taken(action: str) -> None:
    @fuzz(25)
    @given(valid_frames(action))
    def check(frame: Frame) -> None:
        check_sent(frame)
        assert parse(json.dumps(frame)) in {None, *BEYOND_SCHEMAS}

    check()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_broken_frame_is_taken_or_a_documented_error(action: str) -> None:
    @fuzz(40)
    @given(texts_of(broken_frames(action)) | damaged_texts(valid_frames(action)))
    def check(body: str) -> None:
        assert parse(body) in {None, *CODES}

    check()


@fuzz(400)
@given(any_texts())
def test_any_text_is_a_documented_error(body: str) -> None:
    assert parse(body) in CODES


def make_world() -> Room:
    """Ada in two rooms, one of them her own; bob beside her; and something that was said."""
    world = Room()
    ada, bob = User("ada", "Ada"), User("bob", "Bob")
    world.enter("a1", "hostile", "den", name=ada)
    world.enter("b1", "hostile", "den", name=bob)
    world.enter("b2", "hostile", name=bob)
    world.standings.owners["den"] = "ada"
    world.fill("hostile", [make_entry("hostile", seq, user=user) for seq, user in ((1, ada), (2, bob), (3, ada))])
    return world


async def talk(bodies: list[str]) -> None:
    """Send frames, one after the other, and hold every answer and push to what is documented."""
    world = make_world()
    for body in bodies:
        caller = world.enter("a1", "hostile", "den", name=User("ada", "Ada"))
        reply = await answer(world.chat, caller, body)
        frame = check_answer(body, None if reply is None else encode_frame(reply))
        if frame and frame["type"] == "ack" and caller.tally.messages:
            await check_stored(world, json.loads(body), frame)
    for connection_id in ("a1", "b1", "b2"):
        world.pushed(connection_id)
    for room in ("hostile", "den", "dm:ada:bob"):
        await read_all(world, room)


async def check_stored(world: Room, sent: Frame, ack: Frame) -> None:
    """Check that what was taken is shown as it was sent."""
    caller = world.enter("a1", "hostile", "den", name=User("ada", "Ada"))
    page = await world.ask(caller, "history", room=ack["room"], after=ack["seq"] - 1, limit=1)
    (entry,) = page["entries"]
    assert (entry["seq"], entry["id"], entry["from"]) == (ack["seq"], sent["id"], "ada")
    fields = {"send": ("text",), "edit": ("text",), "react": ("emoji",), "delete": ()}[sent["action"]]
    assert [entry[name] for name in fields] == [sent[name] for name in fields]
    assert entry.get("meta") == (sent.get("meta") or None)


async def read_all(world: Room, room: str) -> None:
    """Read a room to its end; each page is as the contract has it."""
    after, more = 0, True
    caller = world.enter("a1", "hostile", "den", name=User("ada", "Ada"))
    while more:
        body = json.dumps({"action": "history", "room": room, "after": after})
        reply = await answer(world.chat, caller, body)
        page = check_answer(body, encode_frame(reply or {}))
        assert page
        more = page.get("more", False)
        after = max([after, *(entry["seq"] for entry in page.get("entries", []))])


@fuzz(150)
@given(st.lists(BODIES, min_size=1, max_size=6))
def test_a_talk_of_any_frames_goes_on(bodies: list[str]) -> None:
    asyncio.run(talk(bodies))
