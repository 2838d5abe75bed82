"""What is written while there is no network, or just before the page is left, arrives once and in order."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.conftest import Arrive
from tests.e2e.browser.network import Network
from tests.e2e.browser.person import Person
from tests.e2e.browser.visits import Visits


@pytest.fixture
def ada(visits: Visits, chat_url: str) -> Person:
    """Somebody who has not opened the app yet."""
    return visits.open(chat_url)


@pytest.fixture
def network(ada: Person, room: str) -> Network:
    """Ada's, who is in the room."""
    network = Network(ada.page)
    ada.sign_in_as_guest("Ada")
    ada.enter(room)
    return network


def test_what_is_sent_offline_arrives_once_and_in_order(ada: Person, network: Network, arrive: Arrive) -> None:
    grace = arrive("Grace")
    network.cut()
    expect(ada.banner).to_be_visible()
    for text in ("One", "Two", "Three"):
        ada.say(text)
    expect(ada.pending("Three")).to_be_visible()
    grace.say("Are you there?")
    expect(grace.stored("Are you there?")).to_be_visible()
    expect(grace.texts).to_have_text(["Are you there?"])

    network.restore()
    expect(ada.stored("Three")).to_be_visible()
    expect(ada.banner).to_be_hidden()
    # What came twice would stand before it.
    grace.say("Now you are")
    for person in (ada, grace):
        expect(person.stored("Now you are")).to_be_visible()
        expect(person.texts).to_have_text(["Are you there?", "One", "Two", "Three", "Now you are"])


@pytest.mark.parametrize(
    ("lost", "has_arrived"),
    [
        pytest.param({"send"}, False, id="before-the-chat-has-it"),
        pytest.param({"ack", "message"}, True, id="before-the-page-knows-that-the-chat-has-it"),
    ],
)
def test_a_reload_in_the_middle_of_a_send(
    ada: Person, network: Network, arrive: Arrive, lost: set[str], has_arrived: bool
) -> None:
    grace = arrive("Grace")
    network.lost = lost
    ada.say("Do you hear me?")
    expect(ada.pending("Do you hear me?")).to_be_visible()
    expect(grace.stored("Do you hear me?")).to_have_count(int(has_arrived))
    network.lost = set()
    ada.page.reload()
    for person in (ada, grace):
        expect(person.stored("Do you hear me?")).to_be_visible()
    # What came twice would stand before it.
    grace.say("Once")
    for person in (ada, grace):
        expect(person.stored("Once")).to_be_visible()
        expect(person.texts).to_have_text(["Do you hear me?", "Once"])
