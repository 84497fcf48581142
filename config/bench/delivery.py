"""Measures delivery by e-mail beside a bare loop over smtplib: `make bench`.

Runs on the database of the environment, which must be migrated and empty; what it writes stays. The
mail server is a process of its own. Argument: how many mails.
"""

import json
import multiprocessing
import os
import smtplib
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def serve(pipe: Any) -> None:
    """A mail server that takes everything, until it is told to end."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP

    class Sink(Controller):
        def factory(self) -> SMTP:
            return SMTP(self, hostname="bench.example")

        async def handle_DATA(self, *_arguments: Any) -> str:
            return "250 taken"

        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
            super()._trigger_server()

    sink = Sink(None, hostname="127.0.0.1", port=0)
    sink.start()
    pipe.send(sink.port)
    pipe.recv()
    sink.stop()


def bare(port: int, mails: list[tuple[str, bytes]]) -> float:
    """Seconds to hand over finished mails by smtplib, one after the other."""
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as server:
        for to, data in mails:
            server.sendmail("bench@example.com", [to], data)
    return time.perf_counter() - start


def main(count: int) -> None:
    """Prints the table and the JSON."""
    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection

    from config.tests.mailing import segment_of
    from interactions import delivery, letters
    from interactions.delivery.mail import compose
    from interactions.models import InteractionLogEntry
    from segments import log

    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,))
    server.start()
    settings.EMAIL_BACKEND = "interactions.delivery.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", ours.recv()
    settings.EMAIL_USE_TLS, settings.MAILS_PER_SECOND = False, 0
    settings.SITE_URL = "https://bench.example"
    by = User.objects.create_user("bench")
    logged = log.log_segment(segment_of(count, by), by=by, send=True)
    entries = InteractionLogEntry.objects.select_related("document").order_by("pk")
    templates, start, mails = letters.Templates(), time.perf_counter(), []
    for entry in entries:
        to = entry.contact.email if entry.contact else ""
        message: Any = compose(entry, to, templates).message()
        mails.append((to, message.as_bytes(linesep="\r\n")))
    making = time.perf_counter() - start
    by_hand = bare(settings.EMAIL_PORT, mails)
    start = time.perf_counter()
    done = delivery.deliver(delivery.Scope.of(logged), by="bench")
    whole = time.perf_counter() - start
    ours.send("end")
    server.join()
    assert done.states == {"delivered": count}, done.states
    found: dict[str, Any] = {
        "database": connection.vendor,
        "mails": count,
        "ms a mail": whole / count * 1000,
        "ms making it": making / count * 1000,
        "ms bare smtplib": by_hand / count * 1000,
        "ms noting": (whole - making - by_hand) / count * 1000,
    }
    for name, value in found.items():
        print(f"{name:<18} {value if isinstance(value, int | str) else round(value, 3)}")
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
