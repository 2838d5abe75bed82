"""The pictures in docs/images, taken anew by `pytest tests/e2e/browser/screenshots.py`; run where it is named only."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from playwright.sync_api import expect

from chat_client import GuestSignIn
from local_aws.local import ROOT, LocalAws
from tests.e2e.browser.browser import DESKTOP, PHONE
from tests.e2e.browser.history import Said, write_history
from tests.e2e.browser.person import Person
from tests.e2e.browser.visits import Visits

IMAGES = ROOT / "docs" / "images"
DEVICES = {"desktop": DESKTOP, "phone": PHONE}
COLOR_SCHEMES = ("light", "dark")

_DAY_MS = 24 * 3600 * 1000
_ROOM = "launch"
_YESTERDAY = [
    ("Grace", 0, "The release notes are ready: https://example.com/notes"),
    ("Linus", 4, "Reading them on the train. Every tunnel is a test 🚇"),
    ("Linus", 5, "Nothing lost so far, and **nothing twice**."),
    ("Ada", 31, "Then we ship tomorrow. I'll run `make deploy` in the morning."),
]
_FIRST = "It's up. Say hello from wherever you are!"
_LAST = "And from the office. That was quick 🎉"
_ELSEWHERE = {"book-club": "Chapter four by Friday?", "coffee": "The machine is fixed ☕"}


def test_take_pictures_of_the_sign_in(visits: Visits, chat_url: str) -> None:
    for name, device in DEVICES.items():
        for color_scheme in COLOR_SCHEMES:
            visitor = visits.open(chat_url, device, color_scheme=color_scheme)
            visitor.open_app()
            expect(visitor.page.get_by_label("Your name")).to_be_visible()
            _take(visitor, f"sign-in-{name}-{color_scheme}")


def test_take_pictures_of_a_conversation(visits: Visits, deployed: LocalAws, chat_url: str) -> None:
    _write_yesterday(deployed)
    _talk_today(*(visits.open(chat_url, storage_state=_remember(chat_url, name)) for name in ("Ada", "Grace", "Linus")))
    for name, device in DEVICES.items():
        for color_scheme in COLOR_SCHEMES:
            ada = visits.open(chat_url, device, color_scheme=color_scheme, storage_state=_remember(chat_url, "Ada"))
            ada.open_app()
            expect(ada.page.get_by_text("1 unread")).to_have_count(len(_ELSEWHERE) + 1)
            for text in _ELSEWHERE.values():
                expect(ada.page.get_by_text(text)).to_be_visible()
            if device is PHONE:
                _take(ada, f"rooms-{name}-{color_scheme}")
            ada.open_room(_ROOM)
            ada.expect_room(_ROOM)
            expect(ada.page.get_by_text("3 people here")).to_be_visible()
            expect(ada.stored(_LAST)).to_be_in_viewport()
            _take(ada, f"{name}-{color_scheme}")


def _make_key(name: str) -> str:
    return f"{name}, who is in pictures only"


def _remember(url: str, name: str) -> Any:
    """Make what a browser keeps of a guest: they are signed in as soon as they open the app."""
    guest = json.dumps({"name": name, "key": _make_key(name), "storageName": name})
    return {"cookies": [], "origins": [{"origin": url, "localStorage": [{"name": "chat.guest", "value": guest}]}]}


def _write_yesterday(local: LocalAws) -> None:
    midnight_ms = int(time.time() * 1000) // _DAY_MS * _DAY_MS
    start_ms = midnight_ms - _DAY_MS // 3
    users = {name: GuestSignIn(local.urls["ticket"], name, key=_make_key(name))().user.user for name, *_ in _YESTERDAY}
    said = [Said(users[name], name, text, start_ms + minute * 60_000) for name, minute, text in _YESTERDAY]
    write_history(local, _ROOM, said)


def _talk_today(ada: Person, grace: Person, linus: Person) -> None:
    for room in (*_ELSEWHERE, _ROOM):
        for person in (ada, grace, linus):
            person.enter(room)
    grace.use_tool("Reading them on the train. Every tunnel is a test 🚇", "React with 😂")
    ada.say(_FIRST)
    expect(linus.stored(_FIRST)).to_be_visible()
    linus.use_tool(_FIRST, "Reply")
    linus.say("Hello from the dining car")
    expect(grace.stored("Hello from the dining car")).to_be_visible()
    grace.use_tool("Hello from the dining car", "React with 👍")
    grace.say(_LAST)
    expect(grace.stored(_LAST).get_by_label(re.compile("Read by .*Ada"))).to_be_visible()
    grace.page.get_by_role("complementary", name="Members").get_by_role("button", name="Ada").click()
    grace.page.get_by_role("menuitem", name="Message").click()
    ada.page.close()
    grace.say("Lunch to celebrate?")
    expect(grace.stored("Lunch to celebrate?")).to_be_visible()
    grace.open_room(_ROOM)
    for room, text in _ELSEWHERE.items():
        linus.open_room(room)
        linus.expect_room(room)
        linus.say(text)
        expect(linus.stored(text)).to_be_visible()


def _take(person: Person, name: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    person.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
