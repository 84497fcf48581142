"""A company or a person whom one can write to."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from crm.choices import CorrespondenceType
from crm.languages import LANGUAGES
from crm.lookups import search_text
from crm.models.erasure import Erasure
from crm.models.setup import (
    NumberSeries,
    OrganizationalLevel,
    Salesperson,
    Salutation,
    Territory,
    validate_number,
)
from crm.routes import route
from crm.sight import Seen, SeenManager
from crm.sortkey import KEY_BYTES, sort_key


# Blocked means blocked: privacy block, or a minor without a parent's consent (product decision 6).
def blocked(prefix: str = "") -> Q:
    """The condition, asked of rows that reach their contact by this prefix ("contact__")."""
    without_consent = {f"{prefix}minor": True, f"{prefix}parental_consent": False}
    return Q(**{f"{prefix}privacy_blocked": True}) | Q(**without_consent)


BLOCKED = blocked()


def nowhere(prefix: str = "") -> Q:
    """The condition that no letter would arrive: neither street nor box, or no city."""
    unnamed = Q(**{f"{prefix}address": "", f"{prefix}address_2": ""})
    return unnamed | Q(**{f"{prefix}city": ""})


# What prepare() computes.
COMPUTED = ("name", "sort_key", "search_name", "search_text")


class ContactType(models.TextChoices):
    """What a contact is."""

    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class ContactQuerySet(models.QuerySet["Contact"]):
    """Sets of contacts that more than one place asks for."""

    def by_name(self) -> Self:
        """Company name, company number, company before its people, name."""
        return self.order_by("sort_key", "pk")

    def house_ids(self) -> models.QuerySet[Any, Any]:
        """Ids of the companies of these contacts: a company's own, a person's employer's or own."""
        return self.order_by().values(house=Coalesce("company_id", "pk"))


ContactManager = SeenManager.from_queryset(ContactQuerySet)
WholeContacts = models.Manager.from_queryset(ContactQuerySet)


