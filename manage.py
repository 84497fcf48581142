#!/usr/bin/env python
"""Runs Django's commands with the project's settings."""

import os
import sys

from django.core.management import execute_from_command_line

from crm.storage import StorageAway

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except StorageAway as away:
        sys.exit(str(away))  # its own words are in the log
