"""The kept hostile frames, through the parser and through the whole domain."""

from __future__ import annotations

import json

from chat.domain.requests import answer
from chat.protocol.errors import ChatError
from chat.protocol.fields import read_request_id
from chat.protocol.frames import Frame, decode_frame, encode_frame
from chat.protocol.limits import Limits
from chat.protocol.parsing import parse_action
from tests.hostile.cases import Case, load_cases
from tests.hostile.rules import check_answer
from tests.unit.domain.conftest import Room, make_entry

CASES = load_cases("frames")
LIMITS = Limits()
FOUND_BY_THE_PARSER = ("frame.", "action.", "field.", "room.bad_name")


def make_world() -> Room:
    """A room with bob in it, and one message."""
    world = Room()
    world.enter("b1", "hostile", name="bob")
    world.fill("hostile", [make_entry("hostile", 1)])
    return world


def parse(body: str) -> str | None:
    """Parse a frame; return the error's code, None for none."""
    try:
        frame = decode_frame(body, LIMITS.frame_bytes)
        read_request_id(frame)
        parse_action(frame, LIMITS)
    except ChatError as error:
        return error.code
    return None


def test_each_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_parser_finds_what_is_wrong() -> None:
    def expect(case: Case) -> str | None:
        is_found = case.answer.startswith(FOUND_BY_THE_PARSER) and not case.is_late
        return case.answer if is_found else None

    surprises = {case.name: found for case in CASES if (found := parse(case.body)) != expect(case)}
    assert surprises == {}


async def ask(world: Room, case: Case) -> Frame:
    """Send a case's frame as ada, who is in the room; return the answer, which is as documented."""
    caller = world.enter("a1", "hostile", name="ada")
    reply = await answer(world.chat, caller, case.body)
    frame = check_answer(case.body, None if reply is None else encode_frame(reply))
    assert frame, case.name
    return frame


async def test_the_answer_is_the_documented_one() -> None:
    surprises = {}
    for case in CASES:
        world = make_world()
        reply = await ask(world, case)
        found = reply.get("code", reply["type"])
        # What only the store can see is none of the domain's.
        if found != case.answer and not case.is_late:
            surprises[case.name] = found
        if reply["type"] == "error":
            assert (world.log.seqs("hostile"), world.fan_out.frames) == ([1], []), case.name
    assert surprises == {}


async def test_what_is_taken_comes_back_as_it_was_sent() -> None:
    cases = [case for case in CASES if case.answer == "ack" and '"text"' in case.body and '"to"' not in case.body]
    for case in cases:
        world = make_world()
        await ask(world, case)
        sent = json.loads(case.body)
        caller = world.enter("b1", "hostile", name="bob")
        (stored,) = (await world.ask(caller, "history", room="hostile", after=1))["entries"]
        (pushed,) = world.pushed("b1")
        for shown in (stored, pushed):
            assert (shown["id"], shown["text"], shown.get("meta")) == (sent["id"], sent["text"], sent.get("meta"))
    assert len(cases) > 30
