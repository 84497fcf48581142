"""What the pages of this floor are for: see crm/manual.py."""

from segments.help import choosing, lines, tables, worksheet

__all__ = ["choosing", "lines", "tables", "worksheet"]
