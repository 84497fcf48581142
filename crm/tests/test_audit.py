"""The audit trail: nothing escapes it, nobody changes it, and who may see it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from crm import acting, audit, bulk, merging
from crm.audit import reading
from crm.models import (
    AlternativeAddress,
    AuditEntry,
    AuditFixed,
    Campaign,
    Contact,
    ContactMailingGroup,
    MailingGroup,
    MarketingSetup,
    Salesperson,
    Territory,
)

pytestmark = pytest.mark.django_db


def told(**wanted: Any) -> list[tuple[str, str, str, dict[str, Any]]]:
    """What the trail says: kind, label, verb, changes; oldest first."""
    rows = AuditEntry.objects.filter(**wanted).order_by("pk")
    return [(row.kind, row.label, row.verb, row.changes) for row in rows]


def in_words(entry: AuditEntry) -> list[tuple[str, str, str]]:
    return [(one.label, one.old, one.new) for one in reading.changes(entry)]


@pytest.fixture
def act() -> Callable[[], Any]:
    """Somebody who does something."""
    return lambda: acting.doing(lambda: acting.Act("maija'%s", "crm:bulk", "r-1"))


def test_a_form_is_told_with_who_and_by_which_page(
    marketer_client: Client, company: Contact
) -> None:
    north = Territory.objects.create(code="NORTH", description="The north")
    Contact.objects.filter(pk=company.pk).update(territory=north)
    last = AuditEntry.objects.latest("pk").pk
    form = marketer_client.get(f"/contacts/{company.number}/edit/").context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, "")}
    answer = marketer_client.post(
        f"/contacts/{company.number}/edit/", data | {"city": "Espoo", "territory": ""}
    )
    assert answer.status_code == 302
    [entry] = AuditEntry.objects.filter(pk__gt=last, kind="crm.contact")
    assert (entry.by, entry.act, entry.request) == (
        "marketer",
        "crm:contact_edit",
        answer["X-Request-ID"],
    )
    assert (entry.verb, entry.label) == ("changed", company.number)
    assert entry.changes == {"city": ["Turku", "Espoo"], "territory": ["NORTH", None]}
    assert abs((timezone.now() - entry.at).total_seconds()) < 60


def test_a_set_based_change_is_told_row_by_row(act: Any, marketer: User) -> None:
    made = [Contact.objects.create(name=f"P{i}", city="Oulu") for i in range(3)]
    seller = Salesperson.objects.create(code="AK", name="Aino")
    deed = bulk.DEEDS["salesperson"]
    with act():
        bulk.do(
            deed, Contact.objects.filter(pk__in=[one.pk for one in made[:2]]), seller, by=marketer
        )
    assert told(by="maija'%s", request="r-1") == [
        ("crm.contact", one.number, "changed", {"salesperson": [None, "AK"]}) for one in made[:2]
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_the_trail_costs_no_statement(act: Any, count: int) -> None:
    for number in range(count):
        Contact.objects.create(name=f"P{number}")
    with act(), CaptureQueriesContext(connection) as asked:
        Contact.objects.update(city="Oulu")
    assert len(asked) == 1
    assert AuditEntry.objects.filter(verb="changed").count() == count


def test_links_and_addresses_belong_to_their_contact(company: Contact) -> None:
    gift = MailingGroup.objects.create(code="GIFT")
    ContactMailingGroup.objects.create(contact=company, group=gift).delete()
    AlternativeAddress.objects.create(
        contact=company, code="S", starts_on=datetime.date(2026, 6, 1)
    )
    number = company.number
    assert told(subject="crm.contact", subject_id=company.pk) == [
        ("crm.contact", number, "created", {}),
        ("crm.contactmailinggroup", number, "created", {"group": [None, "GIFT"]}),
        ("crm.contactmailinggroup", number, "deleted", {"group": ["GIFT", None]}),
        (
            "crm.alternativeaddress",
            number,
            "created",
            {"code": [None, "S"], "starts_on": [None, "2026-06-01"]},
        ),
    ]


def test_what_stays_the_same_is_not_told(company: Contact) -> None:
    company.save()
    Contact.objects.update(city="Turku")
    assert [verb for _kind, _label, verb, _changes in told(kind="crm.contact")] == ["created"]


def test_a_merge_is_told(company: Contact, manager: User, act: Any) -> None:
    other = Contact.objects.create(type="company", name="Betoni Ab")
    with act():
        merging.merge(company, other, by=manager)
    kinds = {(kind, verb) for kind, _label, verb, _changes in told(request="r-1")}
    assert ("crm.contact", "deleted") in kinds
    assert ("crm.formernumber", "created") in kinds


def test_a_password_is_never_told(marketer: User) -> None:
    marketer.set_password("new-secret-1234")
    marketer.is_staff = True
    marketer.save()
    marketer.groups.add(Group.objects.get(name="manager"))
    _kind, label, _verb, changes = told(kind="auth.user")[-1]
    assert (label, changes) == (
        "marketer",
        {"password": [None, None], "is_staff": [False, True]},
    )
    assert told(kind="auth.user_groups")[-1][3]["group"] == [None, "manager"]
    entry = AuditEntry.objects.filter(kind="auth.user").latest("pk")
    assert in_words(entry) == [("Password", "", ""), ("Staff status", "no", "yes")]


def test_values_are_said_in_the_readers_language(company: Contact) -> None:
    Contact.objects.filter(pk=company.pk).update(type="person", minor=True)
    entry = AuditEntry.objects.latest("pk")
    assert in_words(entry) == [("Type", "Company", "Person"), ("Minor", "no", "yes")]
    with translation.override("fi"):
        assert in_words(entry)[0] == ("Tyyppi", "Yritys", "Henkilö")


def test_days_are_said_as_elsewhere() -> None:
    changes = {"starts_on": [None, "2026-06-01"], "code": [None, "SUMMER"]}
    entry = AuditEntry(kind="crm.alternativeaddress", changes=changes)
    assert in_words(entry) == [("Code", "", "SUMMER"), ("From", "", "1 Jun 2026")]


def test_what_the_code_knows_no_more_comes_as_it_is() -> None:
    entry = AuditEntry(kind="old.thing", changes={"colour": ["red", None]})
    assert in_words(entry) == [("colour", "red", "None")]
    assert reading.kind_label(entry) == "old.thing"


@pytest.mark.parametrize("write", ["save", "delete", "update", "rows", "create"])
def test_the_model_refuses_to_write(company: Contact, write: str) -> None:
    entry = AuditEntry.objects.earliest("pk")
    doing: dict[str, Callable[[], Any]] = {
        "save": entry.save,
        "delete": entry.delete,
        "update": lambda: AuditEntry.objects.update(by="x"),
        "rows": lambda: AuditEntry.objects.all().delete(),
        "create": lambda: AuditEntry.objects.create(by="x"),
    }
    with pytest.raises(AuditFixed):
        doing[write]()


@pytest.mark.parametrize(
    "statement", ["UPDATE crm_auditentry SET by = 'x'", "DELETE FROM crm_auditentry"]
)
def test_the_database_refuses_too(company: Contact, statement: str) -> None:
    before = told()
    refused = pytest.raises(DatabaseError, match="the audit trail is not changed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert told() == before


def _grow_old(days: int) -> None:
    """Makes the trail older than it is; by the keeper's own door, which nobody else has."""
    from crm.audit.keeping import _allowed

    with _allowed():
        QuerySet(AuditEntry).update(at=timezone.now() - datetime.timedelta(days=days))


