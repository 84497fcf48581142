"""Word letters: a .docx with merge fields in, letters out. Knows no database and no request."""

from .combine import combine
from .errors import DocumentError, Note
from .html import Html, Picture, to_html
from .kept import kept_template
from .names import letter_name, zip_letters
from .package import DEFAULT, Limits, check_package
from .pdf import has_office, to_pdf
from .template import Template, read_template
from .values import Value

__all__ = [
    "DEFAULT",
    "DocumentError",
    "Html",
    "Limits",
    "Note",
    "Picture",
    "Template",
    "Value",
    "check_package",
    "combine",
    "has_office",
    "kept_template",
    "letter_name",
    "read_template",
    "to_html",
    "to_pdf",
    "zip_letters",
]
