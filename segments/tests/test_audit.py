"""The audit trail on the upper floors: headers, criteria, templates, acts on the log."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crm.audit import reading
from crm.models import AuditEntry, Campaign, Contact
from interactions import cancelling, documents, operations
from interactions.models import (
    CampaignTarget,
    Document,
    InteractionLogEntry,
    InteractionTemplate,
    LogEntryComment,
)
from segments import worksheet
from segments.log import log_segment
from segments.models import SavedCriteria, Segment
from segments.tests.conftest import everybody

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(contact: Any) -> Contact:
    made: Contact = contact("Ann")
    return made


def last() -> int:
    return AuditEntry.objects.latest("pk").pk


def told(after: int) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Kind, label, verb and changes of what was put down since."""
    rows = AuditEntry.objects.filter(pk__gt=after).order_by("pk")
    return [(row.kind.partition(".")[2], row.label, row.verb, row.changes) for row in rows]


def test_a_segments_header_and_criteria(segment: Segment, ann: Contact, marketer: User) -> None:
    number, start = segment.number, last()
    segment.description = "Autumn letter"
    segment.save(update_fields=["description"])
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    worksheet.go_back(segment, by=marketer)
    header, step, moved, back = told(start)
    assert header == (
        "segment",
        number,
        "changed",
        {"description": ["Spring letter", "Autumn letter"]},
    )
    assert (step[:3], step[3]["kind"]) == (("segmentstep", number, "created"), [None, "add"])
    assert [moved[3], back[3]] == [{"current_step": [0, 1]}, {"current_step": [1, 0]}]


def test_a_step_is_read_in_words(
    segment: Segment, ann: Contact, marketer: User, reader_client: Client
) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    page = reader_client.get(f"/history/segments.segment/{segment.pk}/").content.decode()
    assert "everybody" in page.lower()
    assert "{" not in page.partition('id="results"')[2].partition("</table>")[0]
    assert (
        f"/history/segments.segment/{segment.pk}/"
        in reader_client.get(segment.get_absolute_url()).content.decode()
    )


def test_what_is_logged_remembers_its_draft(
    segment: Segment, ann: Contact, marketer: User, reader_client: Client
) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    Segment.objects.update(description="Renamed before Log")
    logged = log_segment(segment, by=marketer)
    page = reader_client.get(f"/history/interactions.loggedsegment/{logged.pk}/").content.decode()
    assert ("Renamed before Log" in page, "Logged segment" in page) == (True, True)


def test_acts_on_the_log(segment: Segment, ann: Contact, marketer: User) -> None:
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    logged = log_segment(segment, by=marketer)
    entries = InteractionLogEntry.objects.filter(logged_segment=logged)
    number, start = logged.segment_number, last()
    operations.evaluate(entries, "positive")
    comment = LogEntryComment.objects.create(
        entry=entries[0], by=marketer, date=logged.logged_at, text="Private words"
    )
    comment.delete()
    cancelling.cancel_entries(entries)
    cancelling.restore_entries(entries)
    cancelling.cancel_logged_segment(logged)
    cancelling.delete_logged_segment(logged)
    entry, said = "interactionlogentry", "T0001"
    assert told(start) == [
        (entry, said, "changed", {"evaluation": ["", "positive"]}),
        ("logentrycomment", number, "created", {"text": [None, None]}),
        ("logentrycomment", number, "deleted", {"text": [None, None]}),
        (entry, said, "changed", {"cancelled_itself": [False, True]}),
        (entry, said, "changed", {"cancelled_itself": [True, False]}),
        ("loggedsegment", number, "changed", {"cancelled": [False, True]}),
        (entry, said, "deleted", {}),
        ("loggedsegment", number, "deleted", told(start)[-1][3]),
    ]


def test_templates_and_their_letters(template: InteractionTemplate, letter: Any) -> None:
    row, start = template.languages.get(), last()
    before: Any = row.document
    new: Document = letter("Hello {{ Contact_Name }}")
    template.unit_cost = "2.00"
    template.save()
    row.document = new
    row.save()
    assert told(start)[1] == (
        "templatelanguage",
        "LETTER",
        "changed",
        {"document": [before.sha256, new.sha256]},
    )
    assert told(start)[0][3] == {"unit_cost": [1.2, 2.0]}
    documents.release_all([before])


def test_saved_criteria_and_targets_by_hand(ann: Contact) -> None:
    start = last()
    saved = SavedCriteria.objects.create(code="NORTH", steps=[{"kind": "add"}])
    SavedCriteria.objects.update(steps=[])
    saved.delete()
    campaign = Campaign.objects.create(description="Spring")
    for by_hand in (False, True):
        CampaignTarget.objects.all().delete()
        CampaignTarget.objects.create(campaign=campaign, contact=ann, by_hand=by_hand)
    kinds = [(kind, verb) for kind, _label, verb, _changes in told(start)]
    assert [one for one in kinds if one[0] in ("savedcriteria", "campaigntarget")] == [
        *(("savedcriteria", verb) for verb in ("created", "changed", "deleted")),
        ("campaigntarget", "created"),
    ]
    assert told(start)[1][3] == {"steps": [[{"kind": "add"}], []]}


def test_empty_lists_are_not_said() -> None:
    changes = {"code": [None, "NORTH"], "steps": [None, []]}
    entry = AuditEntry(kind="segments.savedcriteria", changes=changes)
    assert [(one.label, one.new) for one in reading.changes(entry)] == [("Code", "NORTH")]
