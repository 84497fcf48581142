"""What a single interaction says where nothing was typed: its template, else its contact.

The same chain as a line's (segments/effective.py), for one entry in hand: an empty value of the
entry means "inherit". Also the facts and the text of its letter before it is written.
"""

from typing import Any

from django.db.models import BigIntegerField, DateField, TextField, Value
from django.db.models.functions import Cast

from crm.models import Contact, MarketingSetup, Salesperson
from interactions import mergefields
from interactions.mergefields import Facts
from interactions.models import Document, InteractionLogEntry, TemplateLanguage

# In their order: a later one may need an earlier one.
INHERITED = (
    "description",
    "salesperson",
    "language",
    "subject",
    "correspondence_type",
    "information_flow",
    "initiated_by",
    "cost",
    "duration",
    "campaign",
    "campaign_target",
    "campaign_response",
)
_SAME_NAME = {"cost": "unit_cost", "duration": "unit_duration"}


def inherited(entry: InteractionLogEntry) -> dict[str, Any]:
    """What each value would be if nothing were typed for it; {} while there is no template."""
    template, contact = _template(entry), _contact(entry)
    if template is None or contact is None:
        return {}
    found = {name: getattr(template, _SAME_NAME.get(name, name), None) for name in INHERITED}
    found |= {
        "salesperson": contact.salesperson,
        "language": _language(entry),
        "correspondence_type": _correspondence_type(entry),
    }
    row = _written_in(entry, entry.language or str(found["language"] or ""))
    return found | {"subject": row.subject if row else ""}


def resolve(entry: InteractionLogEntry) -> None:
    """Fills every empty value with the inherited one, and takes the template's group."""
    for name, value in inherited(entry).items():
        if getattr(entry, name) in ("", None):
            setattr(entry, name, value)
    entry.group = entry.template.group
    if entry.document_id is None or not entry.own_document:
        entry.document, entry.own_document = letter_of(entry), False


def forget(entry: InteractionLogEntry) -> None:
    """The opposite, for a form: empties every value that is what would be inherited anyway."""
    same = {name: value for name, value in inherited(entry).items() if name != "description"}
    for name, value in same.items():
        if getattr(entry, name) == value:
            setattr(entry, name, "" if name in _TEXTS else None)


_TEXTS = ("language", "subject", "correspondence_type", "information_flow", "initiated_by")


def letter_of(entry: InteractionLogEntry) -> Document | None:
    """The template's letter in the entry's language."""
    row = _written_in(entry, entry.language)
    return row.document if row else None


def default_salesperson(user: Any, contact: Contact | None) -> Salesperson | None:
    """The salesperson who is this user, else the contact's, else the set-up's."""
    own = Salesperson.objects.filter(user=user, blocked=False).first()
    theirs = contact.salesperson if contact else None
    return own or theirs or MarketingSetup.load().default_salesperson


def facts(entry: InteractionLogEntry, *, personal_comment: str = "") -> Facts:
    """What the letter of a resolved entry is made of, before or after it is written."""
    whom: Any = entry.contact_id
    contact: Any = Contact.whole.filter(pk=whom).annotate(
        spoken=_typed(entry.language, TextField()),
        seller=_typed(entry.salesperson_id, BigIntegerField()),
        push=_typed(entry.campaign_id, BigIntegerField()),
    )
    expression = mergefields.facts_expression(
        "",
        language="spoken",
        salesperson="seller",
        campaign="push",
        segment_number=Value(entry.segment_number),
        date=_typed(entry.date, DateField()),
        description=Value(entry.description),
        subject=Value(entry.subject),
        personal_comment=Value(personal_comment),
    )
    return dict(contact.annotate(facts=expression).values_list("facts", flat=True).get())


def _typed(value: Any, output: Any) -> Any:
    """A constant that says its type: PostgreSQL takes an untyped null for a text."""
    return Cast(Value(value, output_field=output), output)


def _template(entry: InteractionLogEntry) -> Any:
    return entry.template if entry.template_id else None


def _contact(entry: InteractionLogEntry) -> Any:
    return entry.contact if entry.contact_id else None


def _language(entry: InteractionLogEntry) -> str:
    """The contact's where there is a letter in it, else the template's."""
    spoken = entry.contact.language if entry.contact else ""
    row = _written_in(entry, spoken)
    return spoken if row is not None and row.document_id else entry.template.language


def _correspondence_type(entry: InteractionLogEntry) -> str:
    """The template's where it ignores preferences or there is none, else the contact's."""
    template = entry.template
    preferred = entry.contact.correspondence_type if entry.contact else ""
    return template.correspondence_type if _ignored(template, preferred) else preferred


def _ignored(template: Any, preferred: str) -> bool:
    return template.ignore_contact_correspondence_type or not preferred


def _written_in(entry: InteractionLogEntry, language: str) -> TemplateLanguage | None:
    """Looked up among the template's languages, which are read once for an entry."""
    template: Any = entry.template
    if not hasattr(template, "letters_read"):
        template.letters_read = list(template.languages.select_related("document"))
    return next((row for row in template.letters_read if row.language == language), None)
