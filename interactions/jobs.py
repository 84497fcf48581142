"""The long work of this app: delivery by e-mail, and print packs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm import work
from crm.models import Job
from interactions import delivery
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment


def _logged(job: Job) -> LoggedSegment | None:
    return LoggedSegment.objects.filter(pk=job.arguments.get("logged", 0)).first()


def _about(job: Job) -> str:
    """The number of the segment, or the interaction."""
    logged = _logged(job)
    if logged is not None:
        return logged.segment_number
    entry = InteractionLogEntry.objects.filter(pk=job.arguments.get("entry", 0)).first()
    return str(entry) if entry else str(job.arguments.get("number", ""))


def _link(job: Job) -> str:
    """The page of what was delivered."""
    subject = (
        _logged(job)
        or LoggedSegment.objects.filter(segment_number=job.arguments.get("number", "")).first()
    )
    entry = InteractionLogEntry.objects.filter(pk=job.arguments.get("entry", 0)).first()
    found = subject or entry
    return found.get_absolute_url() if found else ""


def _sent(job: Job) -> str:
    """What became of the entries, in numbers."""
    labels = dict(Delivery.choices)
    counts = {state: job.result.get(state, 0) for state in labels}
    return " · ".join(f"{labels[state]} {count}" for state, count in counts.items() if count)


@work.kind("delivery.mail", label=_("Delivery by e-mail"), about=_about, outcome=_sent, link=_link)
def mail(job: Job, progress: work.Progress) -> dict[str, Any]:
    """Sends the entries that are due; comes again for those that were refused for a while."""
    done = delivery.deliver(
        delivery.Scope(**job.arguments),
        by=f"{job.pk}:{job.attempts}",
        total=job.total or 0,
        progress=progress,
    )
    sums = {state: job.result.get(state, 0) + count for state, count in done.states.items()}
    counted = job.result | sums
    if done.again_in is not None:
        raise work.Later(done.again_in, why=done.why, result=counted)
    return counted


def _packed(job: Job) -> str:
    count = job.result.get("letters", 0)
    return ngettext("%d letter is ready to be printed.", "%d letters are ready.", count) % count


@work.kind("delivery.pack", label=_("Print pack"), about=_about, outcome=_packed, link=_link)
def pack(job: Job, progress: work.Progress) -> dict[str, Any]:
    """Makes a print pack of the hard copies that wait."""
    logged = _logged(job)
    if logged is None:
        raise work.Refused(str(_("The logged segment is not there any more.")))
    made = delivery.make_pack(logged, by=job.user, progress=progress)
    return {"pack": made.pk, "letters": made.letters}
