"""Pictures for docs/: small, in one size, in one language, and only of pages that are in order."""

import base64
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOST_BYTES = 150_000
WIDTH, HEIGHT = 1200, 760


class Camera:
    """A page of a browser, and pictures of it in WebP; `{name}.{language}.webp`."""

    def __init__(
        self, browser: "Browser", address: str, folder: Path, language: str, quality: int = 70
    ) -> None:
        self.folder, self.language, self.quality = folder, language, quality
        folder.mkdir(parents=True, exist_ok=True)
        context = browser.new_context(
            base_url=address,
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            locale={"fi": "fi-FI"}.get(language, "en-GB"),
            reduced_motion="reduce",
        )
        cookie = {"name": "django_language", "value": language, "url": address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        self.page: Page = context.new_page()
        self._eye = context.new_cdp_session(self.page)

    def shoot(self, name: str) -> None:
        """What the window shows now; refuses pages that failed, and pictures that are too big."""
        self.page.wait_for_load_state("networkidle")
        assert self.page.locator("h1").count() == 1, name
        wanted = {"format": "webp", "quality": self.quality}
        data = base64.b64decode(self._eye.send("Page.captureScreenshot", wanted)["data"])
        assert len(data) < MOST_BYTES, f"{name}: {len(data)} bytes"
        (self.folder / f"{name}.{self.language}.webp").write_bytes(data)
