"""What proves that the log is as it was written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models import Erasure
from interactions.models.log import InteractionLogEntry, LoggedSegment


class EntryProof(models.Model):
    """The digest of what one entry said, written with it; it outlives the entry.

    A narrow row beside a wide one. The database checks none of its keys: half a million checks are
    dear, and a proof whose entry has gone is just what it is for. See proofs.py.
    """

    entry = models.OneToOneField(
        InteractionLogEntry,
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="proof",
        verbose_name=_("interaction log entry"),
    )
    # Empty: the entry was logged by itself.
    logged_segment = models.ForeignKey(
        LoggedSegment,
        models.CASCADE,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="proofs",
        verbose_name=_("logged segment"),
    )
    position = models.PositiveIntegerField(_("position"))
    digest = models.CharField(_("digest"), max_length=64)
    # SHA-256 of the letter as it was first made; empty until somebody made it.
    letter = models.CharField(_("letter"), max_length=64, default="", db_default="")
    # The entry was deleted with leave: that it is missing is right.
    erased = models.BooleanField(_("erased"), default=False, db_default=False)
    # The entry's contact was erased with leave: what is left of it has this digest.
    erasure = models.ForeignKey(
        Erasure,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("erasure"),
    )
    emptied = models.CharField(
        _("digest of what is left"), max_length=64, default="", db_default=""
    )

    class Meta:
        verbose_name = _("proof of a log entry")
        verbose_name_plural = _("proofs of log entries")
        indexes = (
            models.Index(fields=("logged_segment", "position"), name="interactions_proof_in_order"),
        )

    def __str__(self) -> str:
        return self.digest
