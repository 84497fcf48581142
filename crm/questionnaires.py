"""The form of a profile questionnaire, and the panel that leads to it from a contact's card."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm import profiling
from crm.models import Contact, ProfileAnswer, ProfileQuestionnaire

NONE = ("", _("No answer"))
CHANGE = "crm.add_contactprofileanswer"


class ProfileForm(forms.Form):
    """Every question of a questionnaire: one answer each, several where they are allowed."""

    def __init__(
        self, data: Any = None, *, contact: Contact, questionnaire: ProfileQuestionnaire
    ) -> None:
        super().__init__(data)
        given = set(profiling.given(contact, questionnaire).values_list("answer__code", flat=True))
        self.known: dict[str, ProfileAnswer] = {}
        for question in questionnaire.questions.prefetch_related("answers"):
            answers = list(question.answers.all())
            self.known |= {one.code: one for one in answers}
            codes = [(one.code, one.text) for one in answers]
            had = [code for code, _text in codes if code in given]
            self.fields[f"q{question.pk}"] = _field(question, codes, had)

    @property
    def answers(self) -> list[ProfileAnswer]:
        """The answers ticked."""
        chosen = self.cleaned_data.values()
        codes = [code for one in chosen for code in (one if isinstance(one, list) else [one])]
        return [self.known[code] for code in codes if code]


def _field(question: Any, codes: list[tuple[str, str]], had: list[str]) -> forms.Field:
    if question.multiple_answers:
        return forms.MultipleChoiceField(
            label=question.text,
            choices=codes,
            initial=had,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.ChoiceField(
        label=question.text,
        choices=[NONE, *codes],
        initial=had[0] if had else "",
        required=False,
        widget=forms.RadioSelect,
    )


def panel(request: HttpRequest, contact: Contact) -> tuple[str, dict[str, Any]] | None:
    """The questionnaires for a contact, and how far each is answered."""
    if not request.user.has_perm("crm.view_contactprofileanswer"):
        return None
    found = profiling.standing(contact)
    if not found:
        return None
    may = request.user.has_perm(CHANGE)
    return "crm/_contact_profiles.html", {
        "standing": found,
        "contact": contact,
        "may_answer": may,
    }
