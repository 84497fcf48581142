"""What a trial shows of the rows: some that are new, some that change with what, some alike."""

from collections.abc import Sequence
from typing import Any

from crm.importing.columns import CODED
from crm.importing.drafts import Draft
from crm.importing.headings import ALSO, field_of

MOST = 10


class Samples:
    """The first rows of each kind, as JSON can say them."""

    def __init__(self) -> None:
        self.new: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []
        self.alike: list[dict[str, Any]] = []
        # Codes of the small tables by id, for a change is known by ids.
        self.names = {field_of(name).attname: name for name in ALSO if name != "mailing_groups"}
        self.codes = {
            field_of(name).attname: dict(model._default_manager.values_list("pk", "code"))
            for name, model in CODED.items()
        }

    def take(self, drafts: Sequence[Draft]) -> None:
        """Takes of these rows what there is still room for."""
        for draft in drafts:
            if draft.outcome == "new" and len(self.new) < MOST:
                self.new.append(self._said(draft))
            if draft.outcome == "changed" and len(self.changed) < MOST:
                self.changed.append(self._said(draft) | {"changes": self._changes(draft)})
            if draft.alike and len(self.alike) < MOST:
                others = [{"number": one.number, "name": one.name} for one in draft.alike]
                self.alike.append(self._said(draft) | {"others": others})

    def _said(self, draft: Draft) -> dict[str, Any]:
        return {
            "line": draft.line,
            "number": draft.contact.number,
            "name": draft.contact.name,
            "type": draft.contact.type,
        }

    def _changes(self, draft: Draft) -> list[tuple[str, Any, Any]]:
        return [
            (self.names.get(name, name), self._plain(name, before), self._plain(name, after))
            for name, (before, after) in draft.changes.items()
        ]

    def _plain(self, name: str, value: Any) -> Any:
        if name in self.codes:
            return self.codes[name].get(value, "")
        return value if isinstance(value, bool) else str(value or "")

    def as_json(self) -> dict[str, Any]:
        """All of them."""
        return {"new": self.new, "changed": self.changed, "alike": self.alike}
