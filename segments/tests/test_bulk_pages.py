"""Many lines at once: a value, a mailing group, a file."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from crm.models import Contact, ContactMailingGroup, MailingGroup
from segments import worksheet
from segments.models import LineOverride, Segment
from segments.tests.conftest import named, statements


def at(segment: Segment, name: str, *args: Any) -> str:
    return reverse(f"segments:{name}", args=[segment.number, *args])


@pytest.fixture
def three(segment: Segment, marketer: User, contact: Callable[..., Contact]) -> Segment:
    """Anna, Bo and Cid on the segment; Dag is not."""
    for number, name in (("A", "Anna"), ("B", "Bo"), ("C", "=Cid"), ("D", "Dag")):
        contact(name, number=number)
    worksheet.add_contacts(segment, named("A", "B", "C"), by=marketer)
    return segment


def line(segment: Segment, number: str) -> str:
    return str(segment.lines.get(contact__number=number).pk)


def said(segment: Segment, name: str) -> dict[str, Any]:
    """What the lines say themselves, by their contacts."""
    rows = LineOverride.objects.filter(line__segment=segment)
    return dict(rows.values_list("line__contact__number", name))


def test_ticked_lines_say_a_value(marketer_client: Client, three: Segment) -> None:
    url, ticked = at(three, "lines_set"), [line(three, "A"), line(three, "C")]
    first = marketer_client.post(url, {"line": ticked})
    assert first.context["count"] == 2
    second = marketer_client.post(url, {"line": ticked, "name": "description"})
    assert second.context["form"]["description"]
    assert second.context["kept"] == [("line", pk) for pk in ticked]
    assert not LineOverride.objects.exists()
    data = {"line": ticked, "name": "description", "description": "Own", "action": "apply"}
    answer = marketer_client.post(url, data, follow=True)
    assert "2 lines say their description themselves now." in answer.content.decode()
    assert said(three, "description") == {"A": "Own", "C": "Own"}


def test_all_lines_are_asked_again_on_the_server(marketer_client: Client, three: Segment) -> None:
    url = at(three, "lines_set")
    data = {"all": "1", "search": "anna", "name": "language", "language": "fi", "action": "apply"}
    marketer_client.post(url, data)
    assert said(three, "language") == {"A": "fi"}
    marketer_client.post(url, {**data, "search": ""})
    assert said(three, "language") == {"A": "fi", "B": "fi", "C": "fi"}
    answer = marketer_client.post(url, {**data, "search": "", "language": ""}, follow=True)
    assert "3 lines inherit their language again." in answer.content.decode()
    assert not LineOverride.objects.exists()


def test_a_salesperson_for_all(marketer_client: Client, three: Segment, salesperson: Any) -> None:
    data = {"all": "1", "name": "salesperson", "salesperson": salesperson.pk, "action": "apply"}
    marketer_client.post(at(three, "lines_set"), data)
    assert set(said(three, "salesperson").values()) == {salesperson.pk}


@pytest.mark.parametrize(
    "data",
    [
        {"name": "nothing"},
        {"name": "document"},
        {"name": "a\x00"},
        {"name": "language", "language": "xx"},
        {"name": "cost", "cost": "-1"},
        {"name": "date", "date": "soon"},
        {"name": "description", "description": "x" * 101},
        {"name": "subject", "subject": "a\x00b"},
    ],
)
def test_a_wrong_value_is_told(
    marketer_client: Client, three: Segment, data: dict[str, str]
) -> None:
    asked = {**data, "all": "1", "action": "apply"}
    answer = marketer_client.post(at(three, "lines_set"), asked)
    assert answer.status_code == 200
    form = answer.context["form"] or answer.context["fields"]
    assert form.errors
    assert not LineOverride.objects.exists()


@pytest.mark.parametrize("ticked", [[], ["x"], ["9" * 30], ["0"]])
def test_nothing_ticked(marketer_client: Client, three: Segment, ticked: list[str]) -> None:
    answer = marketer_client.post(at(three, "lines_set"), {"line": ticked}, follow=True)
    assert "tick the lines" in answer.content.decode()


def test_lines_of_another_segment_are_left_alone(
    marketer_client: Client, three: Segment, marketer: User
) -> None:
    other = Segment.objects.create(number="OTHER")
    worksheet.add_contacts(other, named("D"), by=marketer)
    data = {"name": "description", "description": "Own", "action": "apply"}
    marketer_client.post(at(three, "lines_set"), {**data, "line": [line(other, "D")]})
    assert not LineOverride.objects.exists()


@pytest.fixture
def outsider(three: Segment, gift: MailingGroup, in_group: Callable[..., None]) -> MailingGroup:
    """A group with Anna, and with Dag who is not on the segment."""
    in_group(gift, Contact.objects.get(number="A"), Contact.objects.get(number="D"))
    return gift


def members(group: MailingGroup) -> list[str]:
    rows = ContactMailingGroup.objects.filter(group=group).order_by("contact__number")
    return list(rows.values_list("contact__number", flat=True))


def test_a_mailing_group_is_applied(
    marketer_client: Client, three: Segment, outsider: MailingGroup
) -> None:
    url = at(three, "mailing_group")
    looked = marketer_client.post(url, {"group": "GIFT", "action": "look"})
    change = looked.context["change"]
    assert (change.joining, change.already, change.leaving) == (2, 1, 1)
    assert members(outsider) == ["A", "D"]
    answer = marketer_client.post(url, {"group": "GIFT", "action": "apply"}, follow=True)
    assert "2 contacts joined GIFT." in answer.content.decode()
    assert members(outsider) == ["A", "B", "C", "D"]


def test_replacing_wants_its_number_seen(
    marketer_client: Client, three: Segment, outsider: MailingGroup
) -> None:
    url, data = at(three, "mailing_group"), {"group": "GIFT", "replace": "on", "action": "apply"}
    for seen in ("", "GIFT/0", "OTHER/1"):
        answer = marketer_client.post(url, {**data, "seen": seen})
        assert "look at them anew" in answer.content.decode()
        assert members(outsider) == ["A", "D"]
    answer = marketer_client.post(url, {**data, "seen": "GIFT/1"}, follow=True)
    assert "2 contacts joined GIFT. 1 contact left it." in answer.content.decode()
    assert members(outsider) == ["A", "B", "C"]


def test_a_wrong_group(marketer_client: Client, three: Segment) -> None:
    for group in ("", "NONE", "x\x00"):
        answer = marketer_client.post(at(three, "mailing_group"), {"group": group})
        assert answer.status_code == 200
        assert answer.context["form"].errors["group"]


def test_the_lines_as_csv(reader_client: Client, three: Segment) -> None:
    answer: Any = reader_client.get(at(three, "export_csv"))
    assert answer["Content-Disposition"] == f'attachment; filename="{three.number}.csv"'
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert [row[0] for row in rows] == ["No.", "A", "B", "C"]
    assert "'=Cid" in content
    assert "Dag" not in content


def test_the_lines_as_a_spreadsheet(reader_client: Client, three: Segment) -> None:
    answer: Any = reader_client.get(at(three, "export_xlsx"))
    data = b"".join(answer.streaming_content)
    answer.close()
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "Anna" in sheet
    assert "Dag" not in sheet
    assert "<f>" not in sheet


def test_only_who_may(
    reader_client: Client, client: Client, three: Segment, outsider: MailingGroup
) -> None:
    data = {"all": "1", "name": "description", "description": "x", "action": "apply"}
    assert reader_client.post(at(three, "lines_set"), data).status_code == 403
    data = {"group": "GIFT", "action": "apply"}
    assert reader_client.post(at(three, "mailing_group"), data).status_code == 403
    for name in ("mailing_group", "export_csv", "export_xlsx"):
        assert client.get(at(three, name)).status_code == 302
    assert not LineOverride.objects.exists()
    assert members(outsider) == ["A", "D"]


def test_unknown_segment(marketer_client: Client, three: Segment) -> None:
    for name in ("mailing_group", "export_csv", "export_xlsx"):
        assert marketer_client.get(reverse(f"segments:{name}", args=["NONE"])).status_code == 404
    assert marketer_client.get(at(three, "lines_set")).status_code == 405
    assert marketer_client.post(reverse("segments:lines_set", args=["NONE"])).status_code == 404


def test_setting_costs_the_same_for_one_and_for_thirty(
    marketer_client: Client, three: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    data = {"all": "1", "name": "subject", "subject": "x", "action": "apply"}
    one = statements(lambda: marketer_client.post(at(three, "lines_set"), data))
    LineOverride.objects.all().delete()
    more = [contact().number for _number in range(30)]
    worksheet.add_contacts(three, named(*more), by=marketer)
    assert statements(lambda: marketer_client.post(at(three, "lines_set"), data)) == one
    assert LineOverride.objects.count() == 33
