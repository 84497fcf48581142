"""What the worksheet and the pages about a whole segment are for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Key, Page, To, tell

tell(
    {
        "segments:segments": Page(
            _("Open segments: groups of contacts that are being prepared for one interaction."),
            _(
                "Open one to go on, or begin a new one. Once logged, a segment is found under "
                "Logged segments."
            ),
            To("segments:segment_create", _("New segment"), right="segments.add_segment"),
            To("interactions:logged_segments", _("Logged segments")),
        ),
        "segments:segment_create": Page(
            _(
                "Begins a segment with its header: description, salesperson, date, perhaps a "
                "campaign."
            ),
            _("Save, then choose the contacts: everything can be changed later."),
        ),
        "segments:segment": Page(
            _("The worksheet: whom you write to, what you say, and each line of it."),
            _(
                "Choose contacts, choose a template, change what single lines shall say, then "
                "check and log. Until you log, every step can be undone."
            ),
            Key("?", _("all keys of the worksheet")),
            Key("Enter", _("edit the cell")),
            To("segments:add", _("Add contacts…"), "number", right="segments.change_segment"),
            To("segments:check", _("Check"), "number"),
        ),
        "segments:segment_edit": Page(
            _("The whole header and interaction of a segment on one page."),
            _(
                "What you leave empty is inherited from the template. Lines that say something "
                "themselves keep it."
            ),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:header_field": Page(
            _("Changes one value of the segment; every line that inherits it follows at once."),
            _("Empty it to inherit from the template again."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:segment_delete": Page(
            _("Deletes an open segment with its lines and steps."),
            _("The contacts stay. Steps that you may need again can be saved as criteria first."),
            To(
                "segments:save_criteria",
                _("Save criteria"),
                "number",
                right="segments.add_savedcriteria",
            ),
        ),
        "segments:tasks": Page(
            _("Writes down the same task for every contact of the segment."),
            _("Say what is to be done and by when; each salesperson finds the tasks under Tasks."),
        ),
        "segments:letters": Page(
            _("The languages of the segment, with subjects and letters of its own."),
            _("A letter here takes the place of the template's for this segment only."),
            To("interactions:merge_fields", _("Merge fields")),
            To("segments:letters_preview", _("Preview letters"), "number"),
        ),
        "segments:letters_preview": Page(
            _(
                "The letters most likely to go wrong: one of each language, the longest name, "
                "one that lacks each value."
            ),
            _(
                "Read these before you log. A missing value is mended on the contact, or with a"
                " letter of the line's own."
            ),
            To("segments:check", _("Check"), "number"),
        ),
        "segments:check": Page(
            _("Everything that is wrong with the lines, grouped by reason, with a count."),
            _(
                "Mend a whole group at once, or take its lines out. Errors stop logging; "
                "warnings are accepted."
            ),
            To("segments:log", _("Log…"), "number", right="interactions.add_loggedsegment"),
        ),
        "segments:log": Page(
            _("Turns the segment into permanent records: one interaction for each line."),
            _(
                "Read what will happen, in numbers. Send delivers the letters; follow-up begins"
                " the next segment at once. It cannot be undone, only cancelled."
            ),
            To("segments:check", _("Check"), "number"),
        ),
        "segments:composition": Page(
            _("Who is on the segment, by type, territory, language and industry."),
            _("Each number shows its lines."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:follow_up": Page(
            _("Begins a new segment from one that was logged."),
            _(
                "Take all its contacts, or those of one outcome: a positive answer, a failed "
                "delivery, no response."
            ),
        ),
        "segments:reuse": Page(
            _("Adds the contacts of a logged segment to an open one."),
            _(
                "Choose the open segment; the next page says how many are new before they are "
                "added."
            ),
        ),
        "segments:add_to_segment": Page(
            _("Puts this contact on an open segment."),
            _("It becomes a step of its own there, which Back undoes."),
        ),
    }
)
