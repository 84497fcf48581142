"""Add, Keep only, Remove: the criteria, what they would do, and the contacts behind each number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crm import later, sight
from crm.codes import read_together
from crm.models import Contact
from crm.models.contact import ContactQuerySet
from crm.paging import LongPaginator
from segments import selection, worksheet
from segments.criteria import Criteria
from segments.criteria_data import MATCH
from segments.forms import OptionsForm
from segments.models import Segment, SegmentStep, StepKind
from segments.sections import SECTIONS, Section
from segments.selection import Options, Preview
from segments.views import once
from segments.views.access import CHANGE, Request, lines_now, on_segment, to_worksheet
from segments.views.limits import limited

# Longer questions cannot stand in an address; their numbers are then no links.
LONGEST_QUERY = 3000
NOT_ASKED = ("csrfmiddlewaretoken", "action", "confirm_all", "page", "at")


@dataclass(frozen=True)
class Verb:
    """One of the three: its kind of step, its words, its operation, the parts it sorts into."""

    kind: StepKind
    title: Promise
    do: Callable[..., SegmentStep | None]
    parts: Mapping[str, Promise]


MATCHED = gettext_lazy("All that match")
OF_LINES = {"removed": gettext_lazy("To be removed"), "kept": gettext_lazy("To be kept")}
VERBS = {
    "add": Verb(
        StepKind.ADD,
        gettext_lazy("Add contacts"),
        worksheet.add_contacts,
        {
            "matched": MATCHED,
            "new": gettext_lazy("To be added"),
            "already": gettext_lazy("On the segment already"),
            "excluded": gettext_lazy("Excluded from segments"),
            "blocked": gettext_lazy("Blocked"),
        },
    ),
    "keep": Verb(StepKind.REFINE, gettext_lazy("Keep only"), worksheet.refine_contacts, OF_LINES),
    "remove": Verb(
        StepKind.REDUCE, gettext_lazy("Remove contacts"), worksheet.reduce_contacts, OF_LINES
    ),
}


class Question:
    """What a form asks: criteria and options, from what was posted or stands in the address."""

    def __init__(self, verb: str, query: QueryDict) -> None:
        self.verb = VERBS[verb]
        self.query = query
        self.criteria = Criteria.from_query(query)
        self.form = OptionsForm(self.verb.kind, query)

    def is_valid(self) -> bool:
        """Whether it can be asked."""
        return self.form.is_valid() and self.criteria.is_valid()

    @property
    def query_string(self) -> str:
        """The question as part of an address; "" where it is too long for one."""
        asked = QueryDict(mutable=True)
        for name, values in self.query.lists():
            if name not in NOT_ASKED and any(values) and not self._is_idle(name):
                asked.setlist(name, [value for value in values if value])
        text = asked.urlencode()
        return text if len(text) <= LONGEST_QUERY else ""

    def _is_idle(self, name: str) -> bool:
        """A unit of time without a number says nothing."""
        return name.endswith("_unit") and not self.query.get(f"{name.removesuffix('_unit')}_last")

    @property
    def is_too_long(self) -> bool:
        return not self.query_string and not self.criteria.is_empty

    def preview(self, segment: Segment) -> Preview:
        """What it would do now."""
        return worksheet.preview(segment, self.verb.kind, self.criteria, **self.form.options)


@require_http_methods(["GET", "HEAD", "POST"])
@on_segment(CHANGE)
def choose(request: Request, segment: Segment, verb: str) -> HttpResponse:
    """The form, and beside it what it would do; htmx asks for the latter only; "apply" does it.

    Of many contacts the form comes first, and what it would do is asked for then.
    """
    question = Question(verb, request.POST if request.method == "POST" else request.GET)
    if request.htmx:
        return render(request, "segments/_reconciliation.html", _found(segment, verb, question))
    refused = ""
    if request.POST.get("action") == "apply" and question.is_valid():
        refused = _apply(request, segment, question)
        if not refused:
            return to_worksheet(request, segment)
    shown = {
        "title": question.verb.title,
        "segment": segment,
        "cards": cards(question.criteria),
        "refused": refused,
    }
    is_coming = later.is_coming(request, _looked_through(segment, question))
    shown |= _found(segment, verb, question, is_coming=is_coming)
    return render(request, "segments/choose.html", shown)


def _looked_through(segment: Segment, question: Question) -> int:
    """Of how many rows it would be counted what the question does."""
    if question.verb.kind == StepKind.ADD:
        return later.up_to(Contact.objects.all())
    return lines_now(segment)


def _apply(request: Request, segment: Segment, question: Question) -> str:
    """Does it and says how many; returns what refuses it, in words."""
    options = {"confirm_all": question.form.cleaned_data["confirm_all"], **question.form.options}
    do = partial(question.verb.do, segment, question.criteria, by=request.user, **options)
    return once.tell(request, segment, do)


def _found(
    segment: Segment, verb: str, question: Question, *, is_coming: bool = False
) -> dict[str, Any]:
    """The right side: the criterion in words, and what it would do, unless that is to come."""
    shown: dict[str, Any] = {"verb": verb, "kind": question.verb, "segment": segment}
    shown |= {"options": question.form, "criteria": question.criteria}
    if not question.is_valid():
        return shown | {"errors": question.criteria.errors or [_("An option is wrong.")]}
    asked = {"words": question.criteria.words(), "is_everybody": question.criteria.is_empty}
    if is_coming:
        return shown | asked | {"is_coming": True, "is_uncounted": True}
    looked = limited(lambda: {"preview": question.preview(segment)})
    if "too_long" in looked:
        return shown | asked | looked | {"is_uncounted": True}
    preview = looked["preview"]
    links = {
        part: f"{reverse(f'segments:{verb}_part', args=[segment.number, part])}"
        f"?{question.query_string}"
        for part in question.verb.parts
    }
    return (
        shown
        | asked
        | {
            **looked,
            "numbers": [
                {"part": part, "label": label, "count": getattr(preview, part), "url": links[part]}
                for part, label in question.verb.parts.items()
            ],
            "has_links": not question.is_too_long,
            "effect": preview.new if verb == "add" else preview.removed,
        }
    )


def cards(criteria: Criteria) -> list[dict[str, Any]]:
    """The sections; those in use or with errors stand open, the first where there is none."""
    bound = criteria.sections.values()
    read_together(one for filterset in bound for one in filterset.form.fields.values())
    cards = [_card(section, criteria) for section in SECTIONS.values()]
    if not any(card["is_open"] for card in cards):
        cards[0]["is_open"] = True
    return cards


def _card(section: Section, criteria: Criteria) -> dict[str, Any]:
    """One section as the form draws it."""
    filterset = criteria.sections[section.key]
    in_use = bool(filterset.in_force or criteria.match(section.key))
    hidden = set() if "search" in filterset.in_force else {"search"}
    return {
        "key": section.key,
        "label": section.label,
        "fields": [field for field in filterset.form if field.name not in hidden],
        "match": criteria.match(section.key),
        "match_name": f"{section.key}-{MATCH}" if section.reach else "",
        "choices": (("any", section.has), ("none", section.has_none)),
        "in_use": in_use,
        "is_open": in_use or bool(filterset.form.errors),
    }


@require_safe
@on_segment(CHANGE)
def part(request: Request, segment: Segment, verb: str, part: str) -> HttpResponse:
    """The contacts behind one number of the reconciliation, 50 a page."""
    question = Question(verb, request.GET)
    if part not in question.verb.parts:
        raise Http404(_("There is no such list."))
    if not question.is_valid():
        return to_worksheet(request, segment)
    paginator = LongPaginator(_contacts(segment, question, part), 50)
    with sight.through(sight.now() if question.verb.kind == StepKind.ADD else None):
        page = paginator.get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
    back = f"{reverse(f'segments:{verb}', args=[segment.number])}?{question.query_string}"
    shown = {
        "title": question.verb.parts[part],
        "verb": question.verb,
        "segment": segment,
        "words": question.criteria.words(),
        "back_url": back,
        "page_obj": page,
        "paginator": paginator,
    }
    return render(request, "segments/choose_part.html", shown)


def _contacts(segment: Segment, question: Question, part: str) -> ContactQuerySet:
    """The contacts of one part, by name; a contact that is on the segment twice stands once."""
    options = Options(**question.form.options)
    found: Any
    if question.verb.kind == StepKind.ADD:
        found = selection.part(segment, question.criteria, options, part)
    else:
        kind = question.verb.kind
        if part == "kept":  # what the one would keep, the other would remove
            kind = StepKind.REDUCE if kind == StepKind.REFINE else StepKind.REFINE
        lines = selection.leaving(segment, kind, question.criteria, options)
        found = Contact.objects.filter(pk__in=lines.values("contact"))
    return found.select_related("company").by_name()
