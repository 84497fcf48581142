"""`manage.py check_integrity`: every rule finds what breaks it, names it, and mends what it may."""

import json
import os
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from crm import erasing
from crm.models import (
    Campaign,
    Contact,
    ContactIndustryGroup,
    Erasure,
    IndustryGroup,
    NumberSeries,
)
from interactions.models import CampaignEntry, InteractionLogEntry, LoggedSegment
from segments import worksheet
from segments.demo import load_demo
from segments.integrity import ALL_RULES
from segments.log import log_segment
from segments.models import LineOverride, Segment, SegmentLine, SegmentStep
from segments.tests.conftest import everybody, named, statements


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    """A storage of this test's alone, for files of nobody are looked for in all of it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def house(segment: Segment, company: Any, marketer: User, letter: Any) -> Segment:
    """An open segment with three steps and a letter of a line's own, and a logged segment."""
    company("Acme", ["Ann", "Bob"])
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    worksheet.reduce_contacts(segment, named("T0002"), by=marketer)
    line = SegmentLine.objects.present(segment)[0]
    LineOverride.objects.create(line=line, document=letter("Own {{ Contact_Name }}"))
    campaign = Campaign.objects.create(description="Spring")
    copy = Segment.objects.create(
        description="To log",
        salesperson=segment.salesperson,
        template=segment.template,
        campaign=campaign,
    )
    worksheet.add_contacts(copy, everybody(), by=marketer, confirm_all=True)
    log_segment(copy, by=marketer)
    worksheet.go_back(segment, by=marketer)
    return segment


