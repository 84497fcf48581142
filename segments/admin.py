"""Segments in Django's admin, to look them up: the worksheet alone changes them."""

from django.contrib import admin

from crm.looking import LookUpAdmin
from segments import members  # noqa: F401 - registers users and roles
from segments.models import SavedCriteria, Segment


@admin.register(Segment)
class SegmentAdmin(LookUpAdmin):
    list_display = ("number", "description", "date", "salesperson", "template", "current_step")
    list_filter = ("salesperson", "template")
    list_select_related = ("salesperson", "template")
    search_fields = ("number", "description")
    date_hierarchy = "date"
    ordering = ("-pk",)


@admin.register(SavedCriteria)
class SavedCriteriaAdmin(LookUpAdmin):
    list_display = ("code", "description", "by", "at")
    list_select_related = ("by",)
    search_fields = ("code", "description")
    ordering = ("code",)
