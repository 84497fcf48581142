"""What every request passes through, besides Django's own."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

Answer = Callable[[HttpRequest], HttpResponse]


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
