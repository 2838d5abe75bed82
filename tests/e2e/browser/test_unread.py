"""What somebody has not read yet is counted where they look for it, and marked where it begins."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Arrive


def test_a_direct_message_is_found_and_what_is_new_in_a_room_is_marked(arrive: Arrive, room: str) -> None:
    ada, grace = arrive("Ada"), arrive("Grace")
    grace.say("Who is there?")
    expect(ada.stored("Who is there?")).to_be_visible()
    ada.choose(ada.member("Grace"), "Message")
    expect(ada.page.get_by_role("heading", name="Grace", exact=True)).to_be_visible()
    ada.say("Only you and me")
    expect(grace.conversation("Ada")).to_contain_text("1 unread")
    expect(grace.page).to_have_title("(1) Chat Stack")

    grace.conversation("Ada").click()
    expect(grace.stored("Only you and me")).to_be_visible()
    expect(grace.conversation("Ada")).not_to_contain_text("unread")
    expect(grace.page).to_have_title("Chat Stack")
    grace.say("I read you")
    expect(ada.stored("I read you")).to_be_visible()

    ada.conversation(room).click()
    ada.say("And in here?")
    ada.say("Hello?")
    expect(grace.conversation(room)).to_contain_text("2 unread")
    grace.conversation(room).click()
    expect(grace.stored("And in here?")).to_be_in_viewport()
    expect(grace.feed).to_contain_text(re.compile(r"Who is there\?.*New messages.*And in here\?", re.DOTALL))
