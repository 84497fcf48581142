"""Users and roles in Django's admin: who is who, who may what, and letting people in and out."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from segments.roles import WORDS

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class MemberAdmin(UserAdmin):
    """Users with their roles; whoever is no superuser makes none, and changes none."""

    list_display = ("username", "full_name", "roles", "salesperson", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_staff")
    list_select_related = ("salesperson",)
    search_fields = ("username", "first_name", "last_name", "email", "salesperson__name")
    ordering = ("username",)
    actions = ("let_in", "keep_out")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("username", "password")}),
        (_("Who"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Role"),
            {
                "fields": ("groups", "is_active", "is_staff", "is_superuser"),
                "description": _(
                    "One group says what the user may do. Staff status opens these tables, and is "
                    "for administrators only. Whoever has left is made inactive, not deleted: the "
                    "log keeps the name."
                ),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        """First name and surname."""
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """The groups."""
        return ", ".join(sorted(group.name for group in user.groups.all()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser makes another."""
        own = tuple(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else (*own, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever could change a superuser's password would be one."""
        return super().has_change_permission(request, obj) and _may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may(request, obj)

    @admin.action(description=_("Let in again…"), permissions=["change"])
    def let_in(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """May sign in again, once that is confirmed."""
        return self._switch(request, users, is_active=True)

    @admin.action(description=_("Keep out…"), permissions=["change"])
    def keep_out(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """May not sign in any more, once that is confirmed; nobody keeps himself out."""
        return self._switch(request, users.exclude(pk=request.user.pk or 0), is_active=False)

    def _switch(
        self, request: HttpRequest, users: QuerySet[User], *, is_active: bool
    ) -> HttpResponse | None:
        """Names those whom it changes and asks; then does it, and says how many."""
        others = users.exclude(is_active=is_active)
        if not request.user.is_superuser:
            others = others.exclude(is_superuser=True)
        if "confirmed" not in request.POST and others.exists():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Let in again") if is_active else _("Keep out"),
                "opts": self.opts,
                "rows": others,
                "action": request.POST["action"],
            }
            return TemplateResponse(request, "admin/confirm_action.html", context)
        changed = others.model.objects.filter(pk__in=list(others.values_list("pk", flat=True)))
        count = changed.update(is_active=is_active)
        text = ngettext("%d user was changed.", "%d users were changed.", count) % count
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)
        return None


def _may(request: HttpRequest, user: User | None) -> bool:
    return user is None or not user.is_superuser or bool(request.user.is_superuser)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles, what each may, and how many users have it."""

    list_display = ("name", "may", "members")
    readonly_fields = ("may",)
    fields = ("name", "may", "permissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(number_of_users=Count("user"))

    @admin.display(description=_("may"))
    def may(self, group: Group) -> str:
        """What the role may, in words."""
        return str(WORDS.get(group.name, _("What is ticked below.")))

    @admin.display(description=_("users"), ordering="number_of_users")
    def members(self, group: Any) -> int:
        """How many users are in it."""
        return int(group.number_of_users)
