"""The field of filters that offers rows of a set-up table, by their codes."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models

from crm import together
from crm.fields import any_of, refuse_nul, refuse_unknown
from crm.rendering import CodesSelect
from crm.together import Short

# What a row of a set-up table says of itself besides its code.
SAYING = ("description", "name", "text")


class CodesField(forms.MultipleChoiceField):
    """Several rows of a set-up table, by their codes. Cleaned to a list of rows."""

    shape: ClassVar[str] = "list"
    widget = CodesSelect

    def __init__(self, *, model: type[models.Model], code: str = "code", **options: Any) -> None:
        self.model, self.code = model, code
        super().__init__(choices=self.rows, **options)

    def rows(self) -> list[tuple[str, str]]:
        """Every code with its description, for the list to choose from."""
        pairs = self.model._default_manager.values_list(self.code, self.saying)
        return [(code, self.said(code, text)) for code, text in pairs]

    @property
    def saying(self) -> str:
        """The name of the field that says what a code means."""
        names = {field.name for field in self.model._meta.fields}
        return next(name for name in SAYING if name in names)

    @property
    def short(self) -> Short:
        """The same as a list that is read together with others: see read_together."""
        order = self.model._meta.ordering or ("pk",)
        rows: Any = self.model._default_manager.all()
        return Short(rows, order, self.code, self.saying)

    def offer(self, rows: Sequence[tuple[str, str]]) -> None:
        """Takes what was read for it as its choices."""
        self.choices = [(code, self.said(code, text)) for code, text in rows]

    def said(self, code: str, text: str) -> str:
        """A row as the reader sees it: its description, and the code where they differ."""
        if self.code == "number":
            return f"{code} {text}".strip()
        return f"{text} ({code})" if text and code not in text else text or code

    def clean(self, value: Any) -> list[Any]:
        """The rows, in the order of their table; refuses codes that are not there, by name."""
        codes = list(dict.fromkeys(str(code).strip() for code in value or ()))
        if not codes:
            return []
        refuse_nul("".join(codes))
        rows = list(self.model._default_manager.filter(**{f"{self.code}__in": codes}))
        refuse_unknown(codes, {getattr(row, self.code) for row in rows})
        return rows

    def to_json(self, value: Sequence[models.Model]) -> list[str]:
        return [getattr(row, self.code) for row in value]

    def words(self, value: Sequence[models.Model]) -> str:
        return any_of(str(row) for row in value)


def read_together(fields: Iterable[Any]) -> None:
    """Reads the choices of all those fields that offer codes, each table once, by one statement."""
    offering = [field for field in fields if isinstance(field, CodesField)]
    shorts = {(field.model, field.code): field.short for field in offering}
    read = dict(zip(shorts, together.read(list(shorts.values())), strict=True))
    for field in offering:
        field.offer(read[field.model, field.code])
