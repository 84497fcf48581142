"""The audit trail, written by the database's own triggers.

So nothing escapes it: a form, a set-based change of half a million rows, a merge, a hand in the
database. Each app says in its `audited.py` which tables are watched:

    from crm import audit
    audit.register(Territory, label="code")
    audit.register(ContactMailingGroup, subject="contact", label="contact__number")

The triggers are made anew after every migration, from the models as they are then; on SQLite they
are taken away before one, because it cannot rebuild a table that a trigger names.
"""

from crm.audit.install import install, missing, remove
from crm.audit.keeping import prune, redact, redact_rows
from crm.audit.tables import Watched, begins_with, register, watched

__all__ = [
    "Watched",
    "begins_with",
    "install",
    "missing",
    "prune",
    "redact",
    "redact_rows",
    "register",
    "remove",
    "watched",
]
