"""A starter letter to download: a Word document with real merge fields, ready to be changed."""

import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

# Words in « » are merge fields. Contacts read these, not users: in the letter's language, so
# not by gettext.
LETTERS = {
    "fi": (
        "«Company_Information_Name»\n«Company_Information_Address»\n"
        "«Company_Information_Post_Code» «Company_Information_City»",
        "«Address_Block»",
        "«Date»",
        "«Subject»",
        "«Formal_Salutation»",
        "Kirjoita tähän, mitä haluat sanoa kaikille.",
        "«Personal_comment»",
        "Ystävällisin terveisin",
        "«Salesperson_Name»\n«Salesperson_Job_Title»\n«Salesperson_Phone_No»\n«Salesperson_E_Mail»",
    ),
    "en": (
        "«Company_Information_Name»\n«Company_Information_Address»\n"
        "«Company_Information_Post_Code» «Company_Information_City»",
        "«Address_Block»",
        "«Date»",
        "«Subject»",
        "«Formal_Salutation»,",
        "Write here what you want to say to everybody.",
        "«Personal_comment»",
        "Yours sincerely",
        "«Salesperson_Name»\n«Salesperson_Job_Title»\n«Salesperson_Phone_No»\n«Salesperson_E_Mail»",
    ),
}
# A cover sheet goes with something that is no letter. Its captions are values too, so that one
# document serves all languages.
COVER_CAPTIONS = {
    "fi": {"Cover_Title": "Saate", "Cover_To": "Vastaanottaja", "Cover_From": "Lähettäjä",
           "Cover_Date": "Päivämäärä", "Cover_Subject": "Aihe"},
    "en": {"Cover_Title": "Cover sheet", "Cover_To": "To", "Cover_From": "From",
           "Cover_Date": "Date", "Cover_Subject": "Subject"},
}  # fmt: skip
COVER = (
    "«Company_Information_Name»\n«Company_Information_Address»\n"
    "«Company_Information_Post_Code» «Company_Information_City»\n"
    "«Company_Information_Phone_No»\n«Company_Information_E_Mail»",
    "«Cover_Title»",
    "«Cover_To»:",
    "«Address_Block»\n«Phone_No»",
    "«Cover_From»:",
    "«Salesperson_Name»\n«Salesperson_Job_Title»\n«Salesperson_Phone_No»\n«Salesperson_E_Mail»",
    "«Cover_Date»: «Date»",
    "«Cover_Subject»: «Subject»",
    "«Personal_comment»",
)
# The same bytes on any day: a letter is known by its hash.
MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def starter_letter(language: str) -> bytes:
    """A .docx in that language, English where we have no words in it."""
    return docx_of(*LETTERS.get(language, LETTERS["en"]))


def cover_sheet() -> bytes:
    """A .docx to be merged with COVER_CAPTIONS of the letter's language."""
    return docx_of(*COVER)


def docx_of(*paragraphs: str) -> bytes:
    """A .docx of these paragraphs; a word in « » becomes a merge field, a line end a line break."""
    document = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = MADE
    for text in paragraphs:
        _write(document.add_paragraph(), text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _write(paragraph: Any, text: str) -> None:
    literal, *rest = text.split("«")
    paragraph.add_run(literal)
    for piece in rest:
        name, _mark, literal = piece.partition("»")
        _add_field(paragraph, name)
        paragraph.add_run(literal)


def _add_field(paragraph: Any, name: str) -> None:
    """The field as Word writes it: begin, code, separator, result, end, each in its own run."""
    _add_mark(paragraph, "begin")
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" MERGEFIELD {name} "
    paragraph.add_run()._r.append(code)
    _add_mark(paragraph, "separate")
    paragraph.add_run(f"«{name}»")
    _add_mark(paragraph, "end")


def _add_mark(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)
