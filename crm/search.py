"""What the search of the top bar finds on this floor."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from crm.models import Campaign, Contact
from crm.panels import Found, Hit
from crm.sql import use_trigrams

MOST_HITS = 10
MOST_MATCHES = 1000
LONGEST_TYPED, SHORTEST_TYPED, PREFIX = 60, 4, 3
# How near a name must be, of a hundred.
NEAR, TRIGRAMS_SHARED = 78, 0.45


def find_contacts(request: HttpRequest, words: Sequence[str]) -> Found | None:
    """Contacts whose name, number, company, e-mail or phone has all the words."""
    if not request.user.has_perm("crm.view_contact"):
        return None
    contacts = matching_contacts(words).select_related("company")[:MOST_HITS]
    more = f"{reverse('crm:contacts')}?{urlencode({'search': ' '.join(words)})}"
    return Found(_("Contacts"), [_contact_hit(contact) for contact in contacts], more)


def matching_contacts(words: Sequence[str], **filters: str) -> QuerySet[Contact]:
    """Contacts that have all these casefolded words, by name; of very many, some.

    The inner query stops at MOST_MATCHES and never sorts, so that a rare word costs one pass.
    """
    if not words:
        return Contact.objects.filter(**filters).by_name()
    matching = Contact.objects.filter(**filters).order_by()
    for word in words:
        matching = matching.filter(search_text__begins_word=word)
    return Contact.objects.filter(pk__in=matching.values("pk")[:MOST_MATCHES]).by_name()


def spelt_like(text: str) -> Sequence[Contact]:
    """Contacts whose names are spelt almost like what was typed, nearest first; a few.

    Names near by their trigrams where PostgreSQL has them, else those of which a word begins with
    the same three letters; rapidfuzz says which of them are near enough.
    """
    typed = text.replace("\x00", "").casefold().strip()[:LONGEST_TYPED]
    if len(typed) < SHORTEST_TYPED:
        return []
    names = dict(_candidates(typed).values_list("pk", "search_name")[:MOST_MATCHES])
    scored = sorted(((_nearness(typed, name), pk) for pk, name in names.items()), reverse=True)
    near = [pk for score, pk in scored[:MOST_HITS] if score >= NEAR]
    found = Contact.objects.select_related("company").in_bulk(near)
    return [found[pk] for pk in near if pk in found]


def _nearness(typed: str, name: str) -> float:
    """How near each word typed is to a word of the name, on average, of a hundred."""
    asked, words = typed.split(), name.split()
    return sum(max(fuzz.ratio(one, word) for word in words) for one in asked) / len(asked)


def _candidates(typed: str) -> QuerySet[Contact]:
    contacts = Contact.objects.order_by()
    if use_trigrams(TRIGRAMS_SHARED):
        return contacts.filter(search_name__trigrams_like=typed)
    some = Q(pk__in=())
    for word in typed.split()[:3]:
        some |= Q(search_text__begins_word=word[:PREFIX])
    return contacts.filter(some)


def _contact_hit(contact: Contact) -> Hit:
    notes = (contact.company.name if contact.company else "", contact.city, contact.email)
    return Hit(
        contact.get_absolute_url(), contact.number, contact.name, " · ".join(filter(None, notes))
    )


def find_campaigns(request: HttpRequest, words: Sequence[str]) -> Found | None:
    """Campaigns whose number or description has all the words."""
    if not request.user.has_perm("crm.view_campaign"):
        return None
    campaigns = Campaign.objects.all()
    for word in words:
        campaigns = campaigns.filter(contains("number", word) | contains("description", word))
    hits = [
        Hit(one.get_absolute_url(), one.number, one.description, one.get_status_display())
        for one in campaigns[:MOST_HITS]
    ]
    return Found(_("Campaigns"), hits)


def contains(column: str, word: str) -> Q:
    """A column has the word in any case; SQLite folds ASCII only, so "ä" is asked as "Ä" too."""
    return (
        Q(**{f"{column}__icontains": word})
        | Q(**{f"{column}__icontains": word.upper()})
        | Q(**{f"{column}__icontains": word.capitalize()})
    )
