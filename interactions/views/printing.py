"""What can be printed of a logged segment: letters, labels, envelopes, cover sheets."""

from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import later
from interactions import documents, letters, mailmerge
from interactions.downloads import as_written
from interactions.forms import PrintForm
from interactions.models import LoggedSegment
from interactions.views.log import SEE

FIRST = {"kind": "letters", "file_format": "pdf", "order": "line"}


@require_safe
@permission_required(("interactions.view_loggedsegment", SEE), raise_exception=True)
def logged_print(request: HttpRequest, segment_number: str) -> HttpResponse | FileResponse:
    """Asks what to print, and gives the file when it was said in the address."""
    logged = get_object_or_404(LoggedSegment, segment_number=segment_number)
    is_asked = bool(request.GET.keys() - {later.ASKED})
    form = PrintForm(request.GET if is_asked else None, initial=FIRST)
    if not form.is_valid():
        return _page(request, logged, form)
    asked = form.cleaned_data
    name = letters.print_name(logged, kind=asked["kind"], file_format=asked["file_format"])
    write = partial(letters.write_print, logged, seconds=settings.PDF_SECONDS, **asked)
    try:
        return as_written(write, name)
    except (documents.DocumentLost, mailmerge.DocumentError) as error:
        form.add_error(None, str(error))
        return _page(request, logged, form, status=409)


def _page(
    request: HttpRequest, logged: LoggedSegment, form: PrintForm, status: int = 200
) -> HttpResponse:
    shown = {
        "title": _("Print"),
        "logged": logged,
        "form": form,
        "has_office": mailmerge.has_office(),
    }
    if later.is_coming(request, logged.entry_count):
        shown["is_coming"] = True
    else:
        shown["offered"] = letters.offered(logged)
    return render(request, "interactions/print.html", shown, status=status)
