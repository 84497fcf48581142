"""Profile questionnaires answered at once: what is kept, what is refused, who and when."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import profiling
from crm.models import (
    Contact,
    ContactProfileAnswer,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)

pytestmark = pytest.mark.django_db
PAGE = "/contacts/C1/profiles/TASTE/"


@pytest.fixture
def taste(db: None) -> ProfileQuestionnaire:
    """One question with one answer, one with several; and another questionnaire that could leak."""
    made = ProfileQuestionnaire.objects.create(code="TASTE", contact_type="person")
    other = ProfileQuestionnaire.objects.create(code="OTHER")
    for questionnaire, text, several, codes in (
        (made, "Coffee?", False, ("BLACK", "MILK")),
        (made, "Colours?", True, ("RED", "BLUE", "GREEN")),
        (other, "Size?", False, ("SMALL", "LARGE")),
    ):
        question = ProfileQuestion.objects.create(
            questionnaire=questionnaire, text=text, multiple_answers=several
        )
        for code in codes:
            ProfileAnswer.objects.create(question=question, code=code, text=code.title())
    return made


@pytest.fixture
def liisa(taste: ProfileQuestionnaire) -> Contact:
    made = Contact.objects.create(number="C1", name="Liisa")
    small = ProfileAnswer.objects.get(code="SMALL")
    ContactProfileAnswer.objects.create(contact=made, answer=small)
    return made


def answers(*codes: str) -> list[ProfileAnswer]:
    return list(ProfileAnswer.objects.filter(code__in=codes))


def given(contact: Contact) -> list[str]:
    return sorted(contact.profile_answers.values_list("answer__code", flat=True))


def test_the_answers_become_these_and_others_stay(
    liisa: Contact, taste: ProfileQuestionnaire, marketer: User
) -> None:
    assert profiling.answer(liisa, taste, answers("BLACK", "RED", "BLUE"), by=marketer) == 3
    assert given(liisa) == ["BLACK", "BLUE", "RED", "SMALL"]
    assert profiling.answer(liisa, taste, answers("MILK", "BLUE"), by=marketer) == 3
    assert given(liisa) == ["BLUE", "MILK", "SMALL"]
    assert profiling.answer(liisa, taste, [], by=marketer) == 2
    assert given(liisa) == ["SMALL"]


def test_an_answer_that_stays_keeps_its_day_and_its_name(
    liisa: Contact, taste: ProfileQuestionnaire, marketer: User, manager: User
) -> None:
    profiling.answer(liisa, taste, answers("RED"), by=marketer)
    past = timezone.now() - datetime.timedelta(days=9)
    liisa.profile_answers.update(answered_at=past)
    profiling.answer(liisa, taste, answers("RED", "BLUE"), by=manager)
    kept = liisa.profile_answers.get(answer__code="RED")
    assert (kept.answered_at, kept.by) == (past, marketer)
    assert liisa.profile_answers.get(answer__code="BLUE").by == manager


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, ("BLACK", "MILK")),
        ({}, ("BLACK", "LARGE")),
        ({"minor": True, "parental_consent": True}, ("RED",)),
        ({"type": "company"}, ("RED",)),
    ],
)
def test_what_is_refused_changes_nothing(
    liisa: Contact, taste: ProfileQuestionnaire, marketer: User,
    change: dict[str, Any], codes: tuple[str, ...],
) -> None:  # fmt: skip
    profiling.answer(liisa, taste, answers("GREEN"), by=marketer)
    Contact.objects.filter(pk=liisa.pk).update(**change)
    with pytest.raises(profiling.ProfileRefused):
        profiling.answer(liisa, taste, answers(*codes), by=marketer)
    assert given(liisa) == ["GREEN", "SMALL"]


def test_the_statements_do_not_grow_with_the_questions(
    liisa: Contact, taste: ProfileQuestionnaire, marketer: User
) -> None:
    counts = []
    for many in (1, 30):
        for number in range(many):
            question = ProfileQuestion.objects.create(questionnaire=taste, text=f"{number}?")
            ProfileAnswer.objects.create(question=question, code=f"A{many}-{number}", text="!")
        chosen = list(ProfileAnswer.objects.filter(code__startswith=f"A{many}-"))
        with CaptureQueriesContext(connection) as captured:
            profiling.answer(liisa, taste, chosen, by=marketer)
        counts.append(len(captured))
    assert counts[1] - counts[0] <= 1  # the first time nothing was there to be taken away


def test_the_page_shows_and_saves(
    marketer_client: Client, liisa: Contact, taste: ProfileQuestionnaire, marketer: User
) -> None:
    profiling.answer(liisa, taste, answers("MILK", "RED"), by=marketer)
    page = marketer_client.get(PAGE)
    assert [field.value() for field in page.context["form"]] == ["MILK", ["RED"]]
    assert "Small" not in page.content.decode()
    names = [field.html_name for field in page.context["form"]]
    answer = marketer_client.post(PAGE, {names[0]: "BLACK", names[1]: ["BLUE", "GREEN"]})
    assert answer.headers["Location"] == liisa.get_absolute_url()
    assert given(liisa) == ["BLACK", "BLUE", "GREEN", "SMALL"]
    card = marketer_client.get(liisa.get_absolute_url()).content.decode()
    assert PAGE in card
    assert "2 of 2" in card


def test_an_answer_of_another_question_is_refused_at_its_field(
    marketer_client: Client, liisa: Contact
) -> None:
    first = ProfileQuestion.objects.get(text="Coffee?")
    shown = marketer_client.post(PAGE, {f"q{first.pk}": "RED"})
    assert list(shown.context["form"].errors) == [f"q{first.pk}"]
    assert given(liisa) == ["SMALL"]


def test_who_may_not_and_what_is_not_there(
    reader_client: Client, client: Client, marketer_client: Client, liisa: Contact
) -> None:
    assert reader_client.get(PAGE).status_code == 403
    assert reader_client.post(PAGE, {}).status_code == 403
    assert client.get(PAGE).status_code == 302
    for address in ("/contacts/C1/profiles/NONE/", "/contacts/NOBODY/profiles/TASTE/"):
        assert marketer_client.get(address).status_code == 404
    Contact.objects.update(minor=True, parental_consent=True)
    assert marketer_client.get(PAGE).status_code == 404
    assert PAGE not in marketer_client.get(liisa.get_absolute_url()).content.decode()
    assert PAGE not in reader_client.get(liisa.get_absolute_url()).content.decode()
