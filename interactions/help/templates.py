"""What the pages of templates and letters are for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "interactions:templates": Page(
            _(
                "Templates say once what many interactions share: kind, cost, language, subject"
                " and letter."
            ),
            _("Open one to upload a letter in each language you write in."),
            To(
                "interactions:template_new",
                _("New template"),
                right="interactions.add_interactiontemplate",
            ),
            To("interactions:merge_fields", _("Merge fields")),
        ),
        "interactions:template_new": Page(
            _(
                "Begins a template: a code, a description, and what interactions with it begin "
                "with."
            ),
            _("After saving, upload the letter on the template's page."),
            To("interactions:merge_fields", _("Merge fields")),
        ),
        "interactions:template": Page(
            _(
                "One template: what it says, its letters by language, and how many contacts "
                "read each language."
            ),
            _(
                "Add a language for those who would get no letter in their own. A change is "
                "seen at once by every open segment that inherits it."
            ),
            To(
                "interactions:template_edit",
                _("Edit"),
                "code",
                right="interactions.change_interactiontemplate",
            ),
            To(
                "interactions:language_new",
                _("Add a language"),
                "code",
                right="interactions.add_templatelanguage",
            ),
        ),
        "interactions:template_edit": Page(
            _("Changes what interactions with this template begin with."),
            _(
                "Open segments that inherit a value see the change at once; what was logged "
                "stays as it was."
            ),
        ),
        "interactions:template_delete": Page(
            _("Deletes a template that no segment and no interaction uses."),
            _("Letters that were logged are kept with the log."),
        ),
        "interactions:language_new": Page(
            _("Adds a letter in one more language, with its subject."),
            _(
                "Upload a .docx with merge fields. It is checked at once: what is odd is named "
                "before it is stored."
            ),
            To("interactions:merge_fields", _("Merge fields")),
        ),
        "interactions:language_edit": Page(
            _("Changes the subject or the letter in one language."),
            _("Leave the file empty to keep the letter. Look at the preview afterwards."),
            To("interactions:template_preview", _("Preview"), "code", "language"),
            To("interactions:merge_fields", _("Merge fields")),
        ),
        "interactions:language_delete": Page(
            _("Takes the letter in this language out of the template."),
            _("Contacts who read it will get the segment's language, or the template's default."),
            To("interactions:template", _("Back to the template"), "code"),
        ),
        "interactions:template_preview": Page(
            _("The letter filled in with sample values."),
            _("To see it for real people, open a segment and choose Preview letters."),
            To("interactions:template", _("Back to the template"), "code"),
        ),
        "interactions:template_mail": Page(
            _("The letter as the e-mail that it becomes, filled in with sample values."),
            _("What mail programs cannot show, such as headers and footers, is left out."),
            To("interactions:template_preview", _("Preview"), "code", "language"),
        ),
        "interactions:merge_fields": Page(
            _("Every merge field that a letter may have, with a sample."),
            _(
                "Download the starter letter and write around its fields. In Word: Insert, "
                "Quick Parts, Field, MergeField."
            ),
            To("interactions:templates", _("Templates")),
        ),
    }
)
