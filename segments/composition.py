"""What a segment is made of: its lines by type, territory, language and industry, each a chart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.languages import language_name
from crm.models import Coded, ContactType, IndustryGroup, Territory
from segments.effective import EffectiveLines
from segments.models import Segment, SegmentLine

# Bars are drawn on a scale of so many units; what is not among the largest is drawn as one.
FULL = 160
SHOWN = 8


@dataclass(frozen=True)
class Part:
    """One bar: so many lines, their share in percent, and the filter that shows them, if any."""

    label: str
    count: int
    share: float
    bar: int
    query: str = ""


@dataclass(frozen=True)
class Chart:
    """The parts of one kind, the largest first. `is_overlapping`: a line may count in several."""

    label: str | Promise
    parts: Sequence[Part]
    is_overlapping: bool = False


def composition(segment: Segment) -> list[Chart]:
    """The charts, by four statements beside those of the chain, whatever the number of lines.

    One pass over the lines groups them by what is asked together; the sums are made here.
    """
    lines = EffectiveLines(segment).lines("template_id", "language").order_by()
    groups = lines.values_list("contact__type", "contact__territory", "says_language")
    counted = list(groups.annotate(lines=Count("pk")))
    types, territories, languages = (_sums(counted, place) for place in range(3))
    total = sum(types.values())
    return [
        Chart(_("Type"), _parts("type", types, dict(ContactType.choices), total)),
        Chart(_("Territory"), _coded("territory", Territory, territories, total)),
        Chart(_("Language"), _parts("language_is", languages, _names(languages), total)),
        Chart(_("Industry group"), _industries(segment, total), is_overlapping=True),
    ]


def _sums(groups: Sequence[tuple[Any, ...]], place: int) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for group in groups:
        sums[group[place]] += group[-1]
    return sums


def _names(counts: Mapping[str, int]) -> dict[str, str]:
    return {code: language_name(code) for code in counts if code}


def _coded(name: str, model: type[Coded], counts: Counter[int | None], total: int) -> list[Part]:
    """The parts of rows counted by id, their filter by code."""
    rows = {
        row.pk: row for row in model._default_manager.filter(pk__in=[pk for pk in counts if pk])
    }
    by_code = Counter({rows[pk].code if pk else "": count for pk, count in counts.items()})
    return _parts(name, by_code, {row.code: str(row) for row in rows.values()}, total)


def _industries(segment: Segment, total: int) -> list[Part]:
    """By the industries of a contact's company, or its own; a company may have several."""
    lines = SegmentLine.objects.present(segment).order_by()
    employed = lines.filter(contact__company__isnull=False)
    of_company = employed.values_list("contact__company__industry_groups__group")
    of_house = lines.filter(contact__company=None).values_list("contact__industry_groups__group")
    asked = (some.annotate(lines=Count("pk")) for some in (of_company, of_house))
    counts: Counter[int | None] = Counter()
    for group, count in next(asked).union(*asked, all=True):
        counts[group] += count
    return _coded("industry", IndustryGroup, counts, total)


def _parts(name: str, counts: Counter[Any], labels: Mapping[Any, Any], total: int) -> list[Part]:
    """The largest, then all others together; nothing known comes last."""
    known = [(key, count) for key, count in counts.most_common() if key and count]
    most = max(counts.values(), default=0) or 1
    made = [
        _part(str(labels[key]), count, total, most, f"{name}={key}") for key, count in known[:SHOWN]
    ]
    rest = sum(count for _key, count in known[SHOWN:])
    if rest:
        made.append(_part(_("others"), rest, total, most))
    return made + ([_part(_("none"), counts[""], total, most)] if counts[""] else [])


def _part(label: str, count: int, total: int, most: int, query: str = "") -> Part:
    bar = max(round(min(count / most, 1) * FULL), 2)
    return Part(label, count, round(100 * count / total, 1) if total else 0, bar, query)
