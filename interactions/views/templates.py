"""Pages of templates and their letters."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import later
from crm.languages import language_name
from crm.pages import DeletePage, DetailPage
from interactions import (
    documents,
    letters,
    linting,
    mailed,
    mailmerge,
    mergefields,
    operations,
    speaking,
    statistics,
)
from interactions.downloads import as_word
from interactions.forms import LanguageForm
from interactions.models import (
    Document,
    InteractionLogEntry,
    InteractionTemplate,
    TemplateLanguage,
)
from interactions.starter import LETTERS, starter_letter

SEE = "interactions.view_interactiontemplate"
CHANGE = "interactions.change_interactiontemplate"


class TemplatePage(DetailPage):
    """A template's card: what holds for its interactions, its letters and what is odd in them."""

    model = InteractionTemplate
    queryset = InteractionTemplate.objects.select_related("group", "campaign")
    lookup = "code"
    template_name = "interactions/template.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        rows = list(self.object.languages.select_related("document"))
        written = {row.language: row.document for row in rows if row.document}
        languages, without = speaking.of_template(self.object, rows)
        said = InteractionLogEntry.objects.filter(template=self.object)
        is_coming = later.is_coming(self.request, later.up_to(said))
        query = urlencode({"template": self.object.code, "cancelled": "false"})
        return super().get_context_data(
            rows=[(row, linting.of_document(row.document) if row.document else []) for row in rows],
            languages=languages,
            without_language=without,
            never_filled=linting.never_filled(list(written.values())),
            default_is_missing=self.object.language not in {"", *written},
            is_coming=is_coming,
            sums=None if is_coming else statistics.summed(said),
            all_url=f"{reverse('interactions:entries')}?{query}",
            **context,
        )


class TemplateDeletePage(DeletePage):
    """Deletes a template together with its letters."""

    model = InteractionTemplate
    lookup = "code"
    done = "interactions:templates"

    def delete_object(self) -> None:
        operations.delete_template(self.object)


def _language(code: str, language: str) -> TemplateLanguage:
    rows = TemplateLanguage.objects.select_related("template", "document")
    return get_object_or_404(rows, template__code=code, language=language)


@permission_required(CHANGE, raise_exception=True)
def language_new(request: HttpRequest, code: str) -> HttpResponse:
    """One more language of a template, with its letter."""
    template = get_object_or_404(InteractionTemplate, code=code)
    return _edit_language(request, TemplateLanguage(template=template), _("New language"))


@permission_required(CHANGE, raise_exception=True)
def language_edit(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Another subject or letter in a language."""
    row = _language(code, language)
    return _edit_language(request, row, language_name(row.language))


def _edit_language(request: HttpRequest, row: TemplateLanguage, title: str) -> HttpResponse:
    template = row.template
    form = LanguageForm(
        request.POST or None,
        request.FILES or None,
        instance=row,
        template=template,
        initial={"language": request.GET["language"]} if "language" in request.GET else None,
    )
    if request.method == "POST" and form.is_valid():
        letter, remove = form.cleaned_data["letter"], form.cleaned_data.get("remove_letter", False)
        assert isinstance(request.user, User)
        operations.save_language(row, letter=letter, remove=remove, by=request.user)
        text = _("%(language)s of %(template)s was saved.")
        names = {"language": language_name(row.language), "template": template.code}
        messages.success(request, text % names)
        return redirect(template)
    shown = {"form": form, "template": template, "title": title, "row": row}
    return render(request, "interactions/language_form.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def language_delete(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Asks, and takes a language with its letter off a template."""
    row = _language(code, language)
    if request.method != "POST":
        title = _("Delete %(record)s?") % {"record": language_name(language)}
        shown = {"title": title, "row": row, "template": row.template}
        return render(request, "interactions/language_delete.html", shown)
    operations.delete_language(row)
    text = _("%(language)s was deleted from %(template)s.")
    names = {"language": language_name(language), "template": code}
    messages.success(request, text % names)
    return redirect(row.template)


@require_safe
@permission_required(SEE, raise_exception=True)
def template_preview(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The letter as text, with a sample contact in it."""
    row = _language(code, language)
    sample = mergefields.sample_facts(language)
    facts = {**sample, "subject": mergefields.resolve(row.subject, sample)}
    text, error = "", ""
    try:
        text = letters.preview_text(row.document, facts) if row.document else ""
    except (documents.DocumentLost, mailmerge.DocumentError) as refused:
        error = str(refused)
    title = _("Preview: %(language)s") % {"language": language_name(language)}
    shown = {"row": row, "template": row.template, "text": text, "error": error, "title": title}
    return render(request, "interactions/preview.html", shown | {"subject": facts["subject"]})


@require_safe
@permission_required(SEE, raise_exception=True)
def template_mail(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The letter as an e-mail to a sample contact."""
    row = _language(code, language)
    if row.document is None:
        raise Http404(_("There is no letter in this language."))
    sample = mergefields.sample_facts(language)
    subject = mergefields.resolve(row.subject, sample)
    shown = {"row": row, "template": row.template, "language": language, "subject": subject}
    shown["title"] = _("As an e-mail: %(language)s") % {"language": language_name(language)}
    try:
        letter = letters.preview_letter(row.document, {**sample, "subject": subject})
        shown["body"] = mailed.body(letter)
    except (documents.DocumentLost, mailmerge.DocumentError) as refused:
        shown["error"] = refused
    return render(request, "interactions/template_mail.html", shown)


@require_safe
@permission_required("interactions.view_document", raise_exception=True)
def document(request: HttpRequest, sha256: str) -> HttpResponse | FileResponse:
    """A stored letter, as it was uploaded."""
    found = get_object_or_404(Document, sha256=sha256)
    try:
        return as_word(documents.read(found), found.name)
    except documents.DocumentLost as error:
        return render(
            request,
            "interactions/refused.html",
            {"error": error, "title": _("No file")},
            status=409,
        )


@require_safe
@permission_required(SEE, raise_exception=True)
def merge_fields(request: HttpRequest) -> HttpResponse:
    """Every merge field with what it says in a sample letter of each language we have one in."""
    rows = [
        (field, [(code, field.sample_text(code)) for code in LETTERS])
        for field in mergefields.FIELDS
        if field.listed
    ]
    languages = [(code, language_name(code)) for code in LETTERS]
    shown = {"rows": rows, "languages": languages, "title": _("Merge fields")}
    return render(request, "interactions/merge_fields.html", shown)


@require_safe
@permission_required(SEE, raise_exception=True)
def starter(request: HttpRequest, language: str) -> HttpResponse | FileResponse:
    """A letter to begin with."""
    if language not in LETTERS:
        raise Http404
    return as_word(starter_letter(language), f"letter-{language}.docx")
