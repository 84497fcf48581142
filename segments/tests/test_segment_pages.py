"""The list of segments; making and deleting one; the admin's look-up."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Campaign, Contact, MarketingSetup, Salesperson
from interactions.models import InteractionTemplate
from segments import worksheet
from segments.models import Segment, SegmentLine
from segments.tests.conftest import everybody, statements

LIST = reverse("segments:segments")
NEW = reverse("segments:segment_create")


def delete_url(segment: Segment) -> str:
    return reverse("segments:segment_delete", args=[segment.number])


@pytest.mark.usefixtures("template")
def test_the_list_tells_lines_from_the_step_at_the_pointer(
    reader_client: Client, segment: Segment, marketer: User, contact: Callable[..., Contact]
) -> None:
    contact("Leaky Lee", exclude_from_segment=True)
    contact("Anna")
    contact("Bo")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    Segment.objects.create(description="Empty", by=marketer)
    html = reader_client.get(LIST).content.decode()
    assert "Spring letter" in html
    assert '<td class="num">2</td>' in html
    assert '<td class="num">0</td>' in html
    assert NEW not in html
    worksheet.go_back(segment, by=marketer)
    assert '<td class="num">2</td>' not in reader_client.get(LIST).content.decode()


def test_the_list_filters_and_sorts(
    reader_client: Client, segment: Segment, marketer: User, salesperson: Salesperson
) -> None:
    Segment.objects.create(description="Autumn letter", by=marketer)
    found = reader_client.get(LIST, {"search": "SPRING"}).context["rows"]
    assert [one.description for one in found] == ["Spring letter"]
    found = reader_client.get(LIST, {"salesperson": salesperson.code}).context["rows"]
    assert [one.description for one in found] == ["Spring letter"]
    found = reader_client.get(LIST, {"sort": "lines"}).context["rows"]
    assert [one.description for one in found] == ["Spring letter", "Autumn letter"]


def test_the_list_costs_the_same_for_one_and_for_three(
    reader_client: Client, segment: Segment, marketer: User, template: InteractionTemplate
) -> None:
    one = statements(lambda: reader_client.get(LIST))
    for _number in range(2):
        campaign = Campaign.objects.create(description="Spring")
        Segment.objects.create(template=template, campaign=campaign, by=marketer)
    assert statements(lambda: reader_client.get(LIST)) == one


def test_a_segment_is_made(
    marketer_client: Client, marketer: User, template: InteractionTemplate
) -> None:
    mine = Salesperson.objects.create(code="ME", name="Me", user=marketer)
    form = marketer_client.get(NEW).context["form"]
    assert form["salesperson"].value() == mine.pk
    answer = marketer_client.post(
        NEW,
        {
            "description": "Summer",
            "date": "2026-06-01",
            "salesperson": mine.pk,
            "template": template.pk,
        },
        follow=True,
    )
    made = Segment.objects.get()
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]
    assert (made.description, str(made.date), made.salesperson, made.template, made.by) == (
        "Summer",
        "2026-06-01",
        mine,
        template,
        marketer,
    )
    assert f"Segment {made.number} was created" in answer.content.decode()


def test_the_salesperson_of_the_set_up_stands_in(
    marketer_client: Client, salesperson: Salesperson
) -> None:
    setup = MarketingSetup.load()
    setup.default_salesperson = salesperson
    setup.save()
    assert marketer_client.get(NEW).context["form"]["salesperson"].value() == salesperson.pk


def test_a_view_of_contacts_becomes_a_segment(
    marketer_client: Client, reader_client: Client, contact: Callable[..., Contact]
) -> None:
    contact("Anna", type="person", city="Espoo")
    contact("Bo", type="person", city="Vantaa")
    view = {"search": "an", "city": "Espoo", "created_last": "5", "page": "1", "sort": "-name"}
    page = marketer_client.get(reverse("crm:contacts"), view)
    (action,) = [one for one in page.context["list_actions"] if one.icon == "segments"]
    wanted = f"{NEW}?contact-search=an&contact-city=Espoo&contact-created_last=5"
    assert action.url == wanted
    page = marketer_client.get(wanted)
    assert "City: Espoo" in page.content.decode()
    assert page.context["preview"].new == 1
    refused = marketer_client.post(wanted, {"date": "soon"})
    assert refused.context["preview"].new == 1
    assert not Segment.objects.exists()
    answer = marketer_client.post(wanted, {"date": "2026-06-01"}, follow=True)
    made = Segment.objects.get()
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]
    assert "1 line was added." in answer.content.decode()
    assert [line.contact.name for line in made.lines.all()] == ["Anna"]
    assert NEW not in reader_client.get(reverse("crm:contacts")).content.decode()


@pytest.mark.parametrize("asked", ["contact-territory=GONE", "contact-nothing=x", "contact-city="])
def test_a_view_that_cannot_be_added_is_shown_where_it_can_be_mended(
    marketer_client: Client, contact: Callable[..., Contact], asked: str
) -> None:
    contact("Anna")
    page = marketer_client.get(f"{NEW}?{asked}")
    assert "words" not in page.context
    answer = marketer_client.post(f"{NEW}?{asked}", {"date": "2026-06-01"})
    made = Segment.objects.get()
    assert answer["Location"] == f"{reverse('segments:add', args=[made.number])}?{asked}"
    assert not made.lines.exists()


def test_a_wrong_form_keeps_what_was_typed(
    marketer_client: Client, salesperson: Salesperson
) -> None:
    salesperson.blocked = True
    salesperson.save()
    typed = {"description": "Kept words", "date": "31.31.2026", "salesperson": salesperson.pk}
    answer = marketer_client.post(NEW, typed)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"date", "salesperson"}
    assert "Kept words" in answer.content.decode()
    assert not Segment.objects.exists()


def test_a_reader_makes_and_deletes_nothing(reader_client: Client, segment: Segment) -> None:
    assert reader_client.get(NEW).status_code == 403
    assert reader_client.post(NEW, {"date": timezone.localdate()}).status_code == 403
    assert reader_client.get(delete_url(segment)).status_code == 403
    assert reader_client.post(delete_url(segment)).status_code == 403
    assert Segment.objects.count() == 1


def test_strangers_log_in_first(client: Client, segment: Segment) -> None:
    for url in (LIST, NEW, segment.get_absolute_url(), delete_url(segment), reverse("home")):
        assert client.get(url)["Location"].startswith(reverse("login"))


def test_deleting_names_what_goes(
    marketer_client: Client, marketer: User, segment: Segment, contact: Callable[..., Contact]
) -> None:
    contact("Anna")
    contact("Bo")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    html = marketer_client.get(delete_url(segment)).content.decode()
    assert "will be deleted with its 2 lines" in html
    assert Segment.objects.exists()
    answer = marketer_client.post(delete_url(segment), follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert f"Segment {segment.number} was deleted with 2 lines." in answer.content.decode()
    assert (Segment.objects.count(), SegmentLine.objects.count(), Contact.objects.count()) == (
        0,
        0,
        2,
    )
    assert marketer_client.post(delete_url(segment)).status_code == 404


def test_the_admin_only_looks(admin_client: Client, segment: Segment) -> None:
    page = reverse("admin:segments_segment_changelist")
    assert "Spring letter" in admin_client.get(page).content.decode()
    one = reverse("admin:segments_segment_change", args=[segment.pk])
    assert admin_client.get(one).status_code == 200
    assert admin_client.post(one, {"description": "Changed"}).status_code == 403
    assert admin_client.get(reverse("admin:segments_savedcriteria_changelist")).status_code == 200
