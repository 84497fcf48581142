"""What the pages of this floor are for: see crm/manual.py."""

from crm.help import pages, tables

__all__ = ["pages", "tables"]
