"""What a host of test_hosts.py does besides the program: `python -m config.tests.housed VERB`."""

import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from config.tests.mailing import template_for  # noqa: E402
from crm.models import MarketingSetup, Salesperson  # noqa: E402


def prepare(mails: str) -> None:
    """A migrated database with so many contacts, a template and somebody who may sign in."""
    call_command("migrate", verbosity=0)
    user = User.objects.create_user("marketer", password="secret")
    user.groups.add(Group.objects.get(name="marketer"))
    Salesperson.objects.create(code="MM", name="Maija")
    template_for(int(mails), user)


def hold() -> None:
    """Holds a row in a transaction that does not end."""
    MarketingSetup.load()
    with transaction.atomic():
        MarketingSetup.objects.select_for_update().get()
        print("held", flush=True)
        time.sleep(3600)


def seal() -> None:
    """What is told of an installation that is in order."""
    call_command("check_integrity")
    call_command("verify_log")


VERBS: dict[str, Callable[..., None]] = {"prepare": prepare, "hold": hold, "seal": seal}

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
