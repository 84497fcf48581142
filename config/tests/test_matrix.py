"""The matrix of matrix.py, walked: every address, by GET and by POST, as everybody."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from config.tests.addresses import named_addresses
from config.tests.matrix import ANYONE, MATRIX, NOBODY, ROLES, USER
from segments.demo import load_demo

REFUSED = ("log in", 403)
WRONG_METHOD = 405
LOGIN_PAGES = ("/accounts/login/?", "/admin/login/?")


@pytest.fixture
def everybody(db: None, settings: Any, tmp_path: Path) -> dict[str, Client]:
    """The demo, and a client for each role."""
    settings.MEDIA_ROOT = tmp_path
    load_demo(contacts=60)
    User.objects.create_user(USER)
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role in ROLES[1:]:
        clients[role].force_login(User.objects.get(username=role))
    return clients


def ask(client: Client, method: str, address: str) -> int | str:
    """How an address answers; whatever it wrote is taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(address)
        answer.getvalue()
        transaction.set_rollback(True)
    leads_to = answer.headers.get("Location", "")
    return "log in" if leads_to.startswith(LOGIN_PAGES) else answer.status_code


def may(role: str, least: str) -> bool:
    """Whether a role is that role or a greater one."""
    return least != NOBODY and ROLES.index(role) >= ROLES.index(least)


def fault(role: str, least: str, code: int | str) -> bool:
    """Whether this is the wrong answer to this role."""
    if code == 500:
        return True
    if may(role, least):
        return code in (*REFUSED, WRONG_METHOD)
    return code not in (*REFUSED, *((WRONG_METHOD,) if least == NOBODY else ()))


def test_every_address_has_a_row_and_every_row_an_address(everybody: dict[str, Client]) -> None:
    names = {name for name, _address in named_addresses()}
    assert (sorted(names - set(MATRIX)), sorted(set(MATRIX) - names)) == ([], [])


def test_everybody_may_what_the_matrix_says(everybody: dict[str, Client]) -> None:
    wrong = [
        f"{role} {method} {name}: {code}, least {least}"
        for name, address in list(named_addresses())
        for method, least in zip(("get", "post"), MATRIX[name], strict=True)
        for role in ROLES
        if fault(role, least, code := ask(everybody[role], method, address))
    ]
    assert wrong == []


def test_other_methods_are_nobodys(everybody: dict[str, Client]) -> None:
    """PUT, PATCH and DELETE reach nothing; Django's own generic views take a PUT for a POST."""
    asked = [
        (name, method, ask(everybody[ANYONE], method, address))
        for name, address in list(named_addresses())
        for method in ("put", "patch", "delete")
    ]
    free = {name for name, row in MATRIX.items() if ANYONE in row}
    assert [
        one for one in asked if one[2] not in (*REFUSED, WRONG_METHOD) and one[0] not in free
    ] == []


def test_even_an_administrator_deletes_by_no_delete(everybody: dict[str, Client]) -> None:
    """Django's own page that deletes has a way past the question: found by `make fuzz`."""
    asked = [
        (name, ask(everybody["admin"], "delete", address))
        for name, address in list(named_addresses())
        if name.endswith("_delete")
    ]
    assert len(asked) > 5
    assert [one for one in asked if one[1] != WRONG_METHOD] == []


@pytest.mark.parametrize(
    ("role", "least", "code", "is_fault"),
    [
        ("reader", "reader", 200, False),
        ("reader", "marketer", 403, False),
        ("reader", "marketer", 200, True),
        ("reader", "marketer", 405, True),
        ("manager", "marketer", 403, True),
        ("anyone", "reader", "log in", False),
        ("admin", "-", 405, False),
        ("admin", "-", 200, True),
        ("admin", "reader", 500, True),
    ],
)
def test_a_fault_is_found(role: str, least: str, code: int | str, is_fault: bool) -> None:
    assert fault(role, least, code) is is_fault
