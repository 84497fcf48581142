"""Tables in Django admin that are there to be looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class LookUpAdmin(admin.ModelAdmin):
    """A table that the admin shows and never changes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
