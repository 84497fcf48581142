"""Files of contacts on their way in: what was given, what was chosen, what came of it."""

import secrets
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.job import Job
from crm.routes import route

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def _path(_file: "ContactImport", name: str) -> str:
    """A place that nobody can guess and no other file has."""
    return f"imports/{secrets.token_hex(16)}/{name[-100:]}"


class ContactImportQuerySet(models.QuerySet["ContactImport"]):
    """Sets of imports that more than one place asks for."""

    def of(self, user: "User | AnonymousUser") -> Self:
        """One's own: nobody else sees what a file holds."""
        return self.filter(user_id=user.pk)


class ContactImport(models.Model):
    """One file of contacts: mapped, tried, then imported once by a job of crm/work.

    `mapping` has a field for each column of the file, "" where it is left out. `trial` and `result`
    are reports: counts, and of a trial samples. The file goes some days after; the counts stay.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="contact_imports",
        verbose_name=_("user"),
    )
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to=_path, max_length=300, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, default="auto")
    head = models.JSONField(_("headings"), default=list)
    sample = models.JSONField(_("first rows"), default=list)
    mapping = models.JSONField(_("mapping"), default=list)
    options = models.JSONField(_("options"), default=dict)
    trial = models.JSONField(_("trial"), null=True)
    trial_job = models.ForeignKey(
        Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job of the trial")
    )
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job")
    )
    started_at = models.DateTimeField(_("started"), null=True)
    result = models.JSONField(_("result"), null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ContactImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of contacts")
        verbose_name_plural = _("imports of contacts")
        ordering = ("-pk",)
        # Whoever may import sees his own imports.
        default_permissions = ("add",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where one goes on with it: the mapping, else the report."""
        name = "import_map" if self.trial is None and not self.is_started else "import_report"
        return route(f"crm:{name}", self.pk)

    @property
    def is_started(self) -> bool:
        """Whether it was begun to be written; then nothing about it changes any more."""
        return self.started_at is not None

    @property
    def report(self) -> dict[str, Any]:
        """The newest report there is."""
        return self.result or self.trial or {}


class RefusedRow(models.Model):
    """A row that did not go in, or would not: where it is, whom it names, and why."""

    of = models.ForeignKey(
        ContactImport, models.CASCADE, related_name="refused", verbose_name=_("import of contacts")
    )
    line = models.PositiveIntegerField(_("line"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    columns = models.TextField(_("columns"), blank=True)
    reasons = models.TextField(_("reasons"))

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ("line",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.line}: {self.reasons}"


class RememberedMapping(models.Model):
    """What somebody chose for a file with these headings, to be offered for the next one."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="remembered_mappings",
        verbose_name=_("user"),
    )
    headings = models.CharField(_("fingerprint of the headings"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)
    options = models.JSONField(_("options"), default=dict)
    used_at = models.DateTimeField(_("last used"), auto_now=True)

    class Meta:
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")
        ordering = ("-used_at",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("user", "headings"), name="crm_rememberedmapping_once"),
        )

    def __str__(self) -> str:
        return self.headings
