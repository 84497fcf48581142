"""The user and his rights: as Django answers, with fewer questions."""

from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.access import Backend
from crm.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody(marketer: User) -> User:
    """Rights of a group, and one of his own that the group has, too."""
    for name in ("view_contact", "delete_contact"):
        marketer.user_permissions.add(Permission.objects.get(codename=name))
    return marketer


@pytest.mark.parametrize("change", [{}, {"is_superuser": True}, {"is_active": False}])
def test_rights_are_those_that_django_finds(somebody: User, change: dict[str, Any]) -> None:
    User.objects.filter(pk=somebody.pk).update(**change)
    one, other = (User.objects.get(pk=somebody.pk) for _both in range(2))
    assert Backend().get_all_permissions(one) == ModelBackend().get_all_permissions(other)
    assert Backend().get_all_permissions(one, obj=somebody) == set()


def test_nobody_has_no_rights() -> None:
    assert Backend().get_all_permissions(AnonymousUser()) == set()


def test_rights_cost_one_statement(somebody: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert somebody.has_perm("crm.delete_contact")
        assert somebody.has_perm("crm.change_contact")
        assert not somebody.has_perm("crm.delete_campaign")
    assert len(asked) == 1


def test_a_user_comes_with_the_number_of_his_jobs(marketer: User, reader: User) -> None:
    for user, state in (
        (marketer, JobState.QUEUED),
        (marketer, JobState.RUNNING),
        (marketer, JobState.DONE),
        (reader, JobState.RUNNING),
    ):
        Job.objects.create(kind="x", user=user, state=state)
    found: Any = Backend().get_user(marketer.pk)
    assert (found, found.active_jobs) == (marketer, 2)


def test_who_is_gone_or_put_out_is_nobody(marketer_client: Client, marketer: User) -> None:
    assert Backend().get_user(0) is None
    User.objects.filter(pk=marketer.pk).update(is_active=False)
    assert Backend().get_user(marketer.pk) is None
    assert marketer_client.get("/segments/").status_code == 302
