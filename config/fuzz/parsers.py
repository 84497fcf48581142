"""What reads something from outside, each with rubbish of its own kind.

A target gets a stream of rubbish and feeds its parser; refusing is right, any other error is not.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import QueryDict

from config.fuzz.rubbish import Rubbish
from crm import words
from crm.dates import DatesField
from crm.filters import FilterSet
from crm.importing import FileRefused, import_contacts
from crm.importing.columns import known_names
from crm.importing.purchases import NAMES, import_purchases
from crm.pages.lists import unknown_keys
from crm.tables import csv_lines, xlsx_file
from interactions import linting, mailmerge, mergefields
from interactions.starter import starter_letter
from segments import pasting, saved
from segments.criteria import SECTIONS, Criteria
from segments.criteria_data import parse
from segments.line_filter import LineFilter
from segments.trail import WorksheetError

Target = Callable[[Rubbish], None]


def criteria(rubbish: Rubbish) -> None:
    """Stored criteria: sections and fields that exist, values that may not."""
    data: Any = {
        rubbish.choice(list(SECTIONS)): _section(rubbish)
        for _each in range(1 + rubbish.randrange(2))
    }
    if rubbish.chance(0.1):
        data = rubbish.json()
    read = Criteria(data)
    if read.is_valid():
        read.words()
        str(read.contacts()[:1].query)
    else:
        list(map(str, read.errors))


def _section(rubbish: Rubbish) -> Any:
    names = sorted({name for one in SECTIONS.values() for name in one.filterset.base_filters})
    made = {rubbish.choice([*names, "match"]): _value(rubbish) for _each in range(3)}
    return made if rubbish.chance(0.95) else rubbish.json()


def _value(rubbish: Rubbish) -> Any:
    if rubbish.chance(0.5):
        return [rubbish.text() for _each in range(rubbish.randrange(1, 4))]
    if rubbish.chance(0.3):
        keys = ("from", "to", "last", "unit", "never")
        return {rubbish.choice(keys): rubbish.json(0) for _each in range(rubbish.randrange(1, 4))}
    return rubbish.json(2)


def criteria_text(rubbish: Rubbish) -> None:
    """The text of criteria, as a file or pasted, and the steps in it."""
    good = {"steps": [{"kind": "add", "criteria": {"contact": {"city": ["Oulu"]}}, "options": {}}]}
    text = rubbish.spoilt(json.dumps(good).encode()).decode("utf-8", "replace")
    content, _fault = parse(text)
    try:
        saved.read_steps(content["steps"] if isinstance(content, dict) else content)
    except (WorksheetError, KeyError):
        return


def dates(rubbish: Rubbish) -> None:
    """Days and stretches of days, as people write them."""
    field = DatesField(never=rubbish.chance(0.5), required=False)
    try:
        value = field.clean([rubbish.text() for _each in field.fields])
        if value:
            value.ends()
            field.words(value)
            field.to_json(value)
    except ValidationError:
        return


@cache
def _filtersets() -> tuple[type[FilterSet], ...]:
    found, todo = set(), [FilterSet]
    while todo:
        for one in todo.pop().__subclasses__():
            found.add(one)
            todo.append(one)
    return tuple(sorted((one for one in found if one.base_filters), key=lambda one: one.__name__))


@cache
def _parameters(of: Any) -> dict[str, tuple[str, ...]]:
    """What may stand in the address of a list, with values that are right where they are few."""
    known: dict[str, tuple[str, ...]] = {"page": ("2",), "sort": ()}
    form: BaseForm = of(QueryDict("")).form
    for name, field in form.fields.items():
        endings = getattr(field.widget, "widgets_names", ("",))
        choices = tuple(str(value) for value, _label in getattr(field, "choices", ()))[:30]
        known |= {f"{name}{ending}": choices for ending in endings}
    return known


def query_strings(rubbish: Rubbish) -> None:
    """The address of every list there is: read, said in words, made a question."""
    of: Any = rubbish.choice(_filtersets())
    query = QueryDict(rubbish.query(_parameters(of)))
    filterset = of(query)
    unknown_keys(filterset, query, ())
    if filterset.is_valid():
        words.chips(filterset, query)
        if of is not LineFilter:  # which asks what a segment's lines say: the pages' part
            str(filterset.qs.query)


def pasted_column(rubbish: Rubbish) -> None:
    """A column copied from a spreadsheet, pasted over lines."""
    text = rubbish.choice(("\n", "\r\n", "\t", '"')).join(rubbish.text() for _each in range(5))
    name = rubbish.choice(("description", "cost", "date", "duration", "language", "template"))
    try:
        values = pasting.cells(text)
    except ValidationError:
        return
    reader = pasting.Reader(name, values)
    for value in values:
        try:
            reader.read(value)
        except ValidationError:
            continue


def _csv(rubbish: Rubbish, names: list[str]) -> bytes:
    """A file with columns that exist, or almost, and cells that may not."""
    head = [rubbish.choice(names) for _each in range(rubbish.randrange(1, 6))]
    between = rubbish.choice((",", ";", "\t"))
    lines = [between.join(head)]
    lines += [
        between.join(rubbish.text() for _each in head) for _row in range(rubbish.randrange(5))
    ]
    text = rubbish.choice(("\n", "\r\n", "\r")).join(lines)
    data = text.encode(rubbish.choice(("utf-8", "utf-8-sig", "utf-16", "latin-1")), "replace")
    return rubbish.spoilt(data) if rubbish.chance(0.5) else data


def _import(rubbish: Rubbish, names: list[str], work: Callable[..., Any]) -> None:
    with tempfile.NamedTemporaryFile(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as file:  # noqa: S108
        file.write(_csv(rubbish, names))
        file.flush()
        try:
            work(Path(file.name), dry_run=True)
        except FileRefused:
            return


def contacts_csv(rubbish: Rubbish) -> None:
    """A file of contacts."""
    _import(rubbish, sorted(known_names()), import_contacts)


def purchases_csv(rubbish: Rubbish) -> None:
    """A file of purchases."""
    _import(rubbish, sorted(NAMES), import_purchases)


def exported(rubbish: Rubbish) -> None:
    """Rubbish on its way out: every workbook opens again, and no cell of it is a formula."""
    rows = [[rubbish.text(), rubbish.choice((1, 1.5, None, True))] for _each in range(3)]
    b"".join(csv_lines(["a", "b"], rows))
    with xlsx_file(["a", "b"], rows) as file:
        book = openpyxl.load_workbook(file)
    for row in book.worksheets[0].iter_rows():
        assert all(cell.data_type != "f" for cell in row)


@cache
def letter() -> bytes:
    """One that is right."""
    return bytes(starter_letter("en"))


@cache
def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(letter())) as package:
        return {name: package.read(name) for name in package.namelist()}


def _read_letter(data: bytes) -> None:
    try:
        template = mailmerge.read_template(data)
    except mailmerge.DocumentError as error:
        str(error)
        return
    linting.of_template(template)


def word_files(rubbish: Rubbish) -> None:
    """A Word file that is none, or almost: bytes of the package changed."""
    _read_letter(rubbish.spoilt(letter()))


def word_parts(rubbish: Rubbish) -> None:
    """A package that is right around a part that may not be."""
    parts = dict(_parts())
    name = rubbish.choice(sorted(parts))
    parts[name] = rubbish.spoilt(parts[name])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for one, content in parts.items():
            package.writestr(one, content)
    _read_letter(data.getvalue())


def merge_fields(rubbish: Rubbish) -> None:
    """What stands inside a merge field or a subject."""
    from interactions.mailmerge.instructions import read_code, read_typed

    pieces = ("MERGEFIELD", "IF", "Contact_Name", '"', "\\*", "Upper", "\\b", "\\f", "=", "<>", " ")
    text = "".join(
        rubbish.choice(pieces) if rubbish.chance(0.7) else rubbish.text() for _each in range(8)
    )
    try:
        read_typed(text)
        read_code([text])
    except mailmerge.DocumentError:
        pass
    mergefields.tokens(text)
    linting.of_subject(text)


# How many of a thousand inputs each gets: cheap ones more.
TARGETS: dict[Target, float] = {
    criteria: 50,
    criteria_text: 250,
    dates: 200,
    query_strings: 12,
    pasted_column: 59.5,
    contacts_csv: 3,
    purchases_csv: 20,
    exported: 0.5,
    word_files: 4,
    word_parts: 1,
    merge_fields: 400,
}
