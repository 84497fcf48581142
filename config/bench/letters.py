"""Measures the merge of letters beside other programs and beside its limit: `make bench`.

`python -m config.bench.letters LETTERS PDFS`. The others merge fewer letters, as the table says:
they take minutes for all. The limit is deflating what changes from letter to letter, once, as fast
as zlib can, of bytes that lie ready. Prints a table and, on the last line, the same as JSON.
"""

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from docxtpl import DocxTemplate  # noqa: E402
from mailmerge import MailMerge  # noqa: E402

from config.bench.letter import letter, typed_field, values_of, word_field  # noqa: E402
from interactions import mailmerge  # noqa: E402
from interactions.mailmerge import pdf  # noqa: E402

Values = dict[str, str]
OTHERS = 100
RUNS = 3
CHANGING = ("word/document.xml", "word/header1.xml", "word/footer1.xml")


@dataclass(frozen=True)
class Measure:
    """How many letters in how many seconds of processor, in the best run."""

    what: str
    letters: int
    seconds: float

    @property
    def speed(self) -> float:
        """Letters a second."""
        return self.letters / self.seconds


def best(what: str, letters: int, work: Callable[[], object], runs: int = RUNS) -> Measure:
    """The best of some runs."""
    return Measure(what, letters, min(_seconds(work) for _run in range(runs)))


def _seconds(work: Callable[[], object]) -> float:
    """Seconds of processor, also of LibreOffice, so that other work on the machine counts less."""
    began = _used()
    work()
    return _used() - began


def _used() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


class Letters:
    """The benchmark's letter and what is made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.word, self.typed = letter(word_field), letter(typed_field)
        self.template = mailmerge.read_template(self.word)

    def measure(self, count: int) -> list[Measure]:
        """One .docx each, combined, and the others."""
        values = [values_of(number) for number in range(count)]
        parts = self._parts(values[0])
        few = values[:OTHERS]
        return [
            best("one each", count, partial(_each, self._one, values)),
            best("one each, limit", count, partial(_each, lambda _values: _deflate(parts), values)),
            best("docx-mailmerge2", len(few), partial(_each, self._mailmerge2, few)),
            best("docxtpl", len(few), partial(_each, self._docxtpl, few)),
            best("zip of all, to disk", count, lambda: self._zip(values)),
            best("combined, to disk", count, lambda: self._combined(values)),
            best("combined, limit", count, lambda: _deflate_stream(parts, count)),
        ]

    def memory(self, count: int) -> dict[str, dict[int, float]]:
        """The peak of memory in MiB while so many letters, and a quarter of them, are written."""
        return {
            name: {size: _peak(work, map(values_of, range(size))) for size in (count // 4, count)}
            for name, work in (("zip", self._zip), ("combined", self._combined))
        }

    def pdf(self, count: int) -> list[Measure]:
        """LibreOffice bare, and what we make of it."""
        plain, source = self.folder / "plain.docx", self.folder / "marked.docx"
        self._write(plain, map(values_of, range(count)), marked=False)
        bare = best("LibreOffice bare", count, lambda: self._bare(plain), 1)
        ours = best("PDF of all", count, lambda: self._pdf(source, count), 1)
        split = best("... split into one each", count, lambda: self._split(source, count), 1)
        return [bare, ours, split]

    def _one(self, values: Values) -> bytes:
        return self.template.letter(values)

    def _mailmerge2(self, values: Values) -> None:
        with MailMerge(io.BytesIO(self.word)) as document:
            document.merge(**values)
            document.write(io.BytesIO())

    def _docxtpl(self, values: Values) -> None:
        document = DocxTemplate(io.BytesIO(self.typed))
        document.render(values)
        document.save(io.BytesIO())

    def _zip(self, values: Iterable[Values]) -> None:
        made = ((f"{n:05d}.docx", self._one(each)) for n, each in enumerate(values))
        with (self.folder / "all.zip").open("wb") as out:
            mailmerge.zip_letters(made, out)

    def _combined(self, values: Iterable[Values]) -> None:
        self._write(self.folder / "combined.docx", values, marked=False)

    def _write(self, target: Path, values: Iterable[Values], *, marked: bool) -> None:
        letters = ((self.template, each, "en") for each in values)
        with target.open("wb") as out:
            mailmerge.combine(letters, out, marked=marked)

    def _parts(self, values: Values) -> list[bytes]:
        with zipfile.ZipFile(io.BytesIO(self._one(values))) as archive:
            return [archive.read(name) for name in CHANGING]

    def _bare(self, source: Path) -> None:
        profile = self.folder / "profile"
        command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(self.folder), str(source)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        shutil.rmtree(profile)

    def _pdf(self, source: Path, count: int) -> None:
        self._write(source, map(values_of, range(count)), marked=True)
        mailmerge.to_pdf(source, source.with_suffix(".pdf"), seconds=3600)

    def _split(self, source: Path, count: int) -> None:
        reader = pdf.read_pdf(source.with_suffix(".pdf"))
        pages = pdf.letter_pages(reader, count)
        assert {len(each) for each in pages} == {2}, "the letter should have two pages"
        for number, data in enumerate(pdf.split(reader, pages)):
            (self.folder / f"{number}.pdf").write_bytes(data)


def _each(work: Callable[[Values], object], letters: list[Values]) -> None:
    for values in letters:
        work(values)


def _deflate(parts: list[bytes]) -> None:
    for part in parts:
        deflater = zlib.compressobj(1, zlib.DEFLATED, -15, 9)
        deflater.compress(part)
        deflater.flush()


def _deflate_stream(parts: list[bytes], count: int) -> None:
    """The bodies in one stream; the headers, of which each letter has its own, each in one."""
    deflater = zlib.compressobj(1, zlib.DEFLATED, -15, 9)
    for _letter in range(count):
        deflater.compress(parts[0])
        _deflate(parts[1:])
    deflater.flush()


def _peak(work: Callable[[Iterable[Values]], None], values: Iterable[Values]) -> float:
    tracemalloc.start()
    work(values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 2**20, 1)


def main(letters: int, pdfs: int) -> None:
    """Prints the table and the JSON."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Letters(Path(folder))
        found = bench.measure(letters)
        memory = bench.memory(letters)
        found += bench.pdf(pdfs) if pdfs and mailmerge.has_office() else []
    others = ", ".join(f"{name} {version(name)}" for name in ("docx-mailmerge2", "docxtpl"))
    print(f"letters of two pages with 12 fields; {others}; best of {RUNS} runs, PDF of one")
    print(f"{'what':<24} {'letters':>8} {'seconds':>9} {'a second':>9}")
    for one in found:
        print(f"{one.what:<24} {one.letters:>8,} {one.seconds:9.3f} {one.speed:9,.0f}")
    print(f"peak of memory, MiB: {memory}; of the process: {_resident()} MiB")
    print(json.dumps({"measures": [asdict(one) for one in found], "memory": memory}))


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
