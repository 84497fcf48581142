"""`python -m config.tests.working`: a worker for tests, that knows a kind of work of their own."""

import os
import sys
import time
from typing import Any


def main() -> None:
    """`manage.py worker` with one more kind of work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    tell_kinds()
    call_command("worker", *sys.argv[1:])


def tell_kinds() -> None:
    """Says what the work `test.rows` is: rows 1..total, ten a chunk, each written once."""
    from django.db import transaction

    from crm import work
    from crm.models import Job, MailingGroup

    @work.kind("test.rows", label="Rows")
    def write_rows(job: Job, progress: work.Progress) -> dict[str, Any]:
        total, name = job.total or 0, job.arguments["name"]
        for start in range(job.position or 0, total, 10):
            end = min(start + 10, total)
            with transaction.atomic():
                MailingGroup.objects.bulk_create(
                    MailingGroup(code=f"{name}{number}", description=str(os.getpid()))
                    for number in range(start, end)
                )
                time.sleep(job.arguments.get("pause", 0.002))
                progress(end, total, position=end)
        return {"rows": total}


if __name__ == "__main__":
    main()
