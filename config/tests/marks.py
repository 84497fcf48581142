"""What a page says that did not pass through gettext: see test_translations.py."""

import re
from html.parser import HTMLParser

from django.apps import apps
from django.db import models
from django.utils.translation import trans_real

from interactions.mergefields.fields import FIELDS


class Marks(trans_real.DjangoTranslation):
    """A catalogue in which everything is said in English between ⟦ and ⟧."""

    def gettext(self, message: str) -> str:
        return f"⟦{message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class Words(HTMLParser):
    """What a page says outside of marks: its texts, and its attributes that are read."""

    READ = ("title", "aria-label", "placeholder", "alt", "label")
    READ_BY_SCRIPTS = ("data-placeholder", "data-nothing-found", "data-remove", "data-failed")
    SILENT = ("script", "style", "code", "kbd", "textarea")
    VOID = ("meta", "link", "input", "img", "br", "hr")

    def __init__(self, html: str) -> None:
        super().__init__()
        self._silent = [False]  # for each open element, whether its words are left out
        self._depth = 0
        self.unmarked: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        seen = [given.get(name) or "" for name in self.READ + self.READ_BY_SCRIPTS]
        if given.get("type") == "submit" and tag == "input":
            seen.append(given.get("value") or "")
        self.unmarked += [re.sub("⟦.*⟧", "", value) for value in seen]
        if tag not in self.VOID:
            of_others = "letter-text" in (given.get("class") or "").split()
            of_others |= tag != "html" and "lang" in given
            self._silent.append(self._silent[-1] or of_others or tag in self.SILENT)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        said = ""
        for part in re.split("([⟦⟧])", data):
            if part in ("⟦", "⟧"):
                self._depth += 1 if part == "⟦" else -1
            elif not self._depth:
                said += part
        if not self._silent[-1]:
            self.unmarked.append(said)


class Data:
    """The texts that the database holds, without the keys of choices."""

    def __init__(self) -> None:
        found = {*NAMES, *(field.name for field in FIELDS)}
        for model in apps.get_models():
            names = [
                field.attname
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField) and not field.choices
            ]
            rows = model._default_manager.values_list(*names) if names else []
            lines = (line for row in rows for text in row for line in (text or "").splitlines())
            found |= {" ".join(line.split()) for line in lines}
        words = sorted((one for one in found if HAS_LETTERS.search(one)), key=len, reverse=True)
        self._known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")

    def without(self, said: str) -> str:
        """What is left of a text when all that is stored has been taken out."""
        return self._known.sub("", " ".join(said.split()))


NAMES = ("Segmentti", "de", "en", "fi", "sv")
HAS_LETTERS = re.compile(r"[^\W\d_]")


def untranslated(html: str, data: Data) -> list[str]:
    """The texts of a page that neither passed through gettext nor come from the database."""
    return [
        " ".join(said.split())
        for said in Words(html).unmarked
        if HAS_LETTERS.search(data.without(said))
    ]
