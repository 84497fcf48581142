"""How a cell of a file of purchases becomes a value."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from crm.importing.columns import BadCell


def _text(limit: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > limit:
            raise BadCell(
                _("“%(value)s…” is longer than %(limit)d characters.")
                % {"value": cell[:20], "limit": limit}
            )
        return cell

    return read


def _item(cell: str) -> str:
    if not cell:
        raise BadCell(_("The item is missing."))
    return _text(50)(cell)


def _day(cell: str) -> datetime.date:
    """2026-05-04 or 4.5.2026."""
    finnish = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", cell)
    try:
        if finnish:
            day, month, year = (int(part) for part in finnish.groups())
            return datetime.date(year, month, day)
        return datetime.date.fromisoformat(cell)
    except ValueError as error:
        raise BadCell(_("%(value)s is not a day.") % {"value": cell[:30] or "“”"}) from error


def _decimal(places: int, empty: Decimal | None = None) -> Callable[[str], Decimal]:
    """A number with a comma or a point, blanks between thousands, within the column's room."""

    def read(cell: str) -> Decimal:
        if not cell and empty is not None:
            return empty
        text = "".join(cell.split()).replace(",", ".").replace("\u2212", "-")
        wrong = BadCell(_("%(value)s is not a number.") % {"value": cell[:30] or "“”"})
        if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", text):
            raise wrong
        try:
            number = Decimal(text).quantize(Decimal(1).scaleb(-places))
        except InvalidOperation as error:
            raise wrong from error
        if abs(number) >= Decimal(10) ** (14 - places):
            raise BadCell(_("%(value)s is too large.") % {"value": cell[:30]})
        return number

    return read


READERS: dict[str, Callable[[str], Any]] = {
    "contact": str,
    "contact_external_id": str,
    "item": _item,
    "item_category": _text(50),
    "posting_date": _day,
    "quantity": _decimal(3, Decimal(1)),
    "amount": _decimal(2),
    "external_id": _text(50),
}
