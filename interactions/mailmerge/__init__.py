"""Word letters: a .docx with merge fields in, letters out. Knows no database and no request."""

from .combine import combine
from .errors import DocumentError, Note
from .names import letter_name, zip_letters
from .package import DEFAULT, Limits, check_package
from .template import Template, read_template
from .values import Value

__all__ = [
    "DEFAULT",
    "DocumentError",
    "Limits",
    "Note",
    "Template",
    "Value",
    "check_package",
    "combine",
    "letter_name",
    "read_template",
    "zip_letters",
]
