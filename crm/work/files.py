"""Files of jobs: in the default storage, until they expire."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from crm.models import Job, JobFile
from crm.storage import after_commit
from crm.work.lease import LeaseLost, held

FOLDER = "jobs"


def attach(job: Job, name: str, file: File[Any], *, is_result: bool = True) -> JobFile:
    """Stores a file with a job."""
    stored = File(file, name=os.path.basename(name) or "file")
    return JobFile.objects.create(job=job, name=name[-200:], file=stored, is_result=is_result)


@contextmanager
def new_file(job: Job, name: str) -> Iterator[IO[bytes]]:
    """A file to write; stored with the job when the block ends well, in place of one of its name.

    Raises LeaseLost where another worker has the job by then.
    """
    with tempfile.TemporaryFile() as written:
        yield written
        written.seek(0)
        with transaction.atomic():
            if not Job.objects.select_for_update().filter(held(job)).exists():
                raise LeaseLost
            for old in JobFile.objects.filter(job=job, name=name[-200:], is_result=True):
                delete(old)
            attach(job, name, File(written))


@transaction.atomic
def delete(file: JobFile) -> None:
    """Deletes a file's row, and once that is committed the file."""
    path = file.file.name
    JobFile.objects.filter(pk=file.pk).delete()
    after_commit(partial(delete_file, path))


@transaction.atomic
def delete_all(rows: QuerySet[JobFile]) -> int:
    """Deletes these rows by one statement, and once that is committed the files."""
    gone = dict(rows.order_by().values_list("pk", "file"))
    JobFile.objects.filter(pk__in=gone).delete()
    for path in gone.values():
        after_commit(partial(delete_file, path))
    return len(gone)


def delete_file(path: str | None) -> None:
    """Deletes a file and its folder, which has nothing else in it."""
    assert path is not None
    default_storage.delete(path)
    default_storage.delete(os.path.dirname(path))


def tidy() -> int:
    """Deletes files that have expired, and jobs that ended long ago; returns how many files."""
    now = timezone.now()
    ended = Job.objects.ended().filter(ended_at__lt=now - timedelta(days=settings.JOB_FILE_DAYS))
    files = list(JobFile.objects.filter(job__in=ended.order_by()))
    for file in files:
        delete(file)
    ended.filter(ended_at__lt=now - timedelta(days=settings.JOB_DAYS), files=None).delete()
    known = JobFile.objects.values_list("file", flat=True)
    return len(files) + delete_orphans(FOLDER, set(known), now - timedelta(days=1))


def delete_orphans(folder: str, known: set[str], before: datetime) -> int:
    """Deletes files without a row; returns how many."""
    found = orphans(folder, known, before)
    for path in found:
        delete_file(path)
    return len(found)


def orphans(folder: str, known: set[str], before: datetime) -> list[str]:
    """Files without a row: what a crash, or a storage out of reach, left behind."""
    return [path for path in _stored(folder) if path not in known and _is_older(path, before)]


def _stored(folder: str) -> Iterator[str]:
    """Every file in the folder, each in a place of its own."""
    for place in default_storage.listdir(folder)[0]:
        for name in default_storage.listdir(f"{folder}/{place}")[1]:
            yield f"{folder}/{place}/{name}"


def _is_older(path: str, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < before
    except FileNotFoundError:
        return False
