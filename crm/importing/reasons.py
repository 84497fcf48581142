"""The file of rejected rows."""

import csv
from collections.abc import Sequence
from typing import TextIO

from crm.importing.operation import Rejection
from crm.tables import defused


def write_reasons(stream: TextIO, rejections: Sequence[Rejection]) -> None:
    """One row for each rejected one: its line, whom and what it names, and all that is wrong."""
    writer = csv.writer(stream)
    writer.writerow(("line", "contact", "item", "reasons"))
    for one in rejections:
        said = (one.number, one.name, " ".join(one.reasons))
        writer.writerow((one.line, *(defused(cell) for cell in said)))
