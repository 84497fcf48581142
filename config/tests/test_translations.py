"""Both languages are whole: what a page says goes through gettext, and all of that has its Finnish.

The pages are rendered with a catalogue that puts ⟦ ⟧ around whatever passes through gettext; what
stands outside of such marks must come from the database, or nobody can translate it.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.translation import trans_real
from django_countries import countries

from config.tests.addresses import tried_import
from config.tests.marks import Data, Marks, untranslated
from crm.models import AlternativeAddress, Campaign, Contact, Job, ProfileQuestionnaire
from crm.work.files import attach
from interactions import delivery
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    Document,
    InteractionLogEntry,
    LogEntryComment,
    LoggedSegment,
    PrintPack,
    Task,
    TemplateLanguage,
)
from segments.demo import load_demo
from segments.models import Segment, SegmentLine, SegmentStep, StepKind
from segments.saved import save_criteria

FINNISH = Path(settings.BASE_DIR) / "locale/fi/LC_MESSAGES/django.po"
SOURCES = ("config", "crm", "interactions", "segments", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}|</?\w+[^>]*>")
IN_FINNISH = {"Accept-Language": "fi"}
DJANGO_DOES_NOT_TRANSLATE = ("True", "False", "Search", "Tasks Database Backend")
REFRESH = (
    "manage.py makemessages -l fi --ignore .venv --ignore var "
    "--add-location file --no-wrap --no-obsolete"
)


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="fi")


def texts(of: Any) -> tuple[str, ...]:
    """Singular and plural, of a msgid or a msgstr."""
    return (of,) if isinstance(of, str) else tuple(of)


@pytest.fixture(scope="module")
def finnish() -> Catalog:
    return catalogue(FINNISH)


@pytest.mark.gettext
def test_every_string_has_its_finnish(tmp_path: Path, finnish: Catalog) -> None:
    if not shutil.which("xgettext"):
        pytest.fail("xgettext is missing. Install it: sudo apt-get install gettext")
    for name in SOURCES:
        shutil.copytree(Path(settings.BASE_DIR) / name, tmp_path / name)
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "fi"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    wanted = catalogue(tmp_path / "locale/fi/LC_MESSAGES/django.po")
    missing = [one.id for one in wanted if one.id and not _is_said(finnish, one)]
    assert missing == [], f"Run {REFRESH} and write the Finnish of these into {FINNISH}"


def _is_said(finnish: Catalog, wanted: Message) -> bool:
    own = finnish.get(texts(wanted.id)[0], context=wanted.context)
    if own is None or own.fuzzy or texts(own.id) != texts(wanted.id):
        return False
    return all(texts(own.string))


def test_the_finnish_has_the_same_places_for_values(finnish: Catalog) -> None:
    said = [one for one in finnish if one.id and all(texts(one.string))]
    wrong = [one.string for one in said if places_of(one.id) != places_of(one.string)]
    faults = [f"{one.id}: {fault}" for one in said for fault in one.check(finnish)]
    assert (wrong, faults) == ([], [])


def places_of(of: Any) -> list[list[str]]:
    """The placeholders and tags of each form of a msgid or msgstr."""
    return [sorted(PLACEHOLDER.findall(text)) for text in texts(of)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦Save ⟦%(count)s lines⟧ <b>now</b>⟧ 3 · Segmentti</p>", []),
        ("<p>Save</p>", ["Save"]),
        ("<p>⟦Save⟧ lines</p>", ["lines"]),
        ('<input type="submit" value="Save">', ["Save"]),
        ('<a title="More" aria-label="⟦Less⟧"></a>', ["More"]),
        ('<body data-failed="Failed">', ["Failed"]),
        ('<input value="Save"><code>Save</code><p lang="sv">Spara</p>', []),
    ],
)
def test_the_marks_find_what_they_look_for(html: str, found: list[str], db: None) -> None:
    assert untranslated(html, Data()) == found


@pytest.mark.django_db
def test_pages_are_in_finnish(
    client: Client, finnish: Catalog, tmp_path: Path, settings: Any
) -> None:
    """From the .po alone: the .mo of the working copy may be old."""
    folder = tmp_path / "fi/LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, finnish)
    settings.LOCALE_PATHS = [tmp_path]
    html = client.get("/accounts/login/", headers=IN_FINNISH).content.decode()
    for words in ('<html lang="fi"', "Kirjaudu sisään", "Käyttäjätunnus", ">English</button>"):
        assert words in html


def routes(resolver: Any, before: str = "") -> Iterator[str]:
    """The URL table, but for Django admin's part."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield before + str(one.pattern)
        elif one.namespace != "admin":
            yield from routes(one, before + str(one.pattern))


