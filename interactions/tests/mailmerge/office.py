"""Templates that LibreOffice saved as .docx: from RTF, from its own format, from a python-docx."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .corpus import MAIN, NAME, Case, by_python_docx

RTF = rb"""{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0
Dear {\field{\*\fldinst MERGEFIELD First_Name \\* MERGEFORMAT}{\fldrslt{\b old}}},\par
in {\field{\*\fldinst  MERGEFIELD City }{\fldrslt old}} on \{\{ D{\b ay} \}\}.\par
\trowd\cellx3000\cellx6000 {\field{\*\fldinst MERGEFIELD City}{\fldrslt old}}\intbl\cell
fixed\intbl\cell\row\pard End\par}"""

ODF = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles><style:page-layout style:name="page"><style:header-style/>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">
<style:header><text:p>Head {{ City }}</text:p></style:header></style:master-page>
</office:master-styles><office:body><office:text>
<text:p>Dear {{ First<text:span>_Name</text:span> }},<text:note text:note-class="footnote">
<text:note-citation>1</text:note-citation><text:note-body><text:p>Note on {{ City }}</text:p>
</text:note-body></text:note></text:p>
<text:p>see <text:a xmlns:xlink="http://www.w3.org/1999/xlink"
 xlink:href="https://example.com/">{{ City }}</text:a></text:p>
<table:table><table:table-column/><table:table-row><table:table-cell><text:p>{{ Amount }}</text:p>
</table:table-cell></table:table-row></table:table><text:p>End</text:p>
</office:text></office:body></office:document>"""


def office_cases(folder: Path) -> list[Case]:
    """The templates, saved by one run of LibreOffice."""
    sources = {"rtf.rtf": RTF, "odf.fodt": ODF.encode(), "again.docx": by_python_docx()}
    for name, data in sources.items():
        (folder / name).write_bytes(data)
    _save([folder / name for name in sources], folder / "saved")
    saved = {name: (folder / "saved" / name).with_suffix(".docx").read_bytes() for name in sources}
    again = [f"Offer for {NAME}", "", "In Turku", "Mill 1\nFlat 2", "1,234.5", "€", "Yours"]
    return [
        Case(
            "RTF",
            lambda: saved["rtf.rtf"],
            {MAIN: [f"Dear {NAME},", "in Turku on 20 November 2026.", "Turku", "fixed", "End"]},
        ),
        Case(
            "ODF",
            lambda: saved["odf.fodt"],
            {MAIN: [f"Dear {NAME},", "see Turku", "1,234.5", "End"]},
            f"Head Turku Dear {NAME},# see Turku 1,234.5 End # Note on Turku",
        ),
        Case(
            "python-docx, saved again",
            lambda: saved["again.docx"],
            {MAIN: again},
            f"First Turku {' '.join(again)}",
        ),
    ]


def _save(sources: list[Path], folder: Path) -> None:
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder)]
    run = ["timeout", "--kill-after=5", "120", *command, *map(str, sources)]
    subprocess.run(run, check=True, capture_output=True)
