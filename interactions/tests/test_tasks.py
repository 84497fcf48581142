"""Tasks: whose they are, done and taken back, on their pages and on the card."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.models import Contact, Salesperson
from interactions import tasks
from interactions.models import InteractionLogEntry, LoggedSegment, Task

pytestmark = pytest.mark.django_db


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def liisa(db: None) -> Contact:
    return Contact.objects.create(number="C1", name="Liisa <b>")


@pytest.fixture
def seller(marketer: User) -> Salesperson:
    return Salesperson.objects.create(code="MM", name="Matti", user=marketer)


def test_mine_are_my_salespersons_and_what_i_wrote_for_nobody(
    liisa: Contact, seller: Salesperson, marketer: User, manager: User
) -> None:
    for text, salesperson, by in (
        ("given to me", seller, manager),
        ("my own", None, marketer),
        ("given away", Salesperson.objects.create(code="X", name="X"), marketer),
        ("another's", None, manager),
    ):
        Task.objects.create(contact=liisa, description=text, salesperson=salesperson, by=by)
    Task.objects.create(contact=liisa, description="later", by=marketer, due=day(1))
    Task.objects.create(
        contact=liisa, description="done", by=marketer, due=day(-1), done_at=timezone.now()
    )
    due = tasks.due(marketer, timezone.localdate())
    assert sorted(due.values_list("description", flat=True)) == ["given to me", "my own"]


def test_my_tasks_do_not_say_whose_they_are_the_card_does(
    marketer_client: Client, liisa: Contact, seller: Salesperson
) -> None:
    Task.objects.create(contact=liisa, description="call", salesperson=seller, due=day(-1))
    mine = marketer_client.get("/tasks/").content.decode()
    card = marketer_client.get(liisa.get_absolute_url()).content.decode()
    for said in ("Whose", ">Matti<", ">overdue<"):
        assert (said in mine, said in card) == (False, True), said


def test_it_is_done_once_and_by_whom(liisa: Contact, marketer: User, manager: User) -> None:
    task = Task.objects.create(contact=liisa, description="Call")
    assert tasks.finish(task, by=marketer)
    assert not tasks.finish(task, by=manager)
    task.refresh_from_db()
    assert (task.done_by, task.done_at is not None) == (marketer, True)
    assert tasks.reopen(task)
    assert not tasks.reopen(task)
    task.refresh_from_db()
    assert (task.done_by, task.done_at) == (None, None)


def test_written_down_from_the_card_and_done_there(
    marketer_client: Client, liisa: Contact, seller: Salesperson
) -> None:
    new = "/tasks/new/?contact=C1"
    assert marketer_client.get(new).context["form"].initial["salesperson"] == seller
    typed = {"description": "Send <prices>", "due": day(-2).isoformat(), "salesperson": seller.pk}
    answer = marketer_client.post(new, typed)
    assert answer.headers["Location"] == liisa.get_absolute_url()
    task = Task.objects.get()
    assert (task.contact, task.by.username if task.by else "") == (liisa, "marketer")
    for page in (liisa.get_absolute_url(), "/tasks/", "/tasks/all/", "/"):
        shown = marketer_client.get(page).content.decode()
        assert "Send &lt;prices&gt;" in shown, page
        assert f"/tasks/{task.pk}/done/" in shown, page
        assert ("Overdue" if page == "/tasks/" else "overdue") in shown, page
    done = marketer_client.post(f"/tasks/{task.pk}/done/", {"next": "/contacts/C1/"})
    assert done.headers["Location"] == "/contacts/C1/"
    assert f"/tasks/{task.pk}/" not in marketer_client.get("/contacts/C1/").content.decode()
    assert f"/tasks/{task.pk}/reopen/" in marketer_client.get("/tasks/").content.decode()
    away = marketer_client.post(f"/tasks/{task.pk}/reopen/", {"next": "https://evil.example/"})
    assert away.headers["Location"] == "/tasks/"


def test_from_an_entry_it_remembers_the_entry_and_its_segment(
    marketer_client: Client, logged: LoggedSegment
) -> None:
    entry = InteractionLogEntry.objects.filter(logged_segment=logged)[0]
    typed = {"description": "Ask again", "due": "2026-06-01"}
    marketer_client.post(f"/tasks/new/?entry={entry.pk}", typed)
    task = Task.objects.get()
    assert (task.entry, task.contact) == (entry, entry.contact)
    assert task.segment_number == logged.segment_number


def test_from_a_line_it_remembers_the_segment(marketer_client: Client, liisa: Contact) -> None:
    typed = {"description": "Ask again", "due": "2026-06-01"}
    for asked, kept in (("SM00001", "SM00001"), ("a/b", ""), ("%00", "")):
        marketer_client.post(f"/tasks/new/?contact=C1&segment={asked}", typed)
        assert Task.objects.latest("pk").segment_number == kept


def test_without_a_contact_it_asks_for_one(marketer_client: Client, liisa: Contact) -> None:
    typed = {"description": "Call", "due": "2026-06-01"}
    for odd in ("", "?contact=NOBODY", "?contact=%00", "?entry=x", "?entry=99999999"):
        shown = marketer_client.post(f"/tasks/new/{odd}", typed)
        assert list(shown.context["form"].errors) == ["contact"], odd
    assert marketer_client.post("/tasks/new/", {**typed, "contact": "C1"}).status_code == 302
    assert Task.objects.get().contact == liisa


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"description": ""}, "description"),
        ({"description": "x" * 201}, "description"),
        ({"due": "soon"}, "due"),
        ({"due": ""}, "due"),
        ({"salesperson": "99999"}, "salesperson"),
    ],
)
def test_wrong_input_is_told_and_writes_nothing(
    marketer_client: Client, liisa: Contact, change: dict[str, str], field: str
) -> None:
    typed = {"description": "Call", "due": "2026-06-01", **change}
    shown = marketer_client.post("/tasks/new/?contact=C1", typed)
    assert list(shown.context["form"].errors) == [field]
    assert not Task.objects.exists()


def test_it_is_changed_and_deleted(marketer_client: Client, liisa: Contact) -> None:
    task = Task.objects.create(contact=liisa, description="Call")
    typed = {"description": "Write", "due": "2026-06-01"}
    assert marketer_client.post(f"/tasks/{task.pk}/", typed).status_code == 302
    task.refresh_from_db()
    assert (task.description, task.due) == ("Write", datetime.date(2026, 6, 1))
    assert marketer_client.get(f"/tasks/{task.pk}/delete/").status_code == 200
    assert marketer_client.post(f"/tasks/{task.pk}/delete/").status_code == 302
    assert not Task.objects.exists()


def test_the_list_filters(marketer_client: Client, liisa: Contact) -> None:
    for text, days, done in (("late", -1, False), ("soon", 1, False), ("over", -1, True)):
        Task.objects.create(
            contact=liisa, description=text, due=day(days), segment_number=f"S-{text}",
            done_at=timezone.now() if done else None,
        )  # fmt: skip
    for query, expected in (
        ("state=open", ["late", "soon"]),
        ("state=overdue", ["late"]),
        ("state=done", ["over"]),
        ("segment=S-soon", ["soon"]),
        ("search=LAT", ["late"]),
        ("contact=C1&state=done&state=overdue", ["late", "over"]),
        ("state=odd", []),
        ("odd=1", []),
    ):
        rows = marketer_client.get(f"/tasks/all/?{query}").context["rows"]
        assert sorted(row.description for row in rows) == expected, query


def test_lists_cost_the_same_for_one_and_for_three(marketer_client: Client, marketer: User) -> None:
    counts: dict[str, list[int]] = {}
    for many in (1, 3):
        for number in range(many):
            contact = Contact.objects.create(name=f"C{many}-{number}")
            Task.objects.create(contact=contact, description="x", by=marketer)
        for page in ("/tasks/", "/tasks/all/", "/"):
            with CaptureQueriesContext(connection) as captured:
                marketer_client.get(page)
            counts.setdefault(page, []).append(len(captured))
    assert all(one == three for one, three in counts.values()), counts


def test_a_reader_sees_and_changes_nothing(
    reader_client: Client, client: Client, marketer_client: Client, liisa: Contact
) -> None:
    task = Task.objects.create(contact=liisa, description="Call")
    assert reader_client.get("/tasks/all/").status_code == 200
    assert reader_client.get("/tasks/").status_code == 200
    verbs: list[Any] = [f"/tasks/{task.pk}/{verb}" for verb in ("", "delete/", "done/", "reopen/")]
    for address in ("/tasks/new/?contact=C1", *verbs):
        assert reader_client.post(address, {}).status_code == 403
        assert client.post(address, {}).status_code == 302
    for missing in ("/tasks/99999/", "/tasks/99999/delete/", "/tasks/99999/done/"):
        assert marketer_client.post(missing, {}).status_code == 404
    assert marketer_client.get(f"/tasks/{task.pk}/done/").status_code == 405
    assert Task.objects.filter(done_at=None).count() == 1


def test_a_double_click_writes_one_task(marketer_client: Client, liisa: Contact) -> None:
    """Each form has a value of its own: the same form sent twice is one task, two forms are two."""
    page = f"/tasks/new/?contact={liisa.number}"
    first, second = (marketer_client.get(page).context["once"] for _time in range(2))
    assert first != second
    typed = {"description": "Call", "due": str(day(0))}
    for once in (first, first, second):
        answer = marketer_client.post(page, {**typed, "once": once})
        assert answer.headers["Location"] == liisa.get_absolute_url()
    assert Task.objects.count() == 2
    shown = marketer_client.post(page, {**typed, "description": "", "once": first})
    assert shown.context["once"] == first
    assert f'value="{first}"' in shown.content.decode()


def test_a_double_click_on_a_task_for_a_contact_yet_to_be_named(
    marketer_client: Client, liisa: Contact
) -> None:
    once = marketer_client.get("/tasks/new/").context["once"]
    typed = {"contact": liisa.number, "description": "Call", "due": str(day(0)), "once": once}
    answers = [marketer_client.post("/tasks/new/", typed, follow=True) for _time in range(2)]
    assert Task.objects.count() == 1
    assert "Your first click wrote it down already." in answers[1].content.decode()


def test_contacts_are_listed_by_their_next_task(marketer_client: Client) -> None:
    """The next open task counts, not a later one and not one that is done."""
    for name, days in (("Soon", (0, 40)), ("Later", (40,)), ("Idle", ())):
        contact = Contact.objects.create(number=name, name=name)
        for due in days:
            Task.objects.create(contact=contact, description="Call", due=day(due))
        Task.objects.create(contact=contact, description="Done", done_at=timezone.now())

    def listed(**asked: str) -> list[str]:
        page = marketer_client.get("/contacts/", asked)
        assert page.context["filterset"].form.errors == {}
        return sorted(one.name for one in page.context["object_list"])

    assert listed(next_task_to=day(9).isoformat()) == ["Soon"]
    assert listed(next_task_from=day(10).isoformat()) == ["Later"]
    assert listed(next_task_never="on") == ["Idle"]
    assert listed() == ["Idle", "Later", "Soon"]


def test_a_wrong_day_of_a_next_task_is_told(marketer_client: Client) -> None:
    page = marketer_client.get("/contacts/", {"next_task_from": "tomorrow"})
    assert list(page.context["filterset"].form.errors) == ["next_task"]
