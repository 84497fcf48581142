"""What has been said: log entries, the segments they came from, and their campaigns."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.choices import MOST_MINUTES, CorrespondenceType, Evaluation, InformationFlow, InitiatedBy
from crm.languages import LANGUAGES
from crm.models import Campaign, Contact, Salesperson
from crm.routes import route
from crm.sight import Seen, SeenManager, by_salesperson, with_any, with_first
from interactions.models.document import Document
from interactions.models.template import InteractionGroup, InteractionTemplate


class LoggedSegment(Seen):
    """A segment that was logged: its header and its trail, as data and in words, as they were.

    `header` holds names and codes, never ids. `trail` is a list of steps {number, kind, criteria,
    options, added, removed, lines_after, by, at, words: {language: sentence}}.
    """

    segment_number = models.CharField(_("segment no."), max_length=20, unique=True)
    description = models.CharField(_("description"), max_length=100)
    logged_at = models.DateTimeField(_("logged"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )
    cancelled = models.BooleanField(_("cancelled"), default=False)
    entry_count = models.PositiveIntegerField(_("entries"), default=0)
    # What all of it adds up to, said once by Log; see proofs.py. Empty: nothing was sealed.
    seal = models.CharField(_("seal"), max_length=64, default="", db_default="", editable=False)
    header = models.JSONField(_("header"), default=dict)
    trail = models.JSONField(_("trail"), default=list)
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows"),
    )
    # Whose it was when it was logged: whoever sees the records of that one sees it.
    salesperson = models.ForeignKey(
        Salesperson,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("salesperson"),
    )

    class Meta:
        verbose_name = _("logged segment")
        verbose_name_plural = _("logged segments")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.segment_number} {self.description}"

    def get_absolute_url(self) -> str:
        """The logged segment's page."""
        return route("interactions:logged_segment", self.segment_number)


class CampaignEntry(Seen):
    """One push of one campaign: all that one logged segment said for it."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="entries", verbose_name=_("campaign")
    )
    logged_segment = models.ForeignKey(
        LoggedSegment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="campaign_entries",
        verbose_name=_("logged segment"),
    )
    description = models.CharField(_("description"), max_length=100)
    date = models.DateField(_("date"))
    segment_number = models.CharField(_("segment no."), max_length=20, blank=True)
    salesperson = models.ForeignKey(
        Salesperson, models.PROTECT, null=True, verbose_name=_("salesperson")
    )
    # In force: by itself, or because its logged segment is. See cancelling.py.
    cancelled = models.BooleanField(_("cancelled"), default=False)
    cancelled_itself = models.BooleanField(
        _("cancelled by itself"), default=False, db_default=False, editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )

    seen_names = ("logged_segment", "salesperson")
    seen_by = with_first("logged_segment", by_salesperson())

    class Meta:
        verbose_name = _("campaign entry")
        verbose_name_plural = _("campaign entries")
        ordering = ("-date", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "logged_segment"),
                name="interactions_campaignentry_one_a_logged_segment",
            ),
        )

    def __str__(self) -> str:
        return self.description


class CampaignTarget(Seen):
    """A company (or a person without one) that a campaign is aimed at."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="targets", verbose_name=_("campaign")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="targeted_by", verbose_name=_("contact")
    )
    active = models.BooleanField(_("active"), default=True, db_default=True)
    # Somebody decided it: what is said and taken back leaves it alone (see targets.py).
    by_hand = models.BooleanField(_("by hand"), default=False, db_default=False)

    seen_names = ("contact",)
    seen_by = with_any(*seen_names)

    class Meta:
        verbose_name = _("campaign target")
        verbose_name_plural = _("campaign targets")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "contact"), name="interactions_campaigntarget_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.contact)


class Delivery(models.TextChoices):
    """How far an entry's letter has come; blank where nothing is to be delivered."""

    QUEUED = "queued", _("Queued")
    IN_PROGRESS = "in_progress", _("In progress")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    # Killed, or cut off, after the mail was handed over and before the answer: sent, or not.
    UNCERTAIN = "uncertain", _("Uncertain")
    CANCELLED = "cancelled", _("Not sent")


class LogEntryQuerySet(models.QuerySet["InteractionLogEntry"]):
    """Sets of entries that more than one place asks for."""

    def counted(self) -> Self:
        """Entries that count: neither cancelled nor postponed."""
        return self.filter(cancelled=False, postponed=False)


EntryManager = SeenManager.from_queryset(LogEntryQuerySet)
WholeLog = models.Manager.from_queryset(LogEntryQuerySet)


