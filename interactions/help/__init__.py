"""What the pages of this floor are for: see crm/manual.py."""

from interactions.help import log, tables, templates

__all__ = ["log", "tables", "templates"]
