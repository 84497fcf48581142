"""What classifies a contact: given and taken off on its card."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from crm.models import (
    Contact,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    ContactProfileAnswer,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_a_group_is_added_and_taken_off(marketer_client: Client, person: Contact) -> None:
    group = MailingGroup.objects.create(code="GIFT", description="Gifts")
    url = f"/contacts/{person.number}/mailing-groups/"
    answer = marketer_client.post(f"{url}add/", {"group": "GIFT"}, follow=True)
    assert "Gifts was added." in text(answer)
    link = ContactMailingGroup.objects.get()
    assert (link.contact, link.group) == (person, group)
    answer = marketer_client.post(f"{url}{link.pk}/remove/", follow=True)
    assert "Gifts was taken off." in text(answer)
    assert not ContactMailingGroup.objects.exists()


@pytest.mark.parametrize("code", ["GIFT", "NOSUCH", "", "\x00"])
def test_a_group_that_is_not_offered_is_refused_at_its_field(
    marketer_client: Client, person: Contact, code: str
) -> None:
    group = MailingGroup.objects.create(code="GIFT")
    ContactMailingGroup.objects.create(contact=person, group=group)
    answer = marketer_client.post(f"/contacts/{person.number}/mailing-groups/add/", {"group": code})
    assert answer.status_code == 422
    assert 'id="mailing-groups_group_error"' in text(answer)
    assert ContactMailingGroup.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "table", "link", "field", "of_company"),
    [
        ("industry-groups", IndustryGroup, ContactIndustryGroup, "group", True),
        (
            "job-responsibilities",
            JobResponsibility,
            ContactJobResponsibility,
            "responsibility",
            False,
        ),
    ],
)
def test_some_kinds_are_for_one_type_of_contact_only(
    marketer_client: Client,
    person: Contact,
    company: Contact,
    kind: str,
    table: Any,
    link: Any,
    field: str,
    of_company: bool,
) -> None:
    table.objects.create(code="X1")
    suits, unfit = (company, person) if of_company else (person, company)
    assert f'id="{kind}"' not in text(marketer_client.get(f"/contacts/{unfit.number}/"))
    refused = marketer_client.post(f"/contacts/{unfit.number}/{kind}/add/", {field: "X1"})
    assert refused.status_code == 404
    added = marketer_client.post(f"/contacts/{suits.number}/{kind}/add/", {field: "X1"})
    assert added.status_code == 302
    assert [row.contact for row in link.objects.all()] == [suits]


@pytest.fixture
def answers() -> list[ProfileAnswer]:
    """A question to everybody with one answer, one to companies with several."""
    asked = []
    for code, kind, several in (("ALL", "", False), ("FIRMS", "company", True)):
        questionnaire = ProfileQuestionnaire.objects.create(code=code, contact_type=kind)
        question = ProfileQuestion.objects.create(
            questionnaire=questionnaire, text=f"{code}?", multiple_answers=several
        )
        for text in ("YES", "NO"):
            asked.append(
                ProfileAnswer.objects.create(question=question, code=f"{code}-{text}", text=text)
            )
    return asked


def offered(client: Client, contact: Contact) -> list[str]:
    """The answers that the contact's card offers."""
    links = client.get(f"/contacts/{contact.number}/").context["links"]
    form = next(link["form"] for link in links if link["key"] == "profile")
    return [str(label) for value, label in form.fields["answer"].choices if value]


def test_profile_answers_are_offered_by_type_and_once(
    marketer_client: Client, company: Contact, person: Contact, answers: list[ProfileAnswer]
) -> None:
    assert offered(marketer_client, person) == ["ALL? YES", "ALL? NO"]
    assert offered(marketer_client, company) == ["ALL? YES", "ALL? NO", "FIRMS? YES", "FIRMS? NO"]
    url = f"/contacts/{company.number}/profile/add/"
    for code in ("ALL-YES", "FIRMS-YES"):
        assert marketer_client.post(url, {"answer": code}).status_code == 302
    assert offered(marketer_client, company) == ["FIRMS? NO"]
    assert marketer_client.post(url, {"answer": "ALL-NO"}).status_code == 422
    others = f"/contacts/{person.number}/profile/add/"
    assert marketer_client.post(others, {"answer": "FIRMS-NO"}).status_code == 422
    assert [str(row) for row in ContactProfileAnswer.objects.order_by("pk")] == ["YES", "YES"]


def test_minors_have_no_profile(marketer_client: Client, answers: list[ProfileAnswer]) -> None:
    minor = Contact.objects.create(name="x", minor=True)
    url = f"/contacts/{minor.number}/"
    assert 'id="profile"' not in text(marketer_client.get(url))
    assert marketer_client.post(f"{url}profile/add/", {"answer": "ALL-YES"}).status_code == 404
    assert not ContactProfileAnswer.objects.exists()


def test_verbs_refuse_readers_strangers_get_and_unknown_kinds(
    reader_client: Client, marketer_client: Client, client: Client, person: Contact
) -> None:
    group = MailingGroup.objects.create(code="GIFT")
    other = Contact.objects.create(name="Other")
    link = ContactMailingGroup.objects.create(contact=person, group=group)
    add = f"/contacts/{other.number}/mailing-groups/add/"
    remove = f"/contacts/{person.number}/mailing-groups/{link.pk}/remove/"
    for url in (add, remove):
        assert reader_client.post(url, {"group": "GIFT"}).status_code == 403
        assert client.post(url, {"group": "GIFT"}).status_code == 302
        assert marketer_client.get(url).status_code == 405
    unknown = f"/contacts/{person.number}/passwords/add/"
    assert marketer_client.post(unknown).status_code == 404
    others = f"/contacts/{other.number}/mailing-groups/{link.pk}/remove/"
    assert marketer_client.post(others).status_code == 404
    assert list(ContactMailingGroup.objects.all()) == [link]
