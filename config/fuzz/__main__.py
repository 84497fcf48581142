"""`python -m config.fuzz INPUTS REQUESTS [FIRST]`: rubbish for the parsers and for the pages.

In a database of its own that goes with it. Exit code 1 where anything fell; a line a finding, with
the seed that leads there: `python -m config.fuzz again criteria:1234`.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import django


def _prepare(folder: Path) -> None:
    """A small company in a database of its own, with nothing of a developer's configuration."""
    os.environ |= {
        "ENV_FILE": "",
        "SECRET_KEY": "only-for-rubbish-only-for-rubbish-only",
        "DEBUG": "true",
        "HTTPS": "false",
        "EMAIL_URL": "memory://",
        "LOG_LEVEL": "ERROR",
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": "",  # no LibreOffice: a page may wait for it, rubbish may not
    }
    os.environ.pop("DATABASE_URL", None)
    (folder / "static").mkdir()
    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from segments.demo import load_demo

    call_command("migrate", verbosity=0)
    load_demo(contacts=60)
    setup_test_environment(debug=False)


def main(inputs: int, requests: int, first: int = 0, *, only: str = "") -> int:
    """Everything, from this seed on, or what one seed leads to; how it went is printed."""
    import logging

    from config.fuzz import pages, parsers, watch
    from config.fuzz.rubbish import Rubbish

    logging.disable(logging.CRITICAL)
    watch.bound_memory()
    if only:
        name = only.partition(":")[0]
        if name == "pages":
            everybody = pages.Pages(raising=True)
            try:
                print(everybody.ask(Rubbish(only)))
            finally:
                print(everybody.asked)
        else:
            getattr(parsers, name)(Rubbish(only))
        return 0
    findings = watch.Findings()
    for target, share in parsers.TARGETS.items():
        count = round(inputs * share / 1000)
        seconds = watch.run(target.__name__, target, count, findings, first=first)
        print(f"{target.__name__}: {count} inputs in {seconds:.0f} s", flush=True)
    begun = time.monotonic()
    answered = pages.run(pages.Pages(), requests, findings, first=first) if requests else {}
    told = ", ".join(f"{status}: {count}" for status, count in sorted(answered.items()))
    print(f"pages: {requests} requests in {time.monotonic() - begun:.0f} s ({told})")
    for finding in findings.ways.values():
        print(finding)
    print(f"{len(findings.ways)} ways to fall")
    return 1 if findings.ways else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="segmentti-fuzz-") as made:
        _prepare(Path(made))
        if sys.argv[1] == "again":
            sys.exit(main(0, 0, only=sys.argv[2]))
        sys.exit(main(*map(int, sys.argv[1:])))
