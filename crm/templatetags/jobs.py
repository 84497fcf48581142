"""What is said of a job: its kind, what it is about, what came of it; and how many there are."""

from typing import Any

from django import template

from crm import work
from crm.models import Job, JobFile

register = template.Library()


@register.filter
def kind_label(job: Job) -> str:
    """The kind of work, in words."""
    return work.label_of(job)


@register.filter
def about(job: Job) -> str:
    """What the job is about: a number, a name."""
    return work.about(job)


@register.filter
def outcome(job: Job) -> str:
    """What came of a job that is done."""
    kind = work.kind_of(job)
    return kind.outcome(job) if kind else ""


@register.filter
def files_for(job: Job, user: Any) -> list[JobFile]:
    """The files of a job that this user gets; those of private work are for one alone."""
    if not work.gives_files(job, user):
        return []
    return [file for file in job.files.all() if file.is_result]


@register.filter
def goes_on(job: Job) -> str:
    """The address to go on to from here; "" where there is none."""
    kind = work.kind_of(job)
    return kind.link(job) if kind else ""


@register.filter
def link_label(job: Job) -> str:
    """What that address shows."""
    kind = work.kind_of(job)
    return str(kind.link_label) if kind else ""


@register.filter
def state_mark(job: Job) -> str:
    """The colour of the badge with its state."""
    return {"done": "good", "failed": "bad", "running": "accent"}.get(job.state, "")


@register.inclusion_tag("crm/_job_badge.html", takes_context=True)
def job_badge(context: dict[str, Any]) -> dict[str, Any]:
    """The count of one's jobs that wait or run; it comes with the user, see crm/access.py."""
    user = context["user"]
    if hasattr(user, "active_jobs"):
        return {"jobs_running": user.active_jobs}
    return {"jobs_running": Job.objects.active_of(user).count()}