class InteractionLogEntry(Seen):
    """One interaction with one contact, with the values it had when it was logged.

    `merge_values` holds the facts its letter was made of (see mergefields.facts), so that the
    letter can be made again byte for byte from them and `document`.
    """

    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        related_name="interactions",
        verbose_name=_("contact"),
    )
    logged_segment = models.ForeignKey(
        LoggedSegment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("logged segment"),
    )
    segment_number = models.CharField(_("segment no."), max_length=20, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    date = models.DateField(_("date"))
    time = models.TimeField(_("time"), null=True, blank=True)
    description = models.CharField(_("description"), max_length=100)
    template = models.ForeignKey(
        InteractionTemplate, models.PROTECT, verbose_name=_("interaction template")
    )
    group = models.ForeignKey(
        InteractionGroup, models.PROTECT, db_index=False, verbose_name=_("interaction group")
    )
    salesperson = models.ForeignKey(
        Salesperson, models.PROTECT, null=True, db_index=False, verbose_name=_("salesperson")
    )
    correspondence_type = models.CharField(
        _("correspondence type"), max_length=10, choices=CorrespondenceType.choices, blank=True
    )
    information_flow = models.CharField(
        _("information flow"), max_length=10, choices=InformationFlow.choices, blank=True
    )
    initiated_by = models.CharField(
        _("initiated by"), max_length=10, choices=InitiatedBy.choices, blank=True
    )
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=2, default=0)
    duration = models.PositiveIntegerField(
        _("duration (min)"), default=0, validators=[MaxValueValidator(MOST_MINUTES)]
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("campaign"),
    )
    campaign_entry = models.ForeignKey(
        CampaignEntry,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("campaign entry"),
    )
    campaign_target = models.BooleanField(_("campaign target"), default=False)
    campaign_response = models.BooleanField(_("campaign response"), default=False)
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    # Whether the document is the line's own letter, to be sent as it is, or a template to merge.
    own_document = models.BooleanField(_("own document"), default=False)
    send_word_as_attachment = models.BooleanField(_("letter as attachment"), default=False)
    merge_values = models.JSONField(_("merge values"), default=dict)
    evaluation = models.CharField(
        _("evaluation"), max_length=15, choices=Evaluation.choices, blank=True
    )
    delivery = models.CharField(_("delivery"), max_length=12, choices=Delivery.choices, blank=True)
    delivery_error = models.CharField(_("delivery error"), max_length=300, blank=True)
    # Whose work it is (job and attempt), where it goes or went, how often it was tried, and when
    # that last changed; queued: not before. See delivery/.
    delivery_by = models.CharField(
        _("delivery by"), max_length=50, default="", db_default="", editable=False
    )
    delivered_to = models.CharField(
        _("delivered to"), max_length=254, default="", db_default="", editable=False
    )
    delivery_attempts = models.PositiveSmallIntegerField(
        _("delivery attempts"), default=0, db_default=0, editable=False
    )
    delivery_at = models.DateTimeField(_("delivery changed"), null=True, editable=False)
    # In force: by itself, or because its logged segment or campaign entry is. See cancelling.py.
    cancelled = models.BooleanField(_("cancelled"), default=False)
    cancelled_itself = models.BooleanField(
        _("cancelled by itself"), default=False, db_default=False, editable=False
    )
    postponed = models.BooleanField(_("postponed"), default=False)
    attempt_failed = models.BooleanField(_("attempt failed"), default=False)
    via = models.CharField(_("reached by"), max_length=80, blank=True, default="", db_default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        db_index=False,
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    # Said to a contact that one sees, or by a segment that one sees.
    seen_names = ("contact", "logged_segment")
    seen_by = with_any(*seen_names)
    objects = EntryManager()  # type: ignore[misc]
    whole = WholeLog()  # type: ignore[misc]

    class Meta:
        verbose_name = _("interaction log entry")
        verbose_name_plural = _("interaction log entries")
        ordering = ("-date", "-pk")
        indexes = (
            models.Index(fields=("-date", "-id"), name="interactions_entry_newest"),
            models.Index(
                fields=("logged_segment", "id"),
                name="interactions_entry_to_deliver",
                condition=Q(delivery__in=("queued", "in_progress")),
            ),
            # Calls made from lines: few among all that carry a segment's number.
            models.Index(
                fields=("segment_number", "contact"),
                name="interactions_entry_calls",
                condition=Q(logged_segment=None),
            ),
            models.Index(
                fields=("id",), name="interactions_entry_postponed", condition=Q(postponed=True)
            ),
            # Home counts them; there should be few.
            models.Index(
                fields=("id",), name="interactions_entry_failed", condition=Q(delivery="failed")
            ),
            # In place of the campaign's own, as small: entries of one push differ in nothing here.
            # Alone it tells how many of a campaign count, in a week, and how long the list is.
            models.Index(
                fields=("campaign", "cancelled", "postponed", "date"),
                name="interactions_entry_counted",
            ),
            # The last responses to a campaign, few among all that it said.
            models.Index(
                fields=("campaign", "-date", "-id"),
                name="interactions_entry_responses",
                condition=Q(campaign_response=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.description}"

    def get_absolute_url(self) -> str:
        """The entry's page."""
        return route("interactions:entry", self.pk)

    @property
    def logged_segment_url(self) -> str:
        """The page of the logged segment it stands in."""
        return route("interactions:logged_segment", self.segment_number)


class LogEntryComment(models.Model):
    """A remark on a log entry."""

    entry = models.ForeignKey(
        InteractionLogEntry,
        models.CASCADE,
        related_name="comments",
        verbose_name=_("interaction log entry"),
    )
    date = models.DateField(_("date"))
    text = models.TextField(_("comment"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("comment on a log entry")
        verbose_name_plural = _("comments on log entries")
        ordering = ("-date", "-pk")

    def __str__(self) -> str:
        return self.text
