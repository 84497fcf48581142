"""Pushes and targets of campaigns; verbs on a target: in, out, and as the log says."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import later
from crm.models import Campaign
from crm.pages import ListPage
from interactions import campaigning, exports, targets
from interactions.entering import TargetForm
from interactions.filters import CampaignEntryFilter, TargetFilter
from interactions.models import CampaignEntry, CampaignTarget

ADD, CHANGE = "interactions.add_campaigntarget", "interactions.change_campaigntarget"


class PushListPage(ListPage):
    """Pushes of campaigns; what those that are shown add up to comes later where it is much."""

    model = CampaignEntry
    queryset = CampaignEntry.objects.order_by("-date", "-pk")
    related = ("campaign", "salesperson", "logged_segment")
    filterset_class = CampaignEntryFilter
    sorts = ("date",)
    other_keys = (later.ASKED,)
    template_name = "interactions/campaign_entries.html"
    export = exports.CAMPAIGN_ENTRIES
    is_coming = False

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        found = super().paginate_queryset(queryset, page_size)
        said = campaigning.said_of(found[2])
        self.is_coming = later.is_coming(self.request, later.up_to(said))
        return found

    def prepare(self, rows: Any) -> Any:
        return list(rows) if self.is_coming else campaigning.with_effort(rows)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(**context), "is_coming": self.is_coming}


class TargetListPage(ListPage):
    """Targets of campaigns: of those one asks for by name, of all of them the latest first.

    All of them by name would be sorted before the first fifty are shown.
    """

    model = CampaignTarget
    filterset_class = TargetFilter
    related = ("campaign", "contact")
    sorts = {"campaign": ("campaign__number",), "contact": ("contact__sort_key",)}
    template_name = "interactions/targets.html"
    export = exports.TARGETS
    queryset = CampaignTarget.objects.order_by("-campaign_id", "contact__sort_key", "pk")

    def in_order(self, rows: Any) -> Any:
        if self.sort or self.request.GET.get("campaign"):
            return super().in_order(rows)
        return rows.order_by("-pk")


@require_POST
@permission_required(ADD, raise_exception=True)
def target_add(request: HttpRequest, number: str) -> HttpResponse:
    """Aims the campaign at one more company, or person without one."""
    campaign = get_object_or_404(Campaign, number=number)
    form = TargetForm(request.POST)
    if not form.is_valid():
        for error in form.errors.get("contact", []):
            messages.error(request, str(error))
        return redirect(campaign)
    try:
        target = targets.activate(campaign, form.cleaned_data["contact"])
    except targets.TargetRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(contact)s is a target now.") % {"contact": target.contact})
    return redirect(campaign)


def _activate(target: CampaignTarget) -> str:
    targets.activate(target.campaign, target.contact)
    return _("%(contact)s is a target now.")


def _deactivate(target: CampaignTarget) -> str:
    targets.deactivate(target.campaign, target.contact)
    return _("%(contact)s is no target any more, whatever is logged.")


def _as_logged(target: CampaignTarget) -> str:
    targets.as_the_log_says(target)
    return _("%(contact)s is a target while an interaction says so.")


VERBS: dict[str, Callable[[CampaignTarget], str]] = {
    "activate": _activate,
    "deactivate": _deactivate,
    "as-logged": _as_logged,
}


@require_POST
@permission_required(CHANGE, raise_exception=True)
def target_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Decides about one target by hand, or takes the decision back."""
    if verb not in VERBS:
        raise Http404
    rows = CampaignTarget.objects.select_related("campaign", "contact__company")
    target = get_object_or_404(rows, pk=pk)
    try:
        said = VERBS[verb](target)
    except targets.TargetRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said % {"contact": target.contact})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        query = urlencode({"campaign": target.campaign.number})
        back = f"{reverse('interactions:targets')}?{query}"
    return HttpResponseRedirect(back)
