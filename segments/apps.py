"""The worksheet: whom to address, and what is being prepared."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "segments"
    verbose_name = _("Segments")

    def ready(self) -> None:
        from crm import references
        from crm.models import Contact
        from segments import audited, moving, panels, privacy
        from segments.guard import keep_contacts_on_segments
        from segments.models import SegmentLine
        from segments.roles import make_roles

        panels.register()
        audited.register_all()
        privacy.register()
        references.register(SegmentLine, moving.move_lines)
        references.company_holds.append(moving.on_open_segment)
        post_migrate.connect(make_roles, sender=self)
        pre_delete.connect(keep_contacts_on_segments, sender=Contact)
