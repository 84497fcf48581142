"""A second click does nothing a second time: what a form has made already is found again.

A form carries a value of its own in its field `once`, and the session keeps what was made for it.
The caller holds a row meanwhile, so that two clicks wait for each other.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.crypto import get_random_string

REMEMBERED = 20


def new_token() -> str:
    """What a form carries in its field `once`."""
    return get_random_string(20)


def remembered(request: HttpRequest, kind: str) -> Any:
    """What was made for this form before, None where nothing was."""
    return _made(request, kind).get(_token(request))


def remember(request: HttpRequest, kind: str, made: Any) -> None:
    """Keeps what was made for it, an id or a number, unless the form has no value of its own."""
    if _token(request):
        kept = dict(list(_made(request, kind).items())[1 - REMEMBERED :])
        request.session[kind] = {**kept, _token(request): made}
        request.session.save()  # now, while a second click is waiting


def _token(request: HttpRequest) -> str:
    return request.POST.get("once", "")[:40]


def _made(request: HttpRequest, kind: str) -> dict[str, Any]:
    """Read anew: this request's session was read before it held the row."""
    return type(request.session)(request.session.session_key).get(kind) or {}
