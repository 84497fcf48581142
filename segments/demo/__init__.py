"""A believable Finnish company to try everything on: the same contacts for the same seed.

`words` has the word lists, `tables` the set-up, `people` the contacts, `links` their groups,
purchases and past interactions, `letters` the templates, `story` the segments.
"""

import random
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Contact, ContactMailingGroup, MarketingSetup, Purchase
from crm.sql import refresh_statistics
from interactions.models import InteractionLogEntry
from segments.demo import letters, links, people, story, tables
from segments.first_steps import DEMO_TABLES

PASSWORD = tables.PASSWORD
USERS = tuple(tables.USERS)


class DemoRefused(Exception):
    """The database is in use; the text is one sentence for whoever asked."""


@transaction.atomic
def load_demo(
    *, contacts: int = 2000, seed: int = 1, today: date | None = None, open_doors: bool = True
) -> int:
    """Fills an empty database with the demo, all or nothing; returns how many contacts.

    Dates are counted back from `today`. With `open_doors` its users can sign in, with a password
    that everybody can read here.
    """
    # Whoever asks a second time waits here, and is refused then.
    MarketingSetup.objects.select_for_update().get(pk=MarketingSetup.load().pk)
    if Contact.objects.exists():
        raise DemoRefused(_("There are contacts already: demo data goes into an empty database."))
    if any(table.objects.exists() for table in DEMO_TABLES):
        raise DemoRefused(_("The database is in use: demo data goes into an empty one."))
    chance = random.Random(seed)  # noqa: S311 - the same data again, not secrets
    day = today or timezone.localdate()
    tables.make_users(open_doors=open_doors)
    setting = tables.make_tables(day)
    made = people.make_contacts(contacts, chance, setting, day)
    # Else the database plans its queries as if there were no contacts yet.
    refresh_statistics(Contact)
    dealer = links.Dealer(made, chance)
    links.make_links(dealer, day)
    templates = letters.make_templates(setting)
    links.make_past_interactions(dealer, templates, day)
    refresh_statistics(ContactMailingGroup, Purchase, InteractionLogEntry)
    story.make_segments(templates, day)
    return len(made)
