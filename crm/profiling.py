"""Profile questionnaires answered: what a contact says to all questions of one, at once.

Section 1.20 of the reference: one answer to a question unless several are allowed, only for the
type of contact that is asked, and minors have no profile.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from crm.models import (
    Contact,
    ContactProfileAnswer,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ProfileRefused(Exception):
    """The answers cannot be taken; the text is one sentence for the reader."""


def asked_of(contact: Contact) -> QuerySet[ProfileQuestionnaire]:
    """The questionnaires for this contact's type, none for a minor."""
    if contact.minor:
        return ProfileQuestionnaire.objects.none()
    return ProfileQuestionnaire.objects.filter(contact_type__in=("", contact.type))


def standing(contact: Contact) -> list[dict[str, Any]]:
    """Each questionnaire with how many questions it has and how many are answered, and when."""
    theirs = contact.profile_answers.filter(answer__question__questionnaire=OuterRef("pk"))
    given = theirs.order_by().values("answer__question__questionnaire")
    answered = given.annotate(n=Count("answer__question", distinct=True)).values("n")
    rows = asked_of(contact).annotate(
        count=Count("questions"),
        answered=Coalesce(Subquery(answered), 0),
        last=Subquery(given.annotate(at=Max("answered_at")).values("at")),
    )
    return [
        {
            "questionnaire": one,
            "questions": one.count,
            "answered": one.answered,
            "last": one.last,
        }
        for one in rows.filter(count__gt=0).order_by("code")
    ]


def given(contact: Contact, questionnaire: ProfileQuestionnaire) -> Any:
    """What the contact has answered to this questionnaire."""
    return contact.profile_answers.filter(answer__question__questionnaire=questionnaire)


@transaction.atomic
def answer(
    contact: Contact,
    questionnaire: ProfileQuestionnaire,
    answers: Sequence[ProfileAnswer],
    *,
    by: "User",
) -> int:
    """Makes these the contact's answers to the questionnaire; returns how many rows changed.

    What stays as it was keeps its day and its name. A fixed number of statements. Raises
    ProfileRefused; then nothing has been written.
    """
    locked = Contact.whole.select_for_update(of=("self",)).get(pk=contact.pk)
    _refuse(locked, questionnaire, answers)
    wanted = {one.pk for one in answers}
    before = dict(given(contact, questionnaire).values_list("answer", "pk"))
    gone = [pk for one, pk in before.items() if one not in wanted]
    ContactProfileAnswer.objects.filter(pk__in=gone).delete()
    new = sorted(wanted - before.keys())
    ContactProfileAnswer.objects.bulk_create(
        ContactProfileAnswer(contact=contact, answer_id=one, by=by) for one in new
    )
    return len(gone) + len(new)


def _refuse(
    contact: Contact, questionnaire: ProfileQuestionnaire, answers: Sequence[ProfileAnswer]
) -> None:
    if contact.minor:
        raise ProfileRefused(_("%s is a minor: minors have no profile.") % contact)
    if questionnaire.contact_type not in ("", contact.type):
        raise ProfileRefused(
            _("%(questionnaire)s is not asked of %(contact)s.")
            % {"questionnaire": questionnaire, "contact": contact}
        )
    counts = Counter(one.question_id for one in {each.pk: each for each in answers}.values())
    questions = ProfileQuestion.objects.filter(questionnaire=questionnaire, pk__in=list(counts))
    known = {question.pk: question for question in questions}
    if set(counts) - set(known):
        raise ProfileRefused(_("An answer does not belong to this questionnaire."))
    for pk, count in counts.items():
        if count > 1 and not known[pk].multiple_answers:
            raise ProfileRefused(_("“%s” takes one answer.") % known[pk])
