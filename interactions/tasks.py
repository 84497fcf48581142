"""Tasks: which are whose and when, done and taken back, and for many contacts at once."""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from crm import sight
from crm.models import Salesperson
from crm.sql import insert_from
from interactions.models import Task


def mine(user: Any) -> Q:
    """Those of the salesperson who is this user, and those the user wrote down for nobody."""
    return Q(salesperson__user=user) | Q(salesperson=None, by=user)


def due(user: Any, day: datetime.date) -> QuerySet[Task]:
    """The user's open tasks of that day and before."""
    return Task.objects.filter(mine(user), done_at=None, due__lte=day)


def out_of_sight(user: Any) -> QuerySet[Task]:
    """The user's open tasks about contacts that he does not see; their words may name somebody."""
    waiting = Task.whole.filter(mine(user), done_at=None)
    if sight.now() is None:
        return waiting.none()
    return waiting.exclude(pk__in=Task.objects.order_by().values("pk"))


def finish(task: Task, *, by: User) -> bool:
    """Says that it is done; returns whether it was open until now."""
    open_one = Task.objects.filter(pk=task.pk, done_at=None)
    return bool(open_one.update(done_at=timezone.now(), done_by=by))


def reopen(task: Task) -> bool:
    """Takes that back; returns whether it was done until now."""
    done = Task.objects.filter(pk=task.pk).exclude(done_at=None)
    return bool(done.update(done_at=None, done_by=None))


def add_many(
    rows: QuerySet[Any],
    *,
    contact: str,
    description: str,
    due: datetime.date,
    salesperson: Salesperson | str,
    segment_number: str,
    by: User,
) -> int:
    """One task for each row of a queryset, by one statement; returns how many.

    `contact` names the column with the contact's id, `salesperson` is one for all or a column's.
    """
    column = F(salesperson) if isinstance(salesperson, str) else Value(salesperson.pk)
    columns = {
        "contact": F(contact),
        "description": Value(description),
        "due": due,
        "salesperson": column,
        "segment_number": Value(segment_number),
        "by": Value(by.pk),
        "created_at": Value(timezone.now()),
    }
    return insert_from(Task, rows, columns)
