"""Pages while the storage of documents does not answer."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm import storage
from crm.storage import StorageAway


class RefusedFile(UploadedFile):
    """An uploaded file that could not be stored; the field that is to take it says why."""

    def __init__(self, file: UploadedFile, why: str) -> None:
        super().__init__(name=file.name)
        self.why = why

    @property
    def size(self) -> int:
        """Asked by every field for files, which tells this like any other fault of the file."""
        again = _("Then choose the file again: only what you typed could be kept.")
        raise ValidationError([self.why, again])

    @size.setter
    def size(self, _size: int | None) -> None:
        """Set by Django's own class."""


class StorageMiddleware:
    """Says so on a page that cannot do without the storage: at the field, where a file was sent.

    What the page had begun was taken back with its transaction. The form was right, and is gone
    with it: so the page is asked once more, with a file that no field takes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The form again, else 503; all other errors go their way."""
        if not isinstance(error, StorageAway):
            return None
        return _form_again(request, str(error)) or _out_of_reach(request, error)


def _form_again(request: HttpRequest, why: str) -> HttpResponse | None:
    """The page with its files refused; None where none was sent, or it needs the storage anyway."""
    page: Any = request.resolver_match
    if not _refuse(request.FILES, why):
        return None
    try:
        with storage.given_up():
            answer: HttpResponse = page.func(request, *page.args, **page.kwargs)
    except StorageAway:
        return None
    return answer


def _refuse(files: Any, why: str) -> bool:
    """Refuses all these files; whether there are any that were not refused before."""
    given = {name: found for name, found in files.lists() if not isinstance(found[0], RefusedFile)}
    for name, found in given.items():
        files.setlist(name, [RefusedFile(one, why) for one in found])
    return bool(given)


def _out_of_reach(request: HttpRequest, error: StorageAway) -> HttpResponse:
    answer = render(request, "503.html", {"error": error}, status=503)
    answer["Retry-After"] = "60"
    return answer
