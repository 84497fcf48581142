"""Django admin of templates and groups; what was logged can be looked at and never changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from crm.looking import LookUpAdmin
from interactions.forms import TemplateForm
from interactions.models import (
    CampaignEntry,
    InteractionGroup,
    InteractionTemplate,
    LoggedSegment,
    TemplateLanguage,
)


@admin.register(InteractionGroup)
class InteractionGroupAdmin(admin.ModelAdmin):
    list_display = ("code", "description")
    search_fields = ("code", "description")
    ordering = ("code",)


class TemplateLanguageInline(admin.TabularInline):
    """Subjects; letters are uploaded on the template's own page, which reads and checks them."""

    model = TemplateLanguage
    extra = 0
    readonly_fields = ("document",)
    # A language that goes takes its letter with it: on the template's page.
    can_delete = False


@admin.register(InteractionTemplate)
class InteractionTemplateAdmin(admin.ModelAdmin):
    form = TemplateForm
    list_display = ("code", "description", "group", "correspondence_type", "language")
    list_filter = ("group", "correspondence_type")
    list_select_related = ("group",)
    search_fields = ("code", "description")
    ordering = ("code",)
    autocomplete_fields = ("group",)
    raw_id_fields = ("campaign",)
    inlines = (TemplateLanguageInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleted on its own page, where its letters go too."""
        return False


@admin.register(CampaignEntry)
class CampaignEntryAdmin(LookUpAdmin):
    list_display = ("date", "campaign", "description", "segment_number", "cancelled")
    list_filter = ("cancelled",)
    list_select_related = ("campaign",)
    date_hierarchy = "date"
    search_fields = ("campaign__number", "description", "segment_number")
    ordering = ("-date", "-pk")


@admin.register(LoggedSegment)
class LoggedSegmentAdmin(LookUpAdmin):
    list_display = ("segment_number", "description", "logged_at", "entry_count", "cancelled")
    list_filter = ("cancelled",)
    search_fields = ("segment_number", "description")
    ordering = ("-pk",)
