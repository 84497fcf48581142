"""The languages a contact can be written to in: ISO 639-1 codes, named in the reader's language."""

from django.conf.locale import LANG_INFO
from django.utils.functional import lazy
from django.utils.translation import gettext

_TEXT = (
    "ar bg cs da de el en es et fa fi fr ga he hi hr hu is it ja ko lt lv nb nl nn pl pt ro ru "
    "sk sl sq sr sv th tr uk vi zh-hans"
)
_CODES = _TEXT.split()


def language_name(code: str) -> str:
    """The language's name in the reader's language, as Django's own catalogue has it; "" for ""."""
    return gettext(LANG_INFO[code]["name"]) if code in _CODES else code


_lazy_name = lazy(language_name, str)

LANGUAGES: list[tuple[str, str]] = [(code, _lazy_name(code)) for code in _CODES]
