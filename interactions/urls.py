"""Addresses of templates, letters and the log."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from crm.pages import CreatePage, EditPage, ListPage
from crm.paging import LongPaginator
from interactions import exports
from interactions.filters import (
    LogEntryFilter,
    LoggedSegmentFilter,
    TaskFilter,
    TemplateFilter,
)
from interactions.forms import TemplateForm
from interactions.models import (
    InteractionLogEntry,
    InteractionTemplate,
    LoggedSegment,
    Task,
)
from interactions.views import (
    calling,
    creating,
    delivering,
    entries,
    log,
    logged,
    packs,
    printing,
    targets,
    tasks,
    unsubscribing,
)
from interactions.views import templates as views
from interactions.views.statistics import StatisticsPage

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
            export=exports.TEMPLATES,
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
    path(
        "templates/<str:code>/languages/<str:language>/preview/mail/",
        views.template_mail,
        name="template_mail",
    ),
    path("documents/<str:sha256>/", views.document, name="document"),
    path("merge-fields/", views.merge_fields, name="merge_fields"),
    path("merge-fields/letter-<str:language>.docx", views.starter, name="starter"),
]

LOG = [
    path(
        "interactions/",
        entries.EntriesPage.as_view(
            model=InteractionLogEntry,
            queryset=InteractionLogEntry.objects.defer("merge_values"),
            related=("contact__company", "template", "salesperson", "campaign"),
            shown=entries.SHOWN,
            filterset_class=LogEntryFilter,
            sorts=("date",),
            template_name="interactions/entries.html",
            paginator_class=LongPaginator,
            export=exports.ENTRIES,
            title=_("Interactions"),
            empty_text=_("Everything that is said to contacts is listed here once it is logged."),
        ),
        name="entries",
    ),
    path("interactions/statistics/<str:by>/", StatisticsPage.as_view(), name="statistics"),
    path("interactions/bulk/", entries.bulk, name="entries_bulk"),
    path("interactions/<int:pk>/", log.entry, name="entry"),
    path("interactions/<int:pk>/cancel/", entries.cancel, name="entry_cancel"),
    path("interactions/<int:pk>/restore/", entries.restore, name="entry_restore"),
    path(
        "interactions/<int:pk>/comments/<int:comment>/edit/",
        entries.comment_edit,
        name="comment_edit",
    ),
    path(
        "interactions/<int:pk>/comments/<int:comment>/delete/",
        entries.comment_delete,
        name="comment_delete",
    ),
    path(
        "campaign-entries/<int:pk>/cancel/",
        logged.campaign_entry_cancel,
        name="campaign_entry_cancel",
    ),
    path(
        "campaign-entries/<int:pk>/restore/",
        logged.campaign_entry_restore,
        name="campaign_entry_restore",
    ),
    path("interactions/<int:pk>/letter/", log.entry_letter, name="entry_letter"),
    path("interactions/<int:pk>/look/", log.entry_look, name="entry_look"),
    path("interactions/<int:pk>/look/<int:page>.png", log.entry_page, name="entry_page"),
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
            export=exports.LOGGED_SEGMENTS,
            empty_text=_("A segment is found here once it is logged."),
        ),
        name="logged_segments",
    ),
    path(
        "logged-segments/<str:segment_number>/",
        log.LoggedSegmentPage.as_view(),
        name="logged_segment",
    ),
    path("logged-segments/<str:segment_number>/cancel/", logged.cancel, name="logged_cancel"),
    path("logged-segments/<str:segment_number>/restore/", logged.restore, name="logged_restore"),
    path("logged-segments/<str:segment_number>/delete/", logged.delete, name="logged_delete"),
    path("logged-segments/<str:segment_number>/verify/", logged.verify, name="logged_verify"),
    path("logged-segments/<str:segment_number>/letters/", log.logged_zip, name="logged_zip"),
    path(
        "logged-segments/<str:segment_number>/combined/",
        log.logged_combined,
        name="logged_combined",
    ),
    path("logged-segments/<str:segment_number>/print/", printing.logged_print, name="logged_print"),
]

SINGLE = [
    path("interactions/new/", creating.create, name="create"),
    path("interactions/call/", calling.call, name="call"),
    path(
        "interactions/postponed/",
        ListPage.as_view(
            model=InteractionLogEntry,
            queryset=InteractionLogEntry.objects.filter(postponed=True).defer("merge_values"),
            related=("contact__company", "template", "by"),
            template_name="interactions/postponed.html",
            export=exports.POSTPONED,
            title=_("Kept for later"),
            empty_text=_("An interaction that is to be finished later waits here."),
        ),
        name="postponed",
    ),
    path("interactions/<int:pk>/resume/", creating.resume, name="resume"),
    path("interactions/<int:pk>/discard/", creating.discard, name="discard"),
]

TASKS = [
    path("tasks/", tasks.my_tasks, name="tasks"),
    path(
        "tasks/all/",
        ListPage.as_view(
            model=Task,
            related=("contact__company", "salesperson", "by"),
            filterset_class=TaskFilter,
            sorts=("due",),
            create="interactions:task_new",
            template_name="interactions/tasks.html",
            export=exports.TASKS,
            title=_("All tasks"),
            empty_text=_("What is to be done about a contact by a day."),
        ),
        name="all_tasks",
    ),
    path("tasks/new/", tasks.new, name="task_new"),
    path("tasks/<int:pk>/", tasks.TaskEditPage.as_view(), name="task_edit"),
    path("tasks/<int:pk>/delete/", tasks.TaskDeletePage.as_view(), name="task_delete"),
    path("tasks/<int:pk>/done/", tasks.done, name="task_done"),
    path("tasks/<int:pk>/reopen/", tasks.reopen, name="task_reopen"),
]

CAMPAIGNS = [
    path(
        "campaign-entries/",
        targets.PushListPage.as_view(),
        name="campaign_entries",
    ),
    path("targets/", targets.TargetListPage.as_view(), name="targets"),
    path("campaigns/<str:number>/targets/add/", targets.target_add, name="target_add"),
    path("targets/<int:pk>/<str:verb>/", targets.target_verb, name="target_verb"),
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
    path("interactions/<int:pk>/resend/", delivering.entry_resend, name="entry_resend"),
    path("logged-segments/<str:segment_number>/packs/<int:pk>/", packs.pack, name="pack"),
    path(
        "logged-segments/<str:segment_number>/packs/<int:pk>/anew/",
        packs.pack_anew,
        name="pack_anew",
    ),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
]

urlpatterns = [*TEMPLATES, *SINGLE, *LOG, *TASKS, *CAMPAIGNS, *DELIVERY]
