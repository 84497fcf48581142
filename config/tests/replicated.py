"""A session on a database with a replica: run by test_replica.py in a process of its own.

Prints what a writer and another reader see while the replica stands still, and after it went on.
"""

import json
import time
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from crm.models import Contact  # noqa: E402
from segments import worksheet  # noqa: E402
from segments.criteria import Criteria  # noqa: E402
from segments.models import Segment, SegmentLine  # noqa: E402

PATIENCE = 60
COMPANIES = {"contact-type": "company"}
HTMX = {"HX-Request": "true"}


def replica(statement: str) -> object:
    with connections["replica"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def follows(model: Any, count: int) -> bool:
    """Waits until the replica has so many rows."""
    end = time.monotonic() + PATIENCE
    while model.objects.using("replica").count() != count:
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def shows(client: Client) -> bool:
    return b"Written Oy" in client.get("/contacts/").content


class Previews:
    """What Add, Keep only and Remove would do, as one person sees it, by page and while typing."""

    def __init__(self, client: Client, segment: Segment) -> None:
        self.client, self.url = client, segment.get_absolute_url()

    def _numbers(self, answer: Any) -> list[int]:
        return [one["count"] for one in answer.context["numbers"]]

    def page(self, verb: str) -> list[int]:
        return self._numbers(self.client.get(f"{self.url}{verb}/", COMPANIES))

    def live(self, verb: str) -> list[int]:
        return self._numbers(self.client.post(f"{self.url}{verb}/", COMPANIES, headers=HTMX))

    def all(self) -> dict[str, list[list[int]]]:
        """Both ways of each verb."""
        return {verb: [self.page(verb), self.live(verb)] for verb in ("add", "keep", "remove")}

    def is_answered_by(self) -> list[str]:
        """The databases that are asked for contacts meanwhile."""
        found = []
        for name in ("default", "replica"):
            with CaptureQueriesContext(connections[name]) as asked:
                self.all()
            if any('"crm_contact"' in one["sql"] for one in asked):
                found.append(name)
        return found


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def write(client: Client) -> Any:
    """A new company, by its form."""
    form = client.get("/contacts/new/").context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, "")}
    return client.post("/contacts/new/", data | {"type": "company", "name": "Written Oy"})


def while_it_stands_still(told: dict[str, Any], writer: Client, reader: Client) -> None:
    """Who has just written sees it everywhere; another sees what the replica has."""
    segment = Segment.objects.get()
    answer = write(writer)
    told["status"] = answer.status_code
    told["cookie"] = answer.cookies["written"]["max-age"]
    told["writer"], told["reader"] = shows(writer), shows(reader)
    told["writer_may_add"] = Previews(writer, segment).all()["add"]
    told["reader_may_add"] = Previews(reader, segment).all()["add"]
    apply = {**COMPANIES, "action": "apply"}
    writer.post(f"{segment.get_absolute_url()}add/", apply)
    told["writer_previews"] = Previews(writer, segment).all()
    told["reader_previews"] = Previews(reader, segment).all()
    told["writer_asks"] = Previews(writer, segment).is_answered_by()
    told["reader_asks"] = Previews(reader, segment).is_answered_by()
    told["reader_wrote"] = "written" in reader.cookies


def main() -> None:
    setup_test_environment(debug=False)
    call_command("migrate", verbosity=0)
    Contact.objects.create(name="First", type="company")
    user = User.objects.create_superuser("admin")
    worksheet.add_contacts(Segment.objects.create(by=user), Criteria(COMPANY), by=user)
    writer, reader = signed_in(user), signed_in(user)
    told: dict[str, Any] = {"follows": follows(SegmentLine, 1)}
    told["standby"] = replica("SELECT pg_is_in_recovery()")
    replica("SELECT pg_wal_replay_pause()::text")
    while_it_stands_still(told, writer, reader)
    replica("SELECT pg_wal_replay_resume()::text")
    told["caught_up"] = follows(Contact, 2) and follows(SegmentLine, 2)
    told["reader_later"] = shows(reader)
    told["reader_previews_later"] = Previews(reader, Segment.objects.get()).all()
    del writer.cookies["written"]
    told["writer_later"] = shows(writer)
    print(json.dumps(told))


COMPANY = {"contact": {"type": ["company"]}}
main()
