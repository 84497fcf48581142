"""Templates, documents, the merge, and the log: everything that has been said."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        """Adds to the pages of the ground floor."""
        from interactions import panels

        panels.register()
