"""The languages of a template: what there is in each, and how many contacts have it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from crm.languages import language_name
from crm.models import Contact
from interactions.models import InteractionTemplate, TemplateLanguage


@dataclass(frozen=True)
class Language:
    """One language of a template, or of contacts for whom it has nothing."""

    code: str
    row: TemplateLanguage | None
    contacts: int
    is_default: bool

    @property
    def name(self) -> str:
        """The language in the reader's language."""
        return language_name(self.code)

    @property
    def has_letter(self) -> bool:
        """Whether there is a letter in it."""
        return self.row is not None and self.row.document_id is not None

    @property
    def has_subject(self) -> bool:
        """Whether there is a subject in it."""
        return self.row is not None and bool(self.row.subject)

    @property
    def is_unused(self) -> bool:
        """Whether nobody is written to in it: no contact has it, and it is not the default."""
        return self.row is not None and not self.contacts and not self.is_default


def of_template(
    template: InteractionTemplate, rows: Iterable[TemplateLanguage]
) -> tuple[list[Language], int]:
    """The languages of a template and of its contacts, and how many contacts have none."""
    counts = dict(Contact.objects.order_by().values_list("language").annotate(count=Count("pk")))
    without = counts.pop("", 0)
    there = {row.language: row for row in rows}
    codes = sorted({*there, *counts}, key=lambda code: (code not in there, -counts.get(code, 0)))
    found = [
        Language(code, there.get(code), counts.get(code, 0), code == template.language)
        for code in codes
    ]
    return found, without
