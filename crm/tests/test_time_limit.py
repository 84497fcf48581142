"""Questions that are broken off when they take too long, on both databases."""

import pytest
from django.db import OperationalError, connection, transaction

from crm.models import Contact
from crm.sql import TooLong, time_limit

SLOW = {
    "postgresql": "SELECT pg_sleep(10)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
    " SELECT count(*) FROM n",
}


def slow() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SLOW[connection.vendor])


def timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_slow_question_is_broken_off() -> None:
    with pytest.raises(TooLong), time_limit(0.1):
        slow()
    assert Contact.objects.count() == 0


@pytest.mark.django_db
def test_it_works_within_a_transaction(postgres: bool) -> None:
    with transaction.atomic():
        Contact.objects.create(name="Anna", number="A")
        with pytest.raises(TooLong), time_limit(0.1):
            slow()
        with time_limit(30):
            assert Contact.objects.count() == 1
        if postgres:
            assert timeout() == "0"


@pytest.mark.django_db
def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(OperationalError, match="mine"), time_limit(30):
        raise OperationalError("mine")
    with pytest.raises(ValueError, match="yours"), time_limit(30):
        raise ValueError("yours")
