"""What every request passes through, besides Django's own."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from crm import access, acting, sight

Answer = Callable[[HttpRequest], HttpResponse]

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class ActingMiddleware:
    """Puts what a request writes, in the database and in the program's log, down to its user.

    Each request has an id: a proxy's own where one stands in front, else a new one. It goes back in
    X-Request-ID, and stands in every line of the log and in every change of the audit trail.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = _request_id(request)
        with acting.doing(lambda: _act(request, request_id)):
            answer = self.get_response(request)
        answer["X-Request-ID"] = request_id
        return answer


def _request_id(request: HttpRequest) -> str:
    said = request.headers.get("X-Request-ID", "") if settings.PROXIES else ""
    return said if REQUEST_ID.fullmatch(said) else uuid.uuid4().hex


def _act(request: HttpRequest, request_id: str) -> acting.Act:
    """What is known of a request by now; asks the database nothing."""
    user = getattr(request, "_cached_user", None)
    match = request.resolver_match
    return acting.Act(
        by=user.get_username() if user else "",
        name=match.view_name if match else "",
        request=request_id,
    )


class SightMiddleware:
    """Lets a request find what its user sees (crm/sight.py), also what is streamed afterwards.

    Pages that ask for no login have no user: they ask for what they may themselves, by a token.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with sight.through(None):
            answer: Any = self.get_response(request)
            seen = sight.now()
        if seen and isinstance(answer, StreamingHttpResponse) and not _is_file(answer):
            pieces: Any = answer.streaming_content
            answer.streaming_content = sight.each(seen, pieces)
        found: HttpResponse = answer
        return found

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> None:
        """Here it is known who asks: LoginRequiredMiddleware stands in front."""
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            sight.look(access.sight_of(request.user))


def _is_file(answer: StreamingHttpResponse) -> bool:
    """Whether all of it was made before."""
    return isinstance(answer, FileResponse)


class NoNullInAddressMiddleware:
    """An address with a null character names nothing: 404, before PostgreSQL would refuse it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)


class CompressPagesMiddleware(GZipMiddleware):
    """Pages leave compressed, a fifth of their size; files that we hand on are so already.

    What is secret in a page is masked anew each time (CSRF), and Django pads at random (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class AdminSelectionMiddleware:
    """Rows ticked in Django admin by what is no key: 400, where admin itself would fall."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> None:
        """Here the table that the page is about is known."""
        table = getattr(view, "model_admin", None)
        if table is None or request.method != "POST":
            return
        key = table.model._meta.pk
        for ticked in request.POST.getlist("_selected_action"):
            try:
                key.run_validators(key.to_python(ticked))
            except ValidationError as error:
                raise SuspiciousOperation("no key of a row") from error
