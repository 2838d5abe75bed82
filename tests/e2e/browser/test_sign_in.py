"""Users of Cognito sign up, sign in, stay signed in, and sign out."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from local_aws.users import PASSWORD, USERS
from tests.e2e.browser.person import Person
from tests.e2e.browser.visits import Visits
from tests.e2e.sockets import eventually

# MiniStack sends no mail, and takes any code: that Cognito refuses a wrong one is not seen here.
CODE = "123456"


@pytest.fixture
def linus(visits: Visits, cognito_url: str) -> Person:
    """Somebody without an account."""
    return visits.open(cognito_url)


def test_who_signs_up_and_has_the_code_is_in(linus: Person, room: str) -> None:
    email = _sign_up(linus)
    expect(linus.page.get_by_role("heading", name="Check your mail")).to_be_visible()
    expect(linus.page.get_by_text(email)).to_be_visible()
    _confirm(linus)
    linus.enter(room)
    expect(linus.member("Linus")).to_be_visible()

    linus.sign_out()
    linus.sign_in_with_password(email, PASSWORD)
    expect(linus.conversation(room)).to_be_visible()


def test_who_left_before_the_code_came_is_asked_for_it_at_the_next_sign_in(linus: Person) -> None:
    email = _sign_up(linus)
    expect(linus.page.get_by_label("Code")).to_be_visible()
    linus.open_app()
    linus.page.reload()
    linus.fill_in_password(email, PASSWORD)
    _confirm(linus)


def test_users_of_cognito_sign_in_and_chat_under_their_own_names(visits: Visits, cognito_url: str, room: str) -> None:
    ada, grace = (visits.open(cognito_url) for _ in USERS)
    for person, user in zip((ada, grace), USERS, strict=True):
        person.sign_in_with_password(user, PASSWORD)
        person.enter(room)
    ada.say("Good morning")
    expect(grace.stored("Good morning")).to_contain_text("Ada")

    ada.page.reload()
    ada.expect_room(room)
    grace.say("And to you")
    expect(ada.stored("And to you")).to_be_visible()


def test_a_wrong_password_is_refused_and_the_form_stays(visits: Visits, cognito_url: str) -> None:
    eve = visits.open(cognito_url)
    eve.open_app()
    eve.fill_in_password(USERS[0], "Wrong-Password-1")
    expect(eve.page.get_by_role("alert")).to_contain_text("password")
    expect(eve.page.get_by_label("Email")).to_have_value(USERS[0])


def test_signing_out_leaves_nothing_behind(visits: Visits, cognito_url: str, room: str) -> None:
    ada = visits.open(cognito_url)
    ada.sign_in_with_password(USERS[0], PASSWORD)
    ada.enter(room)
    ada.say("A secret")
    expect(ada.stored("A secret")).to_be_visible()
    eventually(lambda: "A secret" in ada.read_storage(), expected=True)
    assert "refreshToken" in ada.read_storage()

    ada.sign_out()
    left = ada.read_storage()
    assert not {secret for secret in ("A secret", "refreshToken", room, "Ada") if secret in left}
    ada.page.reload()
    expect(ada.page.get_by_label("Email")).to_be_visible()


def _sign_up(person: Person) -> str:
    email = f"linus-{uuid.uuid4()}@example.com"
    person.open_sign_up()
    person.page.get_by_label("Your name").fill("Linus")
    person.page.get_by_label("Email").fill(email)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.press("Sign up")
    return email


def _confirm(person: Person) -> None:
    person.page.get_by_label("Code").fill(CODE)
    person.press("Confirm")
    expect(person.page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()
