"""What every request passes through, besides Django's own."""

import ipaddress
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


def client_address(request: HttpRequest) -> str:
    """Who asks: as the outermost proxy of ours noted it, else whoever is at the other end.

    Each proxy appends to X-Forwarded-For by whom it was asked; what stands before is hearsay.
    """
    noted = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.PROXIES <= len(noted):
        try:
            return str(ipaddress.ip_address(noted[-settings.PROXIES].strip()))
        except ValueError:
            pass
    return str(request.META.get("REMOTE_ADDR", ""))


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
    """Rows ticked or chosen in Django admin by no key: 400, where admin itself would fall."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> None:
        """Here the table that the page is about is known."""
        table = getattr(view, "model_admin", None)
        if table is None:
            return
        keys = {"_selected_action": table.model._meta.pk, **_searched_for(table)}
        for name, values in (*request.POST.lists(), *request.GET.lists()):
            key = keys.get(name.rpartition("-")[2])  # an inline's has its place before it
            for value in values if key else ():
                if value or name == "_selected_action":  # nobody may be chosen, no row ticked so
                    _must_be_key(key, value)


def _searched_for(table: Any) -> dict[str, Any]:
    """The keys of the rows that are searched for and chosen, by the names of their fields."""
    return {
        name: one.model._meta.get_field(name).related_model._meta.pk
        for one in (table, *table.inlines)
        for name in one.autocomplete_fields
    }


def _must_be_key(key: Any, value: str) -> None:
    try:
        key.run_validators(key.to_python(value))
    except ValidationError as error:
        raise SuspiciousOperation("no key of a row") from error
