"""Every template compiles, opens with a comment that tells its blocks and context, and stays small.

Nothing needs more than our Content-Security-Policy allows: no inline style, script, handler.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
OPENING = re.compile(
    r"(?:\{% extends [^%]*%\}\s*)?"
    r"(?:\{#(?P<short>.*?)#\}|\{% comment %\}(?P<long>.*?)\{% endcomment %\})",
    re.DOTALL,
)
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "htmx's own handlers": re.compile(r"\shx-on[:-]", re.IGNORECASE),
    "an address of another site": re.compile(r'(?:src|href|action)="(?:https?:)?//', re.IGNORECASE),
}
MOST_LINES = 90


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_with_its_blocks_and_context(name: str) -> None:
    opening = OPENING.match(source(name))
    assert opening, "begin with a comment (after extends)"
    words = opening["short"] or opening["long"]
    assert "Context:" in words
    assert "Blocks:" in words


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small(name: str) -> None:
    assert len(source(name).splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_it_is_inline(name: str) -> None:
    found = [what for what, pattern in INLINE.items() if pattern.search(source(name))]
    assert found == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<p style="color: red">', "a style attribute"),
        ("<style>p {}</style>", "a style element"),
        ('<a href="#" onclick="go()">', "a handler"),
        ("<script>go()</script>", "a script in the page"),
        ('<a hx-on:click="go()">', "htmx's own handlers"),
        ('<script src="https://cdn.example/x.js"></script>', "an address of another site"),
    ],
)
def test_the_patterns_find_what_they_look_for(text: str, what: str) -> None:
    assert INLINE[what].search(text)
