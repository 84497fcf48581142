"""What is uploaded by mistake or in bad faith is refused, quickly, with a sentence."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import warnings
import zipfile
from random import Random

import pytest

from interactions.mailmerge import DocumentError, Limits, check_package, read_template

from .makers import changed, docx, p, r, unzipped, zipped

GOOD = docx(p(r("{{ X }}")))
MAIN = "word/document.xml"


def refusal(data: bytes, **limits: int) -> str:
    """The code with which an upload is refused, in time, in little memory, with a sentence."""
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(DocumentError) as refused:
        check_package(data, Limits(**limits))
    seconds, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 20  # not a speed test: it ends, also on a busy machine
    assert peak < 120 * 2**20
    assert str(refused.value).endswith(".")
    assert "%(" not in str(refused.value)
    if not limits:
        with pytest.raises(DocumentError):
            read_template(data)
    return refused.value.code


def with_files(**files: bytes) -> bytes:
    return zipped({**unzipped(GOOD), **files})


def test_a_good_document_passes() -> None:
    check_package(GOOD)
    check_package(docx(p(), strict=True))


def test_not_a_document() -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"Dear customer,") == "not-docx"
    assert refusal(b"MZ\x90\x00" + bytes(5000)) == "not-docx"
    assert refusal(b"MZ\x90\x00" + bytes(500) + GOOD) == "not-docx"
    assert refusal(b"%PDF-1.7") == "not-docx"
    assert refusal(zipped({"a.txt": b"a"})) == "not-docx"
    assert (
        refusal(zipped({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>"})) == "not-docx"
    )
    files = unzipped(GOOD)
    del files["[Content_Types].xml"]
    assert refusal(zipped(files)) == "not-docx"


def test_a_missing_main_part_is_found_when_the_document_is_read() -> None:
    files = unzipped(GOOD)
    del files[MAIN]
    with pytest.raises(DocumentError) as refused:
        read_template(zipped(files))
    assert refused.value.code == "not-docx"


@pytest.mark.parametrize("xml", [b"", b"<w:document", b"<a/>", b"\xff\xfe\xfa", b"<a>" * 5000])
def test_broken_xml_is_found_when_the_document_is_read(xml: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        read_template(changed(GOOD, word__document=xml))
    assert refused.value.code == "damaged"


def test_truncated_and_damaged() -> None:
    assert refusal(GOOD[:-1]) == "damaged"
    assert refusal(GOOD[: len(GOOD) // 2]) == "damaged"
    assert refusal(GOOD[:30]) == "damaged"
    at = zipfile.ZipFile(io.BytesIO(GOOD)).getinfo(MAIN).header_offset + 60
    assert refusal(GOOD[:at] + b"\0\0\0\0" + GOOD[at + 4 :]) == "damaged"


def test_a_changed_byte_in_a_part_that_is_not_compressed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in {**unzipped(GOOD), "word/media/a.png": b"picture"}.items():
            archive.writestr(name, part)
    check_package(out.getvalue())
    assert refusal(out.getvalue().replace(b"picture", b"pictora")) == "damaged"


def test_every_truncation_and_many_flips_end_in_an_answer() -> None:
    for length in range(0, len(GOOD), 7):
        with pytest.raises(DocumentError):
            read_template(GOOD[:length])
    for at in range(0, len(GOOD), 3):
        data = bytearray(GOOD)
        data[at] ^= 0x41
        try:
            read_template(bytes(data)).letter({"X": "x"})
        except DocumentError:
            continue


def test_encrypted() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert refusal(ole + "WordDocument".encode("utf-16-le")) == "old-format"
    data = bytearray(GOOD)
    for entry in (data.find(b"PK\1\2") + 8, data.find(b"PK\3\4") + 6):
        data[entry] |= 1
    assert refusal(bytes(data)) == "encrypted"


def test_too_big() -> None:
    assert refusal(GOOD, max_bytes=len(GOOD) - 1) == "too-big"
    assert refusal(with_files(picture=bytes(2**20)), max_unpacked=2**20) == "zip-bomb"
    check_package(GOOD, Limits(max_bytes=len(GOOD)))


def test_zip_bombs() -> None:
    assert refusal(with_files(bomb=bytes(50 * 2**20))) == "zip-bomb"
    many = {f"word/media/{number}.bin": bytes(2**20) for number in range(101)}
    assert refusal(with_files(**many)) == "zip-bomb"
    random = Random(1).randbytes
    xml = {f"word/{number}.xml": random(700_000).hex().encode() for number in range(15)}
    assert refusal(with_files(**xml), max_bytes=2**25) == "zip-bomb"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(with_files(bomb=bytes(80 * 2**20)))
    record = data.rindex(b"PK\1\2")
    data[record + 24 : record + 28] = struct.pack("<I", 1000)
    assert refusal(bytes(data)) == "damaged"


def test_parts_that_share_their_bytes() -> None:
    data = with_files(
        **{"word/a.bin": bytes(range(256)) * 40, "word/b.bin": bytes(range(256)) * 40}
    )
    archive = zipfile.ZipFile(io.BytesIO(data))
    changed_data = bytearray(data)
    record = data.rindex(b"PK\1\2")
    offset = archive.getinfo("word/a.bin").header_offset
    changed_data[record + 42 : record + 46] = struct.pack("<I", offset)
    assert refusal(bytes(changed_data)) in ("zip-bomb", "damaged")


@pytest.mark.parametrize(
    "name",
    ["../evil", "word/../../evil", "/etc/passwd", "C:\\evil", "word\\evil", "a/./b", "a//b", "a:b"],
)
def test_unsafe_names(name: str) -> None:
    assert refusal(with_files(**{name: b"x"})) == "unsafe-name"


def test_names_with_a_null_byte() -> None:
    data = with_files(evilXname=b"x").replace(b"evilXname", b"evil\0name")
    assert refusal(data) == "unsafe-name"


@pytest.mark.parametrize("name", [MAIN, "WORD/Document.XML"])
def test_duplicate_names(name: str) -> None:
    out = io.BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, b"<other/>")
    assert refusal(out.getvalue()) == "duplicate-name"


def test_ten_thousand_parts() -> None:
    assert (
        refusal(with_files(**{f"word/{n}.xml": b"<a/>" for n in range(10_000)})) == "too-many-parts"
    )


def test_macros() -> None:
    assert refusal(with_files(**{"word/vbaProject.bin": b"x"})) == "macros"
    types = unzipped(GOOD)["[Content_Types].xml"]
    macro = types.replace(
        b"openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"ms-word.document.macroEnabled.main+xml",
    )
    assert refusal(with_files(**{"[Content_Types].xml": macro})) == "macros"
    dotx = types.replace(b".document.main+xml", b".template.main+xml")
    assert refusal(with_files(**{"[Content_Types].xml": dotx})) == "template-format"


XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", [MAIN, "word/settings.xml", "_rels/.rels"])
def test_entities(encoding: str, name: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding[:6].strip("-")}"?>{XXE}<a>&x;</a>'.encode(
        encoding
    )
    assert refusal(with_files(**{name: xml})) == "entities"


def test_entities_in_a_part_that_does_not_look_like_xml_by_its_name() -> None:
    xml = f'<?xml version="1.0"?>{XXE}<a>&x;</a>'.encode()
    assert refusal(with_files(**{"odd/name.bin": xml})) == "entities"


@pytest.mark.parametrize("encoding", ["utf-7", "utf-32", "cp037", "ibm037", "hz"])
def test_encodings_that_hide_entities(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode()
    assert refusal(with_files(**{"word/settings.xml": xml})) == "damaged"


def test_documents_in_utf_16_are_read() -> None:
    xml = unzipped(GOOD)[MAIN].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    template = read_template(changed(GOOD, word__document=xml.encode("utf-16")))
    assert template.text({"X": "käy"}) == "käy"


def test_the_words_of_a_declaration_in_the_text_are_text() -> None:
    template = read_template(docx(p(r("&lt;!DOCTYPE x&gt; {{ X }}"))))
    assert template.text({"X": "<!ENTITY y>"}) == "<!DOCTYPE x> <!ENTITY y>"
