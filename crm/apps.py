"""The ground floor: contacts and everything that classifies them."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Contacts and set-up")

    def ready(self) -> None:
        from crm import (
            acting,
            audit,
            audited,
            consents,
            panels,
            questionnaires,
            references,
            search,
            sql,
        )
        from crm.models import Consent
        from crm.views.consent import panel

        references.register(Consent, consents.move_consents)
        panels.contact_panels.register("consents", 7, panel)
        panels.contact_panels.register("profiles", 30, questionnaires.panel)
        panels.search_providers.register("contacts", 10, search.find_contacts)
        panels.search_providers.register("campaigns", 40, search.find_campaigns)
        autodiscover_modules("help")  # what each page is for
        audited.register_all()
        connection_created.connect(acting.attach, dispatch_uid="acting")
        connection_created.connect(sql.teach_sqlite, dispatch_uid="sql")
        pre_migrate.connect(audit.remove, sender=self)
        post_migrate.connect(audit.install, sender=self)
        autodiscover_modules("jobs")  # each app says there which kinds of work it has
