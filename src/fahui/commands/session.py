"""A database to work with: the embedded server (started if nobody runs it) or DATABASE_URL; and Django set up on it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import django

from fahui.config import environment as env
from fahui.config.postgres import Cluster, Held, ServerError

# Stands in a data directory as long as a backup is being read into it.
RESTORING = "restoring"
# What of a data directory is kept in a backup, beside the database.
KEPT = ("files", "keys/master", "keys/django", "city", "demo")


def data_dir(given: str | None = None) -> Path:
    """The data directory: --data-dir, FAHUI_DATA_DIR, or ./var."""
    path = Path(given).expanduser().resolve() if given else env.folder("FAHUI_DATA_DIR", Path.cwd() / "var")
    os.environ["FAHUI_DATA_DIR"] = str(path)
    remembered = path / "city"
    if "FAHUI_CITY" not in os.environ and remembered.exists():
        os.environ["FAHUI_CITY"] = remembered.read_text(encoding="utf-8").strip()
    return path


def whole(home: Path) -> None:
    """Raise ServerError for a data directory into which a backup was not restored to the end."""
    if (home / RESTORING).exists():
        raise ServerError(f"A restore into {home} was cut short. Run `./fahui restore FILE --data-dir {home}` again.")


@contextlib.contextmanager
def database(given: str | None = None, *, as_owner: bool = False) -> Iterator[None]:
    """Django on the installation's database, for a command that works beside a running Fahui or without one."""
    home = data_dir(given)
    cluster: Cluster | None = None
    if not env.text("DATABASE_URL"):
        whole(home)
        if not (home / "postgres" / "PG_VERSION").exists():
            raise ServerError(f"There is no installation in {home}. Run `./fahui up` first.")
        cluster = Cluster(home)
        try:
            cluster.start()
        except Held:
            cluster = None  # a running Fahui holds it: use its server
    os.environ["FAHUI_AS_OWNER"] = "1" if as_owner else "0"
    try:
        django.setup()
        yield
    finally:
        if cluster is not None:
            cluster.stop()


def ready_without_database() -> None:
    """Django for commands that read files only."""
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/none")
    os.environ.setdefault("FAHUI_SECRET_KEY", "not-used-by-commands-that-serve-nothing")
    django.setup()
