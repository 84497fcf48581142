"""The linter: what an author should know of a letter or a subject, each in a sentence.

Errors are refused on upload; unknown merge fields unless it is said that they are meant. Warnings
are told. The same findings stand on the page of whoever keeps the letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists
from django.utils.translation import gettext as _

from crm.models import Contact
from crm.storage import StorageAway
from interactions import documents, mailmerge, mergefields
from interactions.models import Document

ERROR, WARNING = "error", "warning"
# Facts of a document (mailmerge.Note) with which it is not taken at all.
REFUSED = frozenset({"remote-picture", "remote-field"})


@dataclass(frozen=True)
class Finding:
    """Something about a letter: how bad it is, and what it is, in the reader's language."""

    severity: str
    text: str

    @property
    def is_error(self) -> bool:
        """Whether it has to be mended."""
        return self.severity == ERROR


def unknown(names: Iterable[str]) -> list[str]:
    """A sentence for each merge field that does not exist, with the name that may be meant."""
    return [
        _("There is no merge field “%(name)s”. Did you mean “%(near)s”?")
        % {"name": name, "near": near}
        if near
        else _("There is no merge field “%(name)s”. See the list of merge fields.") % {"name": name}
        for name, near in documents.unknown_names(list(names))
    ]


def always_empty(names: Iterable[str]) -> list[str]:
    """A sentence for each field that is known from other programs and that nothing fills here."""
    fields = {name: mergefields.named(name) for name in names}
    empty = [name for name, field in fields.items() if field is not None and not field.listed]
    text = _("The merge field “%(name)s” is always empty here. Take it out of the letter.")
    return [text % {"name": name} for name in empty]


def of_subject(text: str) -> list[str]:
    """What is wrong with the merge fields of a subject; nothing where it has none."""
    names = list(mergefields.tokens(text).values())
    known = [name for name in names if mergefields.is_known(name)]
    unfit = [name for name in known if not mergefields.may_stand(mergefields.named(name))]
    said = _("The merge field “%(name)s” cannot stand in a subject. Names, places and codes can.")
    return [*unknown(names), *(said % {"name": name} for name in unfit)]


def of_template(template: mailmerge.Template) -> list[Finding]:
    """Everything there is to say of a letter that was read, errors first; asks no table."""
    found = [Finding(ERROR, text) for text in unknown(template.fields)]
    for note in template.notes:
        found.append(Finding(ERROR if note.code in REFUSED else WARNING, note.text))
    found += [Finding(WARNING, text) for text in always_empty(template.fields)]
    return sorted(found, key=lambda one: not one.is_error)


def refusals(template: mailmerge.Template) -> list[str]:
    """Why a letter is not taken, whatever is ticked: what it would fetch from elsewhere."""
    return [note.text for note in template.notes if note.code in REFUSED]


def warnings(template: mailmerge.Template) -> tuple[str, ...]:
    """What to tell whoever stores this letter: it is taken, and not without fault."""
    return tuple(finding.text for finding in of_template(template) if not finding.is_error)


def of_document(document: Document) -> list[Finding]:
    """The findings of a stored letter; a lost file is one."""
    try:
        template = mailmerge.kept_template(documents.read(document))
    except (documents.DocumentLost, mailmerge.DocumentError, StorageAway) as error:
        lost = [Finding(ERROR, text) for text in unknown(document.merge_fields)]
        return [*lost, Finding(ERROR, str(error))]
    return of_template(template)


def never_filled(letters: Sequence[Document]) -> list[str]:
    """A sentence for each field of these letters for which no contact has a value.

    Two statements at most: the database stops at the first contact that has one.
    """
    names = dict.fromkeys(name for letter in letters for name in letter.merge_fields)
    fields = {field.name: field for name in names if (field := mergefields.named(name))}
    return _not_set_up(fields.values()) + _of_no_contact(fields.values())


def _not_set_up(fields: Iterable[mergefields.Field]) -> list[str]:
    """Those of our own company that the set-up leaves empty."""
    asked = {field.name: field.path[1] for field in fields if _is_of(field, "our")}
    our = mergefields.our_facts() if asked else {}
    text = _("“%(name)s” is empty: fill it in the marketing set-up.")
    return [text % {"name": name} for name, fact in asked.items() if not our[fact]]


def _of_no_contact(fields: Iterable[mergefields.Field]) -> list[str]:
    """Those of contacts that every contact leaves empty; nothing where there are no contacts."""
    facts = {
        field.name: field.path[0] for field in fields if _is_of(field, *mergefields.OF_CONTACT)
    }
    having = {name: Exists(Contact.whole.exclude(**{fact: ""})) for name, fact in facts.items()}
    row = Contact.whole.order_by().values(**having).first() if having else None
    text = _("No contact has a value for “%(name)s”: it stays empty in every letter.")
    return [text % {"name": name} for name, has in (row or {}).items() if not has]


def _is_of(field: mergefields.Field, *facts: str) -> bool:
    return field.path[:1] != () and field.path[0] in facts and not field.may_lack
