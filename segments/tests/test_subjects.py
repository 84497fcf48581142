"""Subjects with merge fields: the same in SQL and in Python, and logged as they were said."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Campaign, Contact, MarketingSetup, Salesperson
from interactions import letters, mergefields
from interactions.models import InteractionTemplate, TemplateLanguage
from segments import log, overrides, worksheet
from segments.effective import NAMES, EffectiveLines
from segments.models import Segment, SegmentLine
from segments.tests.conftest import everybody, named, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(segment: Segment, company: Callable[..., Contact], marketer: User) -> Segment:
    """A company, and Anna, whose name looks like a field."""
    house = company("House")
    anna = {"first_name": "Anna {City}", "city": "{{ First_Name }}", "number": "A1"}
    Contact.objects.create(company=house, **anna)
    Contact.objects.filter(number="A1").update(name="Anna")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def subjects(segment: Segment) -> list[str]:
    """What the lines say, in order."""
    lines = EffectiveLines(segment).lines("subject")
    return [line.says_subject for line in lines]


def written(segment: Segment, subject: str) -> Segment:
    """The segment with this subject in its template."""
    TemplateLanguage.objects.update(subject=subject)
    return segment


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Dear {First_Name}", ["Dear ", "Dear Anna {City}"]),
        ("{{First_Name}}/{{ city }}!", ["/!", "Anna {City}/{{ First_Name }}!"]),
        ("{ Last_Name } of {Company_Name}", [" of House", " of House"]),
        ("{Contact_No}{Contact_No}", ["T0001T0001", "A1A1"]),
        ("{Nonsense} {{Date}} {", ["{Nonsense} {{Date}} {"] * 2),
        ("100 % {{ Salesperson_Name }}", ["100 % Aino Kallio"] * 2),
    ],
)
def test_fields_become_the_values_of_each_line(
    filled: Segment, subject: str, said: list[str]
) -> None:
    assert subjects(written(filled, subject)) == said


def test_a_line_of_its_own_and_the_segment_say_it_too(filled: Segment, marketer: User) -> None:
    filled.subject, filled.language = "For {Contact_Name}", "en"
    filled.save()
    assert subjects(filled) == ["For House", "For Anna"]
    anna = SegmentLine.objects.get(contact__name="Anna")
    overrides.set_value(filled, anna, "subject", "Only {{ Description }}", by=marketer)
    assert subjects(filled) == ["For House", "Only Spring letter"]


def test_every_field_says_in_sql_what_it_says_in_python(
    filled: Segment, salesperson: Salesperson, marketer: User
) -> None:
    Campaign.objects.create(description="Spring campaign")
    Segment.objects.update(campaign=Campaign.objects.get())
    MarketingSetup.objects.update_or_create(pk=1, defaults={"company_name": "Us", "city": "Oulu"})
    filled.refresh_from_db()
    anna = SegmentLine.objects.get(contact__name="Anna")
    overrides.set_value(filled, anna, "personal_comment", "Two\nlines", by=marketer)
    fields = [field.name for field in mergefields.FIELDS if mergefields.may_stand(field)]
    assert len(fields) > 30
    for name in fields:
        written(filled, f"<{{{{ {name} }}}}>")
        effective = EffectiveLines(filled)
        for line in effective.with_facts(effective.lines(*NAMES)):
            resolved = mergefields.resolve(f"<{{{{ {name} }}}}>", line.facts)
            assert (name, line.says_subject) == (name, resolved)


def test_a_long_value_is_cut_where_the_column_ends(filled: Segment, marketer: User) -> None:
    Contact.objects.update(job_title="x" * 100)
    written(filled, "{Job_Title}" * 3)
    assert [len(subject) for subject in subjects(filled)] == [200, 200]
    logged = log.log_segment(filled, by=marketer)
    assert {len(entry.subject) for entry in logged.entries.all()} == {200}


def test_what_was_said_is_logged_and_stays(
    filled: Segment, marketer: User, letter: Callable[..., Any]
) -> None:
    TemplateLanguage.objects.update(
        subject="News for {Contact_Name}", document=letter("«Re: {{ Subject }}»")
    )
    logged = log.log_segment(filled, by=marketer)
    kept = list(logged.entries.order_by("position").values_list("subject", "merge_values__subject"))
    assert kept == [("News for House",) * 2, ("News for Anna",) * 2]
    before = [letters.letter(entry) for entry in logged.entries.order_by("position")]
    Contact.objects.update(name="Somebody else")
    TemplateLanguage.objects.update(subject="Other words")
    assert [letters.letter(entry) for entry in logged.entries.order_by("position")] == before
    assert [letters.text(entry) for entry in logged.entries.order_by("position")] == [
        "«Re: News for House»",
        "«Re: News for Anna»",
    ]


def test_statements_do_not_grow_with_lines_or_their_subjects(
    segment: Segment, contact: Callable[..., Contact], marketer: User
) -> None:
    counts = []
    for number in (1, 30):
        numbers = [contact(f"Person {number} {index}").number for index in range(number)]
        worksheet.add_contacts(segment, named(*numbers), by=marketer)
        for line in SegmentLine.objects.present(segment):
            own = f"{{Contact_Name}} {line.pk}"
            overrides.set_value(segment, line, "subject", own, by=marketer)
        counts.append(statements(lambda: subjects(segment)))
    assert counts[0] == counts[1]


def test_a_misspelt_field_is_told_where_a_subject_is_written(
    filled: Segment, marketer_client: Client, manager_client: Client
) -> None:
    line = SegmentLine.objects.present(filled)[0]
    at = [filled.number]
    places = (
        (marketer_client, reverse("segments:header_field", args=[*at, "subject"])),
        (marketer_client, reverse("segments:segment_edit", args=at)),
        (marketer_client, reverse("segments:cell", args=[*at, line.pk, "subject"])),
        (manager_client, reverse("interactions:language_edit", args=["LETTER", "en"])),
    )
    for client, url in places:
        html = client.post(url, {"subject": "Dear {Frist_Name} {{ Date }}"}).content.decode()
        assert "There is no merge field “Frist_Name”. Did you mean “First_Name”?" in html
        assert "The merge field “Date” cannot stand in a subject." in html
        assert "Dear {Frist_Name} {{ Date }}" in html
    filled.refresh_from_db()
    assert filled.subject == ""
    assert TemplateLanguage.objects.get().subject == "News"
    assert not hasattr(SegmentLine.objects.get(pk=line.pk), "override")


def test_many_lines_are_told_the_same(filled: Segment, marketer_client: Client) -> None:
    url = reverse("segments:lines_set", args=[filled.number])
    typed = {"all": "1", "name": "subject", "action": "apply"}
    html = marketer_client.post(url, {**typed, "subject": "{Frist_Name}"}).content.decode()
    assert "Did you mean “First_Name”?" in html
    assert marketer_client.post(url, {**typed, "subject": "{Contact_Name}"}).status_code == 302
    assert subjects(filled) == ["House", "Anna"]


def test_the_template_shows_it_with_the_sample(
    template: InteractionTemplate, manager_client: Client
) -> None:
    url = reverse("interactions:language_edit", args=[template.code, "en"])
    assert manager_client.post(url, {"subject": "Dear { First_Name }"}).status_code == 302
    page = reverse("interactions:template_preview", args=[template.code, "en"])
    assert "Dear Jane" in manager_client.get(page).content.decode()
