"""A session on a database with a replica: run by test_replica.py in a process of its own.

Prints what a writer and another reader see while the replica stands still, and after it went on.
"""

import json
import time

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from crm.models import Contact  # noqa: E402

PATIENCE = 60


def replica(statement: str) -> object:
    with connections["replica"].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def follows(count: int) -> bool:
    """Waits until the replica has so many contacts."""
    end = time.monotonic() + PATIENCE
    while Contact.objects.using("replica").count() != count:
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def shows(client: Client) -> bool:
    return b"Written Oy" in client.get("/contacts/").content


def main() -> None:
    setup_test_environment(debug=False)
    call_command("migrate", verbosity=0)
    Contact.objects.create(name="First")
    user = User.objects.create_superuser("admin")
    writer, reader = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    for client in (writer, reader):
        client.force_login(user)
    told = {"follows": follows(1), "standby": replica("SELECT pg_is_in_recovery()")}
    replica("SELECT pg_wal_replay_pause()::text")
    form = writer.get("/contacts/new/").context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, "")}
    answer = writer.post("/contacts/new/", data | {"type": "company", "name": "Written Oy"})
    told["status"] = answer.status_code
    told["cookie"] = answer.cookies["written"]["max-age"]
    told["writer"], told["reader"] = shows(writer), shows(reader)
    replica("SELECT pg_wal_replay_resume()::text")
    told["caught_up"] = follows(2)
    told["reader_later"] = shows(reader)
    del writer.cookies["written"]
    told["writer_later"] = shows(writer)
    print(json.dumps(told))


main()
