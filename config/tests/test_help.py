"""Every page has a help: what it is for, what to do next, and links that lead somewhere."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from config.tests.addresses import named_addresses
from config.tests.matrix import MATRIX, READER, ROLES
from crm import manual

Demo = Callable[[str], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def pages(client: Client) -> Iterator[tuple[str, str]]:
    """Name and text of each whole page that the site answers a GET with."""
    for name, address in named_addresses():
        if name.startswith("admin:"):
            continue
        answer = client.get(address)
        text = "" if answer.streaming else answer.content.decode(errors="replace")
        answer.close()
        if answer.status_code == 200 and "<html" in text:
            yield name, text


def test_every_page_has_a_help(demo: Demo) -> None:
    """A page named here wants a text in its app's help/: see crm/manual.py."""
    walked = dict(pages(demo("admin"))) | {
        "login": Client().get("/accounts/login/").content.decode()
    }
    assert len(walked) > 90
    without = [name for name, text in walked.items() if text.count('id="help"') != 1]
    assert without == []
    closed = [name for name, text in walked.items() if 'popovertarget="help"' not in text]
    assert closed == []


def test_the_links_of_every_help_lead_to_a_page(demo: Demo) -> None:
    client = demo("admin")
    links: set[str] = set()
    for _name, text in pages(client):
        links |= set(re.findall(r'href="([^"]+)"', text.split('id="help"')[1].split("</aside>")[0]))
    assert len(links) > 30
    assert [link for link in sorted(links) if client.get(link).status_code != 200] == []


def test_no_help_is_of_a_page_that_is_gone(demo: Demo) -> None:
    names = {name for name, _address in named_addresses()}
    tables = {f"admin:{model._meta.app_label}_{model._meta.model_name}" for model in registered()}
    assert set(manual.pages) - names - tables == set()


def registered() -> list[type[Model]]:
    return list(admin.site._registry)


def test_every_table_of_the_administration_has_a_help(admin_client: Client) -> None:
    for model in registered():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert name in manual.pages
        text = admin_client.get(reverse(f"{name}_changelist"), follow=True).content.decode()
        assert str(manual.pages[name].purpose) in unescape(text), name
        assert "object at 0x" not in text


def test_a_link_without_a_right_is_for_everybody_who_sees_the_page() -> None:
    """The matrix says who may GET an address: whoever sees the page, or a reader."""
    wrong = [
        (name, to.view)
        for name, page in manual.pages.items()
        for to in page.links
        if not (to.right or name.startswith("admin:"))
        and ROLES.index(MATRIX[to.view][0]) > max(ROLES.index(READER), ROLES.index(MATRIX[name][0]))
    ]
    assert wrong == []


def test_a_help_offers_only_what_one_may_do(reader_client: Client, marketer_client: Client) -> None:
    def help_of(client: Client) -> str:
        return client.get("/contacts/").content.decode().split('id="help"')[1].split("</aside>")[0]

    assert "/contacts/new/" in help_of(marketer_client)
    assert "/contacts/new/" not in help_of(reader_client)


def test_a_help_is_in_the_readers_language(reader_client: Client) -> None:
    reader_client.cookies["django_language"] = "fi"
    text = reader_client.get("/contacts/").content.decode()
    with translation.override("fi"):
        assert str(manual.pages["crm:contacts"].purpose) in text
    assert "All companies and people" not in text


def test_what_is_not_there_has_no_help(reader_client: Client) -> None:
    answer = reader_client.get("/nowhere/")
    assert answer.status_code == 404
    assert 'id="help"' not in answer.content.decode()
