"""Letters as a word processor makes them: LibreOffice writes the documents and their fields."""

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import docx

SECONDS = 90
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}
_STYLES = (
    '<office:automatic-styles><style:style style:name="Bold" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
)


def make_letter(folder: Path, name: str, paragraphs: Sequence[str]) -> Path:
    """A .docx that LibreOffice wrote, in `folder`.

    Words in « » are the merge fields of its data source, as "Insert > Field > Database" makes
    them; what stands between asterisks is bold.
    """
    source = folder / f"{name}.fodt"
    attributes = " ".join(f'xmlns:{short}="{long}"' for short, long in _NAMES.items())
    text = "".join(f"<text:p>{_paragraph(one)}</text:p>" for one in paragraphs)
    source.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {attributes} '
        'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
        f"{_STYLES}<office:body><office:text>{text}</office:text></office:body></office:document>",
        encoding="utf-8",
    )
    return convert(source, "docx")


def _paragraph(text: str) -> str:
    bold = re.sub(r"\*(.+?)\*", r'<text:span text:style-name="Bold">\1</text:span>', escape(text))
    return re.sub(r"«(\w+)»", lambda found: _field(found[1]), bold)


def _field(name: str) -> str:
    return (
        '<text:database-display text:database-name="Segmentti" text:table-name="Contacts" '
        f'text:table-type="table" text:column-name={quoteattr(name)}>&lt;{name}&gt;'
        "</text:database-display>"
    )


def convert(source: Path, kind: str) -> Path:
    """The file in another format, beside it; by a LibreOffice of its own that is gone afterwards.

    Fails where LibreOffice says that something is wrong, or takes too long.
    """
    profile = source.parent / "libreoffice-profile"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", kind, "--outdir", str(source.parent), str(source)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        said, _nothing = process.communicate(timeout=SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    made = source.with_suffix(f".{kind}")
    assert process.returncode == 0, said
    assert made.is_file(), said
    assert "Error" not in said, said
    return made


def text_of_pdf(file: Path) -> str:
    """The words of a PDF, as far as this machine can read one; `pdftotext` comes with Poppler."""
    assert shutil.which("pdftotext"), "install poppler-utils"
    run = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(run, capture_output=True, text=True, check=True, timeout=SECONDS).stdout


def merge_fields(letter: Path) -> list[str]:
    """The instructions of the fields as they stand in the file."""
    with zipfile.ZipFile(letter) as file:
        xml = file.read("word/document.xml").decode()
    return re.findall(r"<w:instrText[^>]*>([^<]*)</w:instrText>", xml)


def words_of(data: bytes) -> str:
    """The text of a Word document."""
    document = docx.Document(io.BytesIO(data))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)
