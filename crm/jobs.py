"""The long work of this app: importing contacts, exporting lists."""

from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import exporting, work
from crm.importing import running
from crm.models import ContactImport, Job


def _given(job: Job) -> ContactImport | None:
    rows = ContactImport.objects.select_related("user")
    return rows.filter(pk=job.arguments["given"], user=job.user_id).first()


def _needed(job: Job) -> ContactImport:
    given = _given(job)
    if given is None:
        raise work.Refused(_("This import is not there any more."))
    return given


def _name(job: Job) -> str:
    """The file's name; told with the job, so that a list of jobs asks for none."""
    return str(job.arguments.get("name", ""))


def _link(job: Job) -> str:
    given = _given(job)
    return given.get_absolute_url() if given else ""


def _counted(job: Job) -> str:
    """What became of the rows, in numbers."""
    said = _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused.")
    names = ("new", "changed", "unchanged", "refused")
    return said % {name: intcomma(job.result.get(name, 0)) for name in names}


@work.kind(
    "import.trial",
    label=gettext_lazy("Trial of an import"),
    about=_name,
    outcome=_counted,
    link=_link,
    private=True,
)
def try_import(job: Job, progress: work.Progress) -> dict[str, Any]:
    """Judges every row of a file of contacts; none is written."""
    return running.try_out(_needed(job), progress=progress)


@work.kind(
    "import.contacts",
    label=gettext_lazy("Import of contacts"),
    about=_name,
    outcome=_counted,
    link=_link,
    private=True,
)
def import_contacts(job: Job, progress: work.Progress) -> dict[str, Any]:
    """Writes the rows of a file of contacts, a chunk at a time."""
    return running.carry_out(_needed(job), job, progress)


def _list(job: Job) -> Any:
    """The list page that is exported, as its user sees it."""
    page = exporting.page_at(job.arguments["path"], job.arguments["query"], job.user)
    if job.user is None or not job.user.is_active or not page.has_permission():
        raise work.Refused(_("You may not see this list any more."))
    return page


def _title(job: Job) -> str:
    return str(job.result.get("title", ""))


def _exported(job: Job) -> str:
    """How many rows, and how long the file can be had."""
    rows, days = job.result.get("rows", 0), settings.JOB_FILE_DAYS
    said = ngettext("%(rows)s row was written.", "%(rows)s rows were written.", rows)
    kept = ngettext("The file is kept for %d day.", "The file is kept for %d days.", days)
    return f"{said % {'rows': intcomma(rows)}} {kept % days}"


def _list_url(job: Job) -> str:
    """The list with its filters."""
    query = job.arguments["query"]
    return f"{job.arguments['path']}?{query}" if query else str(job.arguments["path"])


@work.kind(
    "export.list",
    label=gettext_lazy("Export of a list"),
    about=_title,
    outcome=_exported,
    link=_list_url,
    link_label=gettext_lazy("Back to the list"),
    private=True,
)
def export_list(job: Job, progress: work.Progress) -> dict[str, Any]:
    """Writes all rows of a list into a file that its user can download."""
    page = _list(job)
    kind, title = job.arguments["format"], page.get_title()
    rows = page.get_queryset()
    if page.is_broken:
        raise work.Refused(_("Nothing was exported: the list was not understood."))
    total = rows.order_by().count()
    head, cells = page.export_table()
    with work.new_file(job, exporting.file_name(title, kind)) as out:
        told = exporting.counted(cells, lambda done: progress(done, total))
        exporting.write(out, kind, head, told)
    return {"rows": total, "title": title}
