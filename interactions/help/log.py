"""What the pages of the log, of single interactions, tasks and campaigns are for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "interactions:entries": Page(
            _("Everything that was said to contacts and that they said, newest first."),
            _(
                "Filter, then evaluate, cancel or restore many at once. Statistics counts what "
                "the filters find."
            ),
            To(
                "interactions:create",
                _("Create interaction"),
                right="interactions.add_interactionlogentry",
            ),
            To("interactions:logged_segments", _("Logged segments")),
        ),
        "interactions:statistics": Page(
            _(
                "Counts the interactions that the filters find: number, cost and duration; the "
                "last row adds them up."
            ),
            _(
                "Each number leads to the interactions counted. Cancelled and postponed ones "
                "are in no number."
            ),
            To("interactions:entries", _("Interactions")),
        ),
        "interactions:entry": Page(
            _("One interaction just as it was logged: who, what, when, by whom, and its letter."),
            _("Evaluate how it was received, add a comment, or cancel it if it never took place."),
            To("interactions:entries", _("Interactions")),
        ),
        "interactions:entry_look": Page(
            _("The pages of this letter as they look when printed."),
            _("The letter cannot be changed any more: it is what was said."),
            To("interactions:entry", _("To the interaction"), "pk"),
        ),
        "interactions:comment_edit": Page(
            _("Changes a comment that you wrote."),
            _("Others see it under the interaction."),
            To("interactions:entry", _("To the interaction"), "pk"),
        ),
        "interactions:logged_segments": Page(
            _("Segments that were logged: from then on they are found only here."),
            _("Open one to follow its delivery, print its letters, or begin a follow-up segment."),
        ),
        "interactions:logged_segment": Page(
            _("What was said to how many, when and by whom, with header and steps as they were."),
            _(
                "Watch the delivery, print what goes on paper, evaluate the answers, then "
                "create the follow-up."
            ),
            To("interactions:logged_print", _("Print…"), "segment_number"),
        ),
        "interactions:logged_delete": Page(
            _("Deletes a cancelled logged segment and its interactions."),
            _("What is not cancelled is never deleted."),
            To("interactions:logged_segments", _("Logged segments")),
        ),
        "interactions:logged_print": Page(
            _(
                "Letters in one file or one each, labels, envelopes and cover sheets, as Word "
                "or PDF."
            ),
            _(
                "Choose the order that suits your post, and print at actual size. Blocked "
                "contacts are left out."
            ),
            To("interactions:logged_segment", _("To the logged segment"), "segment_number"),
        ),
        "interactions:logged_resend": Page(
            _("Sends letters again, either just as they were logged or with the values of today."),
            _("With the values of today new interactions are logged; the old ones stay."),
            To("interactions:logged_segment", _("To the logged segment"), "segment_number"),
        ),
        "interactions:entry_resend": Page(
            _("Sends this letter, once more or for the first time, the way you choose."),
            _("With the values of today a new interaction is logged; the old one stays."),
            To("interactions:entry", _("To the interaction"), "pk"),
        ),
        "interactions:pack": Page(
            _("Letters of this print pack must not be posted any more: here is who, and why."),
            _("Make a new pack without them. The old file stays as it was made."),
            To("interactions:logged_segment", _("To the logged segment"), "segment_number"),
        ),
        "interactions:unsubscribe": Page(
            _("Here you can say that you want no more e-mails from us."),
            _("Press the button once; it holds at once."),
        ),
        "interactions:create": Page(
            _("Logs one interaction with one contact."),
            _(
                "Choose the contact and a template; what you leave empty comes from the "
                "template. Finish later keeps it without counting it."
            ),
            To("interactions:call", _("Phone call"), right="interactions.add_interactionlogentry"),
        ),
        "interactions:call": Page(
            _("Logs a phone call with its result."),
            _("Choose whom you call, dial the number shown, and write down how it went."),
        ),
        "interactions:postponed": Page(
            _("Interactions that somebody began and kept for later."),
            _(
                "Resume one to finish it, or discard it. They are in no number until they are "
                "finished."
            ),
            To("interactions:entries", _("Interactions")),
        ),
        "interactions:resume": Page(
            _("Finishes an interaction that was kept for later."),
            _("What was typed is kept; finishing logs it with the date that it says."),
            To("interactions:postponed", _("Kept for later")),
        ),
        "interactions:discard": Page(
            _("Throws away an interaction that was kept for later."),
            _("Nothing was logged yet, so nothing else is lost."),
            To("interactions:postponed", _("Kept for later")),
        ),
        "interactions:tasks": Page(
            _("What you have to do about contacts, the most pressing first."),
            _(
                "Tick off what is done. New tasks are written down here, on a contact's card, "
                "or for a whole segment. Tasks about contacts that you do not see are only "
                "counted."
            ),
            To("interactions:task_new", _("New task"), right="interactions.add_task"),
            To("interactions:all_tasks", _("All tasks")),
        ),
        "interactions:all_tasks": Page(
            _("The tasks of everybody."),
            _("Filter by salesperson, day or state."),
            To("interactions:tasks", _("My tasks")),
        ),
        "interactions:task_new": Page(
            _("Writes down what is to be done about a contact, by whom and when."),
            _("It shows on the contact's card and on Home of whoever is to do it."),
        ),
        "interactions:task_edit": Page(
            _("Changes a task."),
            _(
                "Give it to somebody else or move its day; done tasks can be reopened from the "
                "list."
            ),
            To("interactions:tasks", _("My tasks")),
        ),
        "interactions:task_delete": Page(
            _("Deletes a task that was a mistake."),
            _("If it was done, mark it done instead: then it stays on the contact's card."),
            To("interactions:tasks", _("My tasks")),
        ),
        "interactions:campaign_entries": Page(
            _("The pushes of campaigns: one for each time that a segment was logged for one."),
            _("Cancelling one cancels its interactions too; restoring brings those back."),
            To("crm:campaigns", _("Campaigns")),
        ),
        "interactions:targets": Page(
            _("Whom campaigns are aimed at: companies, and people without one."),
            _(
                "They come from what is logged. What you put in or take out by hand holds until"
                " you let the log decide again."
            ),
            To("crm:campaigns", _("Campaigns")),
        ),
    }
)
