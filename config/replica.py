"""Lists and previews from a copy of the database that follows it: `REPLICA_URL`.

Only pages that look for many rows and write nothing ask the replica. Whoever has just written
something asks the database itself for a while, so that nobody misses his own change.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

REPLICA = "replica"
COOKIE = "written"
APPS = ("crm", "interactions", "segments")
# Jobs and views under names are seen at once wherever they are shown.
ALWAYS_FRESH = ("job", "jobfile", "savedview", "workersign")
PAGES = frozenset(
    (
        *("crm:contacts", "crm:choose_contacts", "crm:duplicates", "crm:campaigns", "crm:history"),
        *("interactions:entries", "interactions:logged_segments", "interactions:statistics"),
        *("interactions:campaign_entries", "interactions:targets", "interactions:templates"),
        *("segments:segments", "segments:saved_criteria_list", "search"),
        *("segments:add", "segments:keep", "segments:remove"),
    )
)
# Of these the form is sent with each letter that one types, and htmx shows what it would do.
LOOKS = frozenset(("segments:add", "segments:keep", "segments:remove"))
READING = ("GET", "HEAD", "OPTIONS")
_from_replica: ContextVar[bool] = ContextVar("from_replica", default=False)


class Router:
    """Reads from the replica where the page at hand may; writes to the database itself."""

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        """The replica for our own tables, on a page that may ask it."""
        if not _from_replica.get():
            return None
        if model is None:  # a time limit, not a table
            return REPLICA
        meta = model._meta
        fresh = meta.app_label not in APPS or meta.model_name in ALWAYS_FRESH
        return None if fresh else REPLICA

    def db_for_write(self, model: Any, **_hints: Any) -> str:
        return "default"

    def allow_relation(self, *_objects: Any, **_hints: Any) -> bool:
        """The same rows, wherever they were read."""
        return True

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return db == "default"


class ReplicaMiddleware:
    """Says for each request whether it may ask the replica, and remembers who has just written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _from_replica.set(False)
        try:
            answer = self.get_response(request)
        finally:
            _from_replica.reset(token)
        if REPLICA in settings.DATABASES and not _only_looks(request):
            answer.set_cookie(
                COOKIE, "1", max_age=settings.REPLICA_SECONDS, httponly=True, samesite="Lax",
                secure=request.is_secure(),
            )  # fmt: skip
        return answer

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Here the page's name is known."""
        match = request.resolver_match
        may = _only_looks(request) and COOKIE not in request.COOKIES
        _from_replica.set(
            REPLICA in settings.DATABASES and may and match is not None
            and match.view_name in PAGES
        )  # fmt: skip


def _only_looks(request: HttpRequest) -> bool:
    """Whether a request writes nothing: by its method, or as a preview while one types."""
    match = request.resolver_match
    is_preview = request.headers.get("HX-Request") == "true"
    is_shown = match is not None and match.view_name in LOOKS
    return request.method in READING or (is_preview and is_shown)
