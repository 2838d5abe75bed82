"""Whoever has no mouse gets everywhere, and sees where they are."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.browser.keyboard import Keyboard
from tests.e2e.browser.visits import Visits

# Rooms and the open one don't stand side by side.
NARROW = {"viewport": {"width": 700, "height": 800}}


def test_a_room_is_joined_and_talked_in_with_the_keyboard_alone(visits: Visits, chat_url: str, room: str) -> None:
    ada = visits.open(chat_url, NARROW)
    page, keyboard = ada.page, Keyboard(ada.page)
    ada.open_app()
    expect(page.get_by_label("Your name")).to_be_focused()
    keyboard.write("Ada")

    new_room = page.get_by_role("button", name="New room", exact=True)
    expect(new_room).to_be_visible()
    keyboard.go_to(new_room)
    keyboard.press("Enter")
    expect(ada.dialog.get_by_label("Name", exact=True)).to_be_focused()
    keyboard.write(room)
    ada.expect_room(room)

    expect(ada.composer).to_be_focused()
    keyboard.write("Look, no mouse")
    message = ada.stored("Look, no mouse")
    expect(message).to_be_visible()
    keyboard.go_to(message, "Shift+Tab")
    keyboard.press("+")
    expect(page.get_by_label("Search emoji")).to_be_focused()
    keyboard.write("rocket")
    expect(message.get_by_role("button", name="🚀 1: you")).to_be_visible()
    expect(message).to_be_focused()

    actions = page.get_by_role("button", name="Room actions")
    keyboard.go_to(actions, "Shift+Tab")
    keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Copy link")).to_be_focused()
    keyboard.go_to(page.get_by_role("menuitem", name="Leave room"), "ArrowDown")
    keyboard.press("Escape")
    expect(actions).to_be_focused()

    keyboard.go_to(page.get_by_role("button", name="All conversations"), "Shift+Tab")
    keyboard.press("Enter")
    expect(ada.composer).to_be_hidden()
    keyboard.go_to(ada.conversation(room))
    keyboard.press("Enter")
    expect(message).to_be_visible()
