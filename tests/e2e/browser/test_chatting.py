"""People chat, on desktops and on a phone, and change what they said."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.browser.browser import PHONE
from tests.e2e.browser.conftest import Arrive


def test_two_people_chat(arrive: Arrive) -> None:
    ada, grace = arrive("Ada"), arrive("Grace")
    grace.composer.press_sequentially("Hello")
    expect(ada.page.get_by_text("Grace is typing")).to_be_visible()
    grace.composer.press("Enter")
    expect(ada.stored("Hello")).to_contain_text("Grace")
    ada.say("How are you?")
    grace.say("Fine, thanks")
    expect(ada.stored("Fine, thanks")).to_be_visible()
    ada.say("Lunch?")
    for person in (ada, grace):
        expect(person.stored("Lunch?")).to_be_visible()
        expect(person.texts).to_have_text(["Hello", "How are you?", "Fine, thanks", "Lunch?"])
    expect(ada.stored("Lunch?").get_by_label("Read by Grace")).to_be_visible()


def test_a_third_one_joins_on_a_phone(arrive: Arrive, room: str) -> None:
    ada, grace, linus = arrive("Ada"), arrive("Grace"), arrive("Linus", PHONE)
    for person in (ada, grace, linus):
        expect(person.page.get_by_text("3 people here")).to_be_visible()
    linus.composer.tap()
    # There is no key for a line break on a phone but Enter.
    linus.page.keyboard.type("On the train")
    linus.page.keyboard.press("Enter")
    linus.page.keyboard.type("as ever")
    linus.page.get_by_role("button", name="Send", exact=True).tap()
    for person in (ada, grace):
        expect(person.stored("On the train\nas ever")).to_contain_text("Linus")
    grace.say("Mind the gap")
    expect(linus.stored("Mind the gap")).to_be_in_viewport()

    linus.page.get_by_role("button", name="All conversations").tap()
    expect(linus.composer).to_be_hidden()
    ada.say("Are you there?")
    conversation = linus.page.get_by_role("link", name=room)
    expect(conversation).to_contain_text("1 unread")
    conversation.tap()
    expect(linus.stored("Are you there?")).to_be_in_viewport()


def test_edits_deletions_and_reactions_are_seen_by_the_other(arrive: Arrive) -> None:
    ada, grace = arrive("Ada"), arrive("Grace")
    for text in ("Meet me at noon", "Never mind", "Lunch?"):
        ada.say(text)
    expect(grace.stored("Lunch?")).to_be_visible()

    ada.use_tool("Meet me at noon", "Edit")
    expect(ada.composer).to_have_value("Meet me at noon")
    ada.composer.fill("Meet me at one")
    ada.page.get_by_role("button", name="Save", exact=True).click()
    expect(grace.stored("Meet me at one")).to_contain_text("edited")

    ada.use_tool("Never mind", "Delete")
    ada.page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(grace.page.get_by_text("Message deleted")).to_be_visible()
    expect(grace.page.get_by_text("Never mind")).to_have_count(0)

    grace.use_tool("Lunch?", "React with 👍")
    ada.stored("Lunch?").get_by_role("button", name="👍 1: Grace").click()
    both = grace.stored("Lunch?").get_by_role("button", name="👍 2: you, Ada")
    expect(both).to_have_attribute("aria-pressed", "true")
    both.click()
    expect(ada.stored("Lunch?").get_by_role("button", name="👍 1: you")).to_be_visible()
