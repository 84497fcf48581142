"""Set-up tables: who we are, who sells, how things are numbered."""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from crm.choices import CorrespondenceType, Sees
from crm.languages import LANGUAGES

# A number stands in the addresses of pages, where "new" and the like are pages of their own.
NUMBER_PATTERN = re.compile(r"[\w.-]+")
RESERVED_NUMBERS = ("new", "choose", "bulk", "duplicates", ".", "..")


def validate_number(number: str) -> None:
    """Refuses a number that could not stand in an address."""
    if not NUMBER_PATTERN.fullmatch(number) or number.lower() in RESERVED_NUMBERS:
        raise ValidationError(
            _("Use letters, digits, dots, hyphens and underscores; not “%(number)s”."),
            params={"number": number},
        )


class Coded(models.Model):
    """A row that people know by its code."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    description = models.CharField(_("description"), max_length=100, blank=True)

    class Meta:
        abstract = True
        ordering = ("code",)

    def __str__(self) -> str:
        return self.description or self.code

    def clean(self) -> None:
        """Codes are upper case without blanks around them, so that nobody has two of one."""
        self.code = self.code.strip().upper()


class Territory(Coded):
    """A sales territory."""

    class Meta(Coded.Meta):
        verbose_name = _("territory")
        verbose_name_plural = _("territories")


class OrganizationalLevel(Coded):
    """A person's level in the organization: chief executive, manager, ..."""

    class Meta(Coded.Meta):
        verbose_name = _("organizational level")
        verbose_name_plural = _("organizational levels")


class Salutation(Coded):
    """How a contact is addressed; the words are in its formulas, one a language."""

    class Meta(Coded.Meta):
        verbose_name = _("salutation")
        verbose_name_plural = _("salutations")


class SalutationFormula(models.Model):
    """The words of a salutation in one language, with name parts in braces: "Dear Mr {surname}"."""

    NAME_PARTS = ("first_name", "middle_name", "surname", "name", "job_title")

    salutation = models.ForeignKey(
        Salutation, models.CASCADE, related_name="formulas", verbose_name=_("salutation")
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES)
    formal = models.CharField(_("formal"), max_length=100)
    informal = models.CharField(_("informal"), max_length=100)

    class Meta:
        verbose_name = _("salutation formula")
        verbose_name_plural = _("salutation formulas")
        ordering = ("salutation", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("salutation", "language"), name="crm_salutationformula_one_a_language"
            ),
        )

    def __str__(self) -> str:
        return self.formal

    def clean(self) -> None:
        """Only the name parts that exist may stand in braces."""
        for field in ("formal", "informal"):
            unknown = set(re.findall(r"\{(.*?)\}", getattr(self, field))) - set(self.NAME_PARTS)
            if unknown:
                raise ValidationError(
                    {
                        field: _("Unknown name part: %(unknown)s. Known are: %(known)s.")
                        % {
                            "unknown": ", ".join(sorted(unknown)),
                            "known": ", ".join(self.NAME_PARTS),
                        }
                    }
                )


class Team(Coded):
    """Salespeople who may see each other's contacts and segments: see access.sight_of."""

    class Meta(Coded.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")


class Salesperson(models.Model):
    """Somebody who answers for contacts; may be a user of this system."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    job_title = models.CharField(_("job title"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    blocked = models.BooleanField(_("blocked"), default=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="salesperson",
        verbose_name=_("user"),
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="salespeople",
        verbose_name=_("team"),
    )

    class Meta:
        verbose_name = _("salesperson")
        verbose_name_plural = _("salespeople")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Codes are upper case, as in every set-up table."""
        self.code = self.code.strip().upper()


# Numbers asked for in one statement; SQLite takes 32,766 parameters.
NUMBERS_ASKED = 10_000


class NumberSeries(models.Model):
    """Numbers without gaps: whoever takes one holds the row until the end of the transaction."""

    CONTACT, SEGMENT, CAMPAIGN = "CONTACT", "SEGMENT", "CAMPAIGN"
    DEFAULTS = {CONTACT: ("C", 6), SEGMENT: ("SM", 5), CAMPAIGN: ("CP", 4)}

    code = models.CharField(_("code"), max_length=20, unique=True)
    prefix = models.CharField(_("prefix"), max_length=10, blank=True)
    digits = models.PositiveSmallIntegerField(_("digits"), default=6)
    last_number = models.PositiveBigIntegerField(_("last number used"), default=0)
    manual_allowed = models.BooleanField(_("typing a number is allowed"), default=True)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @classmethod
    def take(cls, code: str, model: type[models.Model]) -> str:
        """The next number of a series for a row of `model`; call it in the same transaction."""
        return cls.take_many(code, 1, model)[0]

    @classmethod
    def take_many(cls, code: str, count: int, model: type[models.Model]) -> Sequence[str]:
        """The next `count` numbers, in order; numbers that somebody typed are passed over."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("a number is taken inside the transaction that uses it")
        prefix, digits = cls.DEFAULTS.get(code, ("", 6))
        cls.objects.get_or_create(code=code, defaults={"prefix": prefix, "digits": digits})
        series = cls.objects.select_for_update().get(code=code)
        taken: list[str] = []
        while len(taken) < count:
            taken += series._next(count - len(taken), model)
        series.save(update_fields=["last_number"])
        return taken

    def _next(self, count: int, model: type[models.Model]) -> list[str]:
        """At most `count` numbers that no row of the model has."""
        first = self.last_number + 1
        self.last_number += count
        numbers = [self.written(number) for number in range(first, first + count)]
        typed: set[str] = set()
        for start in range(0, count, NUMBERS_ASKED):
            asked = numbers[start : start + NUMBERS_ASKED]
            rows = model._base_manager.filter(number__in=asked).order_by()
            typed.update(rows.values_list("number", flat=True))
        return [number for number in numbers if number not in typed]

    def written(self, number: int) -> str:
        """A number as people write it."""
        return f"{self.prefix}{number:0{self.digits}d}"


def _months(label: Any) -> Any:
    """How many months something is kept; empty: for good."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1200)]
    )


