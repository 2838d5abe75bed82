"""The app can be installed, and opens without a network: what Lighthouse asks of a progressive web app, and more."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.browser import PHONE
from tests.e2e.browser.conftest import Arrive
from tests.e2e.browser.person import Person
from tests.e2e.browser.visits import Visits
from tests.e2e.sockets import eventually

_DRAW = """async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  return `${image.naturalWidth}x${image.naturalHeight}`;
}"""


@pytest.fixture
def visitor(visits: Visits, chat_url: str) -> Person:
    """Somebody who opens the app on a phone."""
    visitor = visits.open(chat_url, PHONE)
    visitor.open_app()
    expect(visitor.page.get_by_label("Your name")).to_be_visible()
    return visitor


def test_the_browser_finds_nothing_that_keeps_it_from_being_installed(visitor: Person) -> None:
    _wait_for_worker(visitor.page)
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # Each visit of these tests is one in private.
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
    assert devtools.send("Page.getAppManifest")["errors"] == []


def test_the_manifest_has_what_an_installed_app_needs(visitor: Person) -> None:
    url = urljoin(visitor.page.url, visitor.page.locator("link[rel=manifest]").get_attribute("href"))
    answer = visitor.page.request.get(url)
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = answer.json()
    assert manifest["name"]
    assert len(manifest["short_name"]) <= 12
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == manifest["scope"] == manifest["id"] == "/"
    for colour in ("background_color", "theme_color"):
        assert re.fullmatch("#[0-9a-f]{6}", manifest[colour])
    sizes = {icon["sizes"] for icon in manifest["icons"] if icon.get("purpose", "any") == "any"}
    assert sizes >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    for icon in manifest["icons"]:
        assert visitor.page.evaluate(_DRAW, urljoin(url, icon["src"])) == icon["sizes"]


def test_the_page_fits_a_phone_and_its_colours(visitor: Person) -> None:
    head = visitor.page.locator("head")
    expect(head.locator("meta[name=viewport]")).to_have_attribute("content", re.compile("width=device-width"))
    expect(head.locator("meta[name=theme-color]")).to_have_count(2)
    touch_icon = head.locator("link[rel=apple-touch-icon]").get_attribute("href")
    assert visitor.page.evaluate(_DRAW, touch_icon) == "180x180"
    width, screen = visitor.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert width == screen == PHONE["viewport"]["width"]


def test_the_worker_keeps_the_app_and_nothing_that_is_secret_or_changes(visitor: Person) -> None:
    _wait_for_worker(visitor.page)
    visitor.page.reload()
    expect(visitor.page.get_by_label("Your name")).to_be_visible()
    assert visitor.page.evaluate("() => navigator.serviceWorker.controller.scriptURL").endswith("/sw.js")
    kept = visitor.page.evaluate("""async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    }""")
    assert "/index.html" in kept
    assert any(re.fullmatch(r"/assets/.*\.js", path) for path in kept)
    assert any(re.fullmatch(r"/assets/.*\.css", path) for path in kept)
    assert not {path for path in kept if re.search("config|ticket|cognito", path)}


def test_it_opens_without_a_network_and_keeps_what_is_written_there(arrive: Arrive, room: str) -> None:
    ada, grace = arrive("Ada", PHONE), arrive("Grace")
    grace.say("See you on the train")
    expect(ada.stored("See you on the train")).to_be_visible()
    _wait_for_worker(ada.page)
    # The app saves what it shows a moment later.
    eventually(lambda: "See you on the train" in ada.read_storage(), expected=True)

    ada.page.context.set_offline(True)
    ada.page.reload()
    expect(ada.page.get_by_role("heading", name=room, exact=True)).to_be_visible()
    expect(ada.stored("See you on the train")).to_be_visible()
    expect(ada.banner).to_be_visible()
    ada.say("In a tunnel")
    expect(ada.pending("In a tunnel")).to_be_visible()
    ada.page.reload()
    expect(ada.pending("In a tunnel")).to_be_visible()

    ada.page.context.set_offline(False)
    expect(ada.stored("In a tunnel")).to_be_visible()
    expect(grace.stored("In a tunnel")).to_be_visible()
    for person in (ada, grace):
        expect(person.texts).to_have_text(["See you on the train", "In a tunnel"])


def _wait_for_worker(page: Page) -> None:
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
