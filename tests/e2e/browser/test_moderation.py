"""The owner of a private room decides who is in it and who may write there; whom it concerns is told."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Arrive
from tests.e2e.browser.person import Person


def test_the_owner_invites_mutes_kicks_and_bans(arrive: Arrive, room: str) -> None:
    ada, grace = arrive("Ada"), arrive("Grace")
    expect(ada.member("Grace")).to_be_visible()
    private = f"{room}-private"
    ada.create_room(private, "Create private")
    _invite(ada, grace, private)

    ada.choose(ada.member("Grace"), "Mute…")
    ada.dialog.get_by_text("1 hour", exact=True).click()
    ada.answer("Mute")
    expect(grace.page.get_by_text("A moderator muted you.")).to_be_visible()
    expect(grace.composer).to_be_hidden()
    ada.choose(ada.member("Grace"), "Unmute")
    grace.say("I'll be nice")
    expect(ada.stored("I'll be nice")).to_be_visible()

    ada.choose(ada.member("Grace"), "Kick…")
    ada.answer("Kick")
    expect(grace.page.get_by_role("heading", name="You were put out of this room")).to_be_visible()
    expect(ada.member("Grace")).to_be_hidden()
    grace.press("Join")
    grace.expect_room(private)

    ada.choose(ada.member("Grace"), "Ban…")
    ada.answer("Ban")
    expect(grace.page.get_by_role("heading", name="You are banned from this room")).to_be_visible()
    expect(grace.page.get_by_role("button", name="Join", exact=True)).to_be_hidden()
    expect(ada.member("Grace")).to_be_hidden()


def _invite(owner: Person, guest: Person, room: str) -> None:
    owner.choose(owner.page.get_by_role("button", name="Room actions"), "Invite…")
    owner.dialog.get_by_role("button", name="Grace").click()
    owner.answer("Invite")
    invitation = guest.page.get_by_role("status").filter(has_text=f"Ada invited you to #{room}")
    invitation.get_by_role("button", name="Open").click()
    guest.expect_room(room)
    expect(owner.member("Grace")).to_be_visible()
