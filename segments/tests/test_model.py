"""The worksheet against a plain Python model of sets: any sequence of operations, after each step.

The model keeps the trail as a list of audiences (tuples of line keys); undo is an index into it.
"""

import itertools
import os
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crm.models import Contact, ContactMailingGroup, ContactType, MailingGroup
from segments import audience, worksheet
from segments.criteria import Criteria
from segments.models import LineOverride, SavedCriteria, Segment, SegmentLine
from segments.worksheet import WorksheetError

GROUPS = ("A", "B", "C")
# In parts, so that two processes can share them; a thousand on each of the two databases.
PARTS = 4
SEQUENCES = int(os.environ.get("SEQUENCES", "1000")) // PARTS


class World:
    """Twelve contacts in two companies and three groups, some excluded, one blocked."""

    def __init__(self) -> None:
        self.user = User.objects.create_user("model")
        groups = {code: MailingGroup.objects.create(code=code) for code in GROUPS}
        self.contacts: list[Contact] = []
        self.groups: dict[str, set[int]] = {code: set() for code in GROUPS}
        for index in range(12):
            company = self.contacts[index // 4 * 4] if index % 4 and index < 8 else None
            made = Contact.objects.create(
                number=f"M{index:02}",
                name=f"Name {index * 7 % 12:02}",
                type=ContactType.COMPANY if index in (0, 4) else ContactType.PERSON,
                company=company,
                exclude_from_segment=index in (2, 9),
                privacy_blocked=index == 6,
            )
            self.contacts.append(made)
            for place, code in enumerate(GROUPS):
                if index >> place & 1:
                    ContactMailingGroup.objects.create(contact=made, group=groups[code])
                    self.groups[code].add(made.pk)
        self.order = list(Contact.objects.by_name().values_list("pk", flat=True))
        self.blocked = {one.pk for one in self.contacts if one.is_blocked}
        self.excluded = {one.pk for one in self.contacts if one.exclude_from_segment}
        self.house = {one.pk: one.company_id or one.pk for one in self.contacts}

    def houses(self, wanted: set[int]) -> set[int]:
        """Everybody at the companies of these."""
        mine = {self.house[pk] for pk in wanted}
        return {pk for pk, house in self.house.items() if house in mine}

    def employers(self, wanted: set[int]) -> set[int]:
        """These and the companies of the persons among them."""
        return wanted | {self.house[pk] for pk in wanted}


class Worksheet(RuleBasedStateMachine):
    """Each rule does the same to the segment and to the model."""

    world: ClassVar[World]

    @initialize()
    def begin(self) -> None:
        """Everything happens in a savepoint that teardown takes back."""
        self.savepoint = transaction.savepoint()
        self.segment = Segment.objects.create(number="MODEL", description="m")
        self.counter = itertools.count(1)
        self.trail: list[tuple[tuple[int, int], ...]] = [()]
        self.at = 0
        self.said: dict[int, str] = {}
        self.saved: list[tuple[SavedCriteria, list[Any]]] = []
        self.kept: list[Any] = []

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    # -- the model ---------------------------------------------------------------------------------

    @property
    def now(self) -> tuple[tuple[int, int], ...]:
        """The lines: (key of the line, contact)."""
        return self.trail[self.at]

    def present(self) -> set[int]:
        return {contact for _key, contact in self.now}

    def incoming(self, wanted: set[int], flags: dict[str, bool]) -> list[int]:
        """Those of the wanted who come in, in order."""
        if flags.get("expand_companies"):
            wanted = self.world.houses(wanted)
        if flags.get("include_companies"):
            wanted = self.world.employers(wanted)
        wanted = wanted - self.world.blocked
        if not flags.get("ignore_exclusion"):
            wanted = wanted - self.world.excluded
        if not flags.get("allow_existing"):
            wanted = wanted - self.present()
        return [pk for pk in self.world.order if pk in wanted]

    def moved(self, lines: tuple[tuple[int, int], ...], step: Any, asked: Any) -> None:
        """The model's next step; the real one must be there exactly when lines moved."""
        if lines == self.now:
            assert step is None
            return
        assert step is not None
        self.trail = [*self.trail[: self.at + 1], lines]
        self.kept = [*self.kept[: self.at], asked]
        self.at += 1
        assert step.number == self.at
        assert step.added - step.removed == len(lines) - len(self.trail[self.at - 1])
        assert step.lines_after == len(lines)

    def plus(self, contacts: list[int]) -> tuple[tuple[int, int], ...]:
        return self.now + tuple((next(self.counter), pk) for pk in contacts)

    # -- the rules ---------------------------------------------------------------------------------

    @rule(
        code=st.sampled_from(GROUPS),
        allow_existing=st.booleans(),
        expand_companies=st.booleans(),
        include_companies=st.booleans(),
        ignore_exclusion=st.booleans(),
    )
    def add(self, code: str, **flags: bool) -> None:
        criteria = of_group(code)
        told = worksheet.preview(self.segment, "add", criteria, **flags)
        coming = self.incoming(self.world.groups[code], flags)
        assert told.new == len(coming)
        assert told.matched == told.new + told.already + told.excluded + told.blocked
        step = worksheet.add_contacts(self.segment, criteria, by=self.world.user, **flags)
        self.moved(self.plus(coming), step, ("add", code, flags))

    @rule(
        code=st.sampled_from(GROUPS),
        entire=st.booleans(),
        kind=st.sampled_from(["reduce", "refine"]),
    )
    def remove(self, code: str, entire: bool, kind: str) -> None:
        hit = self.world.groups[code]
        hit = self.world.houses(hit) if entire else hit
        kept = tuple(line for line in self.now if (line[1] in hit) == (kind == "refine"))
        criteria = of_group(code)
        told = worksheet.preview(self.segment, kind, criteria, entire_companies=entire)
        assert (told.kept, told.removed) == (len(kept), len(self.now) - len(kept))
        operation = getattr(worksheet, f"{kind}_contacts")
        step = operation(self.segment, criteria, by=self.world.user, entire_companies=entire)
        self.moved(kept, step, (kind, code, {"entire_companies": entire}))

    @rule(index=st.integers(0, 11), ignore_exclusion=st.booleans())
    def by_hand(self, index: int, ignore_exclusion: bool) -> None:
        contact = self.world.contacts[index]
        refused = contact.is_blocked or (contact.exclude_from_segment and not ignore_exclusion)
        try:
            step = worksheet.add_contact(
                self.segment, contact, by=self.world.user, ignore_exclusion=ignore_exclusion
            )
        except WorksheetError:
            assert refused
            return
        assert not refused
        coming = [] if contact.pk in self.present() else [contact.pk]
        self.moved(self.plus(coming), step, None)

    @precondition(lambda self: bool(getattr(self, "trail", None) and self.now))
    @rule(data=st.data())
    def take_out(self, data: Any) -> None:
        places = data.draw(st.sets(st.integers(0, len(self.now) - 1), max_size=3))
        lines = list(SegmentLine.objects.present(self.segment).order_by("pk"))
        chosen = [lines[place] for place in places]
        step = worksheet.remove_lines(self.segment, chosen, by=self.world.user)
        kept = tuple(line for place, line in enumerate(self.now) if place not in places)
        self.moved(kept, step, None)

    @precondition(lambda self: bool(getattr(self, "trail", None) and self.now))
    @rule(data=st.data(), text=st.text(st.characters(codec="ascii"), min_size=1, max_size=5))
    def override(self, data: Any, text: str) -> None:
        place = data.draw(st.integers(0, len(self.now) - 1))
        line = SegmentLine.objects.present(self.segment).order_by("pk")[place]
        text = text.replace("\x00", "x")
        LineOverride.objects.update_or_create(line=line, defaults={"personal_comment": text})
        self.said[self.now[place][0]] = text

    @rule(what=st.sampled_from(["company", "email", "address"]))
    def one_of_each(self, what: str) -> None:
        step = audience.one_per(self.segment, what, by=self.world.user)
        seen: set[int] = set()
        kept = []
        for line in self.now:
            house = self.world.house[line[1]]
            if what != "company" or house not in seen:
                kept.append(line)
            seen.add(house)
        self.moved(tuple(kept), step, None)

    @rule(code=st.sampled_from(GROUPS), kind=st.sampled_from(["add", "reduce", "refine"]))
    def combine(self, code: str, kind: str) -> None:
        other, _made = Segment.objects.get_or_create(number=f"OTHER-{code}")
        worksheet.add_contacts(other, of_group(code), by=self.world.user)
        theirs = self.world.groups[code] - self.world.blocked - self.world.excluded
        step = worksheet.combine(self.segment, other, kind, by=self.world.user)
        if kind == "add":
            lines = self.plus(self.incoming(theirs, {}))
        else:
            lines = tuple(one for one in self.now if (one[1] in theirs) == (kind == "refine"))
        self.moved(lines, step, None)

    @rule()
    def back(self) -> None:
        assert (worksheet.go_back(self.segment, by=self.world.user) is not None) == (self.at > 0)
        self.at = max(0, self.at - 1)

    @rule()
    def forward(self) -> None:
        last = len(self.trail) - 1
        done = worksheet.go_forward(self.segment, by=self.world.user)
        assert (done is not None) == (self.at < last)
        self.at = min(last, self.at + 1)

    @rule(number=st.integers(0, 8))
    def to_step(self, number: int) -> None:
        if number >= len(self.trail):
            with pytest.raises(WorksheetError):
                worksheet.go_to_step(self.segment, number, by=self.world.user)
            return
        worksheet.go_to_step(self.segment, number, by=self.world.user)
        self.at = number

    @rule()
    def save(self) -> None:
        asked = [one for one in self.kept[: self.at] if one is not None]
        numbers = [place for place, one in enumerate(self.kept[: self.at], 1) if one is not None]
        if asked and len(self.saved) < 3:
            kept = worksheet.save_criteria(
                self.segment, code=f"K{len(self.saved)}", by=self.world.user, numbers=numbers
            )
            self.saved.append((kept, asked))

    @precondition(lambda self: bool(getattr(self, "saved", None)))
    @rule(data=st.data())
    def reuse(self, data: Any) -> None:
        """Every saved step is a step of its own; those that move nobody are not written."""
        saved, asked = data.draw(st.sampled_from(self.saved))
        worksheet.reuse_criteria(self.segment, saved, by=self.world.user)
        for kind, code, flags in asked:
            hit = self.world.groups[code]
            if kind == "add":
                lines = self.plus(self.incoming(hit, flags))
            else:
                hit = self.world.houses(hit) if flags["entire_companies"] else hit
                lines = tuple(one for one in self.now if (one[1] in hit) == (kind == "refine"))
            if lines != self.now:
                self.trail = [*self.trail[: self.at + 1], lines]
                self.kept = [*self.kept[: self.at], (kind, code, flags)]
                self.at += 1

    # -- what must always hold ---------------------------------------------------------------------

    @invariant()
    def lines_order_counts_and_overrides_are_equal(self) -> None:
        if not hasattr(self, "trail"):
            return
        self.segment.refresh_from_db()
        assert self.segment.current_step == self.at
        lines = SegmentLine.objects.present(self.segment).order_by("pk")
        found = list(lines.values_list("contact", "override__personal_comment"))
        assert found == [(contact, self.said.get(key)) for key, contact in self.now]
        counted = self.segment.steps.order_by("number").values_list("number", "lines_after")
        assert list(counted) == [
            (number, len(lines)) for number, lines in enumerate(self.trail) if number
        ]


def of_group(code: str) -> Criteria:
    return Criteria({"mailing_groups": {"group": [code]}})


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_any_sequence_of_operations_equals_the_model(part: int) -> None:
    """SEQUENCES in the environment asks for more; each part starts from a seed of its own."""
    Worksheet.world = World()
    run_state_machine_as_test(
        seed(part)(Worksheet),
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=12,
            deadline=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_statements_are_the_same_for_few_and_many() -> None:
    """The model's contacts twice as many times over: no operation asks more often."""
    world = World()
    costs = []
    for number, code in (("FEW", "A"), ("MANY", "B")):
        segment = Segment.objects.create(number=number)
        if code == "B":
            extra = [Contact(number=f"X{index}", name=f"X{index}") for index in range(100)]
            for one in extra:
                one.prepare()
            group = MailingGroup.objects.get(code="B")
            ContactMailingGroup.objects.bulk_create(
                ContactMailingGroup(contact=one, group=group)
                for one in Contact.objects.bulk_create(extra)
            )
        with CaptureQueriesContext(connection) as captured:
            worksheet.add_contacts(segment, of_group(code), by=world.user)
            worksheet.preview(segment, "refine", of_group("C"))
            worksheet.refine_contacts(segment, of_group("C"), by=world.user)
            worksheet.go_to_step(segment, 0, by=world.user)
            worksheet.go_forward(segment, by=world.user)
        costs.append(len(captured))
    assert costs[0] == costs[1]
