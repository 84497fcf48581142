"""Letters before Log: the riskiest ones to read, one as it looks, one to be changed."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import later
from interactions import documents, looks, mailed, mailmerge
from interactions.downloads import as_picture, as_word
from segments import drafts, risky
from segments.models import Segment
from segments.views.access import CHANGE, SEE, Request, lines_now, on_segment
from segments.views.lines import find


@require_safe
@on_segment(SEE)
def riskiest(request: Request, segment: Segment) -> HttpResponse:
    """The letters most likely to go wrong, on one page; among many they are looked for then."""
    shown: dict[str, Any] = {"title": _("Preview letters"), "segment": segment}
    if later.is_coming(request, lines_now(segment)):
        shown["is_coming"] = True
    else:
        shown["drafts"] = risky.riskiest(segment)
    return render(request, "segments/previews.html", shown)


@require_safe
@on_segment(SEE)
def look(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """The pages of a line's letter as they will look."""
    line = find(segment, pk, facts=True)
    pictures, error = looks.tried(lambda: drafts.letter(line)[1])
    urls = [reverse("segments:line_page", args=[segment.number, pk, n]) for n, _png in pictures]
    shown = {"segment": segment, "line": line, "pages": urls, "error": error}
    shown |= {"title": _("Letter as it looks"), "may": {"change": request.user.has_perm(CHANGE)}}
    return render(request, "segments/look.html", shown)


@require_safe
@on_segment(SEE)
def mail(request: Request, segment: Segment, pk: int) -> HttpResponse:
    """A line's letter as the e-mail that it becomes; also of a line that goes another way."""
    line = find(segment, pk, facts=True)
    shown = {"segment": segment, "line": line, "title": _("Letter as an e-mail")}
    shown |= {"subject": line.says_subject or line.says_description, "to": line.contact.email}
    shown |= {"language": line.says_language, "as_attachment": line.says_send_word_as_attachment}
    try:
        shown["body"] = mailed.body(drafts.letter(line)[1])
    except (documents.DocumentLost, mailmerge.DocumentError) as error:
        shown["error"] = error
    return render(request, "segments/mail.html", shown)


@require_safe
@on_segment(SEE)
def page(request: Request, segment: Segment, pk: int, page: int) -> HttpResponse:
    """One page of a line's letter as a picture; where there is none, to the page that says why."""
    line = find(segment, pk, facts=True)
    pictures, error = looks.tried(lambda: drafts.letter(line)[1])
    if error:
        return redirect("segments:line_look", segment.number, pk)
    if page not in dict(pictures):
        raise Http404
    return as_picture(dict(pictures)[page])


@require_safe
@on_segment(SEE)
def download(request: Request, segment: Segment, pk: int) -> HttpResponse | FileResponse:
    """A line's letter as Log will make it: to be changed in Word, and uploaded for the line."""
    line = find(segment, pk, facts=True)
    try:
        name, data = drafts.letter(line)
    except (documents.DocumentLost, mailmerge.DocumentError) as error:
        shown = {"error": error, "title": _("No file")}
        return render(request, "interactions/refused.html", shown, status=409)
    return as_word(data, name)
