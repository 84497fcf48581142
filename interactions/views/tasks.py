"""Pages of tasks: mine, all, written down from a contact or an interaction, done, taken back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.models import Contact, validate_number
from crm.once import new_token
from crm.pages import DeletePage, EditPage
from interactions import tasks
from interactions.entering import NewTaskForm, TaskForm
from interactions.inheriting import default_salesperson
from interactions.models import InteractionLogEntry, Task
from interactions.views.once import written_once

ROWS = Task.objects.select_related("contact__company", "salesperson", "by")
SHOWN = 100
LATELY = 20


@require_safe
@permission_required("interactions.view_task", raise_exception=True)
def my_tasks(request: HttpRequest) -> HttpResponse:
    """What the reader has to do: overdue, today, later; and what was done lately."""
    today = timezone.localdate()
    own = ROWS.filter(tasks.mine(request.user))
    waiting = own.filter(done_at=None)
    groups = [
        (_("Overdue"), list(waiting.filter(due__lt=today)[:SHOWN])),
        (_("Today"), list(waiting.filter(due=today)[:SHOWN])),
        (_("Later"), list(waiting.filter(due__gt=today)[:SHOWN])),
        (_("Done lately"), list(own.exclude(done_at=None).order_by("-done_at")[:LATELY])),
    ]
    shown = {"title": _("My tasks"), "groups": [one for one in groups if one[1]], "today": today}
    hidden = tasks.out_of_sight(request.user).order_by("due").values_list("due", flat=True)
    shown["hidden"] = list(hidden[:SHOWN])
    return render(request, "interactions/my_tasks.html", shown)


@permission_required("interactions.add_task", raise_exception=True)
def new(request: HttpRequest) -> HttpResponse:
    """A task; ?contact, ?entry and ?segment say about whom, after what, on which segment."""
    entry = _entry(request)
    contact = entry.contact if entry else _contact(request)
    task = Task(contact=contact, entry=entry) if contact else Task(entry=None)
    task.segment_number = entry.segment_number if entry else _segment_number(request)
    kind = TaskForm if contact else NewTaskForm
    initial = {"salesperson": default_salesperson(request.user, contact)}
    form = kind(request.POST or None, instance=task, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _written(request, form)
    title = _("Task for %(name)s") % {"name": contact.name} if contact else _("New task")
    back = contact.get_absolute_url() if contact else reverse("interactions:tasks")
    shown = {"title": title, "form": form, "cancel_url": back}
    shown["parent"] = str(contact) if contact else _("Tasks")
    shown["once"] = request.POST.get("once") or new_token()
    return render(request, "generic/form.html", shown)


def _written(request: HttpRequest, form: TaskForm) -> HttpResponse:
    form.instance.by = request.user
    saved, is_new = written_once(request, form.instance.contact, Task, form.save)
    if is_new:
        messages.success(request, _("The task was written down."))
    else:
        messages.info(request, _("Your first click wrote it down already."))
    return redirect(saved.contact)


def _entry(request: HttpRequest) -> InteractionLogEntry | None:
    asked = request.GET.get("entry", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    rows = InteractionLogEntry.objects.exclude(contact=None).select_related("contact__salesperson")
    return rows.filter(pk=int(asked)).first()


def _contact(request: HttpRequest) -> Contact | None:
    number = request.GET.get("contact", "").replace("\x00", "")
    return Contact.objects.select_related("salesperson").filter(number=number).first()


def _segment_number(request: HttpRequest) -> str:
    """The segment whose line the task is written down on; what cannot be a number is left out."""
    number = request.GET.get("segment", "")[:20]
    try:
        validate_number(number)
    except ValidationError:
        return ""
    return number


class TaskEditPage(EditPage):
    """Another day, another person, other words."""

    model = Task
    queryset = ROWS
    lookup = "pk"
    form_class = TaskForm
    delete_page = "interactions:task_delete"

    def get_record_url(self) -> str:
        return str(self.object.contact.get_absolute_url())

    def get_parent(self) -> str:
        return str(self.object.contact)


class TaskDeletePage(DeletePage):
    """A task that was a mistake."""

    model = Task
    queryset = ROWS
    lookup = "pk"
    done = "interactions:tasks"


@require_POST
@permission_required("interactions.change_task", raise_exception=True)
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Says that a task is done."""
    task = get_object_or_404(ROWS, pk=pk)
    assert isinstance(request.user, User)
    if tasks.finish(task, by=request.user):
        messages.success(request, _("Done: %(task)s.") % {"task": task})
    else:
        messages.warning(request, _("%(task)s was done already.") % {"task": task})
    return _back(request)


@require_POST
@permission_required("interactions.change_task", raise_exception=True)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Says that it is not done after all."""
    task = get_object_or_404(ROWS, pk=pk)
    tasks.reopen(task)
    messages.success(request, _("Open again: %(task)s.") % {"task": task})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page where the button was, if it is one of ours."""
    wanted: Any = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = reverse("interactions:tasks")
    return HttpResponseRedirect(wanted)