def asked(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what was told of each rule that found something."""
    out, code = StringIO(), 0
    try:
        call_command("check_integrity", "--json", *arguments, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, {one["rule"]: one for one in json.loads(out.getvalue()) if one["found"]}


def test_a_house_in_order(house: Segment) -> None:
    assert asked() == (0, {})


def test_the_demo_is_in_order(db: None) -> None:
    load_demo(contacts=150, seed=1)
    assert asked() == (0, {})


# -- each rule: how it is broken, and the names that are told -----------------------------------


def _old_name(_house: Segment) -> list[str]:
    Contact.objects.filter(number="T0002").update(search_name="old")
    return ["T0002"]


def _employed_by_a_person(_house: Segment) -> list[str]:
    ann = Contact.objects.get(number="T0002")
    Contact.objects.filter(number="T0003").update(company=ann)
    Contact.objects.get(number="T0003").save()
    return ["T0003"]


def _open_minor(_house: Segment) -> list[str]:
    Contact.objects.filter(number="T0003").update(minor=True)
    return ["T0003"]


def _opted_out_past_the_history(_house: Segment) -> list[str]:
    Contact.objects.filter(number="T0003").update(email_opt_out=True)
    return ["T0003"]


def _altered_erasure(_house: Segment) -> list[str]:
    done = erasing.erase([Contact.objects.create(name="x")], by=None, reason="asked")
    Erasure.objects.update(reason="another")
    return [str(done)]


def _industry_of_a_person(_house: Segment) -> list[str]:
    group = IndustryGroup.objects.create(code="RETAIL")
    ContactIndustryGroup.objects.create(group=group, contact=Contact.objects.get(number="T0002"))
    return ["industry group of a company: T0002"]


def _series_behind(_house: Segment) -> list[str]:
    NumberSeries.objects.create(code="CONTACT", prefix="T", digits=4, last_number=1)
    return ["CONTACT"]


def _altered_file(house: Segment) -> list[str]:
    override = LineOverride.objects.get()
    assert override.document is not None
    default_storage.delete(override.document.path)
    default_storage.save(override.document.path, ContentFile(b"something else"))
    return [f"letter.docx ({override.document.sha256[:12]})"]


def _file_of_nobody(_house: Segment) -> list[str]:
    path = "documents/ab/" + "ab" * 32
    default_storage.save(path, ContentFile(b"left behind"))
    return [path]


def _pack_of_nobody(_house: Segment) -> list[str]:
    """Yesterday's: a file of this hour may have its row soon."""
    path = default_storage.save("packs/ab/print.zip", ContentFile(b"left behind"))
    yesterday = time.time() - 24 * 3600
    os.utime(default_storage.path(path), (yesterday, yesterday))
    default_storage.save("packs/cd/print.zip", ContentFile(b"being made"))
    return [path]


def _document_of_nobody(house: Segment) -> list[str]:
    LineOverride.objects.all().delete()
    return ["letter.docx"]


def _wrong_entry_count(_house: Segment) -> list[str]:
    LoggedSegment.objects.update(entry_count=7)
    return [LoggedSegment.objects.get().segment_number]


def _entry_of_another(_house: Segment) -> list[str]:
    entry = InteractionLogEntry.objects.order_by("pk")[0]
    InteractionLogEntry.objects.filter(pk=entry.pk).update(segment_number="X")
    return [str(entry.pk)]


def _same_position(_house: Segment) -> list[str]:
    InteractionLogEntry.objects.filter(position=2).update(position=1)
    return [f"{LoggedSegment.objects.get().segment_number}: 1"]


def _other_campaign(_house: Segment) -> list[str]:
    entry = InteractionLogEntry.objects.order_by("pk")[0]
    other = Campaign.objects.create(description="Autumn")
    InteractionLogEntry.objects.filter(pk=entry.pk).update(campaign=other)
    return [str(entry.pk)]


def _campaign_entry_of_another(_house: Segment) -> list[str]:
    CampaignEntry.objects.update(segment_number="X")
    return [str(CampaignEntry.objects.get().pk)]


def _no_facts(_house: Segment) -> list[str]:
    entry = InteractionLogEntry.objects.order_by("pk")[0]
    InteractionLogEntry.objects.filter(pk=entry.pk).update(merge_values={})
    return [str(entry.pk)]


def _line_of_no_contact(house: Segment) -> list[str]:
    line = SegmentLine.objects.create(segment=house, contact_id=999_999, added_step=1)
    SegmentStep.objects.filter(segment=house, number=1).update(added=4, lines_after=4)
    SegmentStep.objects.filter(segment=house, number=2).update(lines_after=3)
    return [str(line.pk)]


def _line_of_no_step(house: Segment) -> list[str]:
    line = SegmentLine.objects.present(house).order_by("pk")[0]
    SegmentLine.objects.filter(pk=line.pk).update(removed_step=9)
    return [str(line.pk)]


def _gap(house: Segment) -> list[str]:
    SegmentStep.objects.filter(segment=house, number=2).update(number=3)
    SegmentLine.objects.filter(segment=house, removed_step=2).update(removed_step=3)
    return [house.number]


def _wrong_step_count(house: Segment) -> list[str]:
    SegmentStep.objects.filter(segment=house, number=2).update(removed=2, lines_after=1)
    return [house.number]


def _wrong_sum(house: Segment) -> list[str]:
    SegmentStep.objects.filter(segment=house, number=2).update(lines_after=8)
    return [house.number]


def _beyond(house: Segment) -> list[str]:
    Segment.objects.filter(pk=house.pk).update(current_step=5)
    return [house.number]


def _logged_too(house: Segment) -> list[str]:
    Segment.objects.filter(pk=house.pk).update(number=LoggedSegment.objects.get().segment_number)
    return [LoggedSegment.objects.get().segment_number]


def _segments_behind(house: Segment) -> list[str]:
    NumberSeries.objects.filter(code="SEGMENT").update(last_number=0)
    return ["SEGMENT"]


def _target_for_no_reason(_house: Segment) -> list[str]:
    campaign = Campaign.objects.get()
    campaign.targets.create(contact=Contact.objects.get(number="T0001"))
    return [campaign.number]


def _trigger(_segment: Segment) -> list[str]:
    """A trigger of the audit trail that somebody dropped."""
    name = "audit_crm_contact_changed"
    on_table = " ON crm_contact" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on_table}")
    return [name]


