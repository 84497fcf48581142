"""The registry of criteria: every field asks, says and stores itself; rubbish is refused."""

import datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.models import (
    BusinessRelation,
    Campaign,
    Consent,
    Contact,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    ContactProfileAnswer,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    OrganizationalLevel,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
    Purchase,
    Salesperson,
    Territory,
)
from interactions.models import (
    InteractionGroup,
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    Task,
)
from segments import worksheet
from segments.criteria import Criteria
from segments.models import Segment
from segments.sections import SECTIONS

TODAY = datetime.date(2026, 6, 15)


@pytest.fixture
def world(db: None, company: Any, contact: Any, marketer: Any) -> None:
    """Hit matches every field of every section; Near misses each of them by a little."""
    for model in (Territory, OrganizationalLevel, MailingGroup, IndustryGroup, BusinessRelation):
        for code in ("HIT", "NEAR"):
            model.objects.create(code=code)
    for code in ("HIT", "NEAR"):
        JobResponsibility.objects.create(code=code)
        Salesperson.objects.create(code=code, name=code)
        Campaign.objects.create(number=code, description=code)
        questionnaire = ProfileQuestionnaire.objects.create(code=code)
        question = ProfileQuestion.objects.create(questionnaire=questionnaire, text="?")
        ProfileAnswer.objects.create(question=question, code=code, text="!")
        group = InteractionGroup.objects.create(code=code)
        InteractionTemplate.objects.create(code=code, group=group)
    for code, language, email, kind in (
        ("HIT", "fi", "hit@example.com", "email"),
        ("NEAR", "sv", "", "hard_copy"),
    ):
        firm = company(f"{code} Oy", number=f"{code}-FIRM")
        one = contact(
            f"{code.title()} Person",
            number=f"{code}-1",
            company=firm,
            salesperson=Salesperson.objects.get(code=code),
            territory=Territory.objects.get(code=code),
            organizational_level=OrganizationalLevel.objects.get(code=code),
            country={"HIT": "FI", "NEAR": "SE"}[code],
            city={"HIT": "Jyväskylä", "NEAR": "Jyväskyl"}[code],
            address={"HIT": "Kauppakatu 1", "NEAR": ""}[code],
            post_code={"HIT": "40100", "NEAR": "40200"}[code],
            language=language,
            email=email,
            correspondence_type=kind,
        )
        _link(code, one, firm, marketer)


def _link(code: str, one: Contact, firm: Contact, marketer: Any) -> None:
    """One row of every linked table; Near's rows are others, or come too late, or do not count."""
    near = code == "NEAR"
    ContactMailingGroup.objects.create(contact=one, group=MailingGroup.objects.get(code=code))
    ContactProfileAnswer.objects.create(contact=one, answer=ProfileAnswer.objects.get(code=code))
    ContactIndustryGroup.objects.create(contact=firm, group=IndustryGroup.objects.get(code=code))
    ContactBusinessRelation.objects.create(
        contact=firm, relation=BusinessRelation.objects.get(code=code)
    )
    ContactJobResponsibility.objects.create(
        contact=one, responsibility=JobResponsibility.objects.get(code=code)
    )
    Purchase.objects.create(
        contact=firm, item=code, item_category=code, amount=99 if near else 100,
        posting_date=TODAY + datetime.timedelta(days=near),
    )  # fmt: skip
    said = {"channel": "phone", "state": "withdrawn", "source": "phone"} if near else {}
    Consent.objects.create(
        **{"contact": one, "channel": "email", "state": "consented", "source": "form"} | said,
        date=TODAY + datetime.timedelta(days=near),
    )
    logged = LoggedSegment.objects.create(segment_number=f"L-{code}", description=code)
    template = InteractionTemplate.objects.get(code=code)
    InteractionLogEntry.objects.create(
        contact=one, date=TODAY + datetime.timedelta(days=near), description=code,
        template=template, group=template.group, logged_segment=logged,
        segment_number=logged.segment_number, campaign=Campaign.objects.get(number=code),
        salesperson=Salesperson.objects.get(code=code),
        evaluation="" if near else "positive",
        information_flow="inbound" if near else "outbound",
        delivery="failed" if near else "delivered",
    )  # fmt: skip
    Task.objects.create(contact=one, description=code, due=TODAY + datetime.timedelta(days=near))
    segment = Segment.objects.create(number=f"S-{code}", description=code)
    worksheet.add_contact(segment, one, by=marketer)
    moment = timezone.make_aware(datetime.datetime(2026, 6, 15 + near, 0, 30))
    Contact.objects.filter(pk=one.pk).update(created_at=moment)


