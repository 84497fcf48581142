"""What lines refer to, by id: read with the lines, so that no table is asked for it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from segments.effective import EffectiveLines
from segments.inheritance import value_text
from segments.models import LineOverride

# What select_related shall fetch with the lines.
RELATED = (
    "contact__company",
    "contact__territory",
    "contact__salesperson",
    "override__salesperson",
    "override__document",
    "override__campaign",
)


class Known:
    """What some lines refer to, by id; all of it was read with the chain and with RELATED."""

    def __init__(self, effective: EffectiveLines, lines: Sequence[Any]) -> None:
        segment, templates = effective.segment, effective.templates
        self._texts: dict[tuple[str, Any], str] = {}
        of_lines = [getattr(line, "override", None) or LineOverride() for line in lines]
        people = [line.contact.salesperson for line in lines]
        self.templates = templates
        self.salespeople = _by_id(
            segment.salesperson, *people, *(one.salesperson for one in of_lines)
        )
        self.documents = effective.documents | _by_id(*(one.document for one in of_lines))
        self.campaigns = _by_id(
            segment.campaign,
            *(template.campaign for template in templates.values()),
            *(one.campaign for one in of_lines),
        )

    def text(self, name: str, said: Any) -> str:
        """What a line says of this name in words; most lines say the same, so it is made once."""
        try:
            return self._texts[name, said]
        except KeyError:
            made = self._texts[name, said] = self._text(name, said)
            return made

    def _text(self, name: str, said: Any) -> str:
        rows: dict[str, Mapping[int, Any]] = {
            "salesperson": self.salespeople,
            "document": self.documents,
            "campaign": self.campaigns,
        }
        if name == "template":
            return self.templates[said].code if said in self.templates else ""
        if name in rows:
            return str(rows[name].get(said, ""))
        return value_text(LineOverride._meta.get_field(name), said)


def _by_id(*found: Any) -> dict[int, Any]:
    return {row.pk: row for row in found if row is not None}
