"""What people write, and what they are called, is text wherever it is shown: none of it becomes a part of the page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.browser.conftest import Arrive
from tests.e2e.browser.person import Person

MARKUP = [
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    "<svg/onload=document.title='owned'>",
    "[press me](javascript:document.title='owned')",
    "<iframe srcdoc=\"<script>parent.document.title='owned'</script>\">",
    "<a href=javascript:document.title='owned'>press me</a>",
]
# At most 64 characters.
NAME = "<img src=x onerror=\"document.title='owned'\">"


def test_markup_in_a_message_is_text(arrive: Arrive) -> None:
    mallory, ada = arrive("Mallory"), arrive("Ada")
    for text in MARKUP:
        mallory.say(text)
    for person in (mallory, ada):
        expect(person.stored(MARKUP[-1])).to_be_visible()
        expect(person.texts).to_have_text(MARKUP)
    ada.use_tool(MARKUP[1], "Reply")
    ada.say("You wish")
    expect(mallory.stored("You wish")).to_contain_text(MARKUP[1])
    for person in (mallory, ada):
        _expect_no_markup(person)


def test_markup_in_a_name_is_text(arrive: Arrive) -> None:
    ada, mallory = arrive("Ada"), arrive(NAME)
    members = ada.page.get_by_role("complementary", name="Members")
    expect(members.get_by_text(NAME, exact=True)).to_be_visible()
    mallory.composer.press_sequentially("Boo")
    expect(ada.page.get_by_text(f"{NAME} is typing")).to_be_visible()
    mallory.composer.press("Enter")
    expect(ada.stored("Boo")).to_contain_text(NAME)
    expect(ada.page.get_by_role("link").get_by_text(f"{NAME}: Boo")).to_be_visible()
    mallory.use_tool("Boo", "React with 👍")
    expect(ada.stored("Boo").get_by_role("button", name=f"👍 1: {NAME}")).to_be_visible()
    members.get_by_text(NAME, exact=True).click()
    ada.page.get_by_role("menuitem", name="Message").click()
    expect(ada.page.get_by_role("heading", name=NAME)).to_be_visible()
    for person in (mallory, ada):
        _expect_no_markup(person)


def _expect_no_markup(person: Person) -> None:
    expect(person.page).not_to_have_title("owned")
    # The only image of the app's own is its logo.
    foreign = "img:not([src='/icon.svg']), iframe, #app script, [onerror], [onload], [href^='javascript:' i]"
    expect(person.page.locator(foreign)).to_have_count(0)
