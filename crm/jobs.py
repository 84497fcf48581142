"""The long work of this app: importing contacts, exporting lists."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import work
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
    given = _given(job)
    return given.name if given else ""


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
