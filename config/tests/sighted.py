"""The demo as somebody else's: all contacts and segments are one salesperson's, two are another's.

Whatever names one of the first has MARK in it, so a page that lets one through is found out.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat, Lower

from config.tests.addresses import named_addresses
from crm.models import Contact, FormerNumber, MarketingSetup, Salesperson
from interactions.models import CampaignEntry, InteractionLogEntry, LoggedSegment, Task
from segments.demo import load_demo
from segments.models import Segment

# Long enough that no nonce of a page has it by chance.
MARK = "zqxqzq"
SECRET = re.compile(rf"{MARK}\w*")


@dataclass(frozen=True)
class House:
    """Every address with samples of what is somebody else's; and what is the marketer's."""

    addresses: list[tuple[str, str]]
    contact: Contact
    segment: Segment

    def see(self, sees: str) -> None:
        """The set-up says whose records one sees."""
        MarketingSetup.objects.update(sees=sees)


def build() -> House:
    """The house, with everything for everybody to see."""
    load_demo(contacts=60)
    theirs = Salesperson.objects.create(code="THEIRS", name="Somebody Else")
    mine = Salesperson.objects.get(user__username="marketer")
    addresses = list(named_addresses())
    _hand_over(theirs)
    contact = Contact.objects.create(name="Mine Alone", number="OWN-1", salesperson=mine)
    marketer = User.objects.get(username="marketer")
    segment = Segment.objects.create(
        number="OWN-S1", description="Of my own", salesperson=mine, by=marketer
    )
    return House([(name, _renamed(one)) for name, one in addresses], contact, segment)


def _hand_over(theirs: Salesperson) -> None:
    """Gives all to one salesperson, and names all so that it is found out."""
    named = {"number": _zq("number"), "name": _zq("number"), "first_name": f"{MARK}first"}
    found = Lower(_zq("number"))
    named |= {"surname": f"{MARK}last", "search_text": found, "search_name": found}
    contacts = Contact.objects.all()
    contacts.update(**named, email=Concat(_zq("number"), Value("@x.example")), salesperson=theirs)
    FormerNumber.objects.create(number=f"{MARK}former", contact=contacts.earliest("pk"))
    said = {"description": f"{MARK}said", "segment_number": _zq("segment_number")}
    Segment.objects.update(number=_zq("number"), description=f"{MARK}draft", salesperson=theirs)
    LoggedSegment.objects.update(**said, salesperson=theirs)
    InteractionLogEntry.objects.update(**said)
    CampaignEntry.objects.update(**said, salesperson=theirs)
    Task.objects.update(description=f"{MARK}task")


def _zq(name: str) -> Any:
    return Concat(Value(MARK), Cast(F(name), CharField()))


def _renamed(address: str) -> str:
    """The address with the numbers that things have now."""
    return re.sub(r"/((?:C|SM)\d{4,})(?=/|$|\.)", rf"/{MARK}\1", address)


def secrets(text: str) -> list[str]:
    """What a page lets through of what is somebody else's."""
    return sorted(set(SECRET.findall(text)))
