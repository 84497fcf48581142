"""Signing in is throttled: guessing ends soon, for that name from that address alone."""

import datetime
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from config.middleware import client_address

LOGIN = "/accounts/login/"


def guess(client: Client, name: str = "marketer", **address: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": "guess"}, **address)


def sign_in(client: Client, name: str = "marketer", **address: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": "secret"}, **address)


@pytest.fixture
def locked(client: Client, marketer: User) -> Client:
    """Somebody who has guessed too often."""
    for _attempt in range(9):
        assert guess(client).status_code == 200
    assert guess(client).status_code == 429
    return client


def test_after_ten_guesses_even_the_right_password_waits(locked: Client) -> None:
    answer = sign_in(locked)
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.content.decode()


def test_the_page_speaks_the_readers_language(locked: Client) -> None:
    answer = locked.post(
        LOGIN, {"username": "marketer", "password": "x"}, HTTP_ACCEPT_LANGUAGE="fi"
    )
    assert (answer.status_code, '<html lang="fi"' in answer.content.decode()) == (429, True)


def test_others_are_not_locked_out(locked: Client, reader: User) -> None:
    assert sign_in(locked, "reader").status_code == 302


def test_elsewhere_the_same_name_signs_in(locked: Client) -> None:
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302


def test_nobody_escapes_by_a_header_of_his_own(locked: Client) -> None:
    assert sign_in(locked, HTTP_X_FORWARDED_FOR="192.0.2.9").status_code == 429


def by(proxies: str) -> dict[str, Any]:
    """What proxies have noted of a request that comes from the last of them."""
    return {"HTTP_X_FORWARDED_FOR": proxies, "REMOTE_ADDR": "10.0.0.1"}


@pytest.mark.parametrize(("count", "before"), [(1, ""), (2, ""), (1, "192.0.2.8, ")])
def test_behind_proxies_everybody_has_an_address_of_his_own(
    client: Client, marketer: User, settings: Any, count: int, before: str
) -> None:
    """Whatever the guesser writes before it himself."""
    settings.PROXIES = count
    after = ", 10.0.0.2" * (count - 1)
    for attempt in range(10):
        forged = before and f"192.0.2.{100 + attempt}, "
        answer = guess(client, **by(f"{forged}192.0.2.7{after}"))
    assert answer.status_code == 429
    assert sign_in(client, **by(f"{before}192.0.2.7{after}")).status_code == 429
    assert sign_in(Client(), **by(f"192.0.2.9{after}")).status_code == 302


@pytest.mark.parametrize("noted", ["", "nonsense", "192.0.2.7"])
def test_what_no_proxy_noted_is_the_other_end(
    rf: RequestFactory, settings: Any, noted: str
) -> None:
    settings.PROXIES = 2 if noted == "192.0.2.7" else 1
    assert client_address(rf.get("/", **by(noted))) == "10.0.0.1"


def test_the_pause_ends(locked: Client) -> None:
    """The time of the guesses is put back, for nobody waits here."""
    AccessAttempt.objects.update(
        attempt_time=datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=16)
    )
    assert sign_in(locked).status_code == 302


def test_a_right_password_forgets_the_guesses(client: Client, marketer: User) -> None:
    for _attempt in range(9):
        guess(client)
    sign_in(client)
    client.post("/accounts/logout/")
    assert guess(client).status_code == 200


def test_the_administration_is_throttled_too(client: Client, admin: User) -> None:
    data = {"username": "admin", "password": "guess"}
    codes = [client.post("/admin/login/", data).status_code for _attempt in range(11)]
    assert (codes[0], codes[-1]) == (200, 429)
