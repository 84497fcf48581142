"""Letters of what was logged: each made again from its facts and its document, byte for byte."""

from interactions.letters.entries import Offered, Order, addressed, offered, with_letter
from interactions.letters.pdfs import docx_to_pdf, entry_pdf, write_pdf, write_pdf_zip
from interactions.letters.prints import Format, Kind, print_name, write_print
from interactions.letters.sheets import write_covers, write_envelopes, write_labels
from interactions.letters.single import (
    Templates,
    letter,
    letter_name,
    preview_letter,
    preview_text,
    text,
)
from interactions.letters.together import combined_name, letters, write_combined, write_zip

__all__ = [
    "Format",
    "Kind",
    "Offered",
    "Order",
    "Templates",
    "addressed",
    "combined_name",
    "docx_to_pdf",
    "entry_pdf",
    "letter",
    "letter_name",
    "letters",
    "offered",
    "preview_letter",
    "preview_text",
    "print_name",
    "text",
    "with_letter",
    "write_combined",
    "write_covers",
    "write_envelopes",
    "write_labels",
    "write_pdf",
    "write_pdf_zip",
    "write_print",
    "write_zip",
]
