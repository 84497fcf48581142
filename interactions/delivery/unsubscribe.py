"""Unsubscribing by one click (RFC 8058): the address in each mail, and what it does."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from crm import consents
from crm.models import Channel, ConsentSource, Contact
from interactions.models import InteractionLogEntry

SALT = "interactions.unsubscribe"


class Unknown(Exception):
    """The address was not made by us, or its contact is gone."""


def unsubscribe_url(entry: InteractionLogEntry) -> str:
    """The address with which the entry's contact opts out; "" where nobody said our own address."""
    if not settings.SITE_URL:
        return ""
    return settings.SITE_URL + reverse("interactions:unsubscribe", args=[token_of(entry)])


def token_of(entry: InteractionLogEntry) -> str:
    """What only we can make of an entry, and what names its contact."""
    return signing.dumps([entry.contact_id, entry.segment_number], salt=SALT)


def whose(token: str) -> tuple[Contact, str]:
    """The contact that an address is for, and the number of the segment it came with."""
    try:
        pk, number = signing.loads(token, salt=SALT)
        return Contact.whole.get(pk=pk), number
    except (signing.BadSignature, Contact.DoesNotExist, ValueError, TypeError) as error:
        raise Unknown from error


def unsubscribe(token: str) -> Contact:
    """Notes that the contact wants no e-mails any more; a second time changes nothing."""
    contact, number = whose(token)
    consents.opt_out(contact, Channel.EMAIL, source=ConsentSource.LINK, words=number)
    return contact
