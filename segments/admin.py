"""Segments in Django's admin, to look them up: the worksheet alone changes them."""

from django.contrib import admin
from django.http import HttpRequest

from segments import members  # noqa: F401 - registers users and roles
from segments.models import SavedCriteria, Segment


class LookUp(admin.ModelAdmin):
    """A table that the admin shows and never changes."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Segment)
class SegmentAdmin(LookUp):
    list_display = ("number", "description", "date", "salesperson", "template", "current_step")
    list_filter = ("salesperson", "template")
    list_select_related = ("salesperson", "template")
    search_fields = ("number", "description")
    date_hierarchy = "date"
    ordering = ("-pk",)


@admin.register(SavedCriteria)
class SavedCriteriaAdmin(LookUp):
    list_display = ("code", "description", "by", "at")
    list_select_related = ("by",)
    search_fields = ("code", "description")
    ordering = ("code",)
