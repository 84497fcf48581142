"""The marketing set-up's own page: who reads, who changes, what is refused, what is kept."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from crm.models import Contact, MarketingSetup, NumberSeries, Salesperson, Salutation, Territory

pytestmark = pytest.mark.django_db
URL = "/set-up/marketing/"


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser posts from the page."""
    series: dict[str, Any] = {}
    for code, (prefix, digits) in NumberSeries.DEFAULTS.items():
        name = code.lower()
        series |= {f"{name}-prefix": prefix, f"{name}-digits": digits, f"{name}-last_number": 0}
        series |= {f"{name}-manual_allowed": "on"}
    return {"company_name": "Lumilahja Oy", "sees": "everybody", **series, **fields}


def test_it_is_saved_with_its_number_series(admin_client: Client) -> None:
    seller = Salesperson.objects.create(code="AK", name="Aino")
    north = Territory.objects.create(code="NORTH")
    data = typed(
        default_salesperson=seller.pk, default_territory=north.pk, inherit_country="on",
        home_page="lumilahja.example", **{"segment-prefix": "S-", "segment-digits": 4},
    )  # fmt: skip
    answer = admin_client.post(URL, data, follow=True)
    assert "The marketing set-up was saved." in answer.content.decode()
    setup = MarketingSetup.load()
    assert (setup.company_name, setup.home_page) == ("Lumilahja Oy", "https://lumilahja.example")
    assert (setup.default_salesperson, setup.default_territory) == (seller, north)
    assert (setup.inherit_country, setup.inherit_language) == (True, False)
    assert NumberSeries.objects.get(code="SEGMENT").written(7) == "S-0007"
    assert NumberSeries.objects.count() == 3


def test_numbers_taken_meanwhile_are_not_given_back(admin_client: Client) -> None:
    Contact.objects.create(name="First")
    data = typed(**{"contact-last_number": 1, "contact-prefix": "K"})
    assert admin_client.get(URL).context["series"][0].next_number == "C000002"
    # Somebody takes numbers between the page and its form: only the prefix was changed in it.
    form = admin_client.get(URL).context["series"][0]
    assert form["last_number"].value() == 1
    admin_client.post(URL, data)
    assert Contact.objects.create(name="Second").number == "K000002"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"default_country": "XX"}, "Select a valid choice."),
        ({"default_salesperson": "999"}, "Select a valid choice."),
        ({"contact-prefix": "C/"}, "Use letters, digits, dots, hyphens and underscores."),
        ({"contact-digits": "0"}, "At least one, and with the prefix at most twenty characters."),
        ({"contact-digits": "20"}, "At least one, and with the prefix at most twenty characters."),
        ({"contact-digits": "many"}, "Enter a whole number."),
        ({"contact-last_number": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"contact-last_number": "9" * 30}, "Ensure this value is less than or equal to"),
        ({"company_name": "x\x00"}, "Null characters are not allowed."),
    ],
)
def test_nonsense_is_told_at_its_field_and_nothing_is_saved(
    admin_client: Client, fields: dict[str, str], said: str
) -> None:
    answer = admin_client.post(URL, typed(city="Oulu", **fields))
    text = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert said in text
    assert 'value="Oulu"' in text
    assert MarketingSetup.load().company_name == ""
    assert NumberSeries.objects.count() == 0


def test_a_blocked_salesperson_is_not_offered_but_kept(admin_client: Client) -> None:
    gone = Salesperson.objects.create(code="TS", name="Gone", blocked=True)
    offered = admin_client.get(URL).context["form"].fields["default_salesperson"].queryset
    assert list(offered) == []
    setup = MarketingSetup.load()
    setup.default_salesperson = gone
    setup.save()
    admin_client.post(URL, typed(default_salesperson=gone.pk))
    assert MarketingSetup.load().default_salesperson == gone


def test_whatever_it_would_change_is_on_the_page(admin_client: Client) -> None:
    """What a browser sends back unchanged changes nothing: also how long things are kept."""
    setup = MarketingSetup.load()
    setup.keep_cancelled, setup.keep_packs, setup.keep_consents = 6, 7, 8
    setup.keep_inactive, setup.erase_inactive = 9, True
    setup.save()
    page = admin_client.get(URL)
    shown = page.content.decode()
    form = page.context["form"]
    data = typed(
        **{name: form[name].value() or "" for name in form.fields if f'name="{name}"' in shown}
    )
    admin_client.post(URL, data | {"company_name": "Lumilahja Oy"})
    setup = MarketingSetup.load()
    kept = (setup.keep_cancelled, setup.keep_packs, setup.keep_consents, setup.keep_inactive)
    assert (setup.company_name, setup.erase_inactive, *kept) == ("Lumilahja Oy", True, 6, 7, 8, 9)


def test_new_contacts_are_greeted_as_it_says(admin_client: Client) -> None:
    dear, firm = (Salutation.objects.create(code=code) for code in ("DEAR", "FIRM"))
    data = typed(default_person_salutation=dear.pk, default_company_salutation=firm.pk)
    admin_client.post(URL, data)
    for kind, name in (("person", {"first_name": "Aino"}), ("company", {"name": "Oy"})):
        admin_client.post("/contacts/new/", {"type": kind, **name})
    admin_client.post(
        "/contacts/new/", {"type": "person", "first_name": "Bo", "salutation": firm.pk}
    )
    found = dict(Contact.objects.values_list("name", "salutation__code"))
    assert found == {"Aino": "DEAR", "Oy": "FIRM", "Bo": "FIRM"}


@pytest.mark.parametrize("name", ["reader_client", "marketer_client", "manager_client"])
def test_others_read_it_and_change_nothing(request: pytest.FixtureRequest, name: str) -> None:
    client = request.getfixturevalue(name)
    page = client.get(URL)
    assert page.status_code == 200
    assert "Only administrators change this page." in page.content.decode()
    assert all(field.disabled for field in page.context["form"].fields.values())
    assert client.post(URL, typed()).status_code == 403
    assert MarketingSetup.load().company_name == ""


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert client.get(URL)["Location"] == f"/accounts/login/?next={URL}"
