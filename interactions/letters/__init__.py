"""Letters of what was logged: each made again from its facts and its document, byte for byte."""

from interactions.letters.entries import Offered, Order, addressed, offered, with_letter
from interactions.letters.pdfs import docx_to_pdf, entry_pdf, write_pdf, write_pdf_zip
from interactions.letters.single import Templates, letter, letter_name, preview_text, text
from interactions.letters.together import combined_name, letters, write_combined, write_zip

__all__ = [
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
    "preview_text",
    "text",
    "with_letter",
    "write_combined",
    "write_pdf",
    "write_pdf_zip",
    "write_zip",
]
