"""Which tables the audit trail watches, and what of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

ALL = ("created", "changed", "deleted")
# By what people know a row that a key leads to: the first of these that it has.
NATURAL = ("number", "code", "username", "segment_number", "sha256", "name")


@dataclass(frozen=True)
class Watched:
    """One table that is watched.

    subject  the key to the record on whose page a change is seen; "" for the row itself
    label    what people call it: a field, or one of the row that a key leads to (contact__number)
    fields   the fields that are watched
    secret   those of them of which only is said that they changed
    verbs    what is put down: created, changed, deleted
    values   whether a new and a deleted row's values are put down, too
    only     a flag that a row must bear to be watched
    words    how a field's value is said, where its model does not know; "" leaves it out
    """

    model: Any
    subject: str
    label: str
    fields: tuple[Any, ...]
    secret: tuple[str, ...]
    verbs: tuple[str, ...]
    values: bool
    only: str
    words: Mapping[str, Callable[[Any], str]]

    @property
    def kind(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def name(self) -> str:
        """What its rows are called; Django names its own tables between two in English only."""
        of = self.model._meta
        ends = (
            [one.related_model._meta for one in of.concrete_fields[1:]] if of.auto_created else [of]
        )
        return capfirst(": ".join(str(end.verbose_name) for end in ends))

    @property
    def subject_model(self) -> Any:
        """The model of the record on whose page a change is seen."""
        if not self.subject:
            return self.model
        return self.model._meta.get_field(self.subject).related_model


watched: dict[str, Watched] = {}
# Records that go on what another record began, under the same number: their history is one.
beginnings: dict[str, str] = {}


def register(
    model: Any,
    *,
    label: str = "",
    subject: str = "",
    fields: tuple[str, ...] = (),
    leave_out: tuple[str, ...] = (),
    secret: tuple[str, ...] = (),
    verbs: tuple[str, ...] = ALL,
    values: bool = True,
    only: str = "",
    words: Mapping[str, Callable[[Any], str]] | None = None,
) -> None:
    """Watches a table: these fields, or all but its primary key and those left out."""
    kept = tuple(
        field
        for field in model._meta.concrete_fields
        if (field.name in fields if fields else not field.primary_key)
        and field.name not in leave_out
    )
    one = Watched(model, subject, label, kept, secret, verbs, values, only, words or {})
    watched[one.kind] = one


def begins_with(record: Any, beginning: Any) -> None:
    """The history of a record of the one model begins with that of its namesake of the other."""
    beginnings[record._meta.label_lower] = beginning._meta.label_lower


def natural_key(model: type[models.Model]) -> str:
    """The field by which people know a row of this model; its primary key where there is none."""
    names = {field.name for field in model._meta.concrete_fields}
    return next((name for name in NATURAL if name in names), model._meta.pk.name)
