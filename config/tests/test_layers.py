"""The house's order, held by the syntax trees: imports and names go down, and left to right.

crm <- interactions <- segments, config imported by nobody; from a lower app never forms, views,
urls, admin or jobs; inside an app models -> filters -> criteria / mergefields -> operations -> jobs
-> forms -> views -> urls.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("crm", "interactions", "segments")
HOUSE = (*APPS, "config")
# What each file may know: only what stands in an earlier row, or in its own. A name that is in no
# row is an operation.
ORDER: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "choices languages routes rendering sight sortkey lookups sql fields codes dates paging"
        " tables together mailmerge starter",
        "models",
        "filters words",
        "criteria criteria_data sections mergefields",
        "",  # operations
        "jobs",
        "widgets forms setup_form links entering questionnaires uploads",
        "once pages templatetags views",
        "urls admin apps members management",
    )
)
OPERATIONS = ORDER.index(frozenset())
OF_NO_USE_ABOVE = frozenset(("forms", "views", "urls", "admin", "jobs"))


def faults(module: str, source: str) -> list[str]:
    """What is wrong with one file, named by its dotted path: a sentence for each fault."""
    tree = ast.parse(source)
    found = [fault for target in _imports(module, tree) if (fault := _import_fault(module, target))]
    app = module.split(".", maxsplit=1)[0]
    above = APPS[APPS.index(app) + 1 :] if app in APPS else ()
    names = re.compile(rf"({'|'.join(above)})[.:][A-Za-z_]+") if above else None
    texts = (str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant))
    found += [
        f"{module} names {text}, which lies above it"
        for text in texts
        if names and names.fullmatch(text)
    ]
    return found


def _imports(module: str, tree: ast.Module) -> Iterator[str]:
    """The dotted names a file imports, inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            # "from crm import filters" imports crm.filters; "from crm.models import Contact" not.
            yield from ({f"{base}.{a.name}" for a in node.names} if base in HOUSE else {base})


def _import_fault(module: str, target: str) -> str:
    app, other = _split(module)[0], _split(target)[0]
    if other not in HOUSE or app == "config":
        return ""
    if other == "config":
        return f"{module} imports {target}: config is imported by nobody"
    if APPS.index(other) > APPS.index(app):
        return f"{module} imports {target}, which lies above it"
    return "" if ".tests" in module else _sideways_fault(module, target)


def _sideways_fault(module: str, target: str) -> str:
    (app, part), (other, name) = _split(module), _split(target)
    if other != app and name in OF_NO_USE_ABOVE:
        return f"{module} imports {target}: of a lower app one uses no {name}"
    if other == app and _place(name) > _place(part):
        return f"{module} imports {target}, which stands right of it"
    return ""


def _split(module: str) -> tuple[str, str]:
    """The app, and the file or package in it that the order knows."""
    app, _dot, rest = module.partition(".")
    return app, rest.split(".")[0]


def _place(name: str) -> int:
    if not name:
        return 0
    return next((place for place, row in enumerate(ORDER) if name in row), OPERATIONS)


def _files() -> Iterator[Path]:
    for app in HOUSE:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_every_file_keeps_the_order() -> None:
    found = []
    for path in _files():
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        found += faults(module, path.read_text())
    assert found == []


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        (
            "crm.models.contact",
            "from segments.models import Segment",
            "crm.models.contact imports segments.models, which lies above it",
        ),
        (
            "interactions.letters",
            "def late():\n    import segments.effective",
            "interactions.letters imports segments.effective, which lies above it",
        ),
        (
            "crm.tests.test_x",
            "from interactions import documents",
            "crm.tests.test_x imports interactions.documents, which lies above it",
        ),
        (
            "crm.models.contact",
            'class A(Model):\n    of = models.ForeignKey("segments.Segment", models.CASCADE)',
            "crm.models.contact names segments.Segment, which lies above it",
        ),
        (
            "interactions.models.log",
            'Segment = apps.get_model("segments.Segment")',
            "interactions.models.log names segments.Segment, which lies above it",
        ),
        (
            "segments.views.lines",
            "from crm.views import search",
            "segments.views.lines imports crm.views: of a lower app one uses no views",
        ),
        (
            "interactions.forms",
            "from crm import forms",
            "interactions.forms imports crm.forms: of a lower app one uses no forms",
        ),
        (
            "crm.filters",
            "from . import views",
            "crm.filters imports crm.views, which stands right of it",
        ),
        (
            "segments.worksheet",
            "from segments.forms.lines import LineForm",
            "segments.worksheet imports segments.forms.lines, which stands right of it",
        ),
        (
            "segments.criteria",
            "from segments import selection",
            "segments.criteria imports segments.selection, which stands right of it",
        ),
        (
            "crm.views.contacts",
            "from config import settings",
            "crm.views.contacts imports config.settings: config is imported by nobody",
        ),
    ],
)
def test_a_breach_is_told(module: str, source: str, fault: str) -> None:
    assert faults(module, source) == [fault]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("segments.log", "from crm.models import Contact\nfrom interactions import documents"),
        ("segments.models.line", 'models.ForeignKey("crm.Contact", models.PROTECT)'),
        ("crm.models.contact", 'models.ForeignKey("self", models.PROTECT)'),
        ("crm.views.contacts", "from crm.forms import ContactForm"),
        ("segments.tests.test_x", "from crm.views import search"),
        ("config.urls", "from crm.views import search"),
    ],
)
def test_what_goes_down_is_right(module: str, source: str) -> None:
    assert faults(module, source) == []
