"""What the pages of this floor are for: see crm/manual.py."""

from crm.help import pages, records, tables

__all__ = ["pages", "records", "tables"]
