"""Constants are folded before the database is asked: what a line says is the same without that."""

import itertools
from typing import Any

import pytest
from django.db.models import IntegerField, TextField, Value

from crm.models import Campaign, Contact, Salesperson
from interactions.models import InteractionTemplate, TemplateLanguage
from segments import worksheet
from segments.effective import NAMES, EffectiveLines
from segments.fallback import Switch, constant, switch, text, value
from segments.models import LineOverride, Segment, SegmentDocument, SegmentLine
from segments.tests.conftest import named

pytestmark = pytest.mark.django_db

TEXT = TextField()
NUMBER = IntegerField()


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_first_that_says_something(contact: Any, size: int) -> None:
    """Of each mixture of constants that say something or nothing, and of what rows say."""
    contact("Ann", city="Turku", address_2="")
    parts: dict[Any, Any] = {
        ("", ""): constant("", TEXT),
        (None, ""): constant(None, TEXT),
        ("one", ""): constant("one", TEXT),
        ("", "empty"): "address_2",
        ("Turku", "filled"): "city",
    }
    for chosen in itertools.product(parts, repeat=size):
        first = next((said for said, _place in chosen if said), "")
        found = Contact.objects.annotate(said=text(*(parts[one] for one in chosen))).get()
        assert found.said == first, chosen


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_first_that_is_not_null(contact: Any, size: int) -> None:
    """Zero and False say something."""
    contact("Ann")
    parts: dict[Any, Any] = {
        (None, ""): constant(None, NUMBER),
        (0, ""): constant(0, NUMBER),
        (None, "empty"): "company_id",
    }
    for chosen in itertools.product(parts, repeat=size):
        first = next((said for said, _place in chosen if said is not None), None)
        found = Contact.objects.annotate(said=value(NUMBER, *(parts[one] for one in chosen))).get()
        assert found.said == first, chosen


def test_a_switch(contact: Any) -> None:
    """Its subject is written once, whatever number of cases; null is none of them."""
    contact("Ann", language="fi", city="Turku")
    contact("Ben", language="")
    said = switch("language", {"en": "English", "fi": "city"}, TEXT, Value("else"))
    assert isinstance(said, Switch)
    rows = Contact.objects.annotate(said=said).order_by("name")
    assert list(rows.values_list("said", flat=True)) == ["city", "else"]
    alone = Contact.objects.order_by().annotate(said=said).values_list("said")
    assert str(alone.query).count('"language"') == 1
    assert switch("language", {}, TEXT, said) is said
    nothing = Contact.objects.annotate(said=switch("language", {"de": "x"}, TEXT))
    assert set(nothing.values_list("said", flat=True)) == {None}


def _headers(segment: Segment) -> list[dict[str, Any]]:
    """Segments that say all, nothing, and what stands in the way of contacts' wishes."""
    seller = Salesperson.objects.create(code="FOLD", name="Folded")
    campaign = Campaign.objects.create(number="CPF", description="Folded")
    full = {
        "description": "From the header",
        "language": "sv",
        "subject": "To {Contact_Name}",
        "salesperson": seller,
        "campaign": campaign,
        "correspondence_type": "email",
        "information_flow": "inbound",
        "initiated_by": "them",
        "unit_cost": 3,
        "unit_duration": 0,
        "campaign_target": False,
        "campaign_response": True,
        "send_word_as_attachment": True,
    }
    nothing: dict[str, Any] = {
        name: "" if isinstance(one, str) else None for name, one in full.items()
    }
    nothing["send_word_as_attachment"] = False
    forced = {**full, "ignore_contact_correspondence_type": True}
    return [full, nothing, forced, {**nothing, "template": None}]


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("ignores", [False, True])
def test_folded_or_not_a_line_says_the_same(
    segment: Segment, contact: Any, marketer: Any, letter: Any, which: int, ignores: bool
) -> None:
    """Another line's template makes a case of what was a constant; the others say what they did."""
    template = InteractionTemplate.objects.get()
    TemplateLanguage.objects.create(
        template=template, language="fi", subject="Uutisia", document=letter()
    )
    if which % 2:
        SegmentDocument.objects.create(segment=segment, language="sv", document=letter())
    InteractionTemplate.objects.update(ignore_contact_correspondence_type=ignores)
    other = InteractionTemplate.objects.create(
        code="OTHER", group=template.group, unit_cost=99, language="de"
    )
    people = [
        contact(f"P{number}", language=language, correspondence_type=way, email="a@example.com")
        for number, (language, way) in enumerate(itertools.product(["", "en", "fi"], ["", "email"]))
    ]
    worksheet.add_contacts(segment, named(*(one.number for one in people)), by=marketer)
    segment.refresh_from_db()
    for name, said in _headers(segment)[which].items():
        setattr(segment, name, said)
    segment.save()
    first, second, *_others = SegmentLine.objects.filter(segment=segment).order_by("pk")
    own = {"description": "Own", "language": "fi", "subject": "{Contact_Name}"}
    LineOverride.objects.create(line=first, **own)
    folded = _said(segment, but=second)
    LineOverride.objects.create(line=second, template=other)
    assert EffectiveLines(segment).only_template is None
    assert _said(segment, but=second) == folded
    assert len(folded) == 5


def _said(segment: Segment, but: SegmentLine) -> list[Any]:
    lines = EffectiveLines(segment).lines().exclude(pk=but.pk)
    return list(lines.values("contact__name", *(f"says_{name}" for name in NAMES)))
