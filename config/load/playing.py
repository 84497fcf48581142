"""Starts drive.py with a plan, and reads what it wrote."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from config.load.telling import Told


def start(plan: dict[str, Any], folder: Path) -> "subprocess.Popen[bytes]":
    """The people, in a process of their own."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan))
    return subprocess.Popen(
        [sys.executable, "-m", "config.load.drive", str(path), str(folder / "told.jsonl")],
        cwd=settings.BASE_DIR,
    )


def ended(people: "subprocess.Popen[bytes]", folder: Path) -> Told:
    """What they wrote, when they are done."""
    if people.wait() != 0:
        raise RuntimeError("the people came to grief")
    return Told(folder / "told.jsonl")
