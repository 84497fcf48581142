"""Addresses of segments and of what hangs on them."""

from django.urls import path

from segments.views import (
    audience,
    bulk,
    cells,
    choosing,
    combining,
    editing,
    explaining,
    following,
    header,
    lines,
    logging,
    saved,
    saving,
    segments,
    worksheet,
)

app_name = "segments"
ON = "segments/<str:number>/"
LINE = f"{ON}lines/<int:pk>/"
SAVED = "saved-criteria/"

urlpatterns = [
    path("segments/", segments.SegmentListPage.as_view(), name="segments"),
    path("segments/new/", segments.SegmentCreatePage.as_view(), name="segment_create"),
    path(ON, worksheet.segment, name="segment"),
    path(f"{ON}edit/", header.edit, name="segment_edit"),
    path(f"{ON}delete/", segments.delete, name="segment_delete"),
    path(f"{ON}header/<str:name>/", header.field, name="header_field"),
    path(f"{ON}header/<str:name>/shown/", header.field_shown, name="header_field_shown"),
    path(f"{ON}letters/", header.letters, name="letters"),
    path(f"{ON}letters/<str:language>/remove/", header.letter_remove, name="letter_remove"),
    path(f"{ON}back/", worksheet.back, name="back"),
    path(f"{ON}forward/", worksheet.forward, name="forward"),
    path(f"{ON}steps/<int:step>/", worksheet.go_to, name="go_to"),
    path(f"{ON}by-hand/", worksheet.by_hand, name="by_hand"),
    path(f"{ON}lines/remove/", lines.remove, name="lines_remove"),
    path(LINE, lines.line, name="line"),
    path(f"{LINE}row/", cells.line_row, name="line_row"),
    path(f"{LINE}letter/", lines.letter, name="line_letter"),
    path(f"{LINE}<str:name>/", cells.cell, name="cell"),
    path(f"{LINE}<str:name>/reset/", cells.cell_reset, name="cell_reset"),
    path(f"{ON}columns/<str:name>/reset/", cells.column_reset, name="column_reset"),
    path(f"{ON}check/", logging.check, name="check"),
    path(f"{ON}check/<str:code>/take-out/", logging.take_out, name="take_out"),
    path(f"{ON}check/<str:code>/mend/", logging.mend, name="mend"),
    path(f"{ON}log/", logging.log, name="log"),
    *(path(f"{ON}{verb}/", choosing.choose, {"verb": verb}, name=verb) for verb in choosing.VERBS),
    *(
        path(f"{ON}{verb}/<str:part>/", choosing.part, {"verb": verb}, name=f"{verb}_part")
        for verb in choosing.VERBS
    ),
    path(f"{ON}lines/set/", bulk.set_lines, name="lines_set"),
    path(f"{ON}steps/<int:step>/edit/", editing.edit, name="step_edit"),
    path(f"{ON}explain/", explaining.why, name="explain"),
    path(f"{ON}drift/", explaining.drift, name="drift"),
    path(f"{ON}paste/", audience.paste, name="paste"),
    path(f"{ON}sample/", audience.sample, name="sample"),
    path(f"{ON}one-per/", audience.one_per, name="one_per"),
    path(f"{ON}mailing-group/", bulk.mailing_group, name="mailing_group"),
    path(f"{ON}export.csv", bulk.export_csv, name="export_csv"),
    path(f"{ON}export.xlsx", bulk.export_xlsx, name="export_xlsx"),
    path(f"{ON}combine/", combining.choose, name="combine"),
    path(
        f"{ON}combine/open/<str:other>/",
        combining.combine,
        {"logged": False},
        name="combine_open",
    ),
    path(
        f"{ON}combine/logged/<str:other>/",
        combining.combine,
        {"logged": True},
        name="combine_logged",
    ),
    path(f"{ON}reuse-logged/", combining.choose_logged, name="reuse_logged"),
    path(f"{ON}reuse-logged/<str:other>/", combining.reuse_logged, name="reuse_logged_play"),
    path(f"{ON}save-criteria/", saving.save, name="save_criteria"),
    path(f"{ON}reuse-criteria/", saving.choose_saved, name="reuse_criteria"),
    path(f"{ON}reuse-criteria/<int:saved_pk>/", saving.reuse, name="reuse_criteria_play"),
    path(SAVED, saved.SavedCriteriaListPage.as_view(), name="saved_criteria_list"),
    path(f"{SAVED}import/", saved.import_page, name="saved_criteria_import"),
    path(f"{SAVED}<int:pk>/", saved.SavedCriteriaPage.as_view(), name="saved_criteria"),
    path(
        f"{SAVED}<int:pk>/edit/",
        saved.SavedCriteriaEditPage.as_view(),
        name="saved_criteria_edit",
    ),
    path(
        f"{SAVED}<int:pk>/delete/",
        saved.SavedCriteriaDeletePage.as_view(),
        name="saved_criteria_delete",
    ),
    path(f"{SAVED}<int:pk>/export/", saved.export, name="saved_criteria_export"),
    path("logged-segments/<str:number>/follow-up/", following.follow_up, name="follow_up"),
    path("contacts/bulk/segment/", following.gather, name="gather"),
    path(
        "contacts/<str:number>/add-to-segment/",
        following.add_to_segment,
        name="add_to_segment",
    ),
]
