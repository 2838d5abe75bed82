"""On a screen of 320 pixels nothing is cut off, and nothing has to be scrolled sideways (WCAG 2.2, "Reflow")."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.browser.browser import PHONE
from tests.e2e.browser.conftest import Arrive
from tests.e2e.browser.visits import Visits

WIDTH_PX = 320
SMALLEST = {**PHONE, "viewport": {"width": WIDTH_PX, "height": 568}}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
# Code keeps its lines, which may be scrolled; what ends in an ellipsis is meant to; what is clipped is not for the eye.
_FIND_CUT = """() => [...document.querySelectorAll("body, body *")].filter((element) => {
  const { overflowX, textOverflow, clipPath } = getComputedStyle(element);
  const isMeant = element.matches("pre") || textOverflow === "ellipsis" || clipPath !== "none";
  return overflowX !== "visible" && element.scrollWidth > element.clientWidth && !isMeant;
}).map((element) => element.outerHTML.slice(0, 200))"""


def test_everything_fits_and_can_be_used(visits: Visits, chat_url: str, arrive: Arrive, room: str) -> None:
    ada = visits.open(chat_url, SMALLEST)
    ada.open_app()
    expect(ada.page.get_by_label("Your name")).to_be_visible()
    _expect_all_fits(ada.page)
    ada.sign_in_as_guest(f"Ada {LONG[:40]}")
    _expect_all_fits(ada.page)

    ada.press("New room")
    _expect_all_fits(ada.page)
    ada.answer("Close")
    ada.enter(room)
    grace = arrive(f"Grace {LONG[:40]}")
    grace.say(f"{LONG} https://example.com/{LONG}")
    grace.say(f"```\n{LONG} {LONG}\n```")
    ada.say("Is it long!")
    expect(ada.stored("Is it long!")).to_be_in_viewport()
    ada.use_tool("Is it long!", "React with 👍")
    expect(ada.stored("Is it long!").get_by_role("button", name="👍 1: you")).to_be_in_viewport()
    _expect_all_fits(ada.page)
    ada.press("Insert an emoji")
    _expect_all_fits(ada.page)
    ada.page.get_by_role("button", name="grin happy").tap()
    expect(ada.composer).to_have_value("😀")

    ada.press("Members")
    ada.member(f"Grace {LONG[:40]}").tap()
    expect(ada.page.get_by_role("menuitem", name="Message")).to_be_in_viewport()
    _expect_all_fits(ada.page)
    ada.page.get_by_role("menuitem", name="Message").tap()
    ada.press("All conversations")
    expect(ada.conversation(room)).to_be_in_viewport()
    _expect_all_fits(ada.page)


def _expect_all_fits(page: Page) -> None:
    assert page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]") == [WIDTH_PX, WIDTH_PX]
    assert page.evaluate(_FIND_CUT) == []