def places(admin_user: User) -> dict[str, dict[str, object]]:
    """What stands in the places of the routes, by the beginning of a route; the longest holds."""
    person = Contact.objects.filter(type="person")[0]
    address = AlternativeAddress.objects.create(contact=person, code="X", starts_on="2026-01-01")
    letter = TemplateLanguage.objects.exclude(document=None)[0]
    step = SegmentStep.objects.filter(kind=StepKind.ADD)[0]
    segment, other = step.segment, Segment.objects.exclude(pk=step.segment_id)[0]
    first_logged = LoggedSegment.objects.all()[0]
    logged, entry = first_logged.segment_number, first_logged.entries.all()[0]
    job = Job.objects.create(kind="delivery.mail", user=admin_user, arguments={"entry": entry.pk})
    file = attach(job, "made.zip", ContentFile(b"made"))
    pack = PrintPack.objects.create(
        logged_segment=first_logged, name="a.zip", file=ContentFile(b"a", "a.zip"), size=1,
        sha256="0" * 64, letters=1,
    )  # fmt: skip
    line = SegmentLine.objects.present(segment)[0]
    target = CampaignTarget.objects.create(campaign=Campaign.objects.all()[0], contact=person)
    task = Task.objects.create(contact=person, description="X")
    profile = ProfileQuestionnaire.objects.create(code="X")
    profile.questions.create(text="X").answers.create(code="X", text="X")
    kept = InteractionLogEntry.objects.filter(logged_segment=None, cancelled=False)[0]
    InteractionLogEntry.objects.filter(pk=kept.pk).update(postponed=True)
    entry = InteractionLogEntry.objects.exclude(document=None)[0]
    remark = LogEntryComment.objects.create(
        entry=entry, by=admin_user, date="2026-01-01", text=person.name
    )
    saved = save_criteria(segment, code="X1", description="X1", by=admin_user)
    on_segment = {"number": segment.number, "pk": line.pk, "name": "language", "language": "fi"}
    on_segment |= {"step": step.number, "code": "description", "saved_pk": saved.pk, "page": 1}
    return {
        "contacts/": {
            "number": person.number,
            "pk": address.pk,
            "kind": "mailing_groups",
            "other": Contact.objects.filter(type="person").latest("pk").number,
        },
        "contacts/duplicates/": {"pk": 0},
        "contacts/import/": {"pk": tried_import(admin_user, person).pk},
        "views/": {"pk": 0},
        "contacts/<str:number>/profiles/": {"number": person.number, "code": profile.code},
        "campaigns/": {"number": Campaign.objects.all()[0].number},
        "templates/": {"code": letter.template.code, "language": letter.language},
        "documents/": {"sha256": Document.objects.all()[0].sha256},
        "merge-fields/": {"language": "fi"},
        "interactions/": {
            "pk": entry.pk,
            "comment": remark.pk,
            "by": "group",
            "page": 1,
            "verb": "cancel",
        },
        "interactions/<int:pk>/resume/": {"pk": kept.pk},
        "interactions/<int:pk>/discard/": {"pk": kept.pk},
        "tasks/": {"pk": task.pk},
        "targets/": {"pk": target.pk, "verb": "activate"},
        "campaign-entries/": {"pk": CampaignEntry.objects.all()[0].pk},
        "history/": {"kind": "crm.contact", "pk": person.pk},
        "jobs/": {"pk": job.pk, "file": file.pk},
        "logged-segments/": {
            "number": logged,
            "segment_number": logged,
            "pk": pack.pk,
            "verb": "cancel",
        },
        "unsubscribe/": {"token": delivery.token_of(entry)},
        "segments/": {**on_segment, "part": "removed", "other": logged},
        "segments/<str:number>/combine/open/": {**on_segment, "other": other.number},
        "segments/<str:number>/add/": {**on_segment, "part": "matched"},
        "saved-criteria/": {"pk": saved.pk},
    }


def filled(route: str, values: dict[str, dict[str, object]]) -> str:
    """The address of a route; a KeyError names a place that `places` must learn."""
    nearest = max((start for start in values if route.startswith(start)), key=len, default="")
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda place: str(values[nearest][place[1]]), route.replace("\\", "")
    )


def admin_pages() -> Iterator[str]:
    """Each list and each empty form of the set-up tables."""
    for model in admin.site._registry:
        start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        if model._meta.app_label in SOURCES:
            yield from (start, f"{start}add/")
    yield "/admin/"


def more_pages() -> Iterator[str]:
    """Pages that say something else for certain parameters."""
    company = Contact.objects.filter(type="company")[0]
    yield from ("/search/?q=a", "/search/?q=99999", "/nowhere/", f"/contacts/{company.number}/")
    yield from ("/contacts/?type=person&created_last=9&created_unit=days", "/contacts/?city=99999")
    yield from ("/contacts/?nonsense=1", "/interactions/?evaluation=positive&date_never=on")
    for segment in Segment.objects.all():
        yield f"/segments/{segment.number}/"
        yield f"/segments/{segment.number}/check/"
    start = f"/segments/{segment.number}/add/"
    yield f"{start}?contact-type=person&mailing_groups-match=none&ignore_exclusion=on"
    yield f"{start}?purchases-posting_date_last=3&contact-has_email=true&contact-nonsense=1"


@pytest.mark.django_db
def test_all_that_a_page_says_can_be_translated(
    admin: User, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(trans_real)["_translations"], "fi", Marks("fi"))
    # The names of countries are kept by language once they were asked for.
    monkeypatch.setattr(countries, "_iter_cache", {}, raising=False)
    load_demo(contacts=60)
    values = places(admin)
    addresses = [filled(route, values) for route in routes(get_resolver())]
    data = Data()
    found: dict[str, str] = {}
    for address in [*addresses, *more_pages(), *admin_pages()]:
        answers = [admin_client.get(address, headers=IN_FINNISH)]
        if address.endswith(("/new/", "/import/", "/paste/")):  # their complaints
            answers.append(admin_client.post(address, {"number": "/"}, headers=IN_FINNISH))
        if address.startswith("/segments/"):  # parts of pages, drawn anew
            parts = {**IN_FINNISH, "HX-Request": "true"}
            answers.append(admin_client.get(address, headers=parts))
        for answer in answers:
            html = answer.getvalue().decode(errors="replace")
            if answer.status_code in (200, 404) and "html" in answer["Content-Type"]:
                found |= dict.fromkeys(untranslated(html, data), address)
            assert answer.status_code != 404 or address in ("/nowhere/", "/metrics"), address
    for words in DJANGO_DOES_NOT_TRANSLATE:
        if found.get(words, "").startswith("/admin/"):
            del found[words]
    assert found == {}
