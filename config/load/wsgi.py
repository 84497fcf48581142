"""The site as `config.wsgi` serves it, with one page more that does nothing, to measure beside."""

from config.wsgi import application  # noqa: I001 - sets Django up

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls

__all__ = ["application"]


def _empty(request: HttpRequest) -> HttpResponse:
    """Behind the same middleware, for whoever is logged in."""
    return HttpResponse(f"<p>{request.user.get_username()}</p>")


urls.urlpatterns.append(path("empty/", _empty, name="empty"))