def test_only_age_takes_something_away(company: Contact, capsys: Any) -> None:
    _grow_old(100)
    Contact.objects.update(city="Vaasa")
    call_command("prune_history", days=99)
    before = AuditEntry.objects.count()
    assert "add --yes" in capsys.readouterr().out
    call_command("prune_history", days=101, yes=True)
    assert AuditEntry.objects.count() == before
    call_command("prune_history", days=99, yes=True)
    assert [verb for _kind, _label, verb, _changes in told()] == ["changed"]
    for days in (0, 89, 10**9):
        with pytest.raises(CommandError, match="Keep at least 90 days"):
            call_command("prune_history", days=days, yes=True)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM crm_auditentry")


def test_erasing_empties_the_values_of_one_contact(company: Contact) -> None:
    other = Contact.objects.create(name="Other")
    Contact.objects.update(city="Vaasa")
    assert audit.redact(Contact, Contact.objects.filter(pk=company.pk).values("pk")) == 2
    assert [changes for *_rest, changes in told(subject="crm.contact", subject_id=company.pk)] == [
        {},
        {},
    ]
    assert told(kind="crm.contact", subject_id=other.pk)[-1][3] == {"city": ["", "Vaasa"]}


def test_triggers_are_found_missing_and_made_again(company: Contact, postgres: bool) -> None:
    name = "audit_crm_contact_changed"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (" ON crm_contact" if postgres else ""))
    assert audit.missing() == [name]
    audit.install()
    assert audit.missing() == []
    Contact.objects.update(city="Vaasa")
    assert told()[-1][2] == "changed"


