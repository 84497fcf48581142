"""A little of `make fuzz`: rubbish for parsers and pages; and that it finds what is wrong."""

from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.urls import path

from config.fuzz import pages, parsers, watch
from config.fuzz.rubbish import Rubbish
from config.urls import urlpatterns
from segments.demo import load_demo


@pytest.fixture
def company(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    load_demo(contacts=60)


def fallen(findings: watch.Findings) -> list[str]:
    return [str(way) for way in findings.ways.values()]


def test_no_parser_falls_over_rubbish(company: None) -> None:
    findings = watch.Findings()
    for target, share in parsers.TARGETS.items():
        watch.run(target.__name__, target, max(5, round(share / 2)), findings)
    assert fallen(findings) == []


def test_no_page_falls_over_rubbish(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # no LibreOffice
    findings = watch.Findings()
    answered = pages.run(pages.Pages(read=False), 150, findings)
    assert fallen(findings) == []
    assert 500 not in answered
    assert sum(answered.values()) == 150


def test_rubbish_comes_again_with_its_seed() -> None:
    once, twice = (Rubbish("x:1") for _both in range(2))
    assert (once.json(), once.spoilt(b"abc" * 9)) == (twice.json(), twice.spoilt(b"abc" * 9))
    assert Rubbish("x:1").text() + Rubbish("x:1").text() != Rubbish("x:2").text() * 2


def test_what_falls_is_told_once_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(rubbish: Rubbish) -> None:
        if rubbish.chance(0.5):
            raise KeyError("gone")

    def hangs(_rubbish: Rubbish) -> None:
        while True:
            pass

    monkeypatch.setattr(watch, "SECONDS", 0.2)
    findings = watch.Findings()
    watch.run("falls", falls, 40, findings)
    watch.run("hangs", hangs, 1, findings)
    fell, hung = fallen(findings)
    assert fell.startswith("KeyError: 'gone' at ")
    assert "first: falls:" in fell
    assert hung.startswith("TooSlow: more than 0.2 s")


def broken(request: Any) -> Any:
    raise ZeroDivisionError


def test_a_page_that_falls_is_told(company: None) -> None:
    findings = watch.Findings()
    everybody = pages.Pages(read=False)
    everybody.places = [pages.Place("broken", {})]
    urls = type("Urls", (), {"urlpatterns": [path("x", broken, name="broken"), *urlpatterns]})
    with override_settings(ROOT_URLCONF=urls):
        pages.run(everybody, 20, findings)
    assert [way.partition(" at ")[0] for way in fallen(findings)] == ["ZeroDivisionError: "]
