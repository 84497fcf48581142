"""The frame: navigation by rights, language, theme, log-in, errors, sign of life, and headers."""

import re
from html import unescape
from http.cookies import SimpleCookie

import pytest
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def links(html: str) -> list[str]:
    """The addresses of the left navigation."""
    navigation = html.split('id="navigation"')[1].split("</nav>", maxsplit=1)[0]
    return re.findall(r'<a href="([^"]*)"', navigation)


def test_the_navigation_shows_what_one_may_see(
    reader_client: Client, admin_client: Client, client: Client
) -> None:
    shown = links(reader_client.get("/campaigns/").content.decode())
    assert [link for link in shown if link in ("/", "/contacts/", "/campaigns/", "/admin/")] == [
        "/",
        "/contacts/",
        "/campaigns/",
    ]
    assert "/admin/" in links(admin_client.get("/campaigns/").content.decode())
    from django.contrib.auth.models import User

    client.force_login(User.objects.create_user("nobody"))
    assert links(client.get("/search/").content.decode()) == ["/"]


def test_the_page_that_is_open_is_marked(reader_client: Client) -> None:
    html = reader_client.get("/campaigns/?status=active").content.decode()
    marked = re.findall(r'<a href="([^"]*)" aria-current="page"', html)
    assert marked == ["/campaigns/"]


def test_a_page_has_one_heading_landmarks_and_a_way_past_them(reader_client: Client) -> None:
    html = reader_client.get("/campaigns/").content.decode()
    for once in ("<h1>", "<main ", "<title>", 'class="skip"', 'id="navigation"'):
        assert html.count(once) == 1, once


def test_everything_wants_a_log_in_but_what_must_not(client: Client) -> None:
    for path in ("/", "/search/", "/accounts/password/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/healthz").status_code == 200


def test_one_logs_in_goes_on_and_logs_out(client: Client, marketer: object) -> None:
    data = {"username": "marketer", "password": "secret", "next": "/campaigns/"}
    wrong = client.post("/accounts/login/", {**data, "password": "guess"})
    assert "Please enter a correct username and password." in wrong.content.decode()
    assert client.post("/accounts/login/", data)["Location"] == "/campaigns/"
    assert client.get("/accounts/login/")["Location"] == "/"
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/campaigns/").status_code == 302


def test_one_never_goes_on_to_another_site(client: Client, marketer: object) -> None:
    data = {"username": "marketer", "password": "secret", "next": "https://elsewhere.example/"}
    assert client.post("/accounts/login/", data)["Location"] == "/"
    theme = {"theme": "dark", "next": "https://elsewhere.example/"}
    assert client.post("/theme/", theme)["Location"] == "/"
    assert client.post("/theme/", {**theme, "next": "//elsewhere.example"})["Location"] == "/"


def test_the_password_can_be_changed(marketer_client: Client, marketer: object) -> None:
    data = {"old_password": "wrong", "new_password1": "x", "new_password2": "y"}
    answer = marketer_client.post("/accounts/password/", data)
    assert set(answer.context["form"].errors) == {"old_password", "new_password2"}
    new = {"new_password1": "a-long-enough-one", "new_password2": "a-long-enough-one"}
    answer = marketer_client.post("/accounts/password/", {"old_password": "secret", **new})
    assert answer["Location"] == "/accounts/password/done/"
    assert "Your password was changed." in marketer_client.get(answer["Location"]).content.decode()


def test_the_language_is_switched_also_before_the_log_in(client: Client) -> None:
    assert '<html lang="en"' in client.get("/accounts/login/").content.decode()
    data = {"language": "fi", "next": "/accounts/login/"}
    assert client.post("/i18n/setlang/", data)["Location"] == "/accounts/login/"
    html = client.get("/accounts/login/").content.decode()
    assert '<html lang="fi"' in html
    assert 'name="language" value="en" lang="en"' in html


@pytest.mark.parametrize(
    ("cookies", "painted", "chosen"),
    [
        ({}, "light", "auto"),
        ({"theme": "dark"}, "dark", "dark"),
        ({"theme": "light", "theme_seen": "dark"}, "light", "light"),
        ({"theme": "auto", "theme_seen": "dark"}, "dark", "auto"),
        ({"theme": '"><script>', "theme_seen": "x"}, "light", "auto"),
    ],
)
def test_the_theme_comes_from_a_cookie(
    client: Client, cookies: dict[str, str], painted: str, chosen: str
) -> None:
    client.cookies = SimpleCookie(cookies)
    html = client.get("/accounts/login/").content.decode()
    assert f'data-bs-theme="{painted}" data-theme="{chosen}"' in html


def test_the_theme_is_remembered_and_nonsense_is_not(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": "/campaigns/?page=2"})
    assert (answer["Location"], answer.cookies["theme"].value) == ("/campaigns/?page=2", "dark")
    assert "theme" not in client.post("/theme/", {"theme": "pink"}).cookies
    assert client.get("/theme/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"}).status_code == 403


def test_a_sign_of_life_says_nothing_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")

    def broken(*args: object) -> None:
        raise DatabaseError("secret address")

    monkeypatch.setattr(connection, "cursor", broken)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database unavailable")


def test_errors_have_pages_of_their_own(reader_client: Client, client: Client) -> None:
    missing = reader_client.get("/nowhere/")
    assert missing.status_code == 404
    assert "This page does not exist" in missing.content.decode()
    assert "This page does not exist" in client.get("/nowhere/").content.decode()
    refused = reader_client.get("/campaigns/new/")
    assert refused.status_code == 403
    assert "You may not do this" in refused.content.decode()
    strict = Client(enforce_csrf_checks=True)
    stale = strict.post("/accounts/login/", {"username": "x"})
    assert (stale.status_code, "This form was out of date" in stale.content.decode()) == (403, True)


def test_a_crash_shows_a_page_without_its_cause(
    reader_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm.panels import search_providers

    def crash(request: object, words: object) -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setitem(search_providers.entries, "crash", (1, crash))
    reader_client.raise_request_exception = False
    answer = reader_client.get("/search/?q=x")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
    assert "secret cause" not in answer.content.decode()


def test_scripts_and_styles_come_from_ourselves_only(reader_client: Client) -> None:
    answer = reader_client.get("/campaigns/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    html = unescape(answer.content.decode())
    addresses = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"', html)
    assert addresses
    assert [one for one in addresses if not one.startswith("/static/")] == []
