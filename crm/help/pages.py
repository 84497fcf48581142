"""What the pages of this floor, and those of the project as a whole, are for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Key, Page, To, tell

tell(
    {
        "home": Page(
            _(
                "Where your day begins: your open segments with their next step, what was "
                "logged lately, and what needs care."
            ),
            _(
                "Take up a segment where you left it, or begin a new one. Each number leads to "
                "what it counts."
            ),
            To("crm:contacts", _("Contacts")),
        ),
        "search": Page(
            _(
                "Finds contacts, open segments, logged segments and campaigns by the beginnings"
                " of words: names, numbers, e-mail addresses, phone numbers."
            ),
            _("Several words narrow the search. The list of contacts has more filters."),
            Key("/", _("type in the search box, from any page")),
            To("crm:contacts", _("Contacts")),
        ),
        "login": Page(
            _("Sign in with the user name and password that your administrator gave you."),
            _(
                "Forgotten? Ask an administrator for a new password. After ten wrong tries this"
                " address has to wait fifteen minutes."
            ),
        ),
        "password_change": Page(
            _(
                "Changes your own password. You stay signed in here; other devices have to sign"
                " in again."
            ),
            _("Choose one that you use nowhere else, and that says nothing about you."),
        ),
        "password_change_done": Page(
            _("The new password holds from now on."),
            _("Go on where you were."),
            To("home", _("Home")),
        ),
        "crm:contacts": Page(
            _("All companies and people whom you may write to."),
            _(
                "Search or filter, then open a contact, change many at once, or begin a segment"
                " with just those shown. A view that you need often can be saved."
            ),
            To("crm:contact_create", _("New contact"), right="crm.add_contact"),
            To("crm:duplicates", _("Possible duplicates"), right="crm.view_duplicatepair"),
        ),
        "crm:contact_create": Page(
            _("Writes down a new company or person."),
            _(
                "A name is enough. A person of a company takes over its salesperson, territory,"
                " language and address where you leave these empty. If somebody like this is "
                "stored already, you are asked first."
            ),
        ),
        "crm:duplicates": Page(
            _("Pairs of contacts that may be the same one, the most alike first."),
            _(
                "Compare a pair and merge it, or say that they are two. An administrator looks "
                "for new pairs with a command."
            ),
            To("crm:contacts", _("Contacts")),
        ),
        "crm:merge_with": Page(
            _("Chooses the contact that is the same as this one."),
            _("The next page shows both side by side, before anything is changed."),
            To("crm:contact", _("To the contact"), "number"),
        ),
        "crm:compare": Page(
            _("Two contacts side by side: choose for each difference what shall hold."),
            _(
                "Merging moves lines, interactions and groups to the one you keep. The other's "
                "number leads there from then on."
            ),
        ),
        "crm:contact": Page(
            _(
                "One contact: how to reach it, its groups and consent, what was said to it, and"
                " the segments it is on."
            ),
            _(
                "Edit it, put it on a segment, or log a single interaction or a phone call. A "
                "company's card lists its people."
            ),
            To("crm:contact_edit", _("Edit"), "number", right="crm.change_contact"),
            To(
                "crm:merge_with",
                _("Merge with another contact"),
                "number",
                right="crm.delete_contact",
            ),
        ),
        "crm:contact_edit": Page(
            _("Changes what is stored about a contact."),
            _(
                "People of a company follow it when its address, language, territory or "
                "salesperson changes, as long as theirs are the same."
            ),
        ),
        "crm:contact_delete": Page(
            _("Deletes a contact for good."),
            _(
                "It is refused while the contact is on an open segment. What was logged stays "
                "in the log. To stop writing to somebody, block the contact instead."
            ),
            To("crm:contact_edit", _("Edit"), "number", right="crm.change_contact"),
        ),
        "crm:address_create": Page(
            _("An address that holds from a day to a day: a summer house, a site."),
            _(
                "Letters and e-mails go to the address that holds on the date of the "
                "interaction. Two may not hold at a time."
            ),
        ),
        "crm:address_edit": Page(
            _("Changes an alternative address or the days on which it holds."),
            _("What was logged before keeps the address it was sent to."),
            To("crm:contact", _("To the contact"), "number"),
        ),
        "crm:profile": Page(
            _("The answers of one contact to a questionnaire, all questions together."),
            _("Segments can ask for the answers. Questions are kept in the set-up."),
            To("crm:contact", _("To the contact"), "number"),
        ),
        "crm:import_purchases": Page(
            _("Brings in from a CSV file what contacts bought, so that segments can ask for it."),
            _(
                "Good rows are stored; each bad one is listed with its reason. A second run of "
                "the same file updates."
            ),
        ),
        "crm:campaigns": Page(
            _("Campaigns gather segments and interactions under one aim and time."),
            _(
                "Open one to see how far it has come, or choose it on a segment to count that "
                "segment in."
            ),
            To("crm:campaign_create", _("New campaign"), right="crm.add_campaign"),
        ),
        "crm:campaign_create": Page(
            _("Begins a campaign."),
            _(
                "Give it a description that people recognise in a list. Then choose it on a "
                "segment or an interaction."
            ),
        ),
        "crm:campaign": Page(
            _("How far a campaign has come: targets, reached, responded, and what it cost."),
            _(
                "Each number leads to the interactions counted. Targets come in when a segment "
                "marked campaign target is logged."
            ),
            To("crm:campaign_edit", _("Edit"), "number", right="crm.change_campaign"),
        ),
        "crm:campaign_edit": Page(
            _("Changes a campaign's description, status, dates and salesperson."),
            _("What was logged for it stays."),
            To("crm:campaign", _("Campaign"), "number"),
        ),
        "crm:campaign_delete": Page(
            _("Deletes a campaign that nothing refers to."),
            _("Where segments or interactions refer to it, set its status to done instead."),
            To("crm:campaign", _("Campaign"), "number"),
        ),
        "crm:jobs": Page(
            _("Long work that you started: how far it is, and the files it made."),
            _("You may leave the page; the work goes on. Files can be downloaded for some days."),
            To("home", _("Home")),
        ),
        "crm:job": Page(
            _(
                "One piece of long work: its progress, its result, and what went wrong if it "
                "failed."
            ),
            _("Cancel it while it runs, or retry it when it failed: it goes on where it was."),
            To("crm:jobs", _("My jobs")),
        ),
        "crm:marketing_setup": Page(
            _(
                "Says who you are in letters, what new contacts begin with, how long things are "
                "kept, who sees whose contacts, what people take over from their company, and "
                "how records are numbered."
            ),
            _(
                "Fill in the company first: letters and envelopes name it. Administrators "
                "change this page; others read it."
            ),
            To("set_up", _("Set-up"), right="crm.change_marketingsetup"),
        ),
        "set_up": Page(
            _(
                "What an installation needs before the first letter, in order, and every set-up"
                " table."
            ),
            _(
                "Go down the list; a step is ticked as soon as it is there. To look around "
                "first, load the demo into the empty database."
            ),
            To("crm:marketing_setup", _("Marketing set-up")),
        ),
    }
)
