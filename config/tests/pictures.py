"""Takes a picture of every page, desktop and phone, light and dark: `make pictures`.

Arguments: the address of a site with demo data, the folder for the pictures, and the folder for
those of the main pages in docs/. Exits with 1 when a page does not answer with 200 or says
something in the browser's console.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.tests.camera import Camera

PAGES = {
    "home": "/",
    "contacts": "/contacts/",
    "company": "/contacts/C000001/",
    "person": "/contacts/C001500/",
    "contact-edit": "/contacts/C001500/edit/",
    "segments": "/segments/",
    "segment-new": "/segments/new/",
    "worksheet": "/segments/SM00003/",
    "worksheet-gone-back": "/segments/SM00004/",
    "composition": "/segments/SM00003/composition/",
    "columns": "/segments/SM00003/columns/",
    "paste-column": "/segments/SM00003/lines/paste/",
    "add": "/segments/SM00003/add/",
    "keep-only": "/segments/SM00003/keep/",
    "remove": "/segments/SM00003/remove/",
    "edit-step": "/segments/SM00003/steps/1/edit/",
    "save-criteria": "/segments/SM00003/save-criteria/",
    "reuse-criteria": "/segments/SM00003/reuse-criteria/",
    "combine": "/segments/SM00003/combine/open/SM00005/",
    "reuse-logged": "/segments/SM00003/reuse-logged/SM00001/",
    "paste": "/segments/SM00003/paste/",
    "sample": "/segments/SM00003/sample/",
    "drift": "/segments/SM00003/drift/",
    "explain": "/segments/SM00003/explain/?contact=C001500",
    "saved-criteria": "/saved-criteria/",
    "check": "/segments/SM00003/check/",
    "log": "/segments/SM00003/log/",
    "logged-segments": "/logged-segments/",
    "logged-segment": "/logged-segments/SM00001/",
    "follow-up": "/logged-segments/SM00001/follow-up/",
    "interactions": "/interactions/",
    "entry": "/interactions/1/",
    "templates": "/templates/",
    "template": "/templates/GIFT/",
    "merge-fields": "/merge-fields/",
    "campaigns": "/campaigns/",
    "campaign": "/campaigns/CP0001/",
    "search": "/search/?q=virtanen",
    "not-found": "/contacts/NOBODY/",
}
# Those in docs/pages.md, in both languages.
MAIN_PAGES = ("home", "person", "worksheet", "add", "composition", "logged-segment", "campaign")
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")


def main(address: str, folder: Path, docs: Path) -> int:
    """Takes them all; returns whether one went wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for size in SIZES:
            for scheme in SCHEMES:
                wrong += _take(browser, address, folder, size, scheme, "en")
        wrong += _take(browser, address, folder, "desktop", "light", "fi")
        for language in ("en", "fi"):
            _take_main(browser, address, docs, language)
        browser.close()
    print(f"Pictures are in {folder}.")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return min(len(wrong), 1)


def _take(
    browser: Browser, address: str, folder: Path, size: str, scheme: str, language: str
) -> list[str]:
    """All pages in one size, scheme and language; a sentence for each that went wrong."""
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    _speak(context, address, language)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.goto("/accounts/login/")
    page.screenshot(path=folder / f"login-{size}-{scheme}-{language}.png")
    _log_in(page)
    for name, path in PAGES.items():
        answer = page.goto(path)
        expected = 404 if name == "not-found" else 200
        if answer is None or answer.status != expected:
            wrong.append(f"{path}: {answer.status if answer else 'no answer'}")
        page.screenshot(path=folder / f"{name}-{size}-{scheme}-{language}.png", full_page=True)
        if (name, size, scheme, language) == ("worksheet", "desktop", "light", "en"):
            page.screenshot(path=folder / "worksheet-top.png")
    context.close()
    return wrong


def _take_main(browser: Browser, address: str, docs: Path, language: str) -> None:
    """The main pages for docs/."""
    camera = Camera(browser, address, docs, language)
    camera.page.goto("/accounts/login/")
    _log_in(camera.page)
    for name in MAIN_PAGES:
        camera.page.goto(PAGES[name])
        camera.shoot(name)


def _speak(context: BrowserContext, address: str, language: str) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])


def _log_in(page: Page) -> None:
    page.fill("[name=username]", "manager")
    page.fill("[name=password]", "segmentti")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
