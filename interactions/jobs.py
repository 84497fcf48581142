"""The long work of this app: delivery by e-mail, and print packs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm import work
from crm.models import Job
from interactions import delivery
from interactions.models import Delivery, InteractionLogEntry, LoggedSegment, PrintPack


def _subject(job: Job) -> LoggedSegment | InteractionLogEntry | None:
    """The logged segment, or the entry, that is delivered."""
    scope = delivery.Scope(
        **{name: job.arguments[name] for name in job.arguments if name != "pack"}
    )
    return scope.segment() if scope.entry is None else scope.entries().first()


def _about(job: Job) -> str:
    """The number of the segment, or the interaction."""
    subject = _subject(job)
    return subject.segment_number if isinstance(subject, LoggedSegment) else str(subject or "")


def _link(job: Job) -> str:
    """The page of what was delivered."""
    subject = _subject(job)
    return subject.get_absolute_url() if subject else ""


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
    made = delivery.make_pack(delivery.Scope(**job.arguments), by=job.user, progress=progress)
    return {"pack": made.pk, "letters": made.letters}


@work.kind("delivery.repack", label=_("Print pack"), about=_about, outcome=_packed, link=_link)
def repack(job: Job, progress: work.Progress) -> dict[str, Any]:
    """Makes a pack once more, without what must not be posted any more."""
    old = PrintPack.objects.filter(pk=job.arguments["pack"]).first()
    if old is None:
        raise work.Refused(_("This print pack is not there any more."))
    made = delivery.make_anew(old, by=job.user, progress=progress)
    return {"pack": made.pk, "letters": made.letters}
