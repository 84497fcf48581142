"""Files for the reader to keep: always an attachment, never shown by the browser."""

import tempfile
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from django.http import FileResponse

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_word(data: bytes, name: str) -> FileResponse:
    """A Word document to download, its name ending in .docx."""
    name = name if name.lower().endswith(".docx") else f"{name}.docx"
    return FileResponse(BytesIO(data), as_attachment=True, filename=name, content_type=WORD)


def as_written(write: Callable[[BinaryIO], object], name: str) -> FileResponse:
    """What `write` writes to a temporary file, streamed from there in flat memory.

    Nothing is sent before all is written, so that an error can still be told.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    kind = {"zip": "application/zip", "pdf": PDF}.get(name.rpartition(".")[2], WORD)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
