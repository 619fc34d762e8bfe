"""`fahui restore FILE`: a backup into an empty data directory, ready for `fahui up`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from fahui.commands.session import KEPT, RESTORING, data_dir
from fahui.config.database_role import ROLE_SQL
from fahui.config.postgres import running, tool


def run(arguments: list[str]) -> int:
    """Restore; refuses a directory that already holds an installation."""
    parser = argparse.ArgumentParser(prog="fahui restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--data-dir")
    chosen = parser.parse_args(arguments)
    home = data_dir(chosen.data_dir)
    unfinished = home / RESTORING
    if any((home / name).exists() for name in ("postgres", *KEPT)) and not unfinished.exists():
        print(f"fahui restore: {home} already holds an installation. Choose an empty --data-dir.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(chosen.file) as bundle:
                bundle.extract("database.dump", folder, filter="data")
                home.mkdir(parents=True, exist_ok=True, mode=0o700)
                # Until everything is there nothing may start on it: without its last part the database has no triggers, no row security.
                unfinished.touch()
                shutil.rmtree(home / "postgres", ignore_errors=True)
                bundle.extractall(home, [m for m in bundle.getmembers() if m.name != "database.dump"], filter="data")
        except (tarfile.TarError, KeyError, EOFError) as error:
            print(f"fahui restore: {chosen.file} is no whole backup of Fahui. Take another copy of it.", file=sys.stderr)
            raise SystemExit(1) from error
        with running(home) as cluster:
            tool("psql", cluster.url(), "-q", "-v", "ON_ERROR_STOP=1", "-c", ROLE_SQL)
            tool("pg_restore", cluster.url(), "--exit-on-error", "--single-transaction", "--no-owner", f"{folder}/database.dump")
    unfinished.unlink()
    print(f"restored into {home}; start it with: ./fahui up --data-dir {home}")
    return 0
