"""Addresses of templates, letters and the log."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from crm.pages import CreatePage, EditPage, ListPage
from interactions.filters import LogEntryFilter, LoggedSegmentFilter, TemplateFilter
from interactions.forms import TemplateForm
from interactions.models import InteractionLogEntry, InteractionTemplate, LoggedSegment
from interactions.views import delivering, log, printing
from interactions.views import templates as views

app_name = "interactions"

TEMPLATES = [
    path(
        "templates/",
        ListPage.as_view(
            model=InteractionTemplate,
            queryset=InteractionTemplate.objects.prefetch_related("languages"),
            related=("group", "campaign"),
            filterset_class=TemplateFilter,
            sorts={"code": ("code",), "description": ("description",), "group": ("group__code",)},
            create="interactions:template_new",
            template_name="interactions/templates.html",
            empty_text=_(
                "A template says once what many interactions share, and holds the letter."
            ),
        ),
        name="templates",
    ),
    path(
        "templates/new/",
        CreatePage.as_view(
            model=InteractionTemplate, form_class=TemplateForm, cancel="interactions:templates"
        ),
        name="template_new",
    ),
    path("templates/<str:code>/", views.TemplatePage.as_view(), name="template"),
    path(
        "templates/<str:code>/edit/",
        EditPage.as_view(
            model=InteractionTemplate,
            lookup="code",
            form_class=TemplateForm,
            delete_page="interactions:template_delete",
        ),
        name="template_edit",
    ),
    path(
        "templates/<str:code>/delete/", views.TemplateDeletePage.as_view(), name="template_delete"
    ),
    path("templates/<str:code>/languages/new/", views.language_new, name="language_new"),
    path(
        "templates/<str:code>/languages/<str:language>/", views.language_edit, name="language_edit"
    ),
    path(
        "templates/<str:code>/languages/<str:language>/delete/",
        views.language_delete,
        name="language_delete",
    ),
    path(
        "templates/<str:code>/languages/<str:language>/preview/",
        views.template_preview,
        name="template_preview",
    ),
    path("documents/<str:sha256>/", views.document, name="document"),
    path("merge-fields/", views.merge_fields, name="merge_fields"),
    path("merge-fields/letter-<str:language>.docx", views.starter, name="starter"),
]

LOG = [
    path(
        "interactions/",
        ListPage.as_view(
            model=InteractionLogEntry,
            queryset=InteractionLogEntry.objects.defer("merge_values"),
            related=("contact__company", "template", "salesperson", "campaign", "document"),
            filterset_class=LogEntryFilter,
            sorts=("date",),
            template_name="interactions/entries.html",
            title=_("Interactions"),
            empty_text=_("Everything that is said to contacts is listed here once it is logged."),
        ),
        name="entries",
    ),
    path("interactions/<int:pk>/", log.entry, name="entry"),
    path("interactions/<int:pk>/letter/", log.entry_letter, name="entry_letter"),
    path("interactions/<int:pk>/evaluate/", log.evaluate, name="entry_evaluate"),
    path("interactions/<int:pk>/comment/", log.comment, name="entry_comment"),
    path(
        "logged-segments/",
        ListPage.as_view(
            model=LoggedSegment,
            queryset=LoggedSegment.objects.defer("header", "trail"),
            related=("by",),
            filterset_class=LoggedSegmentFilter,
            sorts={"number": ("segment_number",), "logged": ("logged_at",)},
            template_name="interactions/logged_segments.html",
            empty_text=_("A segment is found here once it is logged."),
        ),
        name="logged_segments",
    ),
    path(
        "logged-segments/<str:segment_number>/",
        log.LoggedSegmentPage.as_view(),
        name="logged_segment",
    ),
    path("logged-segments/<str:segment_number>/letters/", log.logged_zip, name="logged_zip"),
    path(
        "logged-segments/<str:segment_number>/combined/",
        log.logged_combined,
        name="logged_combined",
    ),
    path("logged-segments/<str:segment_number>/print/", printing.logged_print, name="logged_print"),
]

DELIVERY = [
    path(
        "interactions/<int:pk>/delivery/<str:verb>/",
        delivering.entry_deliver,
        name="entry_deliver",
    ),
    path(
        "logged-segments/<str:segment_number>/delivery/",
        delivering.logged_delivery,
        name="logged_delivery",
    ),
    path(
        "logged-segments/<str:segment_number>/delivery/<str:verb>/",
        delivering.logged_deliver,
        name="logged_deliver",
    ),
    path(
        "logged-segments/<str:segment_number>/resend/",
        delivering.logged_resend,
        name="logged_resend",
    ),
    path("logged-segments/<str:segment_number>/packs/<int:pk>/", delivering.pack, name="pack"),
    path("unsubscribe/<str:token>/", delivering.unsubscribe, name="unsubscribe"),
]

urlpatterns = [*TEMPLATES, *LOG, *DELIVERY]
