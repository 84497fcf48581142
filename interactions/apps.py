"""Templates, documents, the merge, and the log: everything that has been said."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_delete, pre_delete
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        """Adds to the ground floor's pages and to SQLite; keeps the log when a contact goes."""
        from crm import filters, references
        from crm.models import Contact
        from interactions import audited, panels, privacy, proofs, targets
        from interactions.filters import NextTaskFilter
        from interactions.keeping import follow_company, keep_targets, leave_to_company, settle
        from interactions.models import CampaignTarget

        panels.register()
        audited.register_all()
        privacy.register()
        next_task = NextTaskFilter(label=_("Next task"), never=True)
        filters.offer(filters.ContactFilter, "next_task", next_task)
        connection_created.connect(proofs.teach_sqlite, dispatch_uid="plain_json")
        pre_delete.connect(leave_to_company, sender=Contact)
        post_delete.connect(keep_targets, sender=Contact)
        references.register(CampaignTarget, targets.move)
        references.afterwards.append(settle)
        references.followers.append(follow_company)
