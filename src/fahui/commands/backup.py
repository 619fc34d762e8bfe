"""`fahui backup FILE`: database, files and keys in one archive, consistent at one moment."""

from __future__ import annotations

import argparse
import os
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings

from fahui.casework.documents.storage import EXPORTS, IMPORTS
from fahui.commands.session import KEPT
from fahui.config.postgres import Cluster, tool


def _lasting(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Exports and tables that wait are left out: they can be made again, they go while the archive is written, and no copy should
    outlive them."""
    return None if entry.name in {f"files/{EXPORTS}", f"files/{IMPORTS}"} else entry


def run(arguments: list[str]) -> int:
    """Write the archive. It holds the keys: keep it as safe as the installation."""
    parser = argparse.ArgumentParser(prog="fahui backup")
    parser.add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)
    home = Path(settings.DATA_DIR)
    url = os.environ.get("DATABASE_URL") or Cluster(home).url()
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        tool("pg_dump", url, "-Fc", "-f", str(dump))
        draft = chosen.file.with_suffix(chosen.file.suffix + ".part")
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w") as bundle:
            bundle.add(dump, "database.dump")
            for name in KEPT:
                if (home / name).exists():
                    bundle.add(home / name, name, filter=_lasting)
        draft.rename(chosen.file)
    print(f"{chosen.file}: {chosen.file.stat().st_size / 1e6:.1f} MB")
    return 0
