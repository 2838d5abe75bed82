"""A room of 10,000 messages: it opens at its end, is read to its beginning, with a few screens of it in the page."""

from __future__ import annotations

import time
import uuid

import pytest
from playwright.sync_api import Locator, expect

from local_aws.local import LocalAws
from tests.contract.schemas import check_reply
from tests.e2e.browser.history import Said, write_history
from tests.e2e.browser.network import Frame, Network
from tests.e2e.browser.person import Person
from tests.e2e.browser.visits import Visits

MESSAGES = 10_000
MOST_IN_PAGE = 80
_MINUTE_MS = 60_000
_PAGE = 100
_LONGEST_S = 60


@pytest.fixture(scope="module")
def said() -> list[Said]:
    """One message a minute, up to now."""
    start_ms = int(time.time() * 1000) - MESSAGES * _MINUTE_MS
    numbers = range(1, MESSAGES + 1)
    return [Said("grace", "Grace", f"Message {number}", start_ms + number * _MINUTE_MS) for number in numbers]


@pytest.fixture(scope="module")
def large_room(deployed: LocalAws, said: list[Said]) -> str:
    """The room, which both tests read."""
    room = f"room-{uuid.uuid4()}"
    write_history(deployed, room, said)
    return room


@pytest.fixture
def ada(visits: Visits, chat_url: str) -> Person:
    """Somebody who has not opened the app yet."""
    return visits.open(chat_url)


def test_older_messages_are_put_above_those_that_are_looked_at(ada: Person, large_room: str) -> None:
    ada.sign_in_as_guest("Ada")
    ada.enter(large_room)
    expect(ada.stored(f"Message {MESSAGES}")).to_be_in_viewport()
    ada.feed.hover()
    # Near the top of what is loaded, the next page is asked for. MiniStack takes a while for it.
    ada.page.mouse.wheel(0, -3000)
    expect(ada.stored(f"Message {MESSAGES}")).not_to_be_in_viewport()
    looked_at, height_px = _find_looked_at(ada), ada.feed.evaluate("(feed) => feed.scrollHeight")
    place = looked_at.bounding_box()
    feed = ada.feed.element_handle()
    ada.page.wait_for_function("([feed, height]) => feed.scrollHeight > height", arg=[feed, 1.5 * height_px])
    assert place
    assert looked_at.bounding_box() == pytest.approx(place, abs=1)


def test_all_of_it_is_read(ada: Person, large_room: str, said: list[Said]) -> None:
    # MiniStack would take a minute for all the pages.
    Network(ada.page).answers["history"] = lambda frame: _answer_history(frame, said)
    ada.sign_in_as_guest("Ada")
    ada.enter(large_room)
    expect(ada.stored(f"Message {MESSAGES}")).to_be_in_viewport()
    _scroll_to_beginning(ada)
    expect(ada.page.get_by_text("This is where the conversation begins.")).to_be_in_viewport()
    assert ada.articles.count() < MOST_IN_PAGE

    ada.page.get_by_role("button", name="To the newest message").click()
    expect(ada.stored(f"Message {MESSAGES}")).to_be_in_viewport()
    ada.say("I have read it all")
    expect(ada.stored("I have read it all")).to_be_in_viewport()
    assert ada.articles.count() < MOST_IN_PAGE


def _scroll_to_beginning(person: Person) -> None:
    until_s = time.monotonic() + _LONGEST_S
    person.feed.hover()
    while not person.stored("Message 1").is_visible():
        assert time.monotonic() < until_s, f"it is still at {person.texts.first.text_content()}"
        person.page.mouse.wheel(0, -100_000)


def _find_looked_at(person: Person) -> Locator:
    """Find a message in the middle of the screen."""
    label = person.articles.evaluate_all(
        "(articles) => articles.find((article) => article.getBoundingClientRect().top > innerHeight / 2).ariaLabel"
    )
    return person.page.get_by_role("article", name=label, exact=True)


def _answer_history(frame: Frame, said: list[Said]) -> Frame:
    end = frame["before"]
    first = max(end - _PAGE, 1)
    entries = [
        {
            "type": "message",
            "seq": seq,
            "id": f"past-{seq}",
            "from": user,
            "name": name,
            "at": at_ms,
            "text": text,
        }
        for seq, (user, name, text, at_ms) in enumerate(said[first - 1 : end - 1], first)
    ]
    place = {key: frame[key] for key in ("id", "room", "epoch")}
    answer = {"type": "history", **place, "entries": entries, "more": first > 1, "reset": False, "truncated": False}
    if first == 1:
        # One stands for all: to check a page takes longer than to make it.
        check_reply("history", answer)
    return answer
