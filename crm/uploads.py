"""Forms that take a file of rows, and say what its columns mean."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.importing import FileRefused
from crm.importing.headings import ALSO, label_of
from crm.importing.opening import as_csv
from crm.importing.operation import open_csv
from crm.importing.plan import ANY, EMAIL, EMPTY, EXTERNAL_ID, IDENTIFY, LEAVE, NEW, NUMBER

MOST_MEGABYTES = 50
MOST_COLUMNS = 200
SAMPLE = 5
WHO = {"number", "external_id", "email", "name", "first_name", "surname"}
NAMES = {"name", "first_name", "surname"}
ACCEPTED = (
    ".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)
ENCODINGS = {
    "auto": _("Find out"),
    "utf-8-sig": _("UTF-8"),
    "cp1252": _("Windows-1252"),
    "iso8859-15": _("ISO 8859-15"),
    "utf-16": _("UTF-16"),
}


class TableField(forms.FileField):
    """A CSV file or a workbook, not larger than a page should take."""

    def __init__(self, **options: Any) -> None:
        widget = forms.ClearableFileInput(attrs={"accept": ACCEPTED})
        super().__init__(**{"label": _("CSV or XLSX file"), "widget": widget, **options})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuses what is too large; what it holds is looked at where it is read."""
        file = super().clean(data, initial)
        if file is not None and file.size > MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB: import it by the command."),
                params={"most": MOST_MEGABYTES},
            )
        return file


class PurchasesForm(forms.Form):
    """A file of purchases, first on trial."""

    file = TableField()
    dry_run = forms.BooleanField(label=_("Only try: write nothing"), required=False, initial=True)


class ContactsForm(forms.Form):
    """A file of contacts. Once valid it knows `head`, the headings, and `sample`, some rows."""

    file = TableField()
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        choices=list(ENCODINGS.items()),
        help_text=_("Only for CSV, and only if characters look wrong on the next page."),
    )

    def clean(self) -> dict[str, Any]:
        """Reads the beginning; what cannot be read is said at the file."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self._look(cleaned["file"], cleaned["encoding"])
            except FileRefused as refused:
                self.add_error("file", str(refused))
        return cleaned

    def _look(self, file: Any, encoding: str) -> None:
        with as_csv(file, rows=SAMPLE * 20) as path:
            table = open_csv(path, encoding=encoding)
            self.head = [heading[:100] for heading in table.header]
            rows = islice((row.cells for row in table.rows() if not row.reason), SAMPLE)
            self.sample = [[cell[:60] for cell in cells] for cells in rows]
        if len(self.head) > MOST_COLUMNS:
            raise FileRefused(_("The file has more than %d columns.") % MOST_COLUMNS)
        if not self.sample:
            raise FileRefused(_("The file has headings, but no row below them that can be read."))


class MappingForm(forms.Form):
    """What each column means, and how rows are taken."""

    identify = forms.ChoiceField(
        label=_("A row is about a stored contact that has the same"),
        choices=list(IDENTIFY.items()),
    )
    empty = forms.ChoiceField(
        label=_("An empty cell"), choices=list(EMPTY.items()), widget=forms.RadioSelect
    )
    leave_similar = forms.BooleanField(
        label=_("Refuse new contacts that look like a stored one"), required=False
    )

    def __init__(self, *args: Any, head: Sequence[str], mapping: Sequence[str], **more: Any):
        super().__init__(*args, **more)
        labels = sorted(((name, label_of(name)) for name in ALSO), key=lambda one: one[1])
        choices = [("", _("– leave out –")), *labels]
        self.columns = [f"column_{place}" for place in range(len(head))]
        for name, heading, field in zip(self.columns, head, mapping, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=heading or _("(no heading)"), choices=choices, required=False, initial=field
            )
        known = set(mapping)
        self.initial.setdefault("empty", LEAVE)
        best = (one for one in (NUMBER, EXTERNAL_ID, EMAIL) if one in known)
        self.initial.setdefault("identify", next(best, ANY))

    @property
    def mapping(self) -> list[str]:
        """The field of each column, "" for those left out."""
        return [self.cleaned_data.get(name, "") for name in self.columns]

    @property
    def options(self) -> dict[str, Any]:
        """The rest of what was chosen."""
        return {name: self.cleaned_data[name] for name in ("identify", "empty", "leave_similar")}

    def clean(self) -> dict[str, Any]:
        """Each field once; enough to know a contact by, and to name a new one."""
        cleaned = super().clean() or {}
        met: set[str] = set()
        for name in self.columns:
            field = cleaned.get(name)
            if field and field in met:
                self.add_error(name, _("Another column means this already."))
            met.add(field or "")
        wanted = cleaned.get("identify", "")
        if wanted in (NUMBER, EXTERNAL_ID, EMAIL) and wanted not in met:
            self.add_error("identify", _("No column of the file means this. Choose one above."))
        if not met & {NEW: NAMES, ANY: WHO - {"email"}}.get(wanted, WHO):
            self.add_error(None, _("Say which column holds the name."))
        return cleaned
