"""A real SMTP server for tests, whose manner depends on whom a mail is for."""

import email
import email.policy
import threading
from collections import Counter
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class PostOffice(Controller):
    """Keeps what it takes: `mails`, in order, each with the address it was for in `to`.

    By what the address begins with: `never` is refused for good, `busy` twice for a while, `sink`
    refused for good after the letter was read, `cut` has its connection ended before the letter,
    each time; `torn` in mid-letter; `mute` after the last dot, the mail being taken, without an
    answer.
    """

    def __init__(self, hostname: str = "127.0.0.1", port: int = 0) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []
        self.tries: Counter[str] = Counter()
        self._lock = threading.Lock()
        super().__init__(self, hostname=hostname, port=port)

    def factory(self) -> SMTP:
        return _Counter(self, hostname="post.example")  # else it asks for a name, each time

    @property
    def url(self) -> str:
        """As EMAIL_URL."""
        return f"smtp://{self.hostname}:{self.taken_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process is told, that is to send its mails here and not to wait long."""
        return {
            "EMAIL_URL": self.url,
            "MAILS_PER_SECOND": "0",
            "MAIL_BACKOFF": "0.2",
            "SITE_URL": "https://crm.example",
        }

    @property
    def taken_port(self) -> int:
        """The port that the system gave."""
        server: Any = self.server
        return int(server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        """The port is not known before the server runs."""
        self.port = self.taken_port
        super()._trigger_server()

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        self.tries[address] += 1
        if address.startswith("never"):
            return "550 5.1.1 nobody of that name"
        if address.startswith("busy") and self.tries[address] < 3:
            return "450 4.2.1 come again later"
        if address.startswith("cut"):
            _end(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        to = envelope.rcpt_tos[0]
        if to.startswith("sink"):
            return "554 5.6.0 we do not like this letter"
        content: Any = envelope.content
        with self._lock:
            self.to.append(to)
            self.mails.append(email.message_from_bytes(content, policy=email.policy.default))
        if to.startswith("mute"):
            _end(server)
        return "250 taken"


def _end(server: SMTP) -> None:
    """Ends the connection without a word."""
    transport: Any = server.transport
    transport.abort()


class _Counter(SMTP):
    """The server's side of one connection."""

    async def smtp_DATA(self, arg: str) -> None:
        envelope = self.envelope
        if envelope and envelope.rcpt_tos and envelope.rcpt_tos[0].startswith("torn"):
            await self.push("354 go on")
            await self._reader.read(20)
            _end(self)
            return
        await super().smtp_DATA(arg)
