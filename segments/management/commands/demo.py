"""manage.py demo: see segments.demo."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from segments.demo import PASSWORD, USERS, DemoRefused, load_demo

MOST_CONTACTS = 999_999


class Command(BaseCommand):
    help = "Fills an empty database with a believable company, its contacts and segments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contacts", type=_count, default=2000, help="how many (default 2000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same contacts")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, quietly, where contacts exist"
        )

    def handle(self, *, contacts: int, seed: int, if_empty: bool, **_options: Any) -> None:
        """Loads the demo and says who can log in."""
        if not settings.DEBUG:
            raise CommandError(
                _("The demo's passwords are known to everybody: it is loaded with DEBUG=true only.")
            )
        try:
            made = load_demo(contacts=contacts, seed=seed)
        except DemoRefused as refusal:
            if if_empty:
                return
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("Loaded a demo with %(count)d contacts. Log in as %(users)s; password %(password)s.")
            % {"count": made, "users": ", ".join(USERS), "password": PASSWORD}
        )


def _count(text: str) -> int:
    """A number of contacts that the demo can make."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CONTACTS:
        raise ArgumentTypeError(f"{text} is not a number from 1 to {MOST_CONTACTS}")
    return int(text)
