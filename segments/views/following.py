"""Ways into a segment from other pages: a follow-up of what was logged, a contact from its card."""

import secrets
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import later
from crm.models import Contact
from interactions import statistics
from interactions.models import LoggedSegment
from segments import log, trail, worksheet
from segments.filters import contact_question
from segments.forms import AddToSegmentForm, FollowUpForm, GatherForm
from segments.trail import SegmentGone, WorksheetError
from segments.views import once, picking
from segments.views.access import ADD, CHANGE, SEE, Request, posted

# As many as stand on a page of the list.
MOST_TICKED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((ADD, "interactions.view_loggedsegment"), raise_exception=True)
def follow_up(request: Request, number: str) -> HttpResponse:
    """A new segment with the contacts of a logged one, all or by outcome; many are counted then."""
    logged = get_object_or_404(LoggedSegment.objects.defer("trail"), segment_number=number)
    title = {"title": _("Follow-up on %(number)s") % {"number": logged.segment_number}}
    if later.is_coming(request, logged.entry_count):
        shown = title | {"logged": logged, "is_coming": True}
        return render(request, "segments/follow_up.html", shown)
    found = statistics.outcomes(logged)
    form = FollowUpForm(posted(request), found=found)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen
        made, is_new = once.made_once(
            request,
            logged,
            lambda: log.create_follow_up(logged, by=request.user, **chosen),
        )
        if not is_new:
            return HttpResponseRedirect(made.get_absolute_url())
        count = trail.lines_at(made)
        said = ngettext(
            "Segment %(number)s follows %(logged)s with %(count)s line.",
            "Segment %(number)s follows %(logged)s with %(count)s lines.",
            count,
        )
        numbers = {"number": made.number, "logged": logged.segment_number, "count": intcomma(count)}
        messages.success(request, said % numbers)
        return HttpResponseRedirect(made.get_absolute_url())
    shown = title | {"logged": logged, "form": form, "found": found, "once": secrets.token_hex(8)}
    return render(request, "segments/follow_up.html", shown)


@require_safe
@permission_required((SEE, CHANGE, "interactions.view_loggedsegment"), raise_exception=True)
def reuse(request: Request, number: str) -> HttpResponse:
    """To which open segment the contacts of a logged one are to be added; that page adds them."""
    logged = get_object_or_404(LoggedSegment.objects.defer("trail"), segment_number=number)
    groups = [picking.to_be_filled(request, logged, "segments:reuse_logged_play")]
    title = _("Reuse %(other)s") % {"other": logged}
    shown = {"title": title, "logged": logged, "groups": groups}
    return render(request, "segments/reuse.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((SEE, CHANGE, "crm.view_contact"), raise_exception=True)
def add_to_segment(request: Request, number: str) -> HttpResponse:
    """Adds the contact of a card to an open segment."""
    contact = get_object_or_404(Contact, number=number)
    form = AddToSegmentForm(posted(request))
    if request.method == "POST" and form.is_valid() and _added(request, contact, form):
        return HttpResponseRedirect(form.cleaned_data["segment"].get_absolute_url())
    title = _("Add %(contact)s to a segment") % {"contact": contact}
    shown = {"contact": contact, "form": form, "title": title}
    return render(request, "segments/add_to_segment.html", shown)


@require_POST
@permission_required((SEE, CHANGE, "crm.view_contact"), raise_exception=True)
def gather(request: Request) -> HttpResponse:
    """From a list of contacts to the page that adds them to a segment, with just those asked for.

    That page says how many are new, and asks before it adds.
    """
    ticked = [one.replace("\x00", "") for one in request.POST.getlist("contact")[:MOST_TICKED]]
    is_all = bool(request.POST.get("all"))
    if not ticked and not is_all:
        messages.warning(request, _("Tick the contacts first."))
        return HttpResponseRedirect(f"{reverse('crm:contacts')}?{request.GET.urlencode()}")
    form = GatherForm(request.POST if "segment" in request.POST else None)
    if form.is_valid():
        question = (
            contact_question(request.GET) if is_all else [("contact-number", ",".join(ticked))]
        )
        url = reverse("segments:add", args=[form.cleaned_data["segment"].number])
        return HttpResponseRedirect(f"{url}?{urlencode(question)}")
    shown = {"form": form, "title": _("Add contacts to a segment"), "is_all": is_all}
    shown |= {"ticked": ticked, "back": f"{reverse('crm:contacts')}?{request.GET.urlencode()}"}
    return render(request, "segments/gather.html", shown)


def _added(request: Request, contact: Contact, form: forms.Form) -> bool:
    """Adds it; tells at the field what refuses it."""
    segment, ignoring = form.cleaned_data["segment"], form.cleaned_data["ignore_exclusion"]
    try:
        step = worksheet.add_contact(segment, contact, by=request.user, ignore_exclusion=ignoring)
    except (SegmentGone, WorksheetError) as error:
        form.add_error("segment", str(error))
        return False
    if step is None:
        form.add_error("segment", _("%s is on the segment already.") % contact)
        return False
    messages.success(request, _("%s was added.") % contact)
    return True
