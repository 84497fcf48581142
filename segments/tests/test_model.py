"""The worksheet against a plain Python model of sets: any sequence of operations, after each step.

The model keeps the trail as a list of audiences (tuples of line keys); undo is an index into it.
Each step keeps what was asked, as a tuple that can be played again.
"""

import itertools
import os
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest
from django.db import transaction
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

from crm.models import Contact, ContactMailingGroup, MailingGroup
from segments import audience, replay, trying, worksheet
from segments.models import LineOverride, SavedCriteria, Segment, SegmentLine, SegmentStep
from segments.tests.conftest import statements
from segments.tests.world import GROUPS, World, of_group
from segments.worksheet import WorksheetError

# In parts, so that two processes can share them; a thousand on each of the two databases.
PARTS = 4
SEQUENCES = int(os.environ.get("SEQUENCES", "1000")) // PARTS

# The key of a line and its contact, in order.
Lines = tuple[tuple[int, int], ...]
ASKING = ("add", "reduce", "refine")
KINDS = st.sampled_from(ASKING)
# What the trail calls the model's questions; of combining it is the way itself.
NAMES = {"hand": "add_by_hand", "out": "remove_by_hand", "logged": "reuse_logged"}


class Worksheet(RuleBasedStateMachine):
    """Each rule does the same to the segment and to the model."""

    world: ClassVar[World]

    @initialize()
    def begin(self) -> None:
        """Everything happens in a savepoint that teardown takes back."""
        self.savepoint = transaction.savepoint()
        self.segment = Segment.objects.create(number="MODEL", description="m")
        self.counter = itertools.count(1)
        self.trail: list[Lines] = [()]
        self.kept: list[Any] = []
        self.at = 0
        self.said: dict[int, str] = {}
        self.saved: list[tuple[SavedCriteria, list[Any]]] = []

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    # -- the model ---------------------------------------------------------------------------------

    @property
    def now(self) -> Lines:
        return self.trail[self.at]

    def played(self, lines: Lines, asked: Any) -> Lines:
        """The lines after a question was asked of them."""
        kind, what, flags = asked
        if kind == "out":
            return self.taken_out(lines, what)
        if kind == "one_per":
            return self.one_of_each_house(lines) if what == "company" else lines
        hit = self.hit(kind, what)
        kind = flags.get("kind", kind)
        if kind in ("reduce", "refine"):
            hit = self.world.houses(hit) if flags.get("entire_companies") else hit
            return tuple(one for one in lines if (one[1] in hit) == (kind == "refine"))
        return lines + self.incoming(lines, hit, flags)

    def hit(self, kind: str, what: Any) -> set[int]:
        """The contacts that a question means."""
        if kind == "hand":
            return {what}
        if what == "logged":
            return self.world.written_to
        group = self.world.groups[what]
        if kind == "combine":
            return group - self.world.blocked - self.world.excluded
        return group

    def incoming(self, lines: Lines, wanted: set[int], flags: dict[str, Any]) -> Lines:
        """New lines for those of the wanted who come in, in order."""
        if flags.get("expand_companies"):
            wanted = self.world.houses(wanted)
        if flags.get("include_companies"):
            wanted = self.world.employers(wanted)
        wanted = wanted - self.world.blocked
        if not flags.get("ignore_exclusion"):
            wanted = wanted - self.world.excluded
        if not flags.get("allow_existing"):
            wanted = wanted - {contact for _key, contact in lines}
        return tuple((next(self.counter), pk) for pk in self.world.order if pk in wanted)

    def taken_out(self, lines: Lines, counts: dict[int, int]) -> Lines:
        """Without these contacts; 0 means all their lines, a number so many of the last ones."""
        gone: set[int] = set()
        for contact, count in counts.items():
            gone |= set([key for key, other in lines if other == contact][-count:])
        return tuple(line for line in lines if line[0] not in gone)

    def one_of_each_house(self, lines: Lines) -> Lines:
        first = {self.world.house[contact]: key for key, contact in reversed(lines)}
        return tuple(line for line in lines if line[0] in first.values())

    def does(self, asked: Any, operation: Callable[[], SegmentStep | None]) -> None:
        """Asks the model and the segment; a step must be there exactly when lines moved."""
        self.becomes(self.played(self.now, asked), asked, operation())

    def becomes(self, lines: Lines, asked: Any, step: SegmentStep | None) -> None:
        """The model's next step."""
        assert (step is not None) == (lines != self.now)
        if step is not None:
            self.trail = [*self.trail[: self.at + 1], lines]
            self.kept = [*self.kept[: self.at], asked]
            self.at += 1
            assert step.number == self.at

    # -- the rules ---------------------------------------------------------------------------------

    @rule(
        code=st.sampled_from(GROUPS),
        allow_existing=st.booleans(),
        expand_companies=st.booleans(),
        include_companies=st.booleans(),
        ignore_exclusion=st.booleans(),
    )
    def add(self, code: str, **flags: bool) -> None:
        criteria, asked = of_group(code), ("add", code, flags)
        told = worksheet.preview(self.segment, "add", criteria, **flags)
        assert told.new == len(self.played(self.now, asked)) - len(self.now)
        assert told.matched == told.new + told.already + told.excluded + told.blocked
        self.does(
            asked,
            lambda: worksheet.add_contacts(self.segment, criteria, by=self.world.user, **flags),
        )

    @rule(
        code=st.sampled_from(GROUPS),
        entire=st.booleans(),
        kind=st.sampled_from(["reduce", "refine"]),
    )
    def remove(self, code: str, entire: bool, kind: str) -> None:
        criteria, flags = of_group(code), {"entire_companies": entire}
        told = worksheet.preview(self.segment, kind, criteria, **flags)
        kept = len(self.played(self.now, (kind, code, flags)))
        assert (told.kept, told.removed) == (kept, len(self.now) - kept)
        operation = getattr(worksheet, f"{kind}_contacts")
        self.does(
            (kind, code, flags),
            lambda: operation(self.segment, criteria, by=self.world.user, **flags),
        )

    @rule(index=st.integers(0, 11), ignore_exclusion=st.booleans())
    def by_hand(self, index: int, ignore_exclusion: bool) -> None:
        contact, flags = self.world.contacts[index], {"ignore_exclusion": ignore_exclusion}

        def operation() -> SegmentStep | None:
            return worksheet.add_contact(self.segment, contact, by=self.world.user, **flags)

        if contact.is_blocked or (contact.exclude_from_segment and not ignore_exclusion):
            with pytest.raises(WorksheetError):
                operation()
        else:
            self.does(("hand", contact.pk, flags), operation)

    @precondition(lambda self: bool(getattr(self, "trail", None) and self.now))
    @rule(data=st.data())
    def take_out(self, data: Any) -> None:
        """The step remembers contacts, and of those with more lines how many went."""
        places = data.draw(st.sets(st.integers(0, len(self.now) - 1), max_size=3))
        lines = list(SegmentLine.objects.present(self.segment).order_by("pk"))
        chosen = [lines[place] for place in places]
        kept = tuple(line for place, line in enumerate(self.now) if place not in places)
        left = {contact for _key, contact in kept}
        going = [self.now[place][1] for place in places]
        counts = {contact: going.count(contact) if contact in left else 0 for contact in going}
        step = worksheet.remove_lines(self.segment, chosen, by=self.world.user)
        self.becomes(kept, ("out", counts, {}), step)

    @precondition(lambda self: bool(getattr(self, "trail", None) and self.now))
    @rule(data=st.data(), text=st.text(st.characters(codec="ascii"), min_size=1, max_size=5))
    def override(self, data: Any, text: str) -> None:
        self.say(data.draw(st.integers(0, len(self.now) - 1)), text.replace("\x00", "x"))

    def say(self, place: int, text: str) -> None:
        """The line in this place says something of its own."""
        line = SegmentLine.objects.present(self.segment).order_by("pk")[place]
        LineOverride.objects.update_or_create(line=line, defaults={"personal_comment": text})
        self.said[self.now[place][0]] = text

    @rule(what=st.sampled_from(["company", "email", "address"]))
    def one_of_each(self, what: str) -> None:
        def operation() -> SegmentStep | None:
            return audience.one_per(self.segment, what, by=self.world.user)

        asked: Any = ("one_per", what, {})
        trial = trying.try_out(self.segment, operation)
        assert trial.removed == len(self.now) - len(self.played(self.now, asked))
        self.does(asked, operation)

    @rule(code=st.sampled_from((*GROUPS, "logged")), kind=KINDS)
    def combine(self, code: str, kind: str) -> None:
        other: Any = self.world.logged
        if code != "logged":
            other, _made = Segment.objects.get_or_create(number=f"OTHER-{code}")
            worksheet.add_contacts(other, of_group(code), by=self.world.user)
        asked = ("combine", code, {"kind": kind})
        told = worksheet.preview(self.segment, kind, audience.those_of(other))
        moved = len(self.played(self.now, asked)) - len(self.now)
        assert (told.new, told.removed) == (max(moved, 0), max(-moved, 0))
        self.does(asked, lambda: worksheet.combine(self.segment, other, kind, by=self.world.user))

    @rule(ignore_exclusion=st.booleans())
    def reuse_logged(self, ignore_exclusion: bool) -> None:
        self.does(
            ("logged", "logged", {"ignore_exclusion": ignore_exclusion}),
            lambda: worksheet.reuse_logged_segment(
                self.segment,
                self.world.logged,
                by=self.world.user,
                ignore_exclusion=ignore_exclusion,
            ),
        )

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
        asked = {
            place: one for place, one in enumerate(self.kept[: self.at], 1) if one[0] in ASKING
        }
        if asked and len(self.saved) < 3:
            kept = worksheet.save_criteria(
                self.segment, code=f"K{len(self.saved)}", by=self.world.user, numbers=list(asked)
            )
            self.saved.append((kept, list(asked.values())))

    @precondition(lambda self: bool(getattr(self, "saved", None)))
    @rule(data=st.data())
    def reuse(self, data: Any) -> None:
        """Every saved step is a step of its own; those that move nobody are not written."""
        saved, asked = data.draw(st.sampled_from(self.saved))
        worksheet.reuse_criteria(self.segment, saved, by=self.world.user)
        for one in asked:
            lines = self.played(self.now, one)
            if lines != self.now:
                self.trail = [*self.trail[: self.at + 1], lines]
                self.kept = [*self.kept[: self.at], one]
                self.at += 1

    # -- an earlier step is edited -----------------------------------------------------------------

    @precondition(lambda self: getattr(self, "at", 0) > 0)
    @rule(data=st.data(), code=st.sampled_from(GROUPS))
    def edit(self, data: Any, code: str) -> None:
        """All from there on is played again; what the difference told is what then happens."""
        number = data.draw(st.integers(1, self.at))
        asked = self.kept[number - 1]
        arguments: Any = (self.segment, number, of_group(code))
        if asked[0] not in (*ASKING, "combine"):
            with pytest.raises(WorksheetError):
                replay.edit_step(*arguments, by=self.world.user)
            return
        for place, line in enumerate(self.now):
            if line not in self.trail[number - 1]:  # it will be brought anew
                self.say(place, f"kept {place}")
        before = {contact for _key, contact in self.now}
        told = replay.difference_of_edit(*arguments, by=self.world.user)
        self.lines_order_counts_and_overrides_are_equal()
        replay.edit_step(*arguments, by=self.world.user)
        kind = asked[2].get("kind", asked[0])
        flags = {name: on for name, on in asked[2].items() if name != "kind"}
        self.play_again(number, [(kind, code, flags), *self.kept[number : self.at]])
        after = {contact for _key, contact in self.now}
        counts = (len(after - before), len(before - after), len(after & before))
        assert (told.added, told.removed, told.kept) == counts

    def play_again(self, first: int, asked: list[Any]) -> None:
        """Steps that move nobody stay; overrides go over to the new lines of the same contacts."""
        trail = self.trail[:first]
        for one in asked:
            trail.append(self.played(trail[-1], one))
        old, new = brought(self.trail[: self.at + 1], first), brought(trail, first)
        for contact, keys in old.items():
            for key, successor in zip(keys, new.get(contact, ()), strict=False):
                if key in self.said:
                    self.said[successor] = self.said[key]
        self.trail, self.kept = trail, [*self.kept[: first - 1], *asked]

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
        told = self.segment.steps.order_by("number")
        assert list(told.values_list("number", "kind", "added", "removed", "lines_after")) == [
            (number, name_of(asked), *moved(self.trail[number - 1], self.trail[number]))
            for number, asked in enumerate(self.kept, 1)
        ]


