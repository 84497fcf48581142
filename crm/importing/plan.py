"""What holds for a whole import: what the columns mean, what was chosen, what was seen so far."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import inheritance
from crm.importing.columns import Column
from crm.models import Contact, ContactType, MarketingSetup, NumberSeries, Salesperson

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# What tells whether a row is about a stored contact.
ANY, NUMBER, EXTERNAL_ID, EMAIL, NEW = "any", "number", "external_id", "email", "new"
IDENTIFY: dict[str, Promise] = {
    NUMBER: _("The number"),
    EMAIL: _("The e-mail address"),
    EXTERNAL_ID: _("The external ID"),
    ANY: _("The number, else the external ID, else name, e-mail and address together"),
    NEW: _("Nothing: every row is a new contact"),
}
LEAVE, CLEAR = "leave", "clear"
EMPTY: dict[str, Promise] = {
    LEAVE: _("Leaves what the contact has"),
    CLEAR: _("Empties it"),
}
DEFAULTS = ("language", "country", "territory", "salesperson", "correspondence_type")


@dataclass(frozen=True)
class Options:
    """What was chosen for an import."""

    identify: str = ANY
    empty: str = CLEAR
    leave_similar: bool = False


@dataclass(eq=False)
class Plan:
    """The columns and options of an import, and what is known once for all of its rows.

    `writes` is False for a trial: then companies that the file would make are known by number.
    """

    columns: Sequence[Column | None]
    options: Options = field(default_factory=Options)
    by: "User | None" = None
    writes: bool = True
    first_lines: dict[int, int] = field(default_factory=dict)
    company_lines: set[int] = field(default_factory=set)
    new_companies: dict[str, Contact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Asks the set-up once."""
        self.fields = {column.field for column in self.columns if column}
        setup = MarketingSetup.load()
        self.defaults: dict[str, Any] = {
            name: value
            for name in DEFAULTS
            if name not in self.fields and (value := getattr(setup, f"default_{name}"))
        }
        asked = () if "salutation" in self.fields else ContactType.values
        self.salutations = {kind: setup.default_salutation_id(kind) for kind in asked}
        self.inherited = inheritance.groups(setup)
        self.blocked_salespeople = dict(
            Salesperson.objects.filter(blocked=True).values_list("pk", "code")
        )
        series = NumberSeries.objects.filter(code=NumberSeries.CONTACT).first()
        self.may_type_numbers = series is None or series.manual_allowed

    def note(self, keys: Sequence[Hashable], line: int) -> None:
        """Remembers the first line that names each of these."""
        for key in keys:
            self.first_lines.setdefault(hash(key), line)

    def first_line(self, key: Hashable, line: int) -> int:
        """The first line that names this."""
        return self.first_lines.get(hash(key), line)
