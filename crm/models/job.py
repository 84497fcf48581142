"""Work that a worker does after the request has returned, and the files it makes."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.routes import route

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

SEE_ALL = "crm.change_job"


class JobState(models.TextChoices):
    """How far a job has come."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ACTIVE = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    """Sets of jobs that more than one place asks for."""

    def active(self) -> Self:
        """Jobs that wait or run."""
        return self.filter(state__in=ACTIVE)

    def active_of(self, user: "User | AnonymousUser") -> Self:
        """Those that one started oneself."""
        return self.active().filter(user_id=user.pk)

    def ended(self) -> Self:
        """Jobs that nobody works on any more."""
        return self.exclude(state__in=ACTIVE)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own; all of them for whoever may change jobs."""
        return self if user.has_perm(SEE_ALL) else self.filter(user_id=user.pk)


class Job(models.Model):
    """One piece of long work, and the lease of the worker that has it: see crm/work.

    `position` is where the work goes on after an interruption, in whatever form its kind likes.
    `attempts` counts how often a worker took it, which also tells one lease from the next;
    `stalled` counts how often since it last got on.
    """

    kind = models.CharField(_("kind"), max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="jobs",
        verbose_name=_("started by"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    done = models.PositiveBigIntegerField(_("done so far"), default=0)
    total = models.PositiveBigIntegerField(_("total"), null=True)
    position = models.JSONField(_("position"), null=True)
    result = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True)
    cancel_requested = models.BooleanField(_("to be cancelled"), default=False)
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    not_before = models.DateTimeField(_("not before"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    stalled = models.PositiveIntegerField(_("attempts without progress"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-pk",)
        # Everybody sees his own jobs; this one permission is for those of others.
        default_permissions = ("change",)
        indexes = (
            models.Index(
                fields=("user", "id"), name="crm_job_active", condition=Q(state__in=ACTIVE)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        """The page that shows how far it is."""
        return route("crm:job", self.pk)

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE

    @property
    def may_be_retried(self) -> bool:
        """Whether it ended without being done."""
        return self.state in (JobState.FAILED, JobState.CANCELLED)

    @property
    def waits_in_vain(self) -> bool:
        """Whether no worker seems to run: it should have been taken up long ago."""
        due = max(filter(None, (self.created_at, self.not_before)))
        return self.state == JobState.QUEUED and timezone.now() - due > timedelta(minutes=1)

    @property
    def percent(self) -> int | None:
        """How much is done, in hundredths; None where the total is not known."""
        if self.total is None:
            return None
        return min(100, self.done * 100 // self.total) if self.total else 100


def _path(_file: "JobFile", name: str) -> str:
    """A place that nobody can guess and no other file has."""
    return f"jobs/{secrets.token_hex(16)}/{name[-100:]}"


class JobFile(models.Model):
    """A file that a job was given or has made; it lies in the default storage until it expires."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="files", verbose_name=_("job"))
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to=_path, max_length=300)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    is_result = models.BooleanField(_("made by the job"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of a job")
        verbose_name_plural = _("files of jobs")
        ordering = ("pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is downloaded, by whoever may see the job."""
        return route("crm:job_file", self.job_id, self.pk)

    def save(self, *args: Any, **options: Any) -> None:
        """Saves it with its size."""
        self.size = self.file.size
        super().save(*args, **options)


class WorkerSign(models.Model):
    """A worker's sign of life, for whoever watches; no work depends on it."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
