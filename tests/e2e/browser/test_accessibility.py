"""Nothing in the app's views shuts anybody out, as far as a machine can tell."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.accessibility import AXE, find_barriers
from tests.e2e.browser.browser import DESKTOP, PHONE
from tests.e2e.browser.conftest import Arrive
from tests.e2e.browser.network import Frame, Network
from tests.e2e.browser.person import Person
from tests.e2e.browser.visits import Visits

EVERYWHERE = pytest.mark.parametrize(
    ("device", "color_scheme"),
    [
        pytest.param(device, color_scheme, id=f"{name}-{color_scheme}")
        for name, device in (("desktop", DESKTOP), ("phone", PHONE))
        for color_scheme in ("light", "dark")
    ],
)

# Each device and each scheme once, where their views are made of the same parts.
CROSSWISE = pytest.mark.parametrize(
    ("device", "color_scheme"),
    [pytest.param(DESKTOP, "light", id="desktop-light"), pytest.param(PHONE, "dark", id="phone-dark")],
)


@pytest.fixture
def ada(visits: Visits, chat_url: str, device: dict[str, Any], color_scheme: str) -> Person:
    """Somebody who is about to open the app, with axe-core in the page."""
    return _open(visits, chat_url, device, color_scheme)


@EVERYWHERE
def test_axe_finds_nothing_serious_in_the_pages(ada: Person, arrive: Arrive, room: str) -> None:
    ada.open_app()
    expect(ada.page.get_by_label("Your name")).to_be_visible()
    barriers = find_barriers(ada.page, "sign-in")
    ada.sign_in_as_guest("Ada")
    barriers += find_barriers(ada.page, "the list of rooms")
    ada.open_room(room)
    expect(ada.page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    barriers += find_barriers(ada.page, "a room that was not joined")
    ada.enter(room)
    barriers += find_barriers(ada.page, "an empty room")
    _talk(ada, arrive("Grace"))
    barriers += find_barriers(ada.page, "a conversation")
    ada.page.context.set_offline(True)
    ada.say("Still there?")
    expect(ada.pending("Still there?")).to_be_visible()
    barriers += find_barriers(ada.page, "a message that is not sent yet")
    assert barriers == [], "\n\n".join(barriers)


@EVERYWHERE
def test_axe_finds_nothing_serious_in_what_opens(ada: Person, arrive: Arrive, room: str) -> None:
    ada.sign_in_as_guest("Ada")
    barriers = _look_behind(ada, "New room", "Settings", "Jump to…")
    ada.enter(room)
    ada.say("Hello")
    expect(ada.stored("Hello")).to_be_visible()
    barriers += _look_behind(ada, "Room actions", "Insert an emoji")
    ada.use_tool("Hello", "Delete")
    barriers += find_barriers(ada.page, "a question")
    ada.page.keyboard.press("Escape")
    ada.use_tool("Hello", "Edit")
    barriers += find_barriers(ada.page, "an edit")
    assert barriers == [], "\n\n".join(barriers)


@CROSSWISE
def test_axe_finds_nothing_serious_in_what_owners_do(ada: Person, arrive: Arrive, room: str) -> None:
    network = Network(ada.page)
    ada.sign_in_as_guest("Ada")
    ada.create_room(f"{room}-private", "Create private")
    ada.page.get_by_role("button", name="Room actions").click()
    barriers = find_barriers(ada.page, "the menu of a room of one's own")
    ada.page.get_by_role("menuitem", name="Invite…").click()
    expect(ada.dialog).to_be_visible()
    barriers += find_barriers(ada.page, "an invitation")
    ada.answer("Cancel")

    ada.open_app()
    ada.create_room(room)
    arrive("Grace")
    if ada.member("Grace").is_hidden():
        ada.press("Members")
    expect(ada.member("Grace")).to_be_visible()
    barriers += find_barriers(ada.page, "who is here")
    ada.member("Grace").click()
    barriers += find_barriers(ada.page, "the menu of a member")
    ada.page.get_by_role("menuitem", name="Mute…").click()
    expect(ada.dialog).to_be_visible()
    barriers += find_barriers(ada.page, "how long to mute")
    ada.answer("Cancel")

    ada.press("Close members")
    network.answers["send"] = _refuse
    ada.say("Hello")
    expect(ada.message("Hello")).to_contain_text("Not sent: not here")
    barriers += find_barriers(ada.page, "a message that was refused")
    assert barriers == [], "\n\n".join(barriers)


@CROSSWISE
def test_axe_finds_nothing_serious_where_an_account_is_made(
    visits: Visits, cognito_url: str, device: dict[str, Any], color_scheme: str
) -> None:
    linus = _open(visits, cognito_url, device, color_scheme)
    linus.open_sign_up()
    expect(linus.page.get_by_label("Your name")).to_be_visible()
    barriers = find_barriers(linus.page, "sign-up")
    assert barriers == [], "\n\n".join(barriers)


def _open(visits: Visits, url: str, device: dict[str, Any], color_scheme: str) -> Person:
    person = visits.open(url, device, color_scheme=color_scheme, reduced_motion="reduce")
    person.page.add_init_script(path=AXE)
    return person


def _refuse(frame: Frame) -> Frame:
    return {"type": "error", "id": frame["id"], "code": "message.refused", "message": "not here", "retryable": False}


def _look_behind(person: Person, *buttons: str) -> list[str]:
    """Press one button after the other, and look at what opens."""
    barriers = []
    for button in buttons:
        person.page.get_by_role("button", name=button).click()
        opened = person.page.get_by_role("dialog").or_(person.page.get_by_role("menu"))
        expect(opened).to_be_visible()
        barriers += find_barriers(person.page, button)
        person.page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
    return barriers


def _talk(ada: Person, grace: Person) -> None:
    """Have the page show most of what a conversation may have."""
    ada.say("Have you seen `make run`? **Wow**, see https://example.com/docs")
    grace.say("Just a moment")
    ada.use_tool("Just a moment", "Reply")
    ada.say("Take your time")
    grace.use_tool("Take your time", "React with 👍")
    ada.say("Nevr mind")
    expect(ada.stored("Nevr mind")).to_be_visible()
    ada.use_tool("Nevr mind", "Edit")
    ada.composer.fill("Never mind")
    ada.page.get_by_role("button", name="Save", exact=True).click()
    expect(grace.stored("Never mind")).to_contain_text("edited")
    ada.say("Oh, I see")
    ada.use_tool("Oh, I see", "Delete")
    ada.page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(ada.page.get_by_text("Message deleted")).to_be_visible()
    expect(ada.page.get_by_role("button", name="👍 1: Grace")).to_be_visible()
    # What is on its way looks different.
    expect(ada.feed.locator(".bubble-saving")).to_have_count(0)
