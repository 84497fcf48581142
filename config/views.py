"""Pages of the project as a whole: the theme, a sign of life, and a first home page."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config import metrics as figures
from crm import work

THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remembers light, dark or auto in a cookie; goes back to the page it was asked from."""
    answer = redirect(_safe_next(request))
    chosen = request.POST.get("theme")
    if chosen in THEMES:
        answer.set_cookie(
            "theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return answer


def _safe_next(request: HttpRequest) -> str:
    """Where to go on: an address of this site, else home."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return "home"


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """ "ok" when the database answers, 503 when it does not; says nothing else to anybody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests may come here: 503 while the database is away or not migrated.

    Pages can be read without a worker, so that is told but refuses nobody, unless ?worker=1 asks.
    """
    told = {"database": "unavailable", "migrations": "unknown", "worker": "unknown"}
    try:
        told["migrations"] = "ok" if _is_migrated() else "missing"
        told["database"] = "ok"
        told["worker"] = "ok" if work.workers_alive() else "none"
    except DatabaseError:
        pass
    wanted = ("database", "migrations", *(("worker",) if "worker" in request.GET else ()))
    ready = all(told[name] == "ok" for name in wanted)
    return JsonResponse(told, status=200 if ready else 503)


def _is_migrated() -> bool:
    """Whether the database has all that this version brings."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for whoever has the token; not there for anybody else."""
    if not figures.may_read(request):
        raise Http404
    return HttpResponse(figures.told(), content_type=figures.CONTENT_TYPE)
