"""What lines refer to, by id: read with the lines, so that no table is asked for it again."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from segments.effective import EffectiveLines
from segments.inheritance import value_text
from segments.models import LineOverride

# What select_related shall fetch with the lines for each of these columns. A join that no column
# asks for is left out: with all of them planning took half as long again as the rest of the page's
# statements.
READ_WITH = {
    "company": ("contact__company",),
    "territory": ("contact__territory",),
    "salesperson": ("contact__salesperson", "override__salesperson"),
    "document": ("override__document",),
    "campaign": ("override__campaign",),
}


def related(names: Iterable[str] = READ_WITH) -> list[str]:
    """What to fetch with the lines where these columns are to be told, or all of them."""
    read = (path for name in names for path in READ_WITH.get(name, ()))
    return ["contact", "override", *read]


class Known:
    """What some lines refer to, by id; read with the chain and with `related`, for its columns."""

    def __init__(self, effective: EffectiveLines, lines: Sequence[Any]) -> None:
        self.segment, self.templates = effective.segment, effective.templates
        self._of_chain, self._lines = effective.documents, lines
        self._texts: dict[tuple[str, Any], str] = {}
        nothing = LineOverride()
        self._said = [getattr(line, "override", None) or nothing for line in lines]

    @cached_property
    def salespeople(self) -> dict[int, Any]:
        """The segment's, the contacts', the lines' own."""
        people = [line.contact.salesperson for line in self._lines]
        return _by_id(self.segment.salesperson, *people, *(one.salesperson for one in self._said))

    @cached_property
    def documents(self) -> dict[int, Any]:
        """The segment's and the templates', the lines' own."""
        return self._of_chain | _by_id(*(one.document for one in self._said))

    @cached_property
    def campaigns(self) -> dict[int, Any]:
        """The segment's, the templates', the lines' own."""
        of_templates = (template.campaign for template in self.templates.values())
        own = (one.campaign for one in self._said)
        return _by_id(self.segment.campaign, *of_templates, *own)

    def text(self, name: str, said: Any) -> str:
        """What a line says of this name in words; most lines say the same, so it is made once."""
        try:
            return self._texts[name, said]
        except KeyError:
            made = self._texts[name, said] = self._text(name, said)
            return made

    def _text(self, name: str, said: Any) -> str:
        if name == "template":
            return self.templates[said].code if said in self.templates else ""
        if name in ROWS:
            rows: Mapping[int, Any] = getattr(self, ROWS[name])
            return str(rows.get(said, ""))
        return value_text(LineOverride._meta.get_field(name), said)


# Where a name's rows are found.
ROWS = {"salesperson": "salespeople", "document": "documents", "campaign": "campaigns"}


def _by_id(*found: Any) -> dict[int, Any]:
    return {row.pk: row for row in found if row is not None}
