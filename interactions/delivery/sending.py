"""Sending what is queued: a loop over entries, at the pace that all workers share."""

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import work
from crm.storage import StorageAway
from interactions import documents, letters, mailmerge
from interactions.delivery import claims
from interactions.delivery.mail import compose
from interactions.delivery.scope import Scope
from interactions.delivery.smtp import MailServerRefuses, Verdict, is_cut, verdict
from interactions.models import Delivery, InteractionLogEntry, MailPace

logger = logging.getLogger("interactions.delivery")
SECONDS_BETWEEN_COUNTS = 1.0
LETTER_LOST = (documents.DocumentLost, mailmerge.DocumentError)


@dataclass
class Delivered:
    """What a run did: entries by the state they got; and when to come again, and why."""

    states: Counter[str] = field(default_factory=Counter)
    again_in: float | None = None
    why: str = ""


def deliver(
    scope: Scope, *, by: str, total: int = 0, progress: work.Progress = work.nobody
) -> Delivered:
    """Sends the entries of a scope that are due, until none is or progress interrupts.

    Any number of workers may do so at once. Raises work.Refused where the mail server does not let
    us in.
    """
    claims.recover(scope)
    return _Run(scope, by, total, progress).all()


class _Run:
    """One worker's way through the queue, with one connection to the mail server."""

    def __init__(self, scope: Scope, by: str, total: int, progress: work.Progress) -> None:
        self.scope, self.by, self.total, self.progress = scope, by, total, progress
        self.templates = letters.Templates()
        self.connection: Any = get_connection()
        self.delivered = Delivered()
        self._counted = 0.0

    def all(self) -> Delivered:
        """Entry after entry."""
        try:
            while not self.delivered.why and self._is_open():
                wait_for_turn()
                taken = claims.take(self.scope, self.by)
                if taken is None:
                    self.delivered.again_in = claims.seconds_to_next(self.scope)
                    break
                self.delivered.states[self._one(*taken)] += 1
                self._tell()
        finally:
            self._close()
        self._tell(at_end=True)
        return self.delivered

    def _is_open(self) -> bool:
        """Whether there is a connection to send by; where none can be had it is tried later."""
        try:
            self.connection.open()
        except Exception as error:
            self._close()
            found = self._judge(error)
            self.delivered.again_in, self.delivered.why = settings.MAIL_BACKOFF, found.reason
            return False
        return True

    def _one(self, entry: InteractionLogEntry, to: str) -> str:
        """Sends one entry; returns the state that it got."""
        try:
            mail = compose(entry, to, self.templates)
        except StorageAway as away:
            claims.give_back(entry, self.by, str(away))
            self.delivered.again_in, self.delivered.why = settings.MAIL_BACKOFF, str(away)
            return ""
        except LETTER_LOST as error:
            return claims.note(entry, self.by, Verdict(Delivery.FAILED, str(error)))
        if not claims.is_about_to_be_sent(entry, self.by, to):
            return ""
        try:
            return claims.note(entry, self.by, self._send(mail))
        except work.Refused as refusal:
            claims.give_back(entry, self.by, str(refusal))
            raise

    def _send(self, mail: EmailMessage, *, is_second: bool = False) -> Verdict:
        """Hands the mail over. A connection that ended while idle is opened once more."""
        mail.connection = self.connection
        try:
            self.connection.send_messages([mail])
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            found = self._judge(error)
            if is_cut(error):
                self._close()
            was_idle = is_cut(error) and found.state == Delivery.QUEUED and not is_second
            if was_idle and self._is_open():
                return self._send(mail, is_second=True)
            return found
        return Verdict(Delivery.DELIVERED, "")

    def _judge(self, error: Exception) -> Verdict:
        try:
            return verdict(error, self.connection)
        except MailServerRefuses as refusal:
            said = _("The mail server does not let us in: %s") % refusal
            raise work.Refused(said) from refusal

    def _close(self) -> None:
        try:
            self.connection.close()
        except Exception as error:  # nothing is lost with it
            logger.info("closing the connection: %s", error)
        self.connection = get_connection()

    def _tell(self, *, at_end: bool = False) -> None:
        """Says how far all workers together are; counting costs, so once a second."""
        now = time.monotonic()
        if now - self._counted < SECONDS_BETWEEN_COUNTS and not at_end:
            return
        left = self.scope.queued().count()
        self.progress(max(self.total - left, 0), max(self.total, left))
        self._counted = now


def wait_for_turn() -> None:
    """Waits until the next mail may leave: one pace for all workers on all machines."""
    if not settings.MAILS_PER_SECOND:
        return
    with transaction.atomic():
        now = timezone.now()
        pace = MailPace.objects.select_for_update().get_or_create(pk=1, defaults={"next_at": now})[
            0
        ]
        turn = max(now, pace.next_at)
        pace.next_at = turn + timedelta(seconds=1 / settings.MAILS_PER_SECOND)
        pace.save(update_fields=["next_at"])
    time.sleep(max(0.0, (turn - now).total_seconds()))
