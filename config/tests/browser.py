"""A browser without a window, for tests marked `browser`: they see what a person sees.

Every page is watched: a message of error or warning on its console, an exception in a script, an
offence against the Content-Security-Policy or a request that fails, fails the test at its end.
"""

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

# Chromium calls nobody by itself.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
# What axe is asked, on every page and wherever else something is drawn.
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK_AXE = """async (rules) => {
  const runOnly = {type: "tag", values: rules};
  const found = await axe.run(document, {runOnly, resultTypes: ["violations"]});
  return found.violations.flatMap((one) => one.nodes.map(
    (node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
THEMES = ("light", "dark")
# The admin's pages call it by another name.
PAINT = "theme => Object.assign(document.documentElement.dataset, {bsTheme: theme, theme})"
# htmx says this of requests that were on their way when the page was left; of any that truly fails
# the browser tells as well.
LEFT = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """The system's Chromium. Its loop runs in our thread; Django is told not to mind."""
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, chromium: "Browser", live_server: Any
) -> Iterator[OpenPage]:
    """open_page(client, **options): a page of a browser of its own, watched.

    The client's session is the page's; without a client nobody is logged in. The options are
    those of Playwright's new_context.
    """
    assert request.node.get_closest_marker("browser"), "mark this test with pytest.mark.browser"
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_one(client: "Client | None" = None, **options: Any) -> "Page":
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch(context, wrong)
        if client is not None:
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    yield open_one
    for context in contexts:
        for page in context.pages:
            page.wait_for_load_state("networkidle")
        context.close()
    assert wrong == []


def watch(context: "BrowserContext", wrong: list[str]) -> None:
    """Writes down whatever a page should not say. Answers from 400 on are said on the console."""

    def console(message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning") and not message.text.startswith(LEFT):
            wrong.append(f"{message.location['url']}: {message.text}")

    def failed(request: "Request") -> None:
        # Left for another page, overtaken by a newer question, or become a download.
        if request.failure != "net::ERR_ABORTED":
            wrong.append(f"{request.url}: {request.failure}")

    context.on("console", console)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("requestfailed", failed)
    context.add_init_script(SAY_OFFENCES)


SAY_OFFENCES = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def page(open_page: OpenPage) -> "Page":
    """A page where nobody is logged in yet."""
    return open_page()


def ask_axe(page: "Page") -> Iterator[str]:
    """What is to be mended on a page that has AXE and moves nothing, in either theme."""
    for theme in THEMES:
        page.evaluate(PAINT, theme)
        yield from (f"{theme}: {what}" for what in page.evaluate(ASK_AXE, RULES))


@pytest.fixture
def axe() -> "Callable[[Page], list[str]]":
    """axe(page): what is to be mended on it, as it is drawn now."""

    def ask(page: "Page") -> list[str]:
        page.evaluate(AXE)
        found: list[str] = page.evaluate(ASK_AXE, RULES)
        return found

    return ask
