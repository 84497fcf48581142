"""The way from an empty installation to a first letter, and every set-up table."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm import manual
from segments import first_steps
from segments.demo import DemoRefused, load_demo
from segments.views.access import Request

SET_UP = "crm.change_marketingsetup"
SHOWN_APPS = ("crm", "auth", "interactions", "segments")
# As many as are made while somebody waits.
DEMO_CONTACTS = 300


@require_safe
@permission_required(SET_UP, raise_exception=True)
def set_up(request: Request) -> HttpResponse:
    """The guide, each step ticked that is done, and the tables with what each is for."""
    found = first_steps.facts(request.user)
    return render(
        request,
        "segments/set_up.html",
        {"title": _("Set-up"), "guide": guide(request.user, found), "tables": tables(request)},
    )


def guide(user: Any, found: dict[str, bool]) -> dict[str, Any]:
    """The steps for this user, with their links, and whether the demo may be loaded."""
    sets_up = user.has_perm(SET_UP)
    steps = [
        {"step": step, "url": reverse(step.view) + step.anchor, "done": found[step.name]}
        for step in first_steps.SET_UP
        if sets_up or step.name in first_steps.OF_EVERYBODY
    ]
    may_load = sets_up and user.has_perm("auth.add_user") and found["empty"]
    done = sum(bool(one["done"]) for one in steps)
    return {"steps": steps, "done": done, "may_load": may_load, "demo": DEMO_CONTACTS}


def tables(request: Request) -> list[dict[str, Any]]:
    """The tables of Django admin that the user may see, by app, each with what it is for."""
    if not request.user.is_staff:
        return []
    every = {app["app_label"]: app for app in admin.site.get_app_list(request)}
    found = [every[name] for name in SHOWN_APPS if name in every]
    for model in (model for app in found for model in app["models"]):
        meta = model["model"]._meta
        page = manual.pages.get(f"admin:{meta.app_label}_{meta.model_name}")
        model["purpose"] = page.purpose if page else ""
    return found


@require_POST
@permission_required((SET_UP, "auth.add_user"), raise_exception=True)
def demo(request: Request) -> HttpResponse:
    """Fills an empty database with the demo; its users can sign in only where DEBUG is true."""
    try:
        made = load_demo(contacts=DEMO_CONTACTS, open_doors=settings.DEBUG)
    except DemoRefused as refused:
        messages.error(request, str(refused))
        return redirect("set_up")
    told = ngettext(
        "The demo is loaded: %(count)d contact, with segments, letters and a log.",
        "The demo is loaded: %(count)d contacts, with segments, letters and a log.",
        made,
    )
    messages.success(request, told % {"count": made})
    return redirect("home")
