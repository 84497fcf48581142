"""What one does not see is not in the history, in imports, among tasks or in the log either."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.formats import date_format

from crm import sight
from crm.choices import Sees
from crm.models import Contact, ContactMailingGroup, MailingGroup, MarketingSetup, Salesperson
from interactions import seeing
from interactions.models import InteractionLogEntry, InteractionTemplate, LoggedSegment, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def restricted_client(
    people: dict[str, Contact], marketer: User, marketer_client: Client
) -> Client:
    """The marketer, who may see the history and import, too, but not all contacts."""
    MarketingSetup.load()
    MarketingSetup.objects.update(sees=Sees.OWN)
    names = ("view_auditentry", "add_contactimport", "add_purchase")
    marketer.user_permissions.set(Permission.objects.filter(codename__in=names))
    return marketer_client


def test_the_history_is_of_what_one_sees(
    restricted_client: Client,
    manager_client: Client,
    people: dict[str, Contact],
    gift: MailingGroup,
) -> None:
    for one in people.values():
        ContactMailingGroup.objects.create(contact=one, group=gift)
    gone = Contact.objects.create(name="Gone", number="GONE")
    gone.delete()
    numbers = {name: one.number for name, one in people.items()} | {"Gone": "GONE"}
    shown = {
        client: {
            name for name in numbers if f">{numbers[name]}<" in client.get(page).content.decode()
        }
        for client, page in (
            (restricted_client, "/history/"),
            (manager_client, "/history/"),
        )
    }
    assert shown[restricted_client] == {"Own", "Free"}
    assert shown[manager_client] == {*numbers}
    assert "GIFT" in restricted_client.get("/history/").content.decode()
    exported = restricted_client.post("/history/", {"format": "csv"})
    assert numbers["Their"] not in b"".join(exported).decode()
    for name, status in (("Own", 200), ("Their", 404)):
        address = f"/history/crm.contact/{people[name].pk}/"
        assert restricted_client.get(address).status_code == status


def test_imports_are_for_who_sees_all(restricted_client: Client) -> None:
    """A file that names a contact would show and change it."""
    for address in ("/contacts/import/", "/purchases/import/"):
        assert restricted_client.get(address).status_code == 403
    assert "/contacts/import/" not in restricted_client.get("/contacts/").content.decode()
    MarketingSetup.objects.update(sees=Sees.EVERYBODY)
    for address in ("/contacts/import/", "/purchases/import/"):
        assert restricted_client.get(address).status_code == 200


def test_a_task_about_somebody_out_of_sight_is_counted_not_told(
    restricted_client: Client, people: dict[str, Contact], mine: Salesperson, marketer: User
) -> None:
    due = date(2026, 1, 2)
    given = {"salesperson": mine, "due": due}
    hidden = Task.objects.create(contact=people["Their"], description="Call Theirina", **given)
    page = restricted_client.get("/tasks/").content.decode()
    assert "1 task of yours, due " in page
    assert '"notice warning"' in page  # its day is past
    assert date_format(due, "SHORT_DATE_FORMAT") in page
    assert not [word for word in ("Theirina", "Their", "Nothing is to be done") if word in page]
    assert restricted_client.get(f"/tasks/{hidden.pk}/").status_code == 404
    assert restricted_client.post(f"/tasks/{hidden.pk}/done/").status_code == 404
    Task.objects.create(contact=people["Own"], description="Call my own", **given)
    Task.objects.create(contact=people["Their"], description="Of a colleague", due=due)
    page = restricted_client.get("/tasks/").content.decode()
    assert "Call my own" in page
    assert "1 task of yours" in page
    MarketingSetup.objects.update(sees=Sees.EVERYBODY)
    page = restricted_client.get("/tasks/").content.decode()
    assert ("Call Theirina" in page, "task of yours" in page) == (True, False)


@pytest.mark.parametrize("few", [0, 2000])
@pytest.mark.usefixtures("restricted")
def test_the_log_found_by_index_is_the_same(
    people: dict[str, Contact],
    mine: Salesperson,
    template: InteractionTemplate,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
) -> None:
    monkeypatch.setattr(seeing, "FEW_CONTACTS", few)
    logged = LoggedSegment.objects.create(segment_number="A", salesperson=mine)
    hidden = LoggedSegment.objects.create(
        segment_number="B", salesperson=people["Their"].salesperson
    )
    for one in people.values():
        for of in (None, logged, hidden):
            InteractionLogEntry.objects.create(
                contact=one,
                logged_segment=of,
                segment_number=of.segment_number if of else "",
                position=one.pk,
                date=date(2026, 3, 2),
                template=template,
                group=template.group,
            )
    rows = InteractionLogEntry.objects.all()
    found = seeing.by_index(rows)
    assert set(found) == set(rows)
    assert (len(found), " UNION " in str(found.query)) == (7, few > 0)
    with sight.whole():
        assert seeing.by_index(InteractionLogEntry.objects.all()).count() == 9
