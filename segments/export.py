"""The lines of a segment as a table: the contact, then what the line says.

The contact's columns are the 36 of the reference's export (section 2.15), in its order, so that
whatever reads its files reads ours; columns for which we keep nothing stay empty. Types and flags
are words, not numbers.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import Campaign, Salesperson
from segments.effective import EffectiveLines
from segments.models import Segment

# Caption, and the path from a line; "" where we keep no such thing.
CONTACT: list[tuple[Promise, str]] = [
    (_("No."), "contact__number"),
    (_("External ID"), "contact__external_id"),
    (_("Name"), "contact__name"),
    (_("Name 2"), ""),
    (_("Address"), "contact__address"),
    (_("Address 2"), "contact__address_2"),
    (_("County"), ""),
    (_("Post Code"), "contact__post_code"),
    (_("City"), "contact__city"),
    (_("Country/Region Code"), "contact__country"),
    (_("Phone No."), "contact__phone"),
    (_("Telex No."), ""),
    (_("Fax No."), ""),
    (_("Telex Answer Back"), ""),
    (_("Territory Code"), "contact__territory__code"),
    (_("Currency Code"), ""),
    (_("Language Code"), "contact__language"),
    (_("Salesperson Code"), "contact__salesperson__code"),
    (_("VAT Registration No."), ""),
    (_("E-Mail"), "contact__email"),
    (_("Home Page"), "contact__home_page"),
    (_("Type"), "contact__type"),
    (_("Company Name"), "contact__company__name"),
    (_("Company No."), "contact__company__number"),
    (_("First Name"), "contact__first_name"),
    (_("Middle Name"), "contact__middle_name"),
    (_("Surname"), "contact__surname"),
    (_("Job Title"), "contact__job_title"),
    (_("Initials"), ""),
    (_("Extension No."), ""),
    (_("Mobile Phone No."), "contact__mobile_phone"),
    (_("Pager"), ""),
    (_("Organizational Level Code"), "contact__organizational_level__code"),
    (_("Exclude from Segment"), "contact__exclude_from_segment"),
    (_("Correspondence Type"), "contact__correspondence_type"),
    (_("Salutation Code"), "contact__salutation__code"),
]
# Caption, what the line says, and the table that turns an id into a code.
LINE: list[tuple[Promise, str]] = [
    (_("Line: Description"), "description"),
    (_("Line: Interaction Template Code"), "template_id"),
    (_("Line: Salesperson Code"), "salesperson_id"),
    (_("Line: Correspondence Type"), "correspondence_type"),
    (_("Line: Language Code"), "language"),
    (_("Line: Subject"), "subject"),
    (_("Line: Date"), "date"),
    (_("Line: Cost"), "cost"),
    (_("Line: Duration (Min.)"), "duration"),
    (_("Line: Campaign No."), "campaign_id"),
    (_("Line: Campaign Target"), "campaign_target"),
    (_("Line: Campaign Response"), "campaign_response"),
    (_("Line: Information Flow"), "information_flow"),
    (_("Line: Initiated By"), "initiated_by"),
    (_("Line: Evaluation"), "evaluation"),
    (_("Line: Personal Comment"), "personal_comment"),
]
CHUNK = 2000
CENTS = Decimal("0.01")


def head() -> list[str]:
    """The captions, in the reader's language."""
    return [str(caption) for caption, _path in (*CONTACT, *LINE)]


def rows(segment: Segment) -> Iterator[list[Any]]:
    """One row per line present, in line order; memory does not grow with their number."""
    lines = EffectiveLines(segment)
    names = [name for _caption, name in LINE]
    paths = [path for _caption, path in CONTACT if path]
    codes = _codes(lines)
    selected = lines.lines(*names).values_list(*paths, *(f"says_{name}" for name in names))
    for row in selected.iterator(chunk_size=CHUNK):
        kept = iter(row)
        contact = [next(kept) if path else "" for _caption, path in CONTACT]
        said = [_cell(name, value, codes) for name, value in zip(names, kept, strict=True)]
        yield contact + said


def _cell(name: str, value: Any, codes: dict[str, dict[int | None, str]]) -> Any:
    """An id as its code, a cost with its cents, everything else as it is."""
    if name in codes:
        return codes[name].get(value, "")
    return value.quantize(CENTS) if isinstance(value, Decimal) else value


def _codes(lines: EffectiveLines) -> dict[str, dict[int | None, str]]:
    """Codes of the small tables by id."""
    return {
        "template_id": {pk: row.code for pk, row in lines.templates.items()},
        "salesperson_id": dict(Salesperson.objects.values_list("pk", "code")),
        "campaign_id": dict(Campaign.objects.values_list("pk", "number")),
    }
