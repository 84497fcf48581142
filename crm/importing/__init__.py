"""Contacts from a CSV file: new ones are made, known ones updated, bad rows named with reasons.

`rows` reads the file, `columns` says what a column means, `operation` writes the contacts.
"""

from crm.importing.operation import Rejection, Report, import_contacts
from crm.importing.rows import FileRefused

__all__ = ["FileRefused", "Rejection", "Report", "import_contacts"]
