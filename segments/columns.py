"""The columns of the lines: which there are, which a reader chose, and in what order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import Contact
from segments.models import LineColumns

# What one may sort lines by. The first two walk an index, whatever the size of the segment; for the
# others the database sorts the segment's contacts (docs/benchmarks.md).
SORTS: dict[str, tuple[str, ...]] = {
    "company": ("contact__sort_key",),
    "number": ("contact__number",),
    "name": ("contact__search_name",),
    "post_code": ("contact__post_code",),
    "city": ("contact__city",),
    "email": ("contact__email",),
}
FAST = ("company", "number")


@dataclass(frozen=True)
class Head:
    """A column's head: how the lines are sorted by it, and what its link asks for."""

    name: str
    label: str | Promise
    css: str = ""
    is_said: bool = False
    is_sortable: bool = False
    state: str = ""
    wanted: str = ""


def head(name: str, label: str | Promise, sort: str, *, css: str = "", said: bool = False) -> Head:
    """A column's head where the lines are sorted so: first up, then down."""
    state = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    wanted = f"-{name}" if state == "ascending" else name
    return Head(name, label, css, said, name in SORTS, state, wanted)


@dataclass(frozen=True)
class Column:
    """A column. It tells what the line says, or with `of` something of the line's contact."""

    name: str
    label: str | Promise
    of: Callable[[Contact], Any] | None = None
    css: str = ""

    @property
    def is_said(self) -> bool:
        """Whether lines can say it themselves."""
        return self.of is None

    def head(self, sort: str) -> Head:
        """Its head where the lines are sorted so."""
        return head(self.name, self.label, sort, css=self.css, said=self.is_said)


def _company(contact: Contact) -> str:
    return contact.company.name if contact.company else ""


def _phone(contact: Contact) -> str:
    return contact.phone or contact.mobile_phone


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("company", _("Company"), _company, "d-none d-md-table-cell"),
        Column("correspondence_type", _("Correspondence")),
        Column("language", _("Language")),
        Column("template", _("Template")),
        Column("description", _("Description")),
        Column("subject", _("Subject")),
        Column("salesperson", _("Salesperson")),
        Column("document", _("Letter")),
        Column("evaluation", _("Evaluation")),
        Column("email", _("E-mail"), attrgetter("email")),
        Column("phone", _("Phone"), _phone, "code"),
        Column("personal_comment", _("Personal comment")),
        Column("date", _("Date"), css="code"),
        Column("cost", _("Cost"), css="num"),
        Column("duration", _("Duration (min)"), css="num"),
        Column("campaign", _("Campaign")),
        Column("campaign_target", _("Campaign target")),
        Column("campaign_response", _("Campaign response")),
        Column("information_flow", _("Information flow")),
        Column("initiated_by", _("Initiated by")),
        Column("send_word_as_attachment", _("Send the letter as attachment")),
        Column("job_title", _("Job title"), attrgetter("job_title")),
        Column("post_code", _("Post code"), attrgetter("post_code"), "code"),
        Column("city", _("City"), attrgetter("city")),
        Column("country", _("Country"), attrgetter("country.name")),
        Column("territory", _("Territory"), lambda contact: str(contact.territory or "")),
    )
}
# What is shown until a reader chooses.
DEFAULT = tuple(list(COLUMNS)[:11])


def chosen(user: User) -> list[Column]:
    """The columns that a reader sees, in order; one statement."""
    kept = LineColumns.objects.filter(user=user).values_list("names", flat=True).first()
    return [COLUMNS[name] for name in kept or DEFAULT if name in COLUMNS]


def choose(user: User, names: Iterable[str]) -> None:
    """Keeps a reader's columns; names that are none, and doubles, are left out."""
    known = [name for name in dict.fromkeys(names) if name in COLUMNS]
    LineColumns.objects.update_or_create(user=user, defaults={"names": known})


def in_order(first: Iterable[str]) -> list[Column]:
    """All columns, these first."""
    names = dict.fromkeys([*(name for name in first if name in COLUMNS), *COLUMNS])
    return [COLUMNS[name] for name in names]


def moved(names: Sequence[str], name: str, by: int) -> list[str]:
    """The names with one of them moved up (-1) or down (1); at the ends it stays."""
    order = list(names)
    place = order.index(name) + by if name in order else -1
    if 0 <= place < len(order):
        order.remove(name)
        order.insert(place, name)
    return order
