"""The kinds of work there are, by name; filled by each app's `jobs.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from crm.models import Job

Work = Callable[..., "dict[str, Any] | None"]
Words = Callable[["Job"], str]
RESULT = gettext_lazy("See the result")


def _nothing(_job: "Job") -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """A kind of work: its function, and what is said of a job of it.

    Files of private work are for the user who started it, and not for those who see all jobs.
    """

    name: str
    label: "str | Promise"
    function: Work
    about: Words = _nothing
    outcome: Words = _nothing
    link: Words = _nothing
    link_label: "str | Promise" = RESULT
    private: bool = False


kinds: dict[str, Kind] = {}


def kind(
    name: str,
    *,
    label: "str | Promise",
    about: Words = _nothing,
    outcome: Words = _nothing,
    link: Words = _nothing,
    link_label: "str | Promise" = RESULT,
    private: bool = False,
) -> Callable[[Work], Work]:
    """Makes a function (job, progress) the work of this kind. See the package for the contract."""

    def decorate(function: Work) -> Work:
        kinds[name] = Kind(name, label, function, about, outcome, link, link_label, private)
        return function

    return decorate


def kind_of(job: "Job") -> Kind | None:
    """The kind of a job; None where the code does not know it any more."""
    return kinds.get(job.kind)


def gives_files(job: "Job", user: Any) -> bool:
    """Whether this user gets the files of a job that he may see."""
    known = kind_of(job)
    return known is None or not known.private or job.user_id == user.pk


def label_of(job: "Job") -> str:
    """The kind of work, in words."""
    known = kind_of(job)
    return str(known.label) if known else job.kind


def about(job: "Job") -> str:
    """What the job is about: a number, a name."""
    known = kind_of(job)
    return known.about(job) if known else ""
