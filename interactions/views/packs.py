"""Print packs: the file as it was made, who is not posted to any more, a pack without them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import work
from interactions import delivery
from interactions.models import PrintPack
from interactions.views.delivering import CHANGE, SEE, logged_of

SHOWN = 100


def _found(segment_number: str, pk: int) -> PrintPack:
    return get_object_or_404(PrintPack, pk=pk, logged_segment=logged_of(segment_number))


@require_safe
@permission_required(SEE, raise_exception=True)
def pack(request: HttpRequest, segment_number: str, pk: int) -> HttpResponse | FileResponse:
    """The file as it was made, unless letters in it must not be posted any more: then who.

    ?as_made=1 gives the file all the same: it is the record.
    """
    found = _found(segment_number, pk)
    stopped, deleted = delivery.not_to_be_posted(found), delivery.number_deleted(found)
    count = stopped.count() + deleted
    if count and not request.GET.get("as_made"):
        shown: dict[str, Any] = {"title": found.name, "pack": found, "count": count}
        shown |= {"stopped": stopped[:SHOWN], "deleted": deleted, "shown": SHOWN}
        shown |= {"left": len(found.entries) - count}
        return render(request, "interactions/pack.html", shown)
    try:
        opened = found.file.open("rb")
    except (FileNotFoundError, ValueError) as error:  # ValueError: it was deleted with leave
        raise Http404(_("This file is not there any more.")) from error
    return FileResponse(opened, as_attachment=True, filename=found.name)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def pack_anew(request: HttpRequest, segment_number: str, pk: int) -> HttpResponse:
    """Starts a job that makes a pack once more, of what may still be posted."""
    found = _found(segment_number, pk)
    arguments = {"logged": found.logged_segment_id, "pack": found.pk}
    work.start("delivery.repack", user=request.user, **arguments)  # type: ignore[arg-type]
    messages.success(request, _("The pack is made once more, without what must not be posted."))
    return redirect(found.logged_segment)
