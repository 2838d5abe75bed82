"""Whom a typed line is about."""

from __future__ import annotations

import pytest

from chat_client.people import People, UserUnknownError


@pytest.fixture
def people() -> People:
    """The lobby has two called Eve, one Bob, one Ada, and one whose name begins like hers."""
    people = People()
    for user, name in (("u1", "Bob"), ("u2", "Eve"), ("u3", "Eve"), ("u4", "Ada"), ("u5", "Ada Lovelace")):
        people.note("lobby", user, name)
    people.note("den", "u6", "Zoe")
    return people


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Bob", ("u1", "")),
        ("bob hello there", ("u1", "hello there")),
        ("u2 60", ("u2", "60")),
        ("Ada hi", ("u4", "hi")),
        ("Ada Lovelace hi", ("u5", "hi")),
        ("never-seen.id hi", ("never-seen.id", "hi")),
        ("Bobby hi", ("Bobby", "hi")),
    ],
)
def test_an_id_or_a_name_is_found_and_the_rest_is_left(people: People, typed: str, found: tuple[str, str]) -> None:
    assert people.find("lobby", typed) == found


def test_a_name_that_several_have_needs_the_id(people: People) -> None:
    with pytest.raises(UserUnknownError, match="Eve may be u2 or u3: give the id"):
        people.find("lobby", "Eve hi")


def test_an_id_goes_before_a_name_that_looks_like_it(people: People) -> None:
    people.note("lobby", "evil", "u1")
    assert people.find("lobby", "u1") == ("u1", "")


def test_a_name_counts_in_its_room_alone(people: People) -> None:
    assert people.find("den", "Zoe") == ("u6", "")
    assert people.find("lobby", "Zoe") == ("Zoe", "")


def test_the_last_name_counts(people: People) -> None:
    people.note("lobby", "u1", "Robert")
    assert people.find("lobby", "Robert") == ("u1", "")


@pytest.mark.parametrize("typed", ["", "Zoë", "two:parts"])
def test_what_can_be_no_user_is_refused(people: People, typed: str) -> None:
    with pytest.raises(UserUnknownError, match="/members"):
        people.find("lobby", typed)


def test_without_a_room_only_ids_count(people: People) -> None:
    assert people.find(None, "u1 hi") == ("u1", "hi")
