"""The watch over pages sees what it is there for."""

from typing import TYPE_CHECKING, Any

import pytest

from config.tests.browser import watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("mischief", "said"),
    [
        ("document.body.innerHTML = '<p style=\"color: red\">'", "Content-Security-Policy"),
        ("console.error('a complaint')", "a complaint"),
        ("setTimeout(() => { throw new Error('a mistake') })", "a mistake"),
        ("fetch('/no/such/page/')", "404"),
        ("fetch('http://127.0.0.1:9/')", "Content-Security-Policy"),
    ],
)
def test_a_page_is_watched(chromium: "Browser", live_server: Any, mischief: str, said: str) -> None:
    wrong: list[str] = []
    context = chromium.new_context(base_url=live_server.url)
    watch(context, wrong)
    page = context.new_page()
    page.goto("/accounts/login/")
    assert wrong == []
    page.evaluate(f"() => {{ {mischief} }}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    context.close()
    assert said in "\n".join(wrong)
