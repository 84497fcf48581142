"""Who tries to be somebody else, to learn who is there, or to write what no form asks for."""

from pathlib import Path
from typing import Any

import lxml.html
import pytest
from django import forms
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from config.tests.addresses import named_addresses
from config.tests.matrix import ANYONE, MATRIX, NOBODY
from crm.models import Contact
from segments.demo import load_demo
from segments.models import Segment

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
NEW = "a-long-enough-one"


def sign_in(client: Client, name: str = "marketer", password: str = "secret") -> Any:
    return client.post(LOGIN, {"username": name, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/campaigns/").status_code == 200


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed: what takes the time of signing in."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).times += 1
        return super().encode(password, salt)


def test_signing_in_begins_a_session_of_its_own(client: Client, marketer: User) -> None:
    """Whoever planted a session in somebody's browser has nothing of it."""
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key or ""
    assert sign_in(client).status_code == 302
    assert client.cookies["sessionid"].value != planted.session_key
    attacker = Client()
    attacker.cookies["sessionid"] = planted.session_key or ""
    assert is_in(client)
    assert not is_in(attacker)


def test_a_session_ends_with_signing_out(marketer_client: Client) -> None:
    stolen = Client()
    stolen.cookies["sessionid"] = marketer_client.cookies["sessionid"].value
    assert is_in(stolen)
    marketer_client.post("/accounts/logout/")
    assert not is_in(stolen)


def test_a_new_password_ends_all_other_sessions(marketer_client: Client, marketer: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(marketer)
    data = {"old_password": "secret", "new_password1": NEW, "new_password2": NEW}
    assert marketer_client.post("/accounts/password/", data).status_code == 302
    assert is_in(marketer_client)
    assert not is_in(elsewhere)


def test_a_password_set_by_the_administration_ends_them_too(
    marketer_client: Client, marketer: User, admin_client: Client
) -> None:
    url = f"/admin/auth/user/{marketer.pk}/password/"
    data = {"usable_password": "true", "password1": NEW, "password2": NEW}
    assert admin_client.post(url, data).status_code == 302
    assert not is_in(marketer_client)


def test_rights_that_are_taken_away_are_gone_at_once(
    marketer_client: Client, marketer: User
) -> None:
    assert marketer_client.get("/segments/new/").status_code == 200
    marketer.groups.set([Group.objects.get(name="reader")])
    assert marketer_client.get("/segments/new/").status_code == 403


def test_cookies_are_for_this_site_and_for_no_script(
    client: Client, marketer: User, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get(LOGIN)
    sign_in(client)
    session, token = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (session["httponly"], session["secure"], session["samesite"]) == (True, True, "Lax")
    assert (token["secure"], token["samesite"]) == (True, "Lax")


def test_who_exists_is_not_told_by_signing_in(
    client: Client, marketer: User, reader: User, settings: Any
) -> None:
    """The same page, and the same work, for a wrong name, a wrong password, one kept out."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    for user in (marketer, reader):
        user.set_password("secret")
        user.save()
    User.objects.filter(pk=reader.pk).update(is_active=False)
    pages, work = [], []
    tries = (("nobody", "guess"), ("marketer", "guess"), ("reader", "guess"), ("reader", "secret"))
    for name, password in tries:
        CountingHasher.times = 0
        answer = sign_in(client, name, password)
        assert answer.status_code == 200
        pages.append(answer.context["form"].errors.as_text())
        work.append(CountingHasher.times)
    assert len(set(pages)) == 1
    assert work == [1] * len(tries)


def test_a_stranger_learns_no_numbers(client: Client, contact_number: str) -> None:
    """What is there and what is not answer him alike."""
    for address in ("/contacts/{}/", "/contacts/{}/edit/", "/segments/{}/", "/logged-segments/{}/"):
        there, nowhere = (address.format(one) for one in (contact_number, "X999"))
        answers = [client.get(one) for one in (there, nowhere)]
        assert [one.status_code for one in answers] == [302, 302]
        assert answers[0]["Location"].replace(there, nowhere) == answers[1]["Location"]


@pytest.fixture
def contact_number() -> str:
    return Contact.objects.create(name="Somebody").number


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80", ""])
def test_a_foreign_host_is_not_believed(client: Client, host: str) -> None:
    assert client.get(LOGIN, HTTP_HOST=host or "@").status_code == 400


def test_a_forwarded_host_is_not_believed(client: Client) -> None:
    page = client.get(LOGIN, HTTP_X_FORWARDED_HOST="evil.example").content.decode()
    assert "evil.example" not in page


def test_every_post_wants_the_token(settings: Any, tmp_path: Any) -> None:
    """A page elsewhere posts in one's name: refused, but where a mail program must do without."""
    settings.MEDIA_ROOT = tmp_path
    load_demo(contacts=60)
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(User.objects.get(username="admin"))
    posted = [
        (name, strict.post(address, headers={"Referer": "https://evil.example/"}).status_code)
        for name, address in list(named_addresses())
        if MATRIX[name][1] != NOBODY
    ]
    assert len(posted) > 100
    let_in = {name for name, status in posted if status != 403}
    assert let_in == {"interactions:unsubscribe"}
    assert MATRIX["interactions:unsubscribe"] == (ANYONE, ANYONE)


def every_form() -> list[type[forms.ModelForm]]:
    """All forms of rows that the program's own code has."""
    found: list[Any] = []
    todo: list[Any] = [forms.ModelForm]
    while todo:
        for one in todo.pop().__subclasses__():
            todo.append(one)
            if one.__module__.split(".")[0] in ("crm", "interactions", "segments"):
                found.append(one)
    return [one for one in found if one._meta.model is not None]


# What only operations write, whatever a request says.
NEVER_ASKED = {
    *("id", "by", "user", "created_at", "changed_at", "current_step", "follows", "logged_at"),
    *("sha256", "seal", "proof", "digest", "is_superuser", "is_staff", "sort_key", "search_text"),
    *("delivery", "delivery_by", "delivered_to", "cancelled", "added_step", "removed_step"),
}


def test_forms_name_the_columns_that_they_write() -> None:
    assert len(every_form()) > 8
    for form in every_form():
        assert form._meta.fields != forms.ALL_FIELDS, form
        assert set(form.base_fields) & NEVER_ASKED == set(), form


def test_what_no_form_asks_for_is_not_written(marketer_client: Client, marketer: User) -> None:
    segment = Segment.objects.create(description="Mine", by=marketer)
    other = User.objects.create_user("other")
    extra = {"id": "99", "number": "X1", "current_step": "7", "follows": "1", "by": str(other.pk)}
    url = reverse("segments:segment_edit", args=[segment.number])
    page: Any = lxml.html.fromstring(marketer_client.get(url).content.decode())
    shown = dict(page.xpath("//main//form[@method='post']")[-1].form_values())
    sent = {**shown, "description": "Yours", **extra}
    assert marketer_client.post(url, sent).status_code == 302
    now = Segment.objects.get()
    assert (now.pk, now.number, now.current_step, now.by) == (
        segment.pk, segment.number, 0, marketer,
    )  # fmt: skip
    assert now.description == "Yours"
    data = {"old_password": "secret", "new_password1": NEW, "new_password2": NEW}
    rights = {"is_superuser": "on", "is_staff": "on", "groups": "4", "username": "boss"}
    assert marketer_client.post("/accounts/password/", data | rights).status_code == 302
    marketer.refresh_from_db()
    assert (marketer.is_superuser, marketer.is_staff, marketer.username) == (
        False,
        False,
        "marketer",
    )
    assert marketer.groups.get().name == "marketer"


def test_an_administrator_who_is_no_superuser_makes_none() -> None:
    """Neither by the form for a new user, nor by rights that he gives himself."""
    helper = User.objects.create_user("helper", password="secret", is_staff=True)
    helper.groups.add(Group.objects.get(name="admin"))
    client = Client()
    client.force_login(helper)
    new = {"username": "new", "usable_password": "true", "password1": NEW, "password2": NEW}
    client.post("/admin/auth/user/add/", new | {"is_superuser": "on", "is_staff": "on"})
    assert User.objects.get(username="new").is_superuser is False
    page = client.get(f"/admin/auth/user/{helper.pk}/change/").content.decode()
    assert 'name="is_superuser"' not in page


def test_a_flood_of_fields_is_refused(marketer_client: Client) -> None:
    many = {f"f{number}": "x" for number in range(2000)}
    assert marketer_client.post("/segments/new/", many).status_code == 400


def test_addresses_in_mails_are_not_taken_from_a_request() -> None:
    """Of the request's host nothing is made but the check where one may go on."""
    for app in ("crm", "interactions", "segments"):
        for file in Path(configured.BASE_DIR, app).rglob("*.py"):
            assert "build_absolute_uri" not in file.read_text(), file
