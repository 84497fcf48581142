"""What each table of Django admin on this floor is for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "admin:interactions_interactiongroup": Page(
            _("Groups that templates are counted under: letters, calls, meetings."),
        ),
        "admin:interactions_interactiontemplate": Page(
            _(
                "Templates at a glance. Letters are uploaded on the template's page in the "
                "site, which reads and checks them."
            ),
            To("interactions:templates", _("Templates")),
        ),
        "admin:interactions_campaignentry": Page(
            _("To look things up only: what was logged is never changed here."),
            To("interactions:campaign_entries", _("Campaign entries")),
        ),
        "admin:interactions_loggedsegment": Page(
            _("To look things up only: what was logged is never changed here."),
            To("interactions:logged_segments", _("Logged segments")),
        ),
    }
)
