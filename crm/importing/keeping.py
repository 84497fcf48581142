"""How long files of contacts and what was read of them are kept."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.models import ContactImport, RefusedRow
from crm.models.job import ACTIVE
from crm.storage import after_commit
from crm.work.files import delete_file, delete_orphans

FOLDER = "imports"
SAMPLES = ("new", "changed", "alike")


def tidy() -> None:
    """Takes the files and the persons out of old imports; very old ones go whole."""
    now = timezone.now()
    forget_all(before=now - timedelta(days=settings.JOB_FILE_DAYS))
    ContactImport.objects.filter(
        created_at__lt=now - timedelta(days=settings.JOB_DAYS), file=""
    ).delete()
    known = ContactImport.objects.values_list("file", flat=True)
    delete_orphans(FOLDER, set(known), now - timedelta(days=1))


def forget_all(before: datetime | None = None) -> int:
    """Takes the persons out of all imports that are not at work, or of old ones; how many."""
    there = ContactImport.objects.exclude(file="").exclude(job__state__in=ACTIVE)
    found = list(there.filter(created_at__lt=before) if before else there)
    for given in found:
        forget(given)
    return len(found)


@transaction.atomic
def forget(given: ContactImport) -> None:
    """Only numbers stay: the file and all that names somebody goes."""
    path = given.file.name
    RefusedRow.objects.filter(of=given).delete()
    given.file, given.sample = "", []
    if given.trial is not None:
        given.trial = {key: one for key, one in given.trial.items() if key not in SAMPLES}
    given.save(update_fields=["file", "sample", "trial"])
    if path:
        after_commit(partial(delete_file, path))
