"""Templates, documents, the merge, and the log: everything that has been said."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        """Adds to the pages of the ground floor, and to what SQLite can compute."""
        from interactions import panels, proofs

        panels.register()
        connection_created.connect(proofs.teach_sqlite, dispatch_uid="plain_json")
