"""The worked examples and rules of the reference (7.5, 2.8 to 2.14), in our semantics."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from crm.models import (
    BusinessRelation,
    Contact,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    Territory,
)
from interactions.models import InteractionGroup, InteractionLogEntry, InteractionTemplate
from segments import log, worksheet
from segments.criteria import Criteria
from segments.models import Segment
from segments.tests.conftest import everybody, named, names


@pytest.fixture
def worksheet_of(db: None) -> Segment:
    return Segment.objects.create(number="R", description="Reference")


def responsible(contact: Contact, code: str) -> None:
    """Gives a person a responsibility."""
    responsibility, _made = JobResponsibility.objects.get_or_create(code=code)
    ContactJobResponsibility.objects.create(contact=contact, responsibility=responsibility)


def related(company: Contact, code: str) -> None:
    """Gives a company a business relation."""
    relation, _made = BusinessRelation.objects.get_or_create(code=code)
    ContactBusinessRelation.objects.create(contact=company, relation=relation)


def spoke(contact: Contact, date: str, **fields: Any) -> InteractionLogEntry:
    """Writes an entry of the log."""
    group, _made = InteractionGroup.objects.get_or_create(code="G")
    template, _made = InteractionTemplate.objects.get_or_create(code="T", group=group)
    return InteractionLogEntry.objects.create(
        contact=contact, date=datetime.date.fromisoformat(date), description="x",
        template=template, group=group, **fields,
    )  # fmt: skip


class TestExamples:
    """Section 7.5, row by row."""

    def test_purchasing_people_but_not_at_customers(
        self, worksheet_of: Segment, company: Any, contact: Any, marketer: Any
    ) -> None:
        customer, prospect = company("Customer"), company("Prospect")
        related(customer, "CUST")
        for name, employer in (("Ann", customer), ("Ben", prospect), ("Cy", None)):
            responsible(contact(name, company=employer), "PURCHASE")
        contact("Dee", company=prospect)
        asked = Criteria({"job_responsibilities": {"responsibility": ["PURCHASE"]}})
        worksheet.add_contacts(worksheet_of, asked, by=marketer)
        assert names(worksheet_of) == ["Cy", "Ann", "Ben"]
        customers = Criteria({"business_relations": {"relation": ["CUST"]}})
        worksheet.reduce_contacts(worksheet_of, customers, by=marketer)
        assert names(worksheet_of) == ["Cy", "Ben"]

    def test_retail_companies_in_two_territories_with_all_their_staff(
        self, worksheet_of: Segment, company: Any, marketer: Any
    ) -> None:
        retail = IndustryGroup.objects.create(code="RETAIL")
        for code in ("N", "S", "W"):
            territory = Territory.objects.create(code=code)
            firm = company(f"Firm {code}", [f"Ann {code}", f"Ben {code}"], territory=territory)
            ContactIndustryGroup.objects.create(contact=firm, group=retail)
        company("Other", ["Cy"], territory=Territory.objects.get(code="N"))
        asked = Criteria(
            {
                "contact": {"type": ["company"], "territory": ["N", "S"]},
                "industry_groups": {"group": ["RETAIL"]},
            }
        )
        worksheet.add_contacts(worksheet_of, asked, by=marketer, expand_companies=True)
        assert names(worksheet_of) == ["Firm N", "Ann N", "Ben N", "Firm S", "Ann S", "Ben S"]

    def test_not_approached_this_year(
        self, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        """Cancelled entries do not count, unlike in the reference."""
        ann, ben, cy = contact("Ann"), contact("Ben"), contact("Cy")
        spoke(ann, "2026-01-01")
        spoke(ben, "2025-12-31")
        spoke(cy, "2026-03-03", cancelled=True)
        worksheet.add_contacts(worksheet_of, everybody(), by=marketer, confirm_all=True)
        this_year = Criteria({"interactions": {"date": {"from": "2026-01-01"}}})
        worksheet.reduce_contacts(worksheet_of, this_year, by=marketer)
        assert names(worksheet_of) == ["Ben", "Cy"]

    def test_respondents_of_a_segment_with_good_evaluation(
        self, segment: Segment, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        numbers = [contact(name).number for name in ("Ann", "Ben", "Cy", "Dee")]
        worksheet.add_contacts(segment, named(*numbers), by=marketer)
        logged = log.log_segment(segment, by=marketer)
        for name, evaluation in (("Ann", "very_positive"), ("Ben", "positive"), ("Cy", "negative")):
            logged.entries.filter(contact__name=name).update(evaluation=evaluation)
        spoke(Contact.objects.get(name="Dee"), "2026-01-01", evaluation="positive")
        asked = Criteria(
            {
                "interactions": {
                    "segment": [logged.segment_number],
                    "evaluation": ["very_positive", "positive"],
                }
            }
        )
        worksheet.add_contacts(worksheet_of, asked, by=marketer)
        assert names(worksheet_of) == ["Ann", "Ben"]

    def test_in_both_of_two_mailing_groups(
        self, worksheet_of: Segment, contact: Any, in_group: Any, gift: Any, marketer: Any
    ) -> None:
        move = MailingGroup.objects.create(code="MOVE")
        ann, ben, cy = contact("Ann"), contact("Ben"), contact("Cy")
        in_group(gift, ann, ben)
        in_group(move, ben, cy)
        of = {code: Criteria({"mailing_groups": {"group": [code]}}) for code in ("GIFT", "MOVE")}
        worksheet.add_contacts(worksheet_of, of["GIFT"], by=marketer)
        worksheet.refine_contacts(worksheet_of, of["MOVE"], by=marketer)
        assert names(worksheet_of) == ["Ben"]


class TestRules:
    """Rules of 2.8 to 2.14 that no other test says."""

    def test_a_matched_person_brings_company_and_colleagues(
        self, worksheet_of: Segment, company: Any, contact: Any, marketer: Any
    ) -> None:
        firm = company("Firm", ["Ann", "Ben"])
        responsible(Contact.objects.get(name="Ann"), "PURCHASE")
        asked = Criteria({"job_responsibilities": {"match": "any"}})
        worksheet.add_contacts(worksheet_of, asked, by=marketer, expand_companies=True)
        assert names(worksheet_of) == [firm.name, "Ann", "Ben"]

    def test_people_inherit_industry_and_relation_of_their_company(
        self, company: Any, contact: Any
    ) -> None:
        firm = company("Firm", ["Ann"])
        related(firm, "CUST")
        contact("Alone")
        asked = Criteria({"business_relations": {"relation": ["CUST"]}})
        assert sorted(asked.contacts().values_list("name", flat=True)) == ["Ann", "Firm"]

    def test_mailing_groups_and_interactions_are_personal(
        self, company: Any, in_group: Any, gift: Any
    ) -> None:
        firm = company("Firm", ["Ann"])
        in_group(gift, firm)
        spoke(firm, "2026-01-01")
        for asked in ({"mailing_groups": {"match": "any"}}, {"interactions": {"match": "any"}}):
            found = Criteria(asked).contacts()
            assert list(found.values_list("name", flat=True)) == ["Firm"]

    def test_has_no_such_row_is_not_has_another_row(
        self, contact: Any, in_group: Any, gift: Any
    ) -> None:
        """“none” means what a marketer means by not; the reference has no word for it."""
        move = MailingGroup.objects.create(code="MOVE")
        ann, ben, _cy = contact("Ann"), contact("Ben"), contact("Cy")
        in_group(gift, ann, ben)
        in_group(move, ann)
        asked = Criteria({"mailing_groups": {"match": "none", "group": ["MOVE"]}})
        assert sorted(asked.contacts().values_list("name", flat=True)) == ["Ben", "Cy"]

    def test_going_back_after_allow_existing_leaves_the_older_line(
        self, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        """The reference deletes both (quirk 7)."""
        ann = contact("Ann")
        worksheet.add_contacts(worksheet_of, named(ann.number), by=marketer)
        worksheet.add_contacts(worksheet_of, named(ann.number), by=marketer, allow_existing=True)
        worksheet.go_back(worksheet_of, by=marketer)
        assert names(worksheet_of) == ["Ann"]

    def test_going_back_after_a_removal_restores_order(
        self, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        """The reference appends the line at the end (2.11)."""
        numbers = [contact(name).number for name in ("Ann", "Ben", "Cy")]
        worksheet.add_contacts(worksheet_of, named(*numbers), by=marketer)
        worksheet.reduce_contacts(worksheet_of, named(numbers[0]), by=marketer)
        worksheet.go_back(worksheet_of, by=marketer)
        assert names(worksheet_of) == ["Ann", "Ben", "Cy"]

    def test_the_last_line_may_go_and_come_back(
        self, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        """The reference asks whether to reset the trail; ours stays (1.3, quirk 7)."""
        ann = contact("Ann")
        worksheet.add_contacts(worksheet_of, named(ann.number), by=marketer)
        worksheet.reduce_contacts(worksheet_of, named(ann.number), by=marketer)
        assert (names(worksheet_of), worksheet_of.steps.count()) == ([], 2)
        worksheet.go_back(worksheet_of, by=marketer)
        assert names(worksheet_of) == ["Ann"]

    def test_reused_segments_leave_out_cancelled_repeated_blocked_and_excluded(
        self, segment: Segment, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        """The reference takes them all (2.13, quirks 24 and 26)."""
        people = {name: contact(name) for name in ("Ann", "Ben", "Cy", "Dee")}
        everyone = named(*(one.number for one in people.values()))
        worksheet.add_contacts(segment, everyone, by=marketer)
        worksheet.add_contacts(segment, everyone, by=marketer, allow_existing=True)
        logged = log.log_segment(segment, by=marketer)
        logged.entries.filter(contact=people["Ben"]).update(cancelled=True)
        Contact.objects.filter(name="Cy").update(privacy_blocked=True)
        Contact.objects.filter(name="Dee").update(exclude_from_segment=True)
        worksheet.reuse_logged_segment(worksheet_of, logged, by=marketer)
        assert names(worksheet_of) == ["Ann"]
        worksheet.go_back(worksheet_of, by=marketer)
        worksheet.reuse_logged_segment(worksheet_of, logged, by=marketer, ignore_exclusion=True)
        assert names(worksheet_of) == ["Ann", "Dee"]

    def test_saved_criteria_add_their_steps_and_clear_nothing(
        self, worksheet_of: Segment, company: Any, contact: Any, marketer: Any
    ) -> None:
        """Each step can be undone; a Refine keeps “entire companies”, which the reference drops."""
        company("Firm", ["Ann", "Ben"])
        contact("Cy")
        by_name = {name: Criteria({"contact": {"name": name}}) for name in ("Ann", "Cy")}
        model = Segment.objects.create(number="MODEL", description="Model")
        worksheet.add_contacts(model, everybody(), by=marketer, confirm_all=True)
        worksheet.refine_contacts(model, by_name["Ann"], by=marketer, entire_companies=True)
        saved = worksheet.save_criteria(model, code="FIRM", by=marketer)
        worksheet.add_contacts(worksheet_of, by_name["Cy"], by=marketer)
        worksheet.reuse_criteria(worksheet_of, saved, by=marketer)
        assert names(worksheet_of) == ["Firm", "Ann", "Ben"]
        worksheet.go_back(worksheet_of, by=marketer)
        assert names(worksheet_of) == ["Cy", "Firm", "Ann", "Ben"]
        worksheet.go_back(worksheet_of, by=marketer)
        assert names(worksheet_of) == ["Cy"]

    def test_a_reused_segment_does_without_those_that_are_gone(
        self, segment: Segment, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        """The reference makes lines without a contact (2.13)."""
        ann, ben = contact("Ann"), contact("Ben")
        worksheet.add_contacts(segment, named(ann.number, ben.number), by=marketer)
        logged = log.log_segment(segment, by=marketer)
        ann.delete()
        worksheet.reuse_logged_segment(worksheet_of, logged, by=marketer)
        assert names(worksheet_of) == ["Ben"]

    def test_a_saved_relative_date_does_not_go_stale(
        self, worksheet_of: Segment, contact: Any, marketer: Any
    ) -> None:
        """The reference stores the day it was on that day (2.12)."""
        data = {"interactions": {"date": {"last": 30, "unit": "days"}}}
        ann = contact("Ann")
        spoke(ann, timezone.localdate().isoformat())
        worksheet.add_contacts(worksheet_of, Criteria(data), by=marketer)
        saved = worksheet.save_criteria(worksheet_of, code="MONTH", by=marketer)
        assert saved.steps[0]["criteria"] == data

    def test_group_membership_is_not_doubled_by_apply(
        self, worksheet_of: Segment, contact: Any, gift: Any, in_group: Any, marketer: Any
    ) -> None:
        ann = contact("Ann")
        in_group(gift, ann)
        worksheet.add_contacts(worksheet_of, named(ann.number), by=marketer)
        worksheet.add_contacts(worksheet_of, named(ann.number), by=marketer, allow_existing=True)
        assert worksheet.apply_mailing_group(worksheet_of, gift) == 0
        assert ContactMailingGroup.objects.count() == 1
