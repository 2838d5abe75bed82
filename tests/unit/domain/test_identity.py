"""Tickets, and the users behind them."""

from __future__ import annotations

from typing import Any

import pytest

from chat.domain.chat import Caller, Tally
from chat.domain.identity import (
    TICKET_LIFETIME_S,
    check_name,
    identify_claims,
    identify_guest,
    issue_ticket,
    redeem_ticket,
)
from chat.domain.membership import connect
from chat.domain.model import Connection, Identity, User
from chat.protocol.errors import FieldMissingError, FieldOutOfRangeError, UserBannedError
from chat.protocol.fields import is_user_id
from tests.unit.domain.conftest import Room

ADA = Identity(User("ada", "Ada"), {"groups": "[staff mods]"})


async def test_a_ticket_brings_its_identity_once(world: Room) -> None:
    ticket = await issue_ticket(world.chat, ADA)
    assert await redeem_ticket(world.chat, ticket) == ADA
    assert await redeem_ticket(world.chat, ticket) is None


async def test_a_ticket_is_stored_as_its_hash(world: Room) -> None:
    ticket = await issue_ticket(world.chat, ADA)
    assert ticket not in repr(world.tickets.tickets)


@pytest.mark.parametrize(("late_ms", "works"), [(-1_000, True), (0, False)])
async def test_a_ticket_works_for_a_minute(world: Room, late_ms: int, works: bool) -> None:
    ticket = await issue_ticket(world.chat, ADA)
    world.surroundings.ms += TICKET_LIFETIME_S * 1_000 + late_ms
    assert (await redeem_ticket(world.chat, ticket) == ADA) is works


async def test_an_unknown_ticket_is_nobodys(world: Room) -> None:
    assert await redeem_ticket(world.chat, "made up") is None


def test_the_same_key_is_the_same_guest() -> None:
    ada, again, other = (identify_guest(name, key) for name, key in (("Ada", "k"), ("Eve", "k"), ("Ada", "k2")))
    assert ada.id == again.id != other.id
    assert (ada.name, again.name) == ("Ada", "Eve")
    assert is_user_id(ada.id)
    assert "k2" not in other.id


@pytest.mark.parametrize(
    ("kept", "claims"),
    [
        ((), {}),
        (("groups", "nope"), {"groups": "[staff mods]"}),
        (None, {"sub": "ada", "groups": "[staff mods]", "level": "3", "teams": '["red", "blue"]', "vip": "true"}),
    ],
)
def test_those_claims_are_kept_that_somebody_asks_for_later(
    kept: tuple[str, ...] | None, claims: dict[str, str]
) -> None:
    token = {"sub": "ada", "groups": "[staff mods]", "level": 3, "teams": ["red", "blue"], "vip": True}
    assert identify_claims(token, kept) == Identity(User("ada", "ada"), claims)


@pytest.mark.parametrize("claims", [{}, {"sub": ""}, {"sub": None}, {"name": "Ada"}])
def test_a_token_must_tell_users_apart(claims: dict[str, Any]) -> None:
    with pytest.raises(FieldMissingError):
        identify_claims(claims)


@pytest.mark.parametrize("subject", ["auth0|17", "a:b", "dm:", "x" * 49, "a b", "\u00e9"])
def test_every_user_has_an_id_that_a_direct_room_can_name(subject: str) -> None:
    user = identify_claims({"sub": subject}).user
    assert is_user_id(user.id)
    assert user == identify_claims({"sub": subject}).user
    assert user.id != identify_claims({"sub": subject + "x"}).user.id


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb", "a\x00", "\u202e"])
def test_a_name_can_be_shown(name: str) -> None:
    with pytest.raises(FieldOutOfRangeError):
        check_name(name)
    assert check_name("Ada \u00c4 \U0001f600") == "Ada \u00c4 \U0001f600"


async def test_a_ban_between_the_ticket_and_the_row_closes_the_connection(world: Room) -> None:
    bob = Identity(User("bob", "Bob"))
    assert await redeem_ticket(world.chat, await issue_ticket(world.chat, bob)) == bob
    world.standings.banned.add((None, "bob"))
    with pytest.raises(UserBannedError):
        await connect(world.chat, Caller("b1", Tally()), Connection("b1", bob.user, world.surroundings.ms, 2**40))
    assert "b1" not in world.connections.connections