DAY = {"from": "2026-06-15", "to": "2026-06-15"}
FIELDS: dict[str, dict[str, Any]] = {
    "contact": {
        "search": "hit PERSON",
        "number": ["HIT-1"],
        "name": "HIT pers",
        "type": ["person"],
        "company": ["HIT-FIRM"],
        "salesperson": ["HIT"],
        "territory": ["HIT"],
        "country": ["FI"],
        "city": ["Jyväskylä"],
        "post_code": ["40000..40100"],
        "language": ["fi"],
        "organizational_level": ["HIT"],
        "correspondence_type": ["email"],
        "has_email": True,
        "has_address": True,
        "created": DAY,
        "last_interaction": DAY,
        "next_task": DAY,
    },
    "profile_answers": {"questionnaire": ["HIT"], "answer": ["HIT"]},
    "mailing_groups": {"group": ["HIT"]},
    "interactions": {
        "date": DAY,
        "segment": ["L-HIT"],
        "campaign": ["HIT"],
        "template": ["HIT"],
        "group": ["HIT"],
        "evaluation": ["positive", "very_positive"],
        "salesperson": ["HIT"],
        "information_flow": ["outbound"],
        "delivery": ["delivered"],
        "answered": True,
    },
    "job_responsibilities": {"responsibility": ["HIT"]},
    "industry_groups": {"group": ["HIT"]},
    "business_relations": {"relation": ["HIT"]},
    "purchases": {
        "item": ["HIT"],
        "item_category": ["HIT"],
        "posting_date": DAY,
        "minimum_amount": "100",
    },
    "consents": {
        "channel": ["email", "post"],
        "state": ["consented"],
        "source": ["form"],
        "date": DAY,
    },
    "segments": {"segment": ["S-HIT"], "logged_segment": ["L-HIT"]},
}
ALL = [(section, name) for section, fields in FIELDS.items() for name in fields]


def matched(data: Any) -> list[str]:
    """Numbers of the persons that criteria mean, however the rows are looked up."""
    found = [
        sorted(contacts.filter(type="person").values_list("number", flat=True))
        for contacts in (Criteria(data).contacts(), Criteria(data).contacts(few=True))
    ]
    assert found[0] == found[1]
    return found[0]


def test_the_table_above_is_the_registry() -> None:
    """A new field without its rows in this test fails here."""
    registry = {key: sorted(section.bind(None).form.fields) for key, section in SECTIONS.items()}
    assert registry == {key: sorted(fields) for key, fields in FIELDS.items()}
    assert list(SECTIONS) == list(FIELDS)


@pytest.mark.parametrize(("section", "name"), ALL)
def test_each_field_matches_and_nearly_matches(world: None, section: str, name: str) -> None:
    """One row that matches, one that nearly does."""
    value = FIELDS[section][name]
    expected = ["HIT-1", "NEAR-1"] if (section, name) == ("contact", "type") else ["HIT-1"]
    assert matched({section: {name: value}}) == expected


@pytest.mark.parametrize(("section", "name"), ALL)
def test_each_field_says_itself_and_survives_json(world: None, section: str, name: str) -> None:
    """Label, words in both languages, and the same data after a round trip."""
    data = {section: {name: FIELDS[section][name]}}
    criteria = Criteria(data)
    assert criteria.is_valid(), criteria.errors
    assert criteria.data == data
    assert Criteria(criteria.data).data == data
    label = criteria.sections[section].form.fields[name].label
    assert str(label)
    for language in ("en", "fi"):
        with translation.override(language):
            (sentence,) = criteria.words()
            alone = len(SECTIONS[section].fields) == 1
            assert str(SECTIONS[section].has if alone else label) in sentence


def test_two_sections_are_gathered_and_looked_up_alike(world: None) -> None:
    """Whichever section is read first, both must hold."""
    both = {key: FIELDS[key] for key in ("mailing_groups", "interactions")}
    assert matched(both) == ["HIT-1"]
    assert matched({**both, "interactions": {"group": ["NEAR"]}}) == []
    assert matched({**both, "interactions": {**FIELDS["interactions"], "match": "none"}}) == []


@pytest.mark.parametrize("section", [key for key in FIELDS if key != "contact"])
def test_none_is_the_complement(world: None, section: str) -> None:
    """“none” with the same conditions means exactly everybody else."""
    everyone = {"HIT-1", "NEAR-1", "HIT-FIRM", "NEAR-FIRM"}
    conditions = FIELDS[section]
    having = set(Criteria({section: conditions}).contacts().values_list("number", flat=True))
    lacking = Criteria({section: {**conditions, "match": "none"}}).contacts()
    assert set(lacking.values_list("number", flat=True)) == everyone - having
    assert "HIT-1" in having


