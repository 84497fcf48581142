"""The file of rejected rows that a command writes."""

import csv
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from crm.importing.operation import Rejection
from crm.tables import defused

SHOWN = 20


def check(file: Path, target: Path, delimiter: str) -> None:
    """What is wrong with the command itself is said before anything is read."""
    if delimiter != "auto" and len(delimiter) != 1:
        raise CommandError(_("The delimiter is one character."))
    if target.resolve() == file.resolve():
        raise CommandError(_("The reasons file would overwrite the file itself."))
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise CommandError(_("%(path)s cannot be written.") % {"path": target})


def write_reasons(target: Path, head: Sequence[str], rejections: Sequence[Rejection]) -> None:
    """One row for each rejected one: its line, whom and what it names, and all that is wrong."""
    # With a byte order mark, for spreadsheets that know UTF-8 only by it.
    try:
        with target.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(head)
            for one in rejections:
                said = (one.number, one.name, " ".join(one.reasons))
                writer.writerow((one.line, *(defused(cell) for cell in said)))
    except OSError as error:
        raise CommandError(
            _("The rows are in, but %(path)s cannot be written.") % {"path": target}
        ) from error


def lines_of(rejections: Sequence[Rejection], target: Path) -> list[str]:
    """The first rejected rows in words, and where all of them are."""
    said = [
        _("Line %(line)d: %(reasons)s") % {"line": one.line, "reasons": " ".join(one.reasons)}
        for one in rejections[:SHOWN]
    ]
    if rejections:
        said.append(_("All rejected rows: %(path)s") % {"path": target})
    return said
