"""Django's SMTP backend, which also tells whether a mail was handed over when all went silent.

After the last dot of a mail only the server's answer tells whether it took the mail. A connection
that ends before that dot has sent nothing; one that ends after it may have.
"""

import smtplib
from dataclasses import dataclass
from typing import Any

from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from interactions.models import Delivery


class _Watching:
    """Notes when a whole mail was handed over whose answer has not come."""

    handed_over = False
    _in_body = False

    def data(self, msg: Any) -> Any:
        self._in_body = True
        try:
            answer = super().data(msg)  # type: ignore[misc]
        finally:
            self._in_body = False
        self.handed_over = False
        return answer

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]
        # The command DATA is text; the mail with its last dot is one piece of bytes.
        if self._in_body and isinstance(s, bytes):
            self.handed_over = True


class _Smtp(_Watching, smtplib.SMTP):
    pass


class _SmtpSsl(_Watching, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """SMTP that knows what it has handed over."""

    @property
    def connection_class(self) -> Any:
        return _SmtpSsl if self.use_ssl else _Smtp


@dataclass(frozen=True)
class Verdict:
    """What becomes of an entry whose mail was not simply taken: a state, and why."""

    state: str
    reason: str


class MailServerRefuses(Exception):
    """The server does not let us in at all: no entry's fault, and no use in trying the next."""


def verdict(error: Exception, connection: Any) -> Verdict:
    """Judges what went wrong while a mail was sent by a backend.

    Raises MailServerRefuses where the next mail would fare no better.
    """
    if isinstance(error, smtplib.SMTPAuthenticationError):
        raise MailServerRefuses(_said(error.smtp_code, error.smtp_error)) from error
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _by_code(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, error.smtp_error)
    if is_cut(error):
        if may_be_sent(connection):
            return Verdict(
                Delivery.UNCERTAIN,
                _("The connection ended before the server answered: it was sent, or not."),
            )
        return Verdict(Delivery.QUEUED, _("No connection: %s") % error)
    return Verdict(Delivery.FAILED, f"{type(error).__name__}: {error}")


def is_cut(error: Exception) -> bool:
    """Whether the connection ended or never came about. All errors of SMTP are OSErrors, too."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def may_be_sent(connection: Any) -> bool:
    """Whether the last mail was handed over without an answer; backends that cannot tell: yes."""
    if isinstance(connection, Backend):
        return bool(getattr(connection.connection, "handed_over", False))
    return True


def _by_code(code: int, answer: bytes | str) -> Verdict:
    """4xx is for a while, 5xx for good (RFC 5321, 4.2.1); anything else is no answer at all."""
    state = Delivery.FAILED if 500 <= code <= 599 else Delivery.QUEUED
    return Verdict(state, _said(code, answer))


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"