def brought(trail: Sequence[Lines], first: int) -> dict[int, list[int]]:
    """The lines that the steps from one on have brought, by contact."""
    found: dict[int, list[int]] = {}
    for before, after in itertools.pairwise(trail[first - 1 :]):
        for key, contact in after:
            if (key, contact) not in before:
                found.setdefault(contact, []).append(key)
    return found


def moved(before: Lines, after: Lines) -> tuple[int, int, int]:
    """How many lines came, how many went, how many there are."""
    return len(set(after) - set(before)), len(set(before) - set(after)), len(after)


def name_of(asked: Any) -> str:
    """The kind of step that the trail keeps for a question."""
    kind = asked[2].get("kind", asked[0])
    return NAMES.get(kind, kind)


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_any_sequence_of_operations_equals_the_model(part: int) -> None:
    """SEQUENCES in the environment asks for more; each part starts from a seed of its own."""
    Worksheet.world = World()
    run_state_machine_as_test(
        seed(part)(Worksheet),
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=10,
            deadline=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_each_operation_asks_as_often_for_few_and_for_many() -> None:
    """Group A has six contacts, group B a hundred more."""
    world = World()
    extra = [Contact(number=f"X{index}", name=f"X{index}") for index in range(100)]
    for one in extra:
        one.prepare()
    group = MailingGroup.objects.get(code="B")
    ContactMailingGroup.objects.bulk_create(
        ContactMailingGroup(contact=one, group=group) for one in Contact.objects.bulk_create(extra)
    )
    assert costs(world, "A") == costs(world, "B")


def costs(world: World, code: str) -> dict[str, int]:
    """The statements of each operation on a segment that begins with a group."""
    segment, other = (Segment.objects.create(number=f"{name}-{code}") for name in ("S", "O"))
    by, wide, narrow = world.user, of_group(code), of_group("C")
    worksheet.add_contacts(other, wide, by=by)
    works: dict[str, Callable[[], Any]] = {
        "preview add": lambda: worksheet.preview(segment, "add", wide),
        "add": lambda: worksheet.add_contacts(segment, wide, by=by),
        "preview reduce": lambda: worksheet.preview(segment, "reduce", wide),
        "preview refine": lambda: worksheet.preview(segment, "refine", narrow),
        "combine, refine": lambda: worksheet.combine(segment, other, "refine", by=by),
        "combine, reduce": lambda: worksheet.combine(segment, other, "reduce", by=by),
        "back": lambda: worksheet.go_back(segment, by=by),
        "combine, logged": lambda: worksheet.combine(segment, world.logged, "add", by=by),
        "reuse logged": lambda: worksheet.reuse_logged_segment(segment, world.logged, by=by),
        "save": lambda: worksheet.save_criteria(segment, code=f"K-{code}", by=by, numbers=[1]),
        "edit": lambda: replay.edit_step(segment, 1, wide, by=by),
        "drift": lambda: replay.drift(segment, by=by),
        "one per": lambda: audience.one_per(segment, "company", by=by),
        "refine": lambda: worksheet.refine_contacts(segment, narrow, by=by),
        "reduce": lambda: worksheet.reduce_contacts(segment, narrow, by=by),
        "to the beginning": lambda: worksheet.go_to_step(segment, 0, by=by),
        "forward": lambda: worksheet.go_forward(segment, by=by),
        "reuse": lambda: worksheet.reuse_criteria(
            segment, SavedCriteria.objects.get(code=f"K-{code}"), by=by
        ),
    }
    return {name: statements(work) for name, work in works.items()}
