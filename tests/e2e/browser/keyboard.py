"""What somebody does without a mouse, and whether they see where they are."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

# Farther than that nobody goes with Tab.
_MOST_STEPS = 30
# In a field, the cursor tells; a frame may be around what stands beside the element, as of a radio button's label.
_IS_FOCUS_SEEN = """() => {
  const element = document.activeElement;
  if (element.matches("body, input:not([type=radio]), textarea")) return true;
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const isInSight = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  const hasFrame = (near) => getComputedStyle(near).outlineStyle !== "none" && near.getBoundingClientRect().height > 2;
  const near = [element, ...element.querySelectorAll("*"), element.closest("label")];
  return isInSight && element.matches(":focus-visible") && near.some((one) => one && hasFrame(one));
}"""


class Keyboard:
    """The keyboard of a page, as the only thing there is to use it with."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def write(self, text: str) -> None:
        """Type a text into what has the focus, and Enter."""
        self._page.keyboard.type(text)
        self.press("Enter")

    def press(self, key: str) -> None:
        """Press a key, and look where the focus is then."""
        self._page.keyboard.press(key)
        seen = self._page.evaluate(_IS_FOCUS_SEEN)
        assert seen, f"after {key}, nobody sees where the focus is: {self._read_focus()}"

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab, or another key, until something has the focus."""
        for _ in range(_MOST_STEPS):
            self.press(key)
            if target.evaluate("(element) => element === document.activeElement"):
                return
        raise AssertionError(f"{_MOST_STEPS} times {key} did not lead to {target}, but to {self._read_focus()}")

    def _read_focus(self) -> str:
        return str(self._page.evaluate("() => document.activeElement.outerHTML.slice(0, 300)"))
