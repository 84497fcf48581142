"""Set-up tables in Django admin, with search, filters and order."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm import models
from crm.looking import LookUpAdmin

admin.site.site_header = _("Segmentti: set-up")
admin.site.site_title = _("Set-up")
admin.site.index_title = _("Tables")


class CodedAdmin(admin.ModelAdmin):
    """A table of codes and descriptions."""

    list_display: Any = ("code", "description")
    search_fields = ("code", "description")
    ordering = ("code",)


class UsedAdmin(CodedAdmin):
    """A table of codes that contacts are linked to: says how many."""

    list_display = ("code", "description", "contacts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(number_of_links=Count("links"))

    @admin.display(description=_("contacts"), ordering="number_of_links")
    def contacts(self, row: Any) -> int:
        """How many contacts have it."""
        return int(row.number_of_links)


for table in (
    models.MailingGroup,
    models.IndustryGroup,
    models.BusinessRelation,
    models.JobResponsibility,
):
    admin.site.register(table, UsedAdmin)
for plain in (models.Territory, models.OrganizationalLevel):
    admin.site.register(plain, CodedAdmin)


class FormulaInline(admin.TabularInline):
    """The words of a salutation, a row a language."""

    model = models.SalutationFormula
    extra = 1


@admin.register(models.Salutation)
class SalutationAdmin(CodedAdmin):
    """Salutations with their words."""

    list_display = ("code", "description", "languages")
    inlines = (FormulaInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("formulas")

    @admin.display(description=_("languages"))
    def languages(self, row: models.Salutation) -> str:
        """The languages it has words in."""
        return ", ".join(formula.language for formula in row.formulas.all())


@admin.register(models.Team)
class TeamAdmin(CodedAdmin):
    """Teams with their salespeople."""

    list_display = ("code", "description", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("salespeople")

    @admin.display(description=_("salespeople"))
    def members(self, row: models.Team) -> str:
        """Their names."""
        return ", ".join(one.name for one in row.salespeople.all())


@admin.register(models.Salesperson)
class SalespersonAdmin(admin.ModelAdmin):
    """Salespeople and the users they are."""

    list_display = ("code", "name", "user", "team", "blocked")
    list_filter = ("blocked", "team")
    list_select_related = ("user", "team")
    search_fields = ("code", "name", "email")
    autocomplete_fields = ("user",)
    ordering = ("code",)


@admin.register(models.NumberSeries)
class NumberSeriesAdmin(admin.ModelAdmin):
    """Number series; the program names them, so none is added or deleted."""

    list_display = ("code", "prefix", "digits", "last_number", "manual_allowed")
    search_fields = ("code", "prefix")
    readonly_fields = ("code",)
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every series, also one from which no number was taken yet."""
        for code, (prefix, digits) in models.NumberSeries.DEFAULTS.items():
            wanted = {"prefix": prefix, "digits": digits}
            models.NumberSeries.objects.get_or_create(code=code, defaults=wanted)
        return super().get_queryset(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.MarketingSetup)
class MarketingSetupAdmin(admin.ModelAdmin):
    """The one row about ourselves: made when it is first looked for, never deleted."""

    list_display = ("company_name", "city", "default_language", "default_salesperson")
    list_select_related = ("default_salesperson",)
    search_fields = ("company_name",)
    ordering = ("pk",)
    autocomplete_fields = (
        *("default_territory", "default_salesperson"),
        *("default_person_salutation", "default_company_salutation"),
    )
    formfield_overrides: ClassVar[Any] = {URLField: {"assume_scheme": "https"}}
    fieldsets: ClassVar[Any] = (
        (
            _("Our company"),
            {
                "fields": (
                    *("company_name", "address", "address_2", "post_code", "city", "country"),
                    *("phone", "email", "home_page", "registration_number", "bank_account"),
                )
            },
        ),
        (
            _("Defaults for new contacts"),
            {
                "fields": (
                    *("default_language", "default_country", "default_territory"),
                    *("default_salesperson", "default_correspondence_type"),
                    *("default_person_salutation", "default_company_salutation"),
                )
            },
        ),
        (
            _("What people have from their company"),
            {
                "description": _(
                    "A new person of a company begins with these values, and follows the company "
                    "when they change, as long as the person has the same."
                ),
                "fields": (
                    *("inherit_salesperson", "inherit_territory", "inherit_country"),
                    *("inherit_language", "inherit_address"),
                ),
            },
        ),
        (_("Who sees what"), {"fields": ("sees",)}),
        (
            _("How many months things are kept"),
            {
                "description": _(
                    "A timer that runs “manage.py retain” deletes what is older; "
                    "what is left empty is kept for good."
                ),
                "fields": (
                    *("keep_cancelled", "keep_packs", "keep_consents"),
                    *("keep_inactive", "erase_inactive"),
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        models.MarketingSetup.load()
        return super().get_queryset(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Erasure)
class ErasureAdmin(LookUpAdmin):
    """Who was erased, when, by whom and why; to look at only."""

    list_display = ("at", "numbers", "by_name", "reason", "digest")
    search_fields = ("reason", "by_name")
    date_hierarchy = "at"


class QuestionInline(admin.TabularInline):
    """The questions of a questionnaire; their answers are edited on the question's own page."""

    model = models.ProfileQuestion
    extra = 1
    show_change_link = True


@admin.register(models.ProfileQuestionnaire)
class ProfileQuestionnaireAdmin(CodedAdmin):
    """Questionnaires with their questions."""

    list_display = ("code", "description", "contact_type")
    list_filter = ("contact_type",)
    inlines = (QuestionInline,)


class AnswerInline(admin.TabularInline):
    """The possible answers to a question."""

    model = models.ProfileAnswer
    extra = 2


@admin.register(models.ProfileQuestion)
class ProfileQuestionAdmin(admin.ModelAdmin):
    """Questions with their answers."""

    list_display = ("text", "questionnaire", "position", "multiple_answers")
    list_filter = ("questionnaire", "multiple_answers")
    list_select_related = ("questionnaire",)
    search_fields = ("text", "questionnaire__code", "answers__text", "answers__code")
    autocomplete_fields = ("questionnaire",)
    inlines = (AnswerInline,)
    ordering = ("questionnaire__code", "position")
