"""What the pages that choose contacts are for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "segments:add": Page(
            _("Brings all contacts that match the criteria onto the segment."),
            _(
                "Fill in a card or several; the count beside them says who is new, already in, "
                "excluded or blocked before anything is added."
            ),
            To("segments:segment", _("To the worksheet"), "number"),
            To("segments:paste", _("Paste a list"), "number", right="segments.change_segment"),
        ),
        "segments:keep": Page(
            _("Keeps the contacts that match the criteria and takes out all others."),
            _("The count says who stays and who goes. Nothing is lost: Back brings them again."),
            To("segments:remove", _("Remove…"), "number", right="segments.change_segment"),
        ),
        "segments:remove": Page(
            _("Takes out the contacts that match the criteria and keeps all others."),
            _(
                "Use it for what must not be: written to lately, competitors, no address. Back "
                "brings them again."
            ),
            To("segments:keep", _("Keep only…"), "number", right="segments.change_segment"),
        ),
        "segments:add_part": Page(
            _("One part of the count: just these contacts."),
            _("Nothing has been added yet. Go back to the criteria to do it."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:keep_part": Page(
            _("One part of the count: just these contacts."),
            _("Nothing has been changed yet. Go back to the criteria to do it."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:remove_part": Page(
            _("One part of the count: just these contacts."),
            _("Nothing has been changed yet. Go back to the criteria to do it."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:by_hand": Page(
            _("Adds one contact by its name or number."),
            _("It becomes a step of its own. A blocked contact cannot be added."),
            To("segments:paste", _("Paste a list"), "number", right="segments.change_segment"),
        ),
        "segments:step_edit": Page(
            _("Changes what an earlier step asked; the steps after it are played again."),
            _("See who would come and go before you accept. What lines say themselves is kept."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:explain": Page(
            _("Why a contact is on the segment, or why not: step by step, condition by condition."),
            _("Type the contact's name or number."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:drift": Page(
            _("Who would be on the segment if all steps were made today."),
            _("Refresh makes the difference one step, which Back undoes."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:paste": Page(
            _("Adds the contacts of a list that you paste: numbers or e-mail addresses."),
            _("One a line. What is unknown or ambiguous is listed before anything is added."),
            To("segments:add", _("Add contacts…"), "number", right="segments.change_segment"),
        ),
        "segments:sample": Page(
            _("Keeps a number or a share of the contacts, chosen at random."),
            _("The seed is kept with the step, so that the same choice can be made again."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:one_per": Page(
            _("Keeps one line of each company, e-mail address or postal address."),
            _("The first one in the segment's order stays. Back brings the others again."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:mailing_group": Page(
            _("Puts every contact of the segment into a mailing group."),
            _(
                "This changes the contacts, so Back does not undo it. Replace also takes out "
                "those who are not on the segment."
            ),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:combine": Page(
            _("Adds, keeps or removes by another segment, open or logged."),
            _("Choose the other segment; the next page counts each way."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:combine_open": Page(
            _("What this segment and another open one have in common, and what not."),
            _("Choose one of the three ways. The other segment stays as it is."),
            To("segments:combine", _("Choose another"), "number"),
        ),
        "segments:combine_logged": Page(
            _("What this segment and a logged one have in common, and what not."),
            _("Choose one of the three ways. Cancelled interactions do not count."),
            To("segments:combine", _("Choose another"), "number"),
        ),
        "segments:reuse_logged": Page(
            _("Brings the contacts of a logged segment onto this one."),
            _("Choose which; the next page says how many are new."),
            To("segments:segment", _("To the worksheet"), "number"),
        ),
        "segments:reuse_logged_play": Page(
            _(
                "How many contacts of the logged segment are new here, already in, excluded or "
                "blocked."
            ),
            _("Each comes once; those whose interaction was cancelled stay out."),
            To("segments:reuse_logged", _("Choose another"), "number"),
        ),
    }
)