class MarketingSetup(models.Model):
    """One row: our own company as letters name it, and defaults for new contacts."""

    company_name = models.CharField(_("company name"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=100, blank=True)
    address_2 = models.CharField(_("address 2"), max_length=100, blank=True)
    post_code = models.CharField(_("post code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=50, blank=True)
    country = CountryField(_("country"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    home_page = models.URLField(_("home page"), blank=True)
    registration_number = models.CharField(_("registration no."), max_length=50, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=50, blank=True)
    default_language = models.CharField(
        _("default language"), max_length=10, choices=LANGUAGES, blank=True
    )
    default_country = CountryField(_("default country"), blank=True)
    default_territory = models.ForeignKey(
        Territory, models.SET_NULL, null=True, blank=True, verbose_name=_("default territory")
    )
    default_salesperson = models.ForeignKey(
        Salesperson, models.SET_NULL, null=True, blank=True, verbose_name=_("default salesperson")
    )
    default_correspondence_type = models.CharField(
        _("default correspondence type"),
        max_length=10,
        choices=CorrespondenceType.choices,
        blank=True,
    )
    default_person_salutation = models.ForeignKey(
        Salutation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("default salutation of people"),
    )
    default_company_salutation = models.ForeignKey(
        Salutation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("default salutation of companies"),
    )
    inherit_salesperson = models.BooleanField(_("salesperson from company"), default=True)
    inherit_territory = models.BooleanField(_("territory from company"), default=True)
    inherit_country = models.BooleanField(_("country from company"), default=True)
    inherit_language = models.BooleanField(_("language from company"), default=True)
    inherit_address = models.BooleanField(_("address from company"), default=True)
    sees = models.CharField(
        _("readers and marketers see"),
        max_length=10,
        choices=Sees.choices,
        default=Sees.EVERYBODY,
        db_default=Sees.EVERYBODY,
        help_text=_(
            "Whose contacts and segments. Those without a salesperson are seen by all. "
            "Managers and administrators always see everything."
        ),
    )
    # What `manage.py retain` deletes after so many months; empty: kept for good. See retention.py.
    keep_cancelled = _months(_("cancelled interactions and logged segments"))
    keep_packs = _months(_("files of print packs"))
    keep_consents = _months(_("consents that hold no more"))
    keep_inactive = _months(_("persons with whom nothing happened"))
    erase_inactive = models.BooleanField(
        _("erase these persons"),
        default=False,
        db_default=False,
        help_text=_("Without the tick they are only listed."),
    )

    class Meta:
        verbose_name = _("marketing set-up")
        verbose_name_plural = _("marketing set-up")
        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="crm_marketingsetup_one_row"),
        )

    def __str__(self) -> str:
        return str(_("Marketing set-up"))

    def default_salutation_id(self, kind: str) -> int | None:
        """The key of what a new contact of this type is greeted by, where nothing else is said."""
        named: int | None = getattr(self, f"default_{kind}_salutation_id")
        return named

    @classmethod
    def load(cls) -> "MarketingSetup":
        """The one row; made when it is not there yet."""
        return cls.objects.get_or_create(pk=1)[0]
