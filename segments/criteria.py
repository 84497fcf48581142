"""Who is meant: criteria as data, in words, and as a queryset.

All conditions of one section hold for the same row (Exists); sections combine with AND, values of
a field with OR.
Data is JSON in codes: {"contact": {"type": ["person"]}, "mailing_groups": {"match": "none",
"group": ["GIFT"]}}. See section 4 of the product's design.
"""

from functools import cached_property
from typing import Any, Self

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext

from crm import filters, sight, words
from crm.models import ContactQuerySet
from segments.criteria_data import ANY, MATCH, NONE, parse, read, to_query
from segments.filters import OnSegmentsFilter
from segments.sections import SECTIONS, of_contact, of_these


class Criteria:
    """A question about contacts, made from data, JSON or a posted form and checked by one form.

    `data` is the canonical JSON of it. Everything but `errors` and `is_valid` wants it valid.
    """

    def __init__(self, data: Any) -> None:
        keys = {key: section.fields for key, section in SECTIONS.items()}
        sections, self._faults = read(data, keys, linked={k for k in SECTIONS if k != "contact"})
        self._query = to_query(sections)
        # A form leaves fields blank; data that names a field means it to ask something.
        self._named = [(key, name) for key in sections for name in sections[key] if name != MATCH]

    @classmethod
    def from_json(cls, text: str) -> Self:
        """From a JSON text; what is not JSON becomes an error, not an exception."""
        data, fault = parse(text)
        criteria = cls({})
        return cls(data) if fault is None else criteria._refuse(fault)

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """From what the criteria form posts: section-field names."""
        criteria = cls({})
        criteria._query = query.copy()
        known = {name for section in SECTIONS.values() for name in section.posted}
        for name in query:
            if "-" in name and name not in known:
                criteria._refuse(gettext("There is no field “%s”.") % name[:60])
            elif name.endswith(f"-{MATCH}") and query[name] not in ("", ANY, NONE):
                place = {"place": name[:60]}
                criteria._refuse(gettext("%(place)s is “any” or “none”.") % place)
        return criteria

    @classmethod
    def as_stored(cls, data: Any) -> Self:
        """From data that was kept: what it names is there, whether one sees it or not."""
        criteria = cls(data)
        with sight.whole():
            criteria.is_valid()  # by now the errors are known
        return criteria

    def _refuse(self, fault: str) -> Self:
        self._faults.append(fault)
        return self

    @cached_property
    def sections(self) -> dict[str, filters.FilterSet]:
        """Each section's filter set, bound, in the order of the registry; for forms."""
        filled = self.__dict__.get("_filled", {})
        return {
            key: filled.get(key) or section.bind(self._query) for key, section in SECTIONS.items()
        }

    def match(self, key: str) -> str:
        """ "any", "none", or "" where a linked section is not asked this way."""
        given = self._query.get(f"{key}-{MATCH}", "")
        return given if key != "contact" and given in (ANY, NONE) else ""

    @cached_property
    def _filled(self) -> dict[str, filters.FilterSet]:
        """Those of the sections that the question names; the others need no form."""
        named = {name.partition("-")[0] for name in self._query}
        return {key: self._bound(key) for key in SECTIONS if key in named}

    def _bound(self, key: str) -> filters.FilterSet:
        whole = self.__dict__.get("sections")
        return whole[key] if whole else SECTIONS[key].bind(self._query)

    @cached_property
    def errors(self) -> list[str]:
        """What is wrong, each a sentence that names the section and the field."""
        wrong = [
            f"{SECTIONS[key].label}, {filterset.form.fields[name].label}: {message}"
            for key, filterset in self._filled.items()
            for name, messages in filterset.form.errors.items()
            for message in messages
        ]
        return self._faults + wrong + self._blank()

    def _blank(self) -> list[str]:
        """Fields of the data that ask nothing: passed over, they would widen the audience."""
        heard = {(key, one) for key, filled in self._filled.items() for one in filled.in_force}
        heard |= {(key, one) for key, filled in self._filled.items() for one in filled.form.errors}
        said = gettext("%(place)s is empty: leave it out.")
        return [said % {"place": ".".join(place)} for place in self._named if place not in heard]

    def is_valid(self) -> bool:
        """Whether the question can be asked."""
        return not self.errors

    @property
    def asked(self) -> dict[str, filters.FilterSet]:
        """The sections that ask something."""
        return {
            key: filterset
            for key, filterset in self._filled.items()
            if filterset.in_force or self.match(key)
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked: everybody is meant."""
        return not self.asked

    @property
    def data(self) -> dict[str, dict[str, Any]]:
        """The canonical JSON: what is in use, in the order of the registry."""
        stored: dict[str, dict[str, Any]] = {}
        for key, filterset in self.asked.items():
            fields = filterset.form.fields
            stored[key] = {MATCH: self.match(key)} if self.match(key) else {}
            stored[key] |= {
                name: fields[name].to_json(value) for name, value in filterset.in_force.items()
            }
        return stored

    def contacts(self, *, few: bool = False) -> ContactQuerySet:
        """The contacts that are meant, each once, in no order. Raises ValueError when not valid.

        `few`: one contact will be read, or the first in an order; linked rows are looked up contact
        by contact then, not gathered first. The answer is the same.
        """
        if not self.is_valid():
            raise ValueError("; ".join(self.errors))
        own = self._filled.get("contact") or self._bound("contact")  # the one that was found valid
        contacts: ContactQuerySet = own.qs.order_by()
        gathered = "" if few else self._gathered
        for key, filterset in self.asked.items():
            if key == gathered:
                contacts = contacts.filter(of_these(filterset.qs))
            elif SECTIONS[key].reach is not None:
                contacts = contacts.filter(self._wanted(key, filterset))
        return contacts

    def of_lines(self) -> Q | None:
        """What criteria that ask of segments alone ask of a line; None for all others.

        So two segments are compared line to line, without the table of contacts.
        """
        if set(self.asked) != {"segments"} or not self.is_valid():
            return None
        return self._wanted("segments", self.asked["segments"], of="contact")

    @property
    def _gathered(self) -> str:
        """The one section whose rows are read first: that with the dearest rows to look up."""
        own = [key for key in self.asked if SECTIONS[key].reach is of_contact]
        own = [key for key in own if self.match(key) != NONE]
        return "interactions" if "interactions" in own else next(iter(own), "")

    def _wanted(self, key: str, filterset: filters.FilterSet, of: str = "pk") -> Q:
        """What a linked section asks of rows in which the contact goes by the name `of`."""
        reach = SECTIONS[key].reach or of_contact
        negated = self.match(key) == NONE
        if isinstance(filterset, OnSegmentsFilter):
            wanted = filterset.condition(of, negated=negated or of != "pk")  # Refine negates lines
        else:
            wanted = Q(reach(filterset.qs))
        return ~wanted if negated else wanted

    def words(self) -> list[str]:
        """A sentence for each section in use, in the reader's language."""
        if self.is_empty:
            return [gettext("everybody")]
        return [self._sentence(key, filterset) for key, filterset in self.asked.items()]

    def _sentence(self, key: str, filterset: filters.FilterSet) -> str:
        """Where a section has one field only, its verb says what the field's label would."""
        said = words.said(filterset)
        conditions = "; ".join(str(one) for one in said)
        section = SECTIONS[key]
        if section.reach is None:
            return conditions
        verb = section.has_none if self.match(key) == NONE else section.has
        if not conditions:
            return str(verb)
        return f"{verb}: {said[0].value}" if len(section.fields) == 1 else f"{verb} ({conditions})"
