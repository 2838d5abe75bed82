"""Users of Cognito sign in, stay signed in, and sign out."""

from __future__ import annotations

from playwright.sync_api import expect

from local_aws.users import PASSWORD, USERS
from tests.e2e.browser.visits import Visits
from tests.e2e.sockets import eventually


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

    ada.page.get_by_role("button", name="Settings").click()
    ada.page.get_by_role("menuitem", name="Sign out").click()
    ada.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(ada.page.get_by_label("Email")).to_be_visible()
    left = ada.read_storage()
    assert not {secret for secret in ("A secret", "refreshToken", room, "Ada") if secret in left}
    ada.page.reload()
    expect(ada.page.get_by_label("Email")).to_be_visible()
