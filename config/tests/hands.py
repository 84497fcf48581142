"""Working a page by keys alone: Tab, arrows, Enter, Space and typed text, seeing where one is."""

from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError

if TYPE_CHECKING:
    from playwright.sync_api import Page

# More stops than any page has: then something cannot be reached.
MOST_STOPS = 150
# Where the keys are, and whether an eye finds it: the thing in the window, and a ring around it.
# Nobody presses Tab twice in no time; boxes to search in take two turns to open.
LOOK = """async (wanted) => {
  await new Promise((done) => setTimeout(done, 20));
  const here = document.activeElement;
  const drawn = (here.matches("input") && here.closest(".ts-wrapper")) || here;
  const box = drawn.getBoundingClientRect(), style = getComputedStyle(drawn);
  const isIn = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const named = here.getAttribute("aria-label") || here.id || here.name || here.textContent.trim();
  return {
    isThere: here.matches(wanted),
    isNowhere: here === document.body,
    isSeen: isIn && (ring || style.boxShadow !== "none"),
    what: `${here.tagName.toLowerCase()} ${named.slice(0, 60)}`,
    drawn: `from ${box.top} of ${innerHeight}, ${style.outline}, ${style.boxShadow}`,
  };
}"""


class Hands:
    """Two hands on a keyboard."""

    def __init__(self, page: "Page") -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Over what stands there."""
        self.press("Control+A")
        self.page.keyboard.type(text)

    def go_to(self, wanted: str, *, back: bool = False) -> None:
        """By Tab to what a selector names; at each stop one sees where one is."""
        if self.page.evaluate(LOOK, wanted)["isThere"]:
            return
        passed: list[str] = []
        for _stop in range(MOST_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            seen = self.page.evaluate(LOOK, wanted)
            passed.append(seen["what"])
            assert seen["isSeen"] or seen["isNowhere"], f"the focus is not seen at {seen}"
            if seen["isThere"]:
                return
        raise AssertionError(f"Tab does not come to {wanted}: {passed}")

    def follow(self, wanted: str, key: str = "Enter") -> None:
        """Goes there and presses it when the page has all it asked for; a whole page comes."""
        self.go_to(wanted)
        self.page.wait_for_load_state("networkidle")
        with self.page.expect_navigation():
            self.press(key)

    def fill(self, wanted: str, text: str) -> None:
        """Goes to a field and types."""
        self.go_to(wanted)
        self.type(text)

    def pick(self, name: str, text: str) -> None:
        """Goes to a list that one can search in, types, and takes what is offered."""
        self.go_to(f".field:has([name='{name}']) .ts-control input")
        self.page.keyboard.type(text)
        self.page.wait_for_selector(f".ts-dropdown:visible .active:has-text('{text}')")
        self.press("Enter")

    def is_at(self, wanted: str) -> None:
        """Waits until the focus has come there by itself."""
        place = self.page.locator(f"{wanted}:focus").first
        try:
            place.wait_for(state="attached")
        except TimeoutError as error:
            at = self.page.evaluate(LOOK, wanted)["what"]
            raise AssertionError(f"the focus is at {at}, not at {wanted}") from error

    def said(self, text: str) -> None:
        """Waits for what the page says that happened."""
        self.page.locator("#messages", has_text=text).wait_for()
