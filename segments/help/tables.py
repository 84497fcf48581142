"""What each table of Django admin on this floor is for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "admin:segments_segment": Page(
            _("To look things up only: the worksheet alone changes segments."),
            To("segments:segments", _("Segments")),
        ),
        "admin:segments_savedcriteria": Page(
            _("To look things up only: criteria are saved from a segment."),
            To("segments:saved_criteria_list", _("Saved criteria")),
        ),
    }
)
