"""Every interleaving of two requests about one room that get into each other's way.

Every call on the rows of connections, on what is on record and on the log is a step of the schedule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import pytest

from chat.domain.chat import Caller, Moderators, Tally
from chat.domain.model import Device, Standing
from chat.domain.requests import answer
from tests.fakes.ports import FakeConnections, FakeLog, FakeStandings
from tests.unit.domain.conftest import Room
from tests.unit.domain.schedules import Notes, Run, Stepped, explore, schedule_gathers


@pytest.fixture(autouse=True)
def scheduled(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule_gathers(monkeypatch)


class PlantedStandings(FakeStandings):
    """What is on record, with one bug."""

    def __init__(self, log: FakeLog, planted: str | None, notes: Notes) -> None:
        super().__init__(log)
        self.planted = planted
        self.notes = notes
        self.first_read: dict[str, Mapping[str, Standing]] = {}
        self.log = log
        self.made_over_words = False

    async def read(self, user_id: str, rooms: Sequence[str]) -> Mapping[str, Standing]:
        found = await super().read(user_id, rooms)
        return self.first_read.setdefault(self.notes.running, found) if self.planted == "no second look" else found

    async def create_room(self, room: str, owner: str, *, private: bool) -> bool:
        if self.planted == "create without its condition":
            self.owners.pop(room, None)
            self._log = FakeLog()
        made = await super().create_room(room, owner, private=private)
        self.made_over_words |= made and bool(self.log.entries)
        return made

    async def set_banned(self, room: str | None, user_id: str, *, banned: bool) -> None:
        if self.planted != "no record":
            await super().set_banned(room, user_id, banned=banned)


class LateConnections(FakeConnections):
    """Connections whose index shows nobody's devices at the first looks."""

    def __init__(self, blind_looks: int) -> None:
        super().__init__()
        self.blind_looks = blind_looks

    async def list_devices(self, user_id: str) -> list[Device]:
        self.blind_looks -= 1
        return await super().list_devices(user_id) if self.blind_looks < 0 else []


class Race(Run):
    """Requests of one connection each, all at once."""

    def __init__(
        self,
        requests: Mapping[str, dict[str, Any]],
        arrange: Callable[[Room], None],
        *,
        blind_looks: int = 0,
        planted: str | None = None,
    ) -> None:
        notes = Notes()
        world = Room(moderators=Moderators("groups", "mods"))
        world.connections = LateConnections(blind_looks)
        world.standings = self.standings = PlantedStandings(world.log, planted, notes)
        world.chat = world.chat._replace(
            connections=Stepped(world.connections, notes),
            log=Stepped(world.log, notes),
            standings=Stepped(world.standings, notes),
        )
        arrange(world)
        self.world = world
        super().__init__(notes, {who: self._ask(who, frame) for who, frame in requests.items()})

    def _ask(self, who: str, frame: dict[str, Any]) -> Coroutine[Any, Any, Any]:
        return answer(self.world.chat, Caller(f"{who}1", Tally()), json.dumps(frame))

    def stored(self) -> str:
        world = self.world
        standings = {
            name: value for name, value in vars(world.standings).items() if name not in ("_log", "log", "notes")
        }
        return repr((vars(world.connections), world.log.entries, standings))

    def check(self, *, over: bool) -> None:
        if over:
            outcomes = {who: reply.get("code", reply["type"]) for who, reply in self.results.items()}
            self.check_outcomes(outcomes)

    def check_outcomes(self, outcomes: dict[str, str]) -> None:
        """Hold the promises against the answers, once all are given."""
        raise NotImplementedError

    def present(self) -> set[str]:
        """Who has a row in the den."""
        return {member.user.id for member in self.world.connections.members.values() if member.room == "den"}


CREATE: dict[str, Any] = {"action": "create", "room": "den", "private": True}
JOIN: dict[str, Any] = {"action": "join", "room": "den"}
SEND: dict[str, Any] = {"action": "send", "room": "den", "id": "m1", "text": "hi", "after": 0}


def let_bob_in(world: Room) -> None:
    world.connect("ada1", "ada")
    world.enter("bob1", "den", name="bob")


