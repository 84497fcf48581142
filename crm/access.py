"""Who one is and what one may do, asked with two statements a page where Django asks with four."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission, User
from django.db.models import CharField, Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from crm.choices import Sees
from crm.models import Job, MarketingSetup, Salesperson
from crm.sight import Sight

SEE_EVERYTHING = "crm.see_everything"
# An import finds, shows and changes whomever a file names, seen or not.
ON_ALL = {"crm.add_contactimport", "crm.add_purchase"}


class Backend(ModelBackend):
    """Django's own, but for the way it asks: every page wants the user, his rights, his jobs."""

    def get_user(self, user_id: int) -> User | None:
        """The user, with `active_jobs`: how many of his jobs wait or run; and `sees`: see below."""
        jobs = Job.objects.active().filter(user=OuterRef("pk")).order_by()
        count = jobs.values("user").annotate(n=Count("pk")).values("n")
        users = User.objects.annotate(
            active_jobs=Coalesce(Subquery(count, output_field=IntegerField()), 0),
            sees=Subquery(_set_up(), output_field=CharField()),
        )
        user = users.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """His own and those of his groups at once; kept for the request, as Django keeps them."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            his = Q() if user_obj.is_superuser else Q(user=user_obj) | Q(group__user=user_obj)
            names = Permission.objects.filter(his).order_by().distinct()
            pairs = names.values_list("content_type__app_label", "codename")
            found = {f"{app}.{name}" for app, name in pairs}
            user_obj._perm_cache = found if SEE_EVERYTHING in found else _narrowed(user_obj, found)
        cached: set[str] = user_obj._perm_cache
        return cached


def _narrowed(user: Any, found: set[str]) -> set[str]:
    """These permissions without those of work on all contacts, where not all are seen."""
    if not found & ON_ALL or _sees(user) in (None, Sees.EVERYBODY):
        return found
    return found - ON_ALL


def _sees(user: Any) -> Any:
    return user.sees if hasattr(user, "sees") else _set_up().values_list("sees", flat=True).first()


def _set_up() -> Any:
    return MarketingSetup.objects.filter(pk=1).values("sees")


def sight_of(user: Any) -> Sight | None:
    """Whose records a user sees, as the marketing set-up says; None: everybody's.

    Those of the salesperson who is this user, with `Sees.TEAM` also of all in the same team.
    """
    sees = _sees(user)
    if sees in (None, Sees.EVERYBODY) or user.has_perm(SEE_EVERYTHING):
        return None
    return Sight(lambda: _salespeople(user, with_team=sees == Sees.TEAM))


def _salespeople(user: Any, *, with_team: bool) -> list[int]:
    whose = Q(user=user)
    if with_team:
        whose |= Q(team__salespeople__user=user)
    found = Salesperson.objects.filter(whose).order_by("pk").values_list("pk", flat=True)
    return list(found.distinct())


def salesperson_of(user: Any) -> Salesperson | None:
    """The salesperson who is this user and may get new records."""
    return Salesperson.objects.filter(user=user, blocked=False).first()
