"""Files that several threads and processes may make or change at the same moment. Knows nothing of Django: settings use it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_once(path: Path, data: bytes) -> bool:
    """Make a file that only its owner may read, whole and on disk before anybody can see it; never touch one that is there.

    Of several who try at the same moment exactly one makes it. Returns whether it was this one.
    """
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = False
    with NamedTemporaryFile(dir=path.parent, prefix=".draft-") as draft:  # its own name, mode 0600
        draft.write(data)
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)
            made = True
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return made


def put(path: Path, data: bytes) -> None:
    """Write a file that can be made again: whoever reads it meanwhile sees the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".draft-", delete=False) as draft:
        draft.write(data)
    os.replace(draft.name, path)


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock that all threads and processes of this machine see; wait for it. Ends with the process that holds it.

    `shared`: any number may hold it so at the same time, while nobody holds it alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