class CreateAgainstSend(Race):
    """A room becomes private while a stranger in it says its first word."""

    def check_outcomes(self, outcomes: dict[str, str]) -> None:
        assert outcomes["ada"] in ("ack", "room.exists")
        assert outcomes["bob"] in ("ack", "room.private", "room.not_joined")
        owned, said = self.world.standings.owners == {"den": "ada"}, bool(self.world.log.entries)
        assert owned is (outcomes["ada"] == "ack"), "answered one thing and recorded another"
        assert said is (outcomes["bob"] == "ack"), "answered one thing and stored another"
        assert owned or said, "neither was first"
        assert not self.standings.made_over_words, "made where something was said"
        assert self.present() == (set() if owned else {"bob"}), "a stranger stays in a private room"


class CreateAgainstJoin(Race):
    """A room becomes private while a stranger enters it."""

    def check_outcomes(self, outcomes: dict[str, str]) -> None:
        assert outcomes["ada"] == "ack"
        assert outcomes["bob"] in ("joined", "room.private")
        assert self.present() == set(), "a stranger stays in a private room"


class CreateAgainstCreate(Race):
    """Two make the same room."""

    def check_outcomes(self, outcomes: dict[str, str]) -> None:
        assert sorted(outcomes.values()) == ["ack", "room.exists"], "one room has two owners"
        owner = next(who for who, outcome in outcomes.items() if outcome == "ack")
        assert self.world.standings.owners == {"den": owner}, "one room has two owners"


def connect_both(world: Room) -> None:
    for user in ("ada", "bob"):
        world.connect(f"{user}1", user)


CREATES: dict[str, Callable[..., Race]] = {
    "a first word": partial(CreateAgainstSend, {"ada": CREATE, "bob": SEND}, let_bob_in),
    "a stranger": partial(CreateAgainstJoin, {"ada": CREATE, "bob": JOIN}, connect_both),
    "another owner": partial(CreateAgainstCreate, {"ada": CREATE, "bob": CREATE}, connect_both),
}


@pytest.mark.parametrize("start", CREATES.values(), ids=CREATES.keys())
def test_a_room_that_is_made_meanwhile(start: Callable[..., Race]) -> None:
    assert explore(start) > 20


@pytest.mark.parametrize(
    ("against", "planted", "problem"),
    [
        ("a first word", "create without its condition", "something was said"),
        ("a stranger", "no second look", "a stranger stays"),
        ("another owner", "create without its condition", "two owners"),
    ],
)
def test_the_exploration_finds_a_bug_in_making_rooms(against: str, planted: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        explore(partial(CREATES[against], planted=planted))


class BanAgainstJoin(Race):
    """A user enters a room, with a new connection or again, while they are banned."""

    def check_outcomes(self, outcomes: dict[str, str]) -> None:
        assert outcomes["ada"] == "ack"
        assert outcomes["bob"] in ("joined", "room.banned", "user.banned", "connection.expired")
        assert "bob" not in self.present(), "a banned user stays in the room"


def arrange_ban(world: Room, *, rejoins: bool) -> None:
    world.standings.owners["den"] = "ada"
    world.enter("ada1", "den", name="ada")
    world.connect("ada1", "ada", claims={"groups": "mods"})
    world.enter("bob1", *(["den"] if rejoins else []), name="bob")


def ban(*, room: str | None, rejoins: bool, blind_looks: int, planted: str | None = None) -> Race:
    requests = {"ada": {"action": "ban", "user": "bob", "room": room}, "bob": JOIN}
    return BanAgainstJoin(requests, partial(arrange_ban, rejoins=rejoins), blind_looks=blind_looks, planted=planted)


@pytest.mark.parametrize("room", ["den", None])
@pytest.mark.parametrize("rejoins", [False, True])
@pytest.mark.parametrize("blind_looks", [0, 1])
def test_nobody_is_in_a_room_once_a_ban_and_a_join_have_both_finished(
    room: str | None, rejoins: bool, blind_looks: int
) -> None:
    assert explore(partial(ban, room=room, rejoins=rejoins, blind_looks=blind_looks)) > 20


@pytest.mark.parametrize(
    ("planted", "blind_looks"),
    [("no second look", 0), ("no record", 0), ("an index that shows nothing at the second look", 2)],
)
def test_the_exploration_finds_a_bug_in_banning(planted: str, blind_looks: int) -> None:
    with pytest.raises(AssertionError, match="a banned user stays"):
        explore(partial(ban, room="den", rejoins=False, blind_looks=blind_looks, planted=planted))
