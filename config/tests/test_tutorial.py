"""The tutorial is what its script walks, in both languages, and every picture in docs/ is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from config.tests import tutorial
from config.tests.camera import MOST_BYTES, Camera
from config.tests.pictures import MAIN_PAGES
from segments.models import Segment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCS = Path(settings.BASE_DIR) / "docs"
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
TEXTS = {"en": "tutorial.md", "fi": "tutorial.fi.md"}
SHOT = re.compile(r'walk\.shoot\("([^"]+)"\)')


def pictures(text: str) -> list[str]:
    """The pictures of a text, in its order."""
    return PICTURE.findall((DOCS / text).read_text(encoding="utf-8"))


def shots() -> list[str]:
    """What the script takes, in its order."""
    return SHOT.findall(Path(tutorial.__file__).read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", TEXTS)
def test_the_text_shows_what_the_script_sees(language: str) -> None:
    shown = [f"pictures/tutorial/{name}.{language}.webp" for name in shots()]
    assert pictures(TEXTS[language]) == shown


def test_both_texts_have_the_same_steps() -> None:
    heads = [re.findall(r"^## (\d+)", (DOCS / text).read_text(), re.M) for text in TEXTS.values()]
    assert heads[0] == heads[1] == [str(number) for number in range(1, 13)]


def test_the_main_pages_are_shown_in_both_languages() -> None:
    wanted = [f"pictures/pages/{name}.{one}.webp" for name in MAIN_PAGES for one in ("en", "fi")]
    assert pictures("pages.md") == wanted


def every_text() -> Iterator[Path]:
    yield from DOCS.glob("*.md")
    yield DOCS.parent / "README.md"


def test_every_picture_is_there_and_small_and_none_is_forgotten() -> None:
    used = {
        (path.parent / name).resolve()
        for path in every_text()
        for name in PICTURE.findall(path.read_text(encoding="utf-8"))
    }
    there = {path.resolve() for path in (DOCS / "pictures").rglob("*") if path.is_file()}
    assert used == there
    webp = [path for path in there if path.suffix == ".webp"]
    assert [path.name for path in webp if path.stat().st_size >= MOST_BYTES] == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", TEXTS)
def test_the_tutorial_can_be_walked(
    chromium: "Browser", live_server: Any, tmp_path: Path, settings: Any, language: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    User.objects.create_superuser(tutorial.FIRST_USER, password=tutorial.PASSWORD)
    camera = Camera(chromium, live_server.url, tmp_path / "pictures", language)
    tutorial.Walk(
        camera.page, camera, lambda file: call_command("import_contacts", str(file))
    ).all()
    camera.page.context.close()
    followed = Segment.objects.values_list("follows__segment_number", flat=True)
    assert list(followed) == ["SM00001"]
    taken = sorted(path.name for path in camera.folder.iterdir())
    assert taken == [f"{name}.{language}.webp" for name in shots()]
