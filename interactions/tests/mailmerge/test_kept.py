"""Letters that were read lately are not read again."""

import pytest

from interactions.mailmerge import DocumentError, kept, kept_template, read_template
from interactions.starter import docx_of


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    kept._kept.clear()


def letter(text: str = "Dear «Contact_Name»") -> bytes:
    return docx_of(text)


def test_the_same_bytes_are_read_once() -> None:
    data = letter()
    first = kept_template(data)
    assert kept_template(bytes(bytearray(data))) is first
    assert first.fields == read_template(data).fields


def test_other_bytes_are_another_letter() -> None:
    assert kept_template(letter("One")) is not kept_template(letter("Two"))


def test_what_cannot_be_read_is_refused_each_time() -> None:
    for _time in range(2):
        with pytest.raises(DocumentError):
            kept_template(b"no letter")
    assert not kept._kept


def test_the_one_not_asked_for_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    one, two, three = (letter(text) for text in ("One", "Two", "Three"))
    first, second = kept_template(one), kept_template(two)
    assert kept_template(one) is first
    kept_template(three)
    assert kept_template(one) is first
    assert kept_template(two) is not second


def test_large_ones_are_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGEST", 100)
    assert kept_template(letter()) is not kept_template(letter())