BROKEN: dict[str, tuple[Callable[[Segment], list[str]], bool]] = {
    "audit_triggers": (_trigger, True),
    "contact_names": (_old_name, True),
    "contact_employer": (_employed_by_a_person, True),
    "contact_minor": (_open_minor, True),
    "contact_opt_out": (_opted_out_past_the_history, True),
    "erasure_chain": (_altered_erasure, False),
    "contact_classification": (_industry_of_a_person, False),
    "series_behind": (_series_behind, True),
    "document_files": (_altered_file, False),
    "document_orphans": (_file_of_nobody, True),
    "pack_orphans": (_pack_of_nobody, True),
    "document_unused": (_document_of_nobody, True),
    "logged_count": (_wrong_entry_count, True),
    "entry_segment": (_entry_of_another, False),
    "entry_position": (_same_position, False),
    "entry_campaign": (_other_campaign, False),
    "campaign_entry_segment": (_campaign_entry_of_another, False),
    "campaign_targets": (_target_for_no_reason, True),
    "entry_facts": (_no_facts, False),
    "line_astray": (_line_of_no_contact, True),
    "line_step": (_line_of_no_step, False),
    "step_numbers": (_gap, False),
    "step_counts": (_wrong_step_count, True),
    "step_sums": (_wrong_sum, True),
    "pointer": (_beyond, True),
    "open_and_logged": (_logged_too, False),
    "segment_series_behind": (_segments_behind, True),
}


def test_every_rule_is_broken_here() -> None:
    assert {rule.code for rule in ALL_RULES} == set(BROKEN)


@pytest.mark.parametrize("code", BROKEN)
def test_what_breaks_a_rule_is_named(house: Segment, code: str) -> None:
    break_it, _can = BROKEN[code]
    names = break_it(house)
    end, told = asked("--only", code)
    assert (end, told[code]["examples"]) == (1, names)


@pytest.mark.parametrize("code", [code for code, (_break, can) in BROKEN.items() if can])
def test_what_can_be_mended_is(
    house: Segment, code: str, django_capture_on_commit_callbacks: Any
) -> None:
    BROKEN[code][0](house)
    with django_capture_on_commit_callbacks(execute=True):
        _end, told = asked("--repair", "--only", code)
    assert (told[code]["mended"] > 0, told[code]["left"]) == (True, 0)
    asked("--repair")  # counts that the mend has changed
    asked("--repair")  # names of those who lost a wrong employer
    assert asked() == (0, {})


@pytest.mark.parametrize("code", [code for code, (_break, can) in BROKEN.items() if not can])
def test_what_a_person_decides_stays(house: Segment, code: str) -> None:
    BROKEN[code][0](house)
    end, told = asked("--repair", "--only", code)
    assert (end, told[code]["mended"], told[code]["left"]) == (1, 0, told[code]["found"])


def test_without_repair_nothing_is_written(house: Segment) -> None:
    _wrong_sum(house)
    asked()
    assert SegmentStep.objects.filter(segment=house, lines_after=8).exists()


def test_in_words(house: Segment) -> None:
    _wrong_sum(house)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_integrity", "--only", "step_sums", stdout=out)
    assert out.getvalue() == (
        "step_sums: 1 steps whose number of lines afterwards is not the sum so far\n"
        f"   {house.number}\n"
        "1 rule asked; left to mend: 1\n"
    )


def test_an_unknown_rule_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="no rule nonsense"):
        call_command("check_integrity", "--only", "nonsense")


def test_statements_do_not_grow_with_contacts(house: Segment, contact: Any, marketer: User) -> None:
    few = statements(asked)
    for _index in range(30):
        contact()
    worksheet.add_contacts(house, everybody(), by=marketer, confirm_all=True)
    assert statements(asked) == few