def test_has_any_row_at_all(world: None) -> None:
    """A linked section with “match” alone asks whether there is any row."""
    MailingGroup.objects.get(code="NEAR").links.all().delete()
    assert matched({"mailing_groups": {"match": "any"}}) == ["HIT-1"]
    assert matched({"mailing_groups": {"match": "none"}}) == ["NEAR-1"]


def test_conditions_of_a_section_hold_for_one_row(world: None) -> None:
    """Two rows that match one condition each are not a row that matches both."""
    near = Contact.objects.get(number="NEAR-1")
    entry = near.interactions.get()
    entry.pk, entry.date, entry.evaluation = None, TODAY, "negative"
    entry.save()
    near.interactions.filter(evaluation="neutral").update(evaluation="positive")
    both = {"interactions": {"date": DAY, "evaluation": ["positive"]}}
    assert matched(both) == ["HIT-1"]


def test_cancelled_and_postponed_interactions_never_match(world: None) -> None:
    """Not as rows that are there, and so not as rows that are missing either."""
    InteractionLogEntry.objects.filter(contact__number="HIT-1").update(cancelled=True)
    InteractionLogEntry.objects.filter(contact__number="NEAR-1").update(postponed=True)
    assert matched({"interactions": {"match": "any"}}) == []
    assert matched({"contact": {"last_interaction": {"never": True}}}) == ["HIT-1", "NEAR-1"]
    assert matched({"segments": {"logged_segment": ["L-HIT"]}}) == []


def test_relative_dates_stay_relative(world: None) -> None:
    """Stored as asked, counted from today each time."""
    data = {"interactions": {"date": {"last": 90, "unit": "days"}}}
    today = timezone.localdate()
    InteractionLogEntry.objects.update(date=today - datetime.timedelta(days=90))
    assert matched(data) == ["HIT-1", "NEAR-1"]
    InteractionLogEntry.objects.update(date=today - datetime.timedelta(days=91))
    assert matched(data) == []
    assert Criteria(data).data == data
    assert Criteria(data).words() == ["has an interaction (Date: in the last 90 days)"]


def test_a_company_that_is_a_person_means_nobody(world: None, marketer: Any) -> None:
    """Django sees that without asking; the step must not stumble over it."""
    criteria = Criteria({"contact": {"company": ["HIT-1"]}})
    assert criteria.contacts().count() == 0
    segment = Segment.objects.create(number="E")
    assert worksheet.add_contacts(segment, criteria, by=marketer) is None
    assert worksheet.preview(segment, "add", criteria).matched == 0


def test_sections_combine_with_and(world: None) -> None:
    """A contact must satisfy each of them."""
    assert matched({"mailing_groups": {"group": ["HIT"]}, "contact": {"territory": ["NEAR"]}}) == []


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"contac": {}}, "contac"),
        ({"contact": {"typ": ["person"]}}, "contact.typ"),
        ({"contact": {"match": "any"}}, "contact.match"),
        ({"mailing_groups": {"match": "some"}}, "mailing_groups.match"),
        ({"mailing_groups": {"group": ["GONE"]}}, "GONE"),
        ({"contact": {"type": ["robot"]}}, "robot"),
        ({"contact": {"created": {"since": "2026-01-01"}}}, "contact.created.since"),
        ({"contact": {"created": {"from": "2026-02-30"}}}, "valid date"),
        ({"contact": {"created": {"from": "2026-02-02", "to": "2026-01-01"}}}, "before the first"),
        ({"contact": {"created": {"last": 3, "from": "2026-01-01"}}}, "one of them"),
        ({"contact": {"created": {"last": 3, "unit": "parsecs"}}}, "parsecs"),
        ({"contact": {"post_code": ["2..1"]}}, "the smaller first"),
        ({"purchases": {"minimum_amount": "-1"}}, "0"),
        ({"purchases": {"minimum_amount": "NaN"}}, "number"),
        ({"contact": {"has_email": "yes"}}, "contact.has_email"),
        ({"contact": {"name": "x" * 201}}, "contact.name"),
        ({"contact": {"name": "a\x00b"}}, "contact.name"),
        ({"contact": {"number": [["nested"]]}}, "contact.number"),
        ({"contact": ["type"]}, "contact"),
        ("contact", "section"),
        (None, "section"),
    ],
)
def test_wrong_data_is_refused_by_name(db: None, data: Any, named: str) -> None:
    """Never ignored: a mistyped key would double an audience."""
    criteria = Criteria(data)
    assert not criteria.is_valid()
    assert named in " ".join(criteria.errors)
    with pytest.raises(ValueError, match=r"."):
        criteria.contacts()


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"' + "x" * 1_000_001 + '"', "NaN"])
def test_what_is_not_json_is_refused(db: None, text: str) -> None:
    """With a sentence, not an exception."""
    criteria = Criteria.from_json(text)
    assert not criteria.is_valid()
    assert all(criteria.errors)


