"""How administrators read of django_tasks_db, which has no words in other languages."""

from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class QueueConfig(TasksAppConfig):
    verbose_name = _("Queue of long work")  # type: ignore[assignment]
    # Its model asks our catalogue for these.
    words = (_("Task Result"), _("Task Results"))
