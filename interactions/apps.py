"""Templates, documents, the merge, and the log: everything that has been said."""

from django.apps import AppConfig
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        """Adds to the pages of the ground floor, and keeps the log when a contact goes."""
        from crm.models import Contact
        from interactions import panels
        from interactions.keeping import leave_to_company

        panels.register()
        pre_delete.connect(leave_to_company, sender=Contact)