class Contact(Seen):
    """A company or a person; a person may belong to a company."""

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[validate_number],
        help_text=_("Left empty, the next number of the series is taken."),
    )
    type = models.CharField(
        _("type"), max_length=10, choices=ContactType.choices, default=ContactType.PERSON
    )
    name = models.CharField(_("name"), max_length=200)
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    middle_name = models.CharField(_("middle name"), max_length=60, blank=True)
    surname = models.CharField(_("surname"), max_length=60, blank=True)
    company = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        limit_choices_to={"type": ContactType.COMPANY},
        verbose_name=_("company"),
    )
    job_title = models.CharField(_("job title"), max_length=100, blank=True)
    organizational_level = models.ForeignKey(
        OrganizationalLevel,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organizational level"),
    )
    salutation = models.ForeignKey(
        Salutation, models.PROTECT, null=True, blank=True, verbose_name=_("salutation")
    )
    address = models.CharField(_("address"), max_length=100, blank=True)
    address_2 = models.CharField(_("address 2"), max_length=100, blank=True)
    post_code = models.CharField(_("post code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=50, blank=True)
    country = CountryField(_("country"), blank=True)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, verbose_name=_("territory")
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, blank=True)
    salesperson = models.ForeignKey(
        Salesperson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("salesperson"),
    )
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    mobile_phone = models.CharField(_("mobile phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    home_page = models.URLField(_("home page"), blank=True)
    correspondence_type = models.CharField(
        _("correspondence type"), max_length=10, choices=CorrespondenceType.choices, blank=True
    )
    exclude_from_segment = models.BooleanField(_("exclude from segments"), default=False)
    privacy_blocked = models.BooleanField(_("privacy blocked"), default=False)
    minor = models.BooleanField(_("minor"), default=False)
    parental_consent = models.BooleanField(_("parental consent received"), default=False)
    # What the history says of e-mail now (Consent), where every letter can see it.
    email_opt_out = models.BooleanField(_("no e-mails, please"), default=False, db_default=False)
    external_id = models.CharField(_("external ID"), max_length=50, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    # Empty where a file or the program itself changed it last.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("changed by"),
    )
    # Set where the person is gone and only the statistics are left: see erasing.py.
    erasure = models.ForeignKey(
        Erasure,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="contacts",
        db_index=False,
        verbose_name=_("erasure"),
    )
    # Computed on save: see prepare().
    sort_key = models.BinaryField(max_length=KEY_BYTES, editable=False)
    search_name = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False)

    objects = ContactManager()  # type: ignore[misc]
    whole = WholeContacts()  # type: ignore[misc]

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("sort_key", "pk")
        permissions = (
            ("export_contact", _("Can export a person's data")),
            ("erase_contact", _("Can erase a person")),
            ("see_everything", _("Can see the contacts and segments of everybody")),
        )
        indexes = (
            models.Index(fields=("sort_key", "id"), name="crm_contact_by_name"),
            # Lists by city, and whoever asks for a city, of a million.
            models.Index(fields=("city", "sort_key", "id"), name="crm_contact_by_city"),
            # Home counts those out of reach; there should be few.
            models.Index(
                fields=("id",),
                name="crm_contact_no_email",
                condition=Q(correspondence_type="email", email=""),
            ),
            models.Index(
                fields=("id",),
                name="crm_contact_no_address",
                condition=nowhere() & Q(correspondence_type="hard_copy"),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(name=""),
                name="crm_contact_has_name",
                violation_error_message=_("A contact needs a name."),
            ),
            models.CheckConstraint(
                condition=Q(type=ContactType.PERSON) | Q(company=None),
                name="crm_contact_company_has_no_employer",
                violation_error_message=_("Only a person can belong to a company."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The contact's card."""
        return route("crm:contact", self.number)

    @property
    def is_company(self) -> bool:
        return self.type == ContactType.COMPANY

    @property
    def is_blocked(self) -> bool:
        """The same as BLOCKED, asked of one contact in hand."""
        return self.privacy_blocked or (self.minor and not self.parental_consent)

    def keep_minors_blocked(self, *, consented_before: bool) -> None:
        """Consent is a minor's; without it, and whenever it changes, the block is set (5.3)."""
        self.parental_consent = self.minor and self.parental_consent
        if self.minor and not (self.parental_consent and consented_before):
            self.privacy_blocked = True

    @property
    def full_name(self) -> str:
        """A person's name parts in order."""
        return " ".join(filter(None, (self.first_name, self.middle_name, self.surname)))

    def prepare(self) -> None:
        """Computes what is stored but never typed: a person's name, the sort key, the search text.

        `save` calls it; whoever writes many rows at once calls it himself.
        """
        if not self.is_company and self.full_name:
            self.name = self.full_name
        company = self if self.is_company else self.company
        self.sort_key = sort_key(
            company.name if company else "",
            company.number if company else "",
            "0" if self.is_company else "1",
            f"{self.surname} {self.first_name}" if self.surname else self.name,
        )
        # Folding can make it longer than it may be: "ß" becomes "ss".
        self.search_name = self.name.casefold()[:200]
        words = (self.name, self.number, company.name if company else "", self.email)
        self.search_text = search_text(words, (self.phone, self.mobile_phone))

    def clean(self) -> None:
        """The rules that need more than one field (section 1.18 and 5.3 of the reference)."""
        if not self.is_company and self.full_name:
            self.name = self.full_name
        if self.company is not None and not self.company.is_company:
            raise ValidationError({"company": _("%s is not a company.") % self.company})
        if self.is_company and self.company is not None:
            raise ValidationError({"company": _("Only a person can belong to a company.")})
        if self.minor and not self.parental_consent:
            self.privacy_blocked = True

    @transaction.atomic
    def save(self, *args: Any, **options: Any) -> None:
        """Saves it, numbered when it has no number; a renamed company's people sort anew."""
        if not self.number:
            self.number = NumberSeries.take(NumberSeries.CONTACT, Contact)
        self.prepare()
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], *COMPUTED}
        renamed = self.is_company and self.pk is not None and self._is_renamed()
        super().save(*args, **options)
        if renamed:
            people = list(Contact.whole.filter(company=self).select_related("company"))
            for person in people:
                person.company = self
                person.prepare()
            Contact.whole.bulk_update(people, list(COMPUTED), batch_size=500)

    def _is_renamed(self) -> bool:
        """Whether the stored name or number differs from the one in hand."""
        return not Contact.whole.filter(pk=self.pk, name=self.name, number=self.number).exists()
