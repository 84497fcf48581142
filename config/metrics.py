"""What Prometheus is told: how long requests took, how the jobs stand, whether workers live."""

import hmac
import logging
import os
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from crm import work

logger = logging.getLogger("config.requests")
BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
SECONDS = Histogram(
    "segmentti_request_seconds",
    "Time from the request's arrival to its answer.",
    ("page", "method", "status"),
    buckets=BUCKETS,
    registry=None,
)
METHODS = ("GET", "POST", "HEAD")


class MeasuringMiddleware:
    """Measures every request by the name of its page; an address may name people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        method = request.method if request.method in METHODS else "other"
        page = match.view_name if match else ""
        labels = (page, method, f"{answer.status_code // 100}xx")
        seconds = time.perf_counter() - begun
        SECONDS.labels(*labels).observe(seconds)
        said = {"status": answer.status_code, "milliseconds": round(seconds * 1000)}
        logger.info("request", extra={"method": request.method, "page": page, **said})
        return answer


class WorkCollector(Collector):
    """Figures of the jobs and the workers, asked of the database when somebody wants them."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        figures = work.figures()
        jobs = GaugeMetricFamily("segmentti_jobs", "Jobs in each state.", labels=["state"])
        for state, count in figures.states.items():
            jobs.add_metric([state], count)
        yield jobs
        for name, words, value in (
            ("jobs_oldest_queued_seconds", "Age of the oldest job that waits.", figures.oldest),
            ("jobs_leases_expired", "Running jobs whose worker fell silent.", figures.expired),
            ("workers", "Workers that gave a sign of life lately.", figures.workers),
        ):
            yield GaugeMetricFamily(f"segmentti_{name}", words, value=value)


def told() -> bytes:
    """Everything, as Prometheus reads it: of this process, or of all that share a folder."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # prometheus_client's own variable
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(SECONDS)
    registry.register(WorkCollector())
    return generate_latest(registry)


def may_read(request: HttpRequest) -> bool:
    """Whether the request brings the token; nobody may where none is set."""
    said = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    token = settings.METRICS_TOKEN.encode()
    return bool(token) and hmac.compare_digest(said, token)


CONTENT_TYPE = CONTENT_TYPE_LATEST
