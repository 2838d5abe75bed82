"""Somebody in front of the web app: what they do, in the words of the page, and what they look at."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from playwright.sync_api import Locator, Page, Route, expect

# Stored messages have a time where pending ones have a state.
_STORED = re.compile(r"^[^:]+, \d\d:\d\d")


class Person:
    """One page of one browser context: one user, on one device.

    Attributes:
        page: the page itself, for what is not here.
    """

    def __init__(self, page: Page, url: str, *, has_touch: bool) -> None:
        self.page = page
        self._url = url
        self._has_touch = has_touch

    @property
    def composer(self) -> Locator:
        """Where messages are written."""
        return self.page.get_by_role("textbox", name=re.compile("^Message "))

    @property
    def feed(self) -> Locator:
        """The list of messages, which scrolls."""
        return self.page.get_by_role("feed", name="Messages")

    @property
    def articles(self) -> Locator:
        """The messages that are in the page, pending ones included."""
        return self.feed.get_by_role("article")

    @property
    def texts(self) -> Locator:
        """Their texts, in order."""
        return self.feed.locator(".markdown")

    @property
    def banner(self) -> Locator:
        """What tells of a connection that is not there."""
        return self.page.get_by_text("You're offline.")

    @property
    def dialog(self) -> Locator:
        """What is open over the page and has to be answered first."""
        return self.page.get_by_role("dialog")

    def conversation(self, name: str) -> Locator:
        """A line of the list of rooms and direct messages."""
        return self.page.get_by_role("link").filter(has=self.page.get_by_text(name, exact=True))

    def member(self, name: str) -> Locator:
        """Somebody in the list of those who are in the room."""
        members = self.page.get_by_role("complementary", name="Members")
        return members.get_by_role("button").filter(has=self.page.get_by_text(name, exact=True))

    def open_app(self) -> None:
        """Go to the address without anything behind it."""
        self.page.goto(self._url)

    def sign_in_as_guest(self, name: str) -> None:
        """Begin as somebody new."""
        self.open_app()
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_role("button", name="Continue").click()
        self._expect_app()

    def sign_in_with_password(self, email: str, password: str) -> None:
        """Begin as a user of Cognito."""
        self.open_app()
        self.fill_in_password(email, password)
        self._expect_app()

    def fill_in_password(self, email: str, password: str) -> None:
        """Fill in Cognito's form, and send it."""
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def open_sign_up(self) -> None:
        """Go to the form that makes an account, as it is where anybody may have one."""
        self.page.route("**/config.json", _offer_sign_up)
        self.open_app()
        self.press("Create an account")

    def sign_out(self) -> None:
        """End as a user of Cognito."""
        self.choose(self.page.get_by_role("button", name="Settings"), "Sign out")
        self.answer("Sign out")
        expect(self.page.get_by_label("Email")).to_be_visible()

    def open_room(self, room: str) -> None:
        """Follow a link to a room, without entering it."""
        self.page.goto(f"{self._url}/#/r/{quote(room)}")

    def enter(self, room: str) -> None:
        """Follow a link to a room, and enter it."""
        self.open_room(room)
        self.page.get_by_role("button", name="Join", exact=True).click()
        self.expect_room(room)

    def create_room(self, room: str, kind: str = "Create") -> None:
        """Make a room, or with the kind "Create private" one that others find by invitation only, and be in it."""
        self.press("New room")
        self.dialog.locator("label").get_by_text(kind, exact=True).click()
        self.dialog.get_by_label("Name", exact=True).fill(room)
        self.answer("Create")
        self.expect_room(room)

    def press(self, button: str) -> None:
        """Press a button of the page."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def answer(self, button: str) -> None:
        """Press a button of the dialog, which closes."""
        self.dialog.get_by_role("button", name=button, exact=True).click()
        expect(self.dialog).to_be_hidden()

    def choose(self, opener: Locator, entry: str) -> None:
        """Open a menu, and choose what it has."""
        opener.click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()

    def expect_room(self, room: str) -> None:
        """Make sure of being in a room, with a connection."""
        expect(self.page.get_by_role("heading", name=room, exact=True)).to_be_visible()
        expect(self.page.get_by_text(re.compile(r"(person|people) here$"))).to_be_visible()
        expect(self.composer).to_be_editable()

    def say(self, text: str) -> None:
        """Write a message, and send it; it may be under way still."""
        self.composer.fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.composer).to_have_value("")

    def message(self, text: str) -> Locator:
        """The message with a text, pending or stored."""
        return self.articles.filter(has=self.page.get_by_text(text, exact=True))

    def stored(self, text: str) -> Locator:
        """The message with a text, once it is stored."""
        return self.message(text).and_(self.page.get_by_role("article", name=_STORED))

    def pending(self, text: str) -> Locator:
        """The message with a text, as long as the chat has not said that it has it."""
        return self.page.get_by_role("article", name=f"You, sending: {text}", exact=True)

    def use_tool(self, text: str, tool: str) -> None:
        """Point at a message, or touch it, and press one of the buttons that show up."""
        message = self.stored(text)
        if self._has_touch:
            message.tap()
        else:
            message.hover()
        message.get_by_role("button", name=tool, exact=True).click()

    def read_storage(self) -> str:
        """What the browser keeps for the app, as it is now."""
        return json.dumps(self.page.context.storage_state(indexed_db=True))

    def _expect_app(self) -> None:
        expect(self.page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()


def _offer_sign_up(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "selfSignUp": True})
