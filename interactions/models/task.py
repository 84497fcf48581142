"""What somebody has promised to do."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, Salesperson
from crm.routes import route
from crm.sight import Seen, with_any
from interactions.models.log import InteractionLogEntry


class Task(Seen):
    """Something to do about a contact by a day; done when `done_at` is set."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="tasks", verbose_name=_("contact")
    )
    description = models.CharField(_("description"), max_length=200)
    due = models.DateField(_("due"), default=timezone.localdate)
    salesperson = models.ForeignKey(
        Salesperson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("salesperson"),
        help_text=_("Who is to do it; empty means whoever wrote it down."),
    )
    # The segment it was given on, open or logged: its number, which stays when it is logged.
    segment_number = models.CharField(_("segment no."), max_length=20, blank=True, editable=False)
    entry = models.ForeignKey(
        InteractionLogEntry,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="tasks",
        verbose_name=_("interaction log entry"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="tasks",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("done by"),
    )

    seen_names = ("contact",)
    seen_by = with_any(*seen_names)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("due", "pk")
        indexes = (
            models.Index(
                fields=("contact", "due"),
                name="interactions_task_next",
                condition=Q(done_at=None),
            ),
            models.Index(fields=("due",), name="interactions_task_due", condition=Q(done_at=None)),
        )

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        """Where it is changed; a task has no page besides."""
        return route("interactions:task_edit", self.pk)

    @property
    def is_overdue(self) -> bool:
        """Whether its day is past and it is not done."""
        return self.done_at is None and self.due < timezone.localdate()
