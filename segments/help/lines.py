"""What the pages about single lines, and about saved criteria, are for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "segments:line": Page(
            _("One line: the contact, why it is here, what it says, its letter and its comment."),
            _("Change what this contact alone shall get. Reset brings the inherited value back."),
            To("segments:line_look", _("As it looks"), "number", "pk"),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:line_look": Page(
            _("The pages of this line's letter as they will look."),
            _(
                "To change this letter alone, download it on the line's page, edit it, and "
                "upload it there."
            ),
            To("segments:line", _("To the line"), "number", "pk"),
        ),
        "segments:line_mail": Page(
            _("This line's letter as the e-mail that it becomes."),
            _("What mail programs cannot show, such as headers and footers, is left out."),
            To("segments:line", _("To the line"), "number", "pk"),
        ),
        "segments:cell": Page(
            _("Changes one value of one line."),
            _("Leave it empty to inherit from the segment and its template."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:column_reset": Page(
            _("Lets all lines inherit this value again."),
            _("What lines said themselves in this column is lost; the other columns stay."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:paste_column": Page(
            _("Pastes a column of a spreadsheet into the lines."),
            _(
                "Choose the column, paste one value a line in the order shown. All values go "
                "in, or none."
            ),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:columns": Page(
            _("Which columns the lines show, and in what order, for you and on every segment."),
            _("Tick those you need; fewer columns read faster."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:filters": Page(
            _(
                "Filters the lines: by what they say themselves, type, territory, language, "
                "industry or problem."
            ),
            _("Filters only show less; nobody leaves the segment."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:save_criteria": Page(
            _("Keeps the steps of this segment under a code, to be played again."),
            _("Steps made by hand name single contacts: tick them only when you mean just those."),
            To("segments:saved_criteria_list", _("Saved criteria")),
        ),
        "segments:reuse_criteria": Page(
            _("Chooses saved criteria to play on this segment."),
            _("The next page shows the steps in words and in numbers first."),
            To("segments:saved_criteria_list", _("Saved criteria")),
        ),
        "segments:reuse_criteria_play": Page(
            _("What each saved step would do here today."),
            _("Playing adds the steps after those the segment has; nothing is replaced."),
            To("segments:reuse_criteria", _("Choose others"), "number"),
        ),
        "segments:saved_criteria_list": Page(
            _(
                "Steps that somebody saved, to be played on any segment against the contacts of"
                " that day."
            ),
            _(
                "Open one to read it in words. To save some, go to a segment and choose Save "
                "criteria."
            ),
            To("segments:segments", _("Segments")),
        ),
        "segments:saved_criteria_import": Page(
            _("Brings in saved criteria from a JSON file that was exported here or elsewhere."),
            _("Codes that this installation does not know are named, and nothing is stored then."),
            To("segments:saved_criteria_list", _("Saved criteria")),
        ),
        "segments:saved_criteria": Page(
            _("Saved criteria in words: step by step, as the trail of a segment shows them."),
            _("To use them, open a segment and choose Reuse criteria."),
            To("segments:segments", _("Segments")),
        ),
        "segments:saved_criteria_edit": Page(
            _("Changes the code or the description of saved criteria."),
            _(
                "The steps themselves do not change: play them on a segment, change that, and "
                "save anew."
            ),
            To("segments:saved_criteria_list", _("Saved criteria")),
        ),
        "segments:saved_criteria_delete": Page(
            _("Deletes saved criteria."),
            _("Segments that they were played on stay as they are."),
            To("segments:saved_criteria_list", _("Saved criteria")),
        ),
    }
)
