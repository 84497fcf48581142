"""An entry as an e-mail: subject, letter as body or attachment, and how to unsubscribe."""

import secrets
from email.mime.image import MIMEImage
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from interactions import letters, mailmerge
from interactions.delivery.unsubscribe import unsubscribe_url
from interactions.downloads import WORD
from interactions.models import InteractionLogEntry

LONGEST_SUBJECT = 200


def compose(
    entry: InteractionLogEntry, to: str, templates: letters.Templates
) -> EmailMultiAlternatives:
    """The e-mail of an entry, in its language. Errors: those of `letters.letter`."""
    name, data = letters.letter(entry, templates)
    url = unsubscribe_url(entry)
    with translation.override(entry.language or settings.LANGUAGE_CODE):
        if entry.send_word_as_attachment:
            html = mailmerge.Html(f"<p>{_('Please see the attached letter.')}</p>", "")
            text = _("Please see the attached letter.")
        else:
            html = mailmerge.to_html(data)
            text = html.text
        subject = _one_line(entry.subject) or _one_line(entry.description)
        shown = {"subject": subject, "body": html.body, "text": text, "url": url}
        shown |= {"language": entry.language}
        mail = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("interactions/mail.txt", shown),
            to=[to],
            headers=_headers(url),
        )
        mail.attach_alternative(render_to_string("interactions/mail.html", shown), "text/html")
    _attach_pictures(mail, html)
    if entry.send_word_as_attachment:
        mail.attach(f"{_one_line(entry.subject) or name.removesuffix('.docx')}.docx", data, WORD)
    return mail


def _one_line(text: str) -> str:
    """A header is one line; whatever breaks it would be a header of its own."""
    return " ".join(text.split())[:LONGEST_SUBJECT]


def _headers(url: str) -> dict[str, str]:
    """A Message-ID that the server's log can be searched for, and RFC 8058's two headers."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{secrets.token_hex(16)}@{domain}>"}
    if url:
        headers |= {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers


def _attach_pictures(mail: EmailMultiAlternatives, html: mailmerge.Html) -> None:
    """The pictures that the body shows, beside it."""
    if html.pictures:
        mail.mixed_subtype = "related"  # type: ignore[attr-defined]
    for picture in html.pictures:
        part = MIMEImage(picture.data, picture.subtype)
        part.add_header("Content-ID", f"<{picture.cid}>")
        part.add_header("Content-Disposition", "inline")
        mail.attach(part)
