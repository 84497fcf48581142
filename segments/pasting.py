"""A column copied from a spreadsheet, pasted into lines: read as people write it, set at once."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import Campaign, Salesperson
from interactions.models import InteractionTemplate
from segments import overrides, trail
from segments.models import LineOverride, Segment, SegmentLine
from segments.overrides import LineGone

# So many values at once: each is read and told of by itself.
MOST = 5000
YES_AND_NO = ((True, gettext_lazy("Yes")), (False, gettext_lazy("No")))


def cells(text: str) -> list[str]:
    """The values of one copied column, top down. Raises ValidationError for several columns."""
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n")), dialect="excel-tab"))
    except csv.Error as error:
        raise ValidationError(_("This is no column of a spreadsheet.")) from error
    if any(len(row) > 1 for row in rows):
        raise ValidationError(_("Copy one column: these are several side by side."))
    if len(rows) > MOST:
        raise ValidationError(_("At most %d values, please.") % MOST)
    return [row[0].strip() if row else "" for row in rows]


class Reader:
    """Reads the values of one column: codes, or words in any language of ours.

    Asks the tables that a column refers to once, whatever the number of values.
    """

    def __init__(self, name: str, texts: Sequence[str]) -> None:
        self.name = name
        self.field: Any = LineOverride._meta.get_field(name)
        self.known = self._known(set(texts))

    def read(self, text: str) -> Any:
        """The value; nothing for an empty text. Raises ValidationError that says what is wrong."""
        if not text:
            return overrides.nothing(self.name)
        if self.known is not None:
            if text.casefold() not in self.known:
                raise ValidationError(_("There is no %s.") % text)
            return self.known[text.casefold()]
        value = self.field.formfield(localize=True).clean(text)
        if self.name == "cost" and value < 0:
            raise ValidationError(_("A cost cannot be negative."))
        return value

    def _known(self, texts: set[str]) -> dict[str, Any] | None:
        """What may be written, casefolded, with its value; None where anything may."""
        if self.field.choices:
            return _in_every_language(self.field.flatchoices)
        if self.field.is_relation:
            return _rows(self.field.related_model, texts)
        if self.field.get_internal_type() == "BooleanField":
            return _in_every_language(YES_AND_NO)
        return None


def _in_every_language(choices: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    """Each value by its code, and by its label in each language of ours."""
    known = {str(value).casefold(): value for value, _label in choices}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {str(label).casefold(): value for value, label in choices}
    return known


def _rows(model: Any, texts: set[str]) -> dict[str, Any]:
    """Rows by what they are called."""
    if model is Campaign:
        return {row.number.casefold(): row for row in Campaign.objects.filter(number__in=texts)}
    rows = Salesperson.objects.filter(blocked=False) if model is Salesperson else None
    found = InteractionTemplate.objects.all() if rows is None else rows
    return {called.casefold(): row for row in found for called in (str(row), row.code) if called}


def read_all(name: str, texts: Sequence[str]) -> tuple[list[Any], list[tuple[int, str, str]]]:
    """The values, and what is wrong: row (from 1), what stands there, why. Either is worthless
    where the other is not empty: a column is pasted whole or not at all.
    """
    reader, values, wrong = Reader(name, texts), [], []
    for number, text in enumerate(texts, start=1):
        try:
            values.append(reader.read(text))
        except ValidationError as error:
            wrong.append((number, text, " ".join(error.messages)))
    return values, wrong


@transaction.atomic
def paste(segment: Segment, name: str, values: Mapping[int, Any], *, by: User) -> int:
    """Lets lines (by id) say a value each; nothing takes it back. Returns how many were set.

    All of them or, where one is not on the segment any more (LineGone), none. Written by INSERT ...
    ON CONFLICT, so many rows a statement as the database takes.
    """
    trail.lock(segment)
    present = SegmentLine.objects.present(segment).order_by()
    if present.filter(pk__in=list(values)).count() != len(values):
        raise LineGone(_("One of the lines is not on the segment any more."))
    LineOverride.objects.bulk_create(
        [LineOverride(line_id=pk, **{name: value}) for pk, value in values.items()],
        update_conflicts=True,
        unique_fields=["line"],
        update_fields=[name],
    )
    overrides.drop_empty(SegmentLine.objects.filter(pk__in=list(values)))
    trail.touch(segment, by)
    return len(values)
