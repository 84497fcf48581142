"""Which roads an opt-out closes, and which only warn; a minor's years until he is of age."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from crm import consents
from crm.models import Contact
from crm.tests.test_contacts_pages import typed
from interactions import delivery
from interactions.models import Delivery, InteractionLogEntry, InteractionTemplate, Task
from segments import log, tasking, worksheet
from segments.criteria import Criteria
from segments.models import Segment
from segments.tests.conftest import everybody, names


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def audience(segment: Segment, contact: Any, marketer: User) -> Segment:
    """Ann and Bo by post; then Ann says that she wants no letters."""
    ann, _bo = contact("Ann", email="ann@example.com", phone="1"), contact("Bo", phone="2")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    consents.record(ann, "post", "opted_out", source="phone", words="no paper")
    return segment


def codes(segment: Segment, *, send: bool) -> dict[str, str]:
    return {one.code: one.severity for one in log.check(segment, send=send)}


def test_post_warns_and_stops_what_is_sent(audience: Segment, marketer: User) -> None:
    assert codes(audience, send=False)["no_letters"] == "warning"
    assert codes(audience, send=True)["no_letters"] == "error"
    (problem,) = (one for one in log.check(audience) if one.code == "no_letters")
    assert problem.sentence == "1 line by post to contacts who want no letters."
    Contact.objects.get(name="Ann").consents.update(state="consented")
    assert "no_letters" not in codes(audience, send=True)


def test_add_lets_them_in_for_another_channel_is_free(audience: Segment, contact: Any) -> None:
    """Of the roads into a segment only the privacy block and the exclusion are closed (5.3)."""
    assert names(audience) == ["Ann", "Bo"]


def test_the_print_pack_leaves_them_out(audience: Segment, marketer: User) -> None:
    logged = log.log_segment(audience, by=marketer)
    logged.entries.update(delivery=Delivery.QUEUED)
    pack = delivery.make_pack(delivery.Scope(logged=logged.pk), by=marketer, file_format="zip")
    entry = InteractionLogEntry.objects.get(contact__name="Ann")
    assert (entry.delivery, entry.delivery_error) == ("failed", "The contact wants no letters.")
    assert pack.letters == 1
    assert entry.pk not in pack.entries


def test_a_single_letter_is_not_sent(
    marketer_client: Client, audience: Segment, template: InteractionTemplate, salesperson: Any
) -> None:
    ann = Contact.objects.get(name="Ann")
    data = {
        "contact": ann.number, "template": template.pk, "salesperson": salesperson.pk,
        "date": "2026-05-01", "correspondence_type": "hard_copy", "successful": "on",
        "send": "on", "action": "log",
    }  # fmt: skip
    answer = marketer_client.post("/interactions/new/", data)
    assert answer.context["form"].errors["correspondence_type"] == ["The contact wants no letters."]
    consents.record(ann, "email", "opted_out", source="phone")
    answer = marketer_client.post("/interactions/new/", data | {"correspondence_type": "email"})
    assert answer.context["form"].errors["correspondence_type"] == ["The contact wants no e-mails."]
    assert not InteractionLogEntry.objects.exists()


def test_a_call_is_warned_of_and_may_be_made(marketer_client: Client, audience: Segment) -> None:
    ann, bo = Contact.objects.order_by("name")
    consents.record(ann, "phone", "withdrawn", source="writing", words="by letter")
    page = marketer_client.get("/interactions/call/", {"contact": ann.number}).content.decode()
    assert "The contact wants no phone calls" in page
    assert "by letter" in page
    page = marketer_client.get("/interactions/call/", {"contact": bo.number}).content.decode()
    assert "wants no phone calls" not in page


def test_criteria_find_who_consented(audience: Segment, contact: Any) -> None:
    consents.record(Contact.objects.get(name="Bo"), "email", "consented", source="form")
    asked = Criteria({"consents": {"channel": ["email"], "state": ["consented"]}})
    assert [one.name for one in asked.contacts()] == ["Bo"]
    asked = Criteria({"consents": {"match": "none", "channel": ["post"], "state": ["opted_out"]}})
    assert [one.name for one in asked.contacts()] == ["Bo"]
    consents.record(Contact.objects.get(name="Bo"), "email", "withdrawn", source="link")
    asked = Criteria({"consents": {"state": ["consented"]}})
    assert [one.name for one in asked.contacts()] == []


class TestMinor:
    """Section 5.3 of the reference, from the first day to the last."""

    def test_the_years_of_a_minor(
        self, marketer_client: Client, segment: Segment, contact: Any, marketer: User
    ) -> None:
        young = contact("Young")
        url = f"/contacts/{young.number}/edit/"

        def now() -> tuple[bool, bool, bool]:
            young.refresh_from_db()
            return young.minor, young.parental_consent, young.privacy_blocked

        def comes() -> bool:
            worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
            came = names(segment) == ["Young"]
            worksheet.remove_lines(segment, segment.lines.all(), by=marketer)
            return came

        assert comes()
        marketer_client.post(url, typed(name="Young", minor="on"))
        assert (now(), comes()) == ((True, False, True), False)
        # A parent consents: the block stays until somebody takes it off by hand.
        with_consent = typed(name="Young", minor="on", parental_consent="on")
        marketer_client.post(url, with_consent)
        assert (now(), comes()) == ((True, True, True), False)
        marketer_client.post(url, with_consent)
        assert (now(), comes()) == ((True, True, False), True)
        # The parent takes it back.
        marketer_client.post(url, typed(name="Young", minor="on"))
        assert (now(), comes()) == ((True, False, True), False)
        # Of age: the consent goes, the block stays until it is taken off.
        marketer_client.post(url, typed(name="Young", privacy_blocked="on"))
        assert (now(), comes()) == ((False, False, True), False)
        marketer_client.post(url, typed(name="Young"))
        assert (now(), comes()) == ((False, False, False), True)

    @pytest.mark.parametrize(
        ("cells", "minor", "consent", "blocked"),
        [
            ("1,0,0", True, False, True),
            ("1,1,0", True, True, True),
            ("0,1,0", False, False, False),
            ("0,0,1", False, False, True),
        ],
    )
    def test_a_file_keeps_the_same_rules(
        self, contact: Any, tmp_path: Any, cells: str, minor: bool, consent: bool, blocked: bool
    ) -> None:
        young = contact("Young")
        file = tmp_path / "a.csv"
        file.write_text(f"number,minor,parental_consent,privacy_blocked\n{young.number},{cells}\n")
        call_command("import_contacts", str(file), verbosity=0)
        young.refresh_from_db()
        assert (young.minor, young.parental_consent, young.privacy_blocked) == (
            minor,
            consent,
            blocked,
        )

    def test_nothing_new_is_begun_with_the_blocked(
        self, marketer_client: Client, segment: Segment, contact: Any, marketer: User
    ) -> None:
        ann, bo = contact("Ann"), contact("Bo")
        worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
        Contact.objects.filter(pk=ann.pk).update(privacy_blocked=True)
        for query in (f"?contact={ann.number}", ""):
            data = {"description": "Call", "due": "2026-05-01", "contact": ann.number}
            answer = marketer_client.post(f"/tasks/new/{query}", data)
            assert f"{ann.number} Ann is blocked" in answer.content.decode()
        assert tasking.add_tasks(segment, description="Call", due="2026-05-01", by=marketer) == 1  # type: ignore[arg-type]
        assert Task.objects.get().contact == bo
