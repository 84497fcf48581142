"""Addresses of segments and of what hangs on them."""

from django.urls import path

from segments.views import cells, choosing, following, header, lines, logging, segments, worksheet

app_name = "segments"
ON = "segments/<str:number>/"
LINE = f"{ON}lines/<int:pk>/"

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
    path("logged-segments/<str:number>/follow-up/", following.follow_up, name="follow_up"),
    path(
        "contacts/<str:number>/add-to-segment/",
        following.add_to_segment,
        name="add_to_segment",
    ),
]