def test_only_managers_search(
    manager_client: Client, marketer_client: Client, company: Contact, person: Contact
) -> None:
    Contact.objects.filter(pk=person.pk).update(city="Rauma")
    assert marketer_client.get("/history/").status_code == 403
    page = manager_client.get(
        f"/history/?search={person.number.lower()}&verb=changed"
    ).content.decode()
    assert "Rauma" in page
    assert company.number not in page
    assert "nonsense" in manager_client.get("/history/?nonsense=1").content.decode()


def test_changes_of_users_are_for_those_who_may_see_users(
    manager_client: Client, admin_client: Client
) -> None:
    assert "Staff status" not in manager_client.get("/history/").content.decode()
    assert "Staff status" in admin_client.get("/history/").content.decode()


def test_a_record_shows_its_history_to_whoever_may_see_it(
    reader_client: Client, client: Client, company: Contact, person: Contact
) -> None:
    Contact.objects.filter(pk=company.pk).update(city="Rauma")
    address = f"/history/crm.contact/{company.pk}/"
    card = reader_client.get(company.get_absolute_url()).content.decode()
    assert f'href="{address}"' in card
    page = reader_client.get(address).content.decode()
    assert ("Rauma" in page, person.number in page) == (True, False)
    assert client.get(address).status_code == 302
    for wrong in ("crm.contact/999999", "crm.contactmailinggroup/1", "no.thing/1", "auth.user/x"):
        assert reader_client.get(f"/history/{wrong}/").status_code == 404
    assert reader_client.get("/history/auth.user/1/").status_code == 403


def test_the_set_up_is_called_by_our_company(manager_client: Client) -> None:
    """It has no number: its only row would be called 1."""
    setup = MarketingSetup.load()
    setup.company_name = "Northern Gifts"
    setup.save()
    assert told(kind="crm.marketingsetup")[-1][1] == "Northern Gifts"
    assert ">Northern Gifts</a>" in manager_client.get("/history/").content.decode()


def test_a_deleted_records_history_stays(manager_client: Client, person: Contact) -> None:
    address = f"/history/crm.contact/{person.pk}/"
    assert manager_client.post(f"/contacts/{person.number}/delete/").status_code == 302
    page = manager_client.get(address).content.decode()
    assert ("deleted" in page, person.number in page) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(
    manager_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        Campaign.objects.create(description=f"C{number}", number=f"CP{number}")
    manager_client.get("/history/")
    with django_assert_num_queries(7):
        manager_client.get("/history/")
