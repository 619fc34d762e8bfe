"""`fahui restore FILE`: a backup into an empty data directory, ready for `fahui up`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fahui.commands.session import data_dir
from fahui.config.database_role import ROLE_SQL
from fahui.config.postgres import ServerError, binary, running


def run(arguments: list[str]) -> int:
    """Restore; refuses a directory that already holds an installation."""
    parser = argparse.ArgumentParser(prog="fahui restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--data-dir")
    chosen = parser.parse_args(arguments)
    home = data_dir(chosen.data_dir)
    if (home / "postgres").exists():
        print(f"fahui restore: {home} already holds an installation. Choose an empty --data-dir.", file=sys.stderr)
        return 1
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(chosen.file) as bundle:
            bundle.extract("database.dump", folder, filter="data")
            members = [m for m in bundle.getmembers() if m.name != "database.dump"]
            bundle.extractall(home, members, filter="data")
        with running(home) as cluster:
            _sql(cluster.url(), ROLE_SQL)
            done = subprocess.run(
                [binary("pg_restore"), "--exit-on-error", "--no-owner", "-d", cluster.url(), f"{folder}/database.dump"],
                capture_output=True, text=True,
            )  # fmt: skip
            if done.returncode:
                raise ServerError(f"pg_restore failed: {done.stderr.strip()}")
    print(f"restored into {home}; start it with: ./fahui up --data-dir {home}")
    return 0


def _sql(url: str, statement: str) -> None:
    done = subprocess.run([binary("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, url], capture_output=True, text=True)
    if done.returncode:
        raise ServerError(done.stderr.strip())
