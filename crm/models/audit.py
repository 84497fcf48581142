"""The audit trail: who changed what, from what to what."""

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditVerb(models.TextChoices):
    """What was done to a row."""

    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")


class AuditFixed(TypeError):
    """The audit trail is written by the database alone, and never changed."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Rows to read."""

    def _refuse(self, *_arguments: Any, **_values: Any) -> NoReturn:
        raise AuditFixed

    create = update = delete = bulk_create = bulk_update = _refuse
    get_or_create = update_or_create = _refuse


class AuditEntry(models.Model):
    """One change of one row. Written by triggers (crm/audit), refused to everybody else."""

    at = models.DateTimeField(_("when"), db_index=True)
    # A name, not a key: it stays when the user has gone.
    by = models.CharField(_("by"), max_length=150)
    # The page ("crm:contact_edit"), job ("job:delivery") or command that did it.
    act = models.CharField(_("by way of"), max_length=100)
    # All that one request or job did has the same.
    request = models.CharField(_("request"), max_length=64)
    kind = models.CharField(_("kind"), max_length=60)
    row = models.BigIntegerField(_("row"))
    verb = models.CharField(_("what was done"), max_length=10, choices=AuditVerb.choices)
    # The record on whose page it is seen: a contact, for a link of its own.
    subject = models.CharField(_("record"), max_length=60)
    subject_id = models.BigIntegerField(_("record's row"))
    label = models.CharField(_("number or code"), max_length=150)
    # Column -> [old, new]; keys as the codes they stand for.
    changes = models.JSONField(_("changes"), default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("history of changes")
        default_permissions = ("view",)
        ordering = ("-pk",)
        indexes = (
            models.Index("subject", "subject_id", "id", name="crm_audit_subject"),
            models.Index("label", "id", name="crm_audit_label"),
            models.Index("request", name="crm_audit_request"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.label} {self.verb}".strip()

    def save(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise AuditFixed

    def delete(self, *_arguments: Any, **_options: Any) -> NoReturn:
        raise AuditFixed
