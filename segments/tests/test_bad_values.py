"""Values that no database, page or sum can take: refused with a sentence, never an error."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from interactions.models import InteractionLogEntry, InteractionTemplate
from segments import saved, worksheet
from segments.criteria import Criteria
from segments.criteria_data import parse
from segments.models import LineOverride, SavedCriteria, Segment, SegmentLine
from segments.tests.conftest import everybody
from segments.trail import WorksheetError

NUL = "a\x00b"


@pytest.mark.parametrize(
    "name",
    [
        "contact-number",
        "contact-territory",
        "contact-city",
        "contact-post_code",
        "mailing_groups-group",
        "segments-segment",
    ],
)
def test_a_nul_in_a_criterion_is_told(marketer_client: Client, segment: Segment, name: str) -> None:
    url = reverse("segments:add", args=[segment.number])
    for answer in (
        marketer_client.get(url, {name: NUL}),
        marketer_client.post(url, {name: NUL, "action": "apply"}),
    ):
        assert answer.status_code == 200
        assert answer.context["errors"]
    assert segment.steps.count() == 0


@pytest.mark.parametrize("address", ["/contacts/?territory=%00", "/interactions/?template=%00"])
def test_a_nul_in_a_filter_is_told(marketer_client: Client, address: str) -> None:
    answer = marketer_client.get(address)
    assert answer.status_code == 200
    assert "Null characters are not allowed." in answer.content.decode()


def test_a_number_of_5000_digits_is_no_json_of_ours() -> None:
    content, fault = parse("[" + "9" * 5000 + "]")
    assert content is None
    assert fault


@pytest.mark.parametrize(
    "step",
    [
        {"kind": "\ud800", "criteria": {}, "options": {}},
        {"kind": "add", "criteria": {"\ud800": {}}, "options": {}},
        {"kind": "add", "criteria": {}, "options": {"\ud800": True}},
        {"kind": "add", "criteria": {}, "options": {"\x00": True}},
    ],
)
def test_half_a_letter_in_a_step_is_told_in_letters(step: dict[str, Any]) -> None:
    with pytest.raises(WorksheetError) as refused:
        saved.read_step(1, step)
    assert str(refused.value).encode()
    assert "\x00" not in str(refused.value)


@pytest.mark.parametrize(
    "wrong",
    [{"code": "A\ud800"}, {"description": "\ud800"}, {"code": "A\nB"}, {"code": "ß" * 40}],
)
@pytest.mark.django_db
def test_codes_to_import_can_be_printed(marketer: User, wrong: dict[str, str]) -> None:
    step = {"kind": "add", "criteria": {"contact": {"city": ["Turku"]}}, "options": {}}
    content = {"format": saved.FORMAT, "code": "A", "description": "", "steps": [step], **wrong}
    with pytest.raises(WorksheetError):
        saved.import_json(json.dumps(content), by=marketer)
    assert not SavedCriteria.objects.exists()


def test_a_code_that_grows_when_it_is_stored(
    marketer_client: Client, segment: Segment, marketer: User
) -> None:
    turku = Criteria({"contact": {"city": ["Turku"]}})
    with pytest.raises(WorksheetError):
        saved.save_criteria(segment, code="ß" * 40, by=marketer)
    step = {"kind": "add", "criteria": turku.data, "options": {}}
    one = SavedCriteria.objects.create(code="ONE", steps=[step], by=marketer)
    url = reverse("segments:saved_criteria_edit", args=[one.pk])
    data = {"code": "ß" * 40, "description": "", "steps": json.dumps([step])}
    answer = marketer_client.post(url, data)
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
    one.refresh_from_db()
    assert one.code == "ONE"


def test_a_line_of_5000_digits_is_no_line(marketer_client: Client, segment: Segment) -> None:
    number = "9" * 5000
    url = reverse("segments:lines_remove", args=[segment.number])
    answer = marketer_client.post(url, {"line": number})
    assert answer.status_code == 302
    for name in ("after", "before"):
        page = marketer_client.get(segment.get_absolute_url(), {"page": "2", name: number})
        assert page.status_code == 200


@pytest.mark.django_db
def test_a_page_beside_a_line_of_5000_digits(
    segment: Segment, marketer: User, contact: Any
) -> None:
    from django.http import QueryDict

    from segments import grid

    for _ in range(51):
        contact()
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    for name in ("after", "before"):
        selection = grid.Selection(segment, QueryDict(f"{name}={'9' * 5000}"))
        assert len(selection.page("2").object_list) == 1


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (InteractionTemplate, "unit_duration"),
        (InteractionLogEntry, "duration"),
        (Segment, "unit_duration"),
        (LineOverride, "duration"),
    ],
)
@pytest.mark.django_db
def test_a_duration_that_cannot_be_summed_is_refused(model: Any, name: str) -> None:
    field = model._meta.get_field(name)
    assert field.clean(2**31 - 1, None) == 2**31 - 1
    with pytest.raises(ValidationError):
        field.clean(2**31, None)


def test_a_line_with_a_huge_duration_is_refused(
    marketer_client: Client, segment: Segment, marketer: User, contact: Any
) -> None:
    contact("Ann")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    line = SegmentLine.objects.get()
    url = reverse("segments:cell", args=[segment.number, line.pk, "duration"])
    answer = marketer_client.post(url, {"duration": str(2**63 - 1)})
    assert answer.status_code == 200
    assert not LineOverride.objects.exists()