def test_a_posted_form_is_the_same_question(world: None) -> None:
    """What the page posts and what is stored are validated by one form."""
    posted = QueryDict(
        "contact-type=person&contact-created_from=2026-06-15&contact-created_to=2026-06-15"
        "&contact-created_unit=days&mailing_groups-match=any&mailing_groups-group=HIT&contact-city="
    )
    criteria = Criteria.from_query(posted)
    assert criteria.is_valid(), criteria.errors
    assert criteria.data == {
        "contact": {"type": ["person"], "created": DAY},
        "mailing_groups": {"match": "any", "group": ["HIT"]},
    }
    assert Criteria(criteria.data).data == criteria.data


def test_a_mistyped_name_in_a_query_is_refused(db: None) -> None:
    """django-filter would ignore it, and mean everybody."""
    for name in ("contact-typ", "contac-type", "contact-match", "contact-created_since"):
        criteria = Criteria.from_query(QueryDict(f"{name}=person"))
        assert name in " ".join(criteria.errors)


WRONG: tuple[Any, ...] = (
    None, "", "  ", [], [""], {}, {"from": None}, {"never": False}, 7, -1, 1.5, True, [[]], [None],
    {"x": 1}, {"from": 7}, [["HIT"]], "%", ["%"], "' OR 1=1 --", ["') OR 1=1 --"],
    "x" * 1_000_000, ["x" * 1_000_000], {"last": 10**30}, 10**400,
)  # fmt: skip


@pytest.mark.parametrize(("section", "name"), ALL)
def test_what_is_wrong_is_refused_or_asked_never_left_out(
    world: None, section: str, name: str
) -> None:
    """A value that was passed over would widen the audience."""
    for wrong in WRONG:
        criteria = Criteria({section: {name: wrong}})
        if criteria.is_valid():
            assert list(criteria.data[section]) == [name], repr(wrong)[:60]
            assert criteria.contacts().count() <= 4
        else:
            assert all(criteria.errors)
            assert all(len(error) < 1000 for error in criteria.errors)


@pytest.mark.parametrize(("section", "name"), ALL)
def test_one_letter_less_is_refused_by_name(world: None, section: str, name: str) -> None:
    value = FIELDS[section][name]
    for data in ({section: {name[:-1]: value}}, {section[:-1]: {name: value}}):
        criteria = Criteria(data)
        assert not criteria.is_valid()
        assert name[:-1] in criteria.errors[0] or section[:-1] in criteria.errors[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(
        ["person", "any", "none", "HIT", "'; DROP TABLE crm_contact; --", "%", "2026-06-15"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from([*FIELDS, *(name for _s, name in ALL), "from", "to", "last", "match"])
        | st.text(max_size=8),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(data=JSON | st.dictionaries(st.sampled_from(list(FIELDS)), JSON, max_size=3))
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_rubbish_is_an_error_or_a_question(world: None, data: Any) -> None:
    """Any JSON at all: errors that say something, or criteria that can be asked and stored."""
    criteria = Criteria(data)
    if criteria.is_valid():
        assert criteria.contacts().count() <= 4
        assert Criteria(criteria.data).data == criteria.data
        assert all(criteria.words())
    else:
        assert all(criteria.errors)


def test_the_next_task_is_the_first_open_one(world: None) -> None:
    """A task that is done is none; one before the stretch is the next, not one within."""
    hit = Contact.objects.get(number="HIT-1")
    asked = {"contact": {"next_task": DAY}}
    assert matched(asked) == ["HIT-1"]
    early = hit.tasks.create(description="Early", due=TODAY - datetime.timedelta(days=1))
    assert matched(asked) == []
    early.done_at = timezone.now()
    early.save()
    assert matched(asked) == ["HIT-1"]
    hit.tasks.update(done_at=timezone.now())
    assert "HIT-1" in matched({"contact": {"next_task": {"never": True}, "type": ["person"]}})
    assert "NEAR-1" not in matched({"contact": {"next_task": {"never": True}}})
