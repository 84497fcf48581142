"""What the pages of import, history and privacy are for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "crm:import_contacts": Page(
            _("Brings contacts in from a CSV file or an XLSX workbook."),
            _("Choose the file. Nothing is stored before you have seen what would happen."),
            To("crm:contacts", _("Contacts")),
        ),
        "crm:import_map": Page(
            _("Says what each column of the file means, and what identifies a contact."),
            _("Leave out what you do not need, then try it out. Your choice is remembered."),
        ),
        "crm:import_report": Page(
            _("What the import would do, or did: new, changed and refused rows, with reasons."),
            _(
                "Download the refused rows, mend them and bring them in again. Start the import"
                " when the trial says what you expect."
            ),
        ),
        "crm:history": Page(
            _("Who changed what, and when: all changes of contacts, set-up, segments and log."),
            _("Search by number, code or user. Nobody can change what stands here."),
        ),
        "crm:record_history": Page(
            _("The changes of this record, the newest first: from what to what, and by whom."),
        ),
        "crm:consent": Page(
            _("Writes down what a contact said of a channel: consent or opt-out."),
            _("Say how you know it and since when. What was said before stays in the history."),
            To("crm:contact", _("To the contact"), "number"),
        ),
        "crm:person_data": Page(
            _("All that is stored of one person, to be given to that person."),
            _("Print it, or take it along as JSON or as a zip file with the letters."),
            To("crm:contact", _("To the contact"), "number"),
        ),
        "crm:erase": Page(
            _("Takes everything personal of this contact out of contacts, log, letters and files."),
            _("Statistics stay. It cannot be undone: read first what goes and what stays."),
            To("crm:contact", _("To the contact"), "number"),
        ),
        "admin:crm_erasure": Page(
            _("Who was erased: by number, when, by whom and why. It proves what was emptied."),
        ),
    }
)
