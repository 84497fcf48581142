"""PDF by LibreOffice: which pages are whose, nothing fetched, nothing left running."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from pypdf import PdfReader, PdfWriter

from interactions.mailmerge import DocumentError, combine, read_template, to_pdf
from interactions.mailmerge.pdf import letter_pages, read_pdf, split, to_pdfs

from .makers import R, docx, field, p, r, unzipped, zipped

needs_office = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
SECONDS = 120
BREAK = '<w:r><w:br w:type="page"/></w:r>'
HIDDEN = p("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>", r("hidden", "<w:vanish/>"))
FRAMED = p(
    '<w:pPr><w:framePr w:w="3000" w:h="400" w:wrap="around" w:vAnchor="page" w:hAnchor="page"'
    ' w:x="6000" w:y="600"/></w:pPr>',
    r("framed"),
)
BOOKMARK = p('<w:bookmarkStart w:id="0" w:name="letter"/>', r("Dear"), '<w:bookmarkEnd w:id="0"/>')
CELL = (
    '<w:tbl><w:tr><w:tc><w:tcPr><w:tcW w:w="5000" w:type="dxa"/></w:tcPr>{}</w:tc></w:tr></w:tbl>'
)
PICTURE = (
    '<w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/>'
    "<a:graphic><a:graphicData"
    ' uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic='
    '"http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1"'
    ' name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="far"/><a:stretch>'
    '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext'
    ' cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
FAR = '<Relationship Id="far" Type="{}/image" Target="{}" TargetMode="External"/></Relationships>'


def book(body: str, texts: list[str], folder: Path) -> PdfReader:
    """The PDF of a combined document with these texts, as read again."""
    source, target = folder / "letters.docx", folder / "letters.pdf"
    template = read_template(docx(body))
    with source.open("wb") as out:
        combine(((template, {"Text": text}, "en") for text in texts), out, marked=True)
    assert to_pdf(source, target, seconds=SECONDS) == len(PdfReader(target).pages)
    return read_pdf(target)


class TestLibreOffice:
    pytestmark = needs_office

    def test_letters_of_one_two_and_three_pages(self, tmp_path: Path) -> None:
        """Their pages follow from how long the texts are, which nobody knows before."""
        lines = [5, 60, 110, 1, 110]
        texts = ["\n".join(f"{who}-{n}" for n in range(count)) for who, count in enumerate(lines)]
        body = HIDDEN + FRAMED + BOOKMARK + p(field(" MERGEFIELD Text ")) + p(r("Yours"))
        reader = book(body, texts, tmp_path)
        pages = letter_pages(reader, len(texts))
        assert [len(each) for each in pages] == [1, 2, 3, 1, 3]
        assert [each.start for each in pages] == [0, 1, 3, 6, 7]
        for text, data in zip(texts, split(reader, pages), strict=True):
            shown = "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
            assert [line for line in shown.split("\n") if "-" in line] == text.split("\n")

    def test_a_letter_that_begins_with_a_table(self, tmp_path: Path) -> None:
        body = CELL.format(p(field(" MERGEFIELD Text "))) + p(BREAK, r("second"))
        reader = book(body, ["one", "two"], tmp_path)
        assert letter_pages(reader, 2) == [range(2), range(2, 4)]

    def test_many_documents_in_one_run(self, tmp_path: Path) -> None:
        sources = [tmp_path / f"{number}.docx" for number in range(3)]
        for number, source in enumerate(sources):
            source.write_bytes(docx(p(r(f"number {number}"))))
        (tmp_path / "pdf").mkdir()
        made = to_pdfs(sources, tmp_path / "pdf", seconds=SECONDS)
        texts = [PdfReader(each).pages[0].extract_text().strip() for each in made]
        assert texts == ["number 0", "number 1", "number 2"]

    def test_nothing_is_fetched(self, tmp_path: Path) -> None:
        with listener() as (port, calls):
            source = tmp_path / "remote.docx"
            source.write_bytes(remote_picture(f"http://127.0.0.1:{port}/spy.png"))
            to_pdf(source, tmp_path / "remote.pdf", seconds=SECONDS)
        assert calls == []

    def test_what_is_no_document_is_refused(self, tmp_path: Path) -> None:
        source = tmp_path / "broken.docx"
        source.write_bytes(b"PK\x03\x04 torn")
        with pytest.raises(DocumentError) as refused:
            to_pdf(source, tmp_path / "broken.pdf", seconds=SECONDS)
        assert refused.value.code == "pdf-failed"
        assert not (tmp_path / "broken.pdf").exists()

    def test_when_the_time_is_up_nothing_is_left_running(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        source = tmp_path / "slow.docx"
        source.write_bytes(docx(p(r("x")) * 2000))
        with pytest.raises(DocumentError) as refused:
            to_pdf(source, tmp_path / "slow.pdf", seconds=0.5)
        assert refused.value.code == "pdf-too-slow"
        assert list(running(str(tmp_path))) == []
        assert [each.name for each in tmp_path.iterdir()] == ["slow.docx"]


@contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """A web server on this machine, and what it was asked for."""
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, calls
        server.shutdown()
        thread.join()


def remote_picture(address: str) -> bytes:
    """A document whose picture lies elsewhere."""
    data = docx(p(PICTURE))
    links = unzipped(data)["word/_rels/document.xml.rels"].decode()
    far = links.replace("</Relationships>", FAR.format(R, address)).encode()
    return zipped({**unzipped(data), "word/_rels/document.xml.rels": far})


def running(word: str) -> Iterator[str]:
    """The commands of living processes that name this word."""
    time.sleep(0.2)
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = process.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if word in command and int(process.parent.name) != os.getpid():
            yield command


def test_without_libreoffice_the_message_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError, match="not installed on the server") as refused:
        to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf", seconds=SECONDS)
    assert refused.value.code == "pdf-no-office"


def test_pages_without_certain_marks_are_refused(tmp_path: Path) -> None:
    """A PDF of somebody else's making, or one with fewer marks than letters."""
    for marks in ({}, {1: 0}, {1: 0, 2: 0}, {1: 1, 2: 2}, {1: 0, 2: 1, 3: 2}, {1: 2, 2: 0}):
        writer = PdfWriter()
        for _page in range(3):
            writer.add_blank_page(100, 100)
        for number, page in marks.items():
            writer.add_named_destination(f"slot0xletter{number}", page)
        writer.write(tmp_path / "letters.pdf")
        with pytest.raises(DocumentError) as refused:
            letter_pages(read_pdf(tmp_path / "letters.pdf"), 2)
        assert refused.value.code == "pdf-unclear"


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.pdf").write_bytes(b"%PDF-1.7 torn")
    with pytest.raises(DocumentError) as refused:
        read_pdf(tmp_path / "letters.pdf")
    assert refused.value.code == "pdf-failed"
