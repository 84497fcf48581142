"""An import whose worker is killed, really: another one ends it, and each row goes in once."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from config.tests.processes import kill, wait_until, worker, workers
from crm import work
from crm.importing import running
from crm.models import Contact, ContactImport, ContactMailingGroup, JobState, MailingGroup

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 2000


@pytest.fixture(autouse=True)
def _own_world(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_killed_import_is_ended_by_another_worker(manager: User) -> None:
    MailingGroup.objects.create(code="GIFT")
    # Every tenth row is refused; without numbers a row that went in twice would be seen.
    lines = (f"Person {n};{'NO' if n % 10 == 0 else 'GIFT'}" for n in range(ROWS))
    given = ContactImport.objects.create(
        user=manager,
        name="many.csv",
        file=ContentFile("\n".join(("name;mailing groups", *lines)).encode(), "many.csv"),
        head=["name", "mailing groups"],
        mapping=["name", "mailing_groups"],
        options={"identify": "new", "empty": "leave", "leave_similar": False},
    )
    running.try_out(given)
    assert not Contact.objects.exists()
    job = work.start("import.contacts", user=manager, given=given.pk)
    with workers(1) as started:
        wait_until(Contact.objects.exists)
        kill(started[0])
        before = Contact.objects.count()
        assert 0 < before < ROWS * 9 // 10
        started[0] = worker()
        wait_until(lambda: not job.__class__.objects.active().exists(), 120)
    job.refresh_from_db()
    given.refresh_from_db()
    assert (job.state, job.done, job.attempts) == (JobState.DONE, ROWS, 2)
    names = Counter(Contact.objects.values_list("name", flat=True))
    assert names == Counter(f"Person {n}" for n in range(ROWS) if n % 10)
    assert ContactMailingGroup.objects.count() == len(names)
    assert given.result is not None
    assert (given.result["counts"]["new"], given.result["counts"]["refused"]) == (1800, 200)
    assert given.refused.count() == 200
