"""Handing in a table for the worker, the steps of bringing it in, cancelling it, and dropping what is over.

The file lies encrypted under a key made of its row's id, so no two rows share one. It goes when the import is over; then the
list of what has to be changed may lie in its place. What a transaction or a process left that failed half way goes with the
next sweep: whatever no row names.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.documents import storage
from fahui.casework.errands import actions as errands
from fahui.casework.errands.queries import own, this_attempt
from fahui.casework.imports.models import Import
from fahui.casework.imports.queries import faulty, gone
from fahui.casework.registers.actions import Imported
from fahui.foundation import clock
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import Reader, as_system
from fahui.foundation.errors import Conflict, Missing
from fahui.foundation.tables.importer import Fault
from fahui.foundation.vault.crypto import sm3

MOST_AT_WORK = 3  # that one person may have waiting or being brought in
MOST_FAULTS = 5000  # of one table that are kept
_READING = ".reading-"
_SWEPT_AFTER = timedelta(hours=1)  # no request and no attempt lasts that long


@dataclass(frozen=True)
class Wish:
    """What is handed in: into which list, the name of its file and its kind (xlsx or csv), why, in which language."""

    about: str
    name: str
    kind: str
    why: str
    language: str


def ask(reader: Reader, wish: Wish, data: bytes) -> tuple[Import, bool]:
    """The import of this file, and whether it is new and needs a job: one that is at work already is the one.

    Raises Conflict (too many at work).
    """
    digest = sm3(data).hex()
    me = reader.user_id or 0
    User.objects.select_for_update(no_key=True).get(pk=me)  # one person's asking, one after the other
    at_work = list(own(Import, reader).filter(state__in=Import.AT_WORK))
    for held in at_work:
        if (held.about, held.digest) == (wish.about, digest):
            return held, False
    if len(at_work) >= MOST_AT_WORK:
        raise Conflict(_("您已有%(count)d份表在导入。等导完一份，或者取消一份，再导入。") % {"count": len(at_work)})
    now = clock.now()
    made = Import.objects.create(
        user_id=me, about=wish.about, name=wish.name[-160:], kind=wish.kind, digest=digest, why=wish.why[:200], language=wish.language,
        asked_at=now, expires_at=now + errands.KEPT_FOR,
    )  # fmt: skip
    storage.store(data, _table(made.pk), storage.IMPORTS)
    return made, True


def _table(import_id: int) -> str:
    """Under what the file of an import lies."""
    return sm3(f"table:{import_id}".encode()).hex()


def _list(import_id: int) -> str:
    """Under what the list of its faults lies."""
    return sm3(f"faults:{import_id}".encode()).hex()


# --- the steps of the worker


def begin(import_id: int) -> Import | None:
    """Begin an import, or begin it anew after a worker was killed: failed by now if that was too often.

    None when there is nothing to do (any more).
    """
    for left in _room().glob(f"{_READING}{import_id}-*"):
        shutil.rmtree(left, ignore_errors=True)
    with transaction.atomic(), as_system():
        found = Import.objects.select_for_update().filter(pk=import_id, state__in=Import.AT_WORK).first()
        if found is None:
            return None
        found.state, found.rows, found.rows_all, found.attempts = "working", 0, None, found.attempts + 1
        if found.attempts > errands.MOST_ATTEMPTS:
            found.state, found.message = "failed", unlucky()
        found.save(update_fields=["state", "rows", "rows_all", "attempts", "message"])
    return found


def unlucky() -> str:
    """What is said of an import that failed for no fault of whoever asked."""
    return _("没有导入，一行也没有写进去。请再导入一次；还不行，请告诉系统管理员。")


@contextmanager
def unpacked(found: Import) -> Iterator[Path]:
    """The file that was handed in, readable as long as this lasts. Raises Missing when it is gone."""
    try:
        data = storage.read(_table(found.pk), storage.IMPORTS)
    except FileNotFoundError as error:  # after a restore: a backup holds no tables that wait
        raise Missing(_("这份表已经不在了，一行也没有写进去。请再导入一次。")) from error
    folder = _room() / f"{_READING}{found.pk}-{found.attempts}"  # its own: an attempt that was overtaken may still be tidying up
    folder.mkdir(parents=True, mode=0o700)
    try:
        path = folder / f"table.{found.kind}"
        path.write_bytes(data)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _room() -> Path:
    return Path(settings.FILES_DIR) / storage.IMPORTS


def progress(found: Import, rows: int, rows_all: int) -> None:
    """Say how many rows are checked. Raises Conflict when this attempt is not the one to go on."""
    if not this_attempt(found).update(rows=rows, rows_all=rows_all):
        raise _superseded()


def _superseded() -> Conflict:
    """It was cancelled, or begun anew: whoever is at it stops, and nobody is told anything."""
    return Conflict(_("这次导入已经取消。"), code="superseded")


def finish(found: Import, done: Imported) -> None:
    """It is in: to be said in the transaction that wrote the rows, as the last thing. Raises Conflict when this attempt is not
    the one to go on; then the rows are not written either."""
    now, rows = clock.now(), done.added + done.corrected + done.same
    if not this_attempt(found).update(
        state="done", rows=rows, rows_all=rows, added=done.added, corrected=done.corrected, same=done.same, ready_at=now, expires_at=now + errands.KEPT_FOR
    ):
        raise _superseded()


def fail(found: Import, message: str, faults: Sequence[Fault] = ()) -> None:
    """Give an import up, say what to do, and keep the list of what has to be changed."""
    now, kept = clock.now(), [[f.row, f.column, f.value, f.remedy] for f in faults[:MOST_FAULTS]]
    with transaction.atomic(), as_system():
        held = this_attempt(found).select_for_update().first()
        if held is None:
            return
        if kept:
            storage.forget(_list(found.pk), storage.IMPORTS)  # of an attempt that was killed right here
            storage.store(json.dumps(kept, ensure_ascii=False).encode(), _list(found.pk), storage.IMPORTS)
        held.state, held.message, held.faults, held.ready_at, held.expires_at = "failed", message[:300], len(faults), now, now + errands.KEPT_FOR
        held.save(update_fields=["state", "message", "faults", "ready_at", "expires_at"])


def over(found: Import) -> None:
    """The file of an import that is no longer at work goes."""
    with transaction.atomic(), as_system():
        if not Import.objects.filter(pk=found.pk, state__in=Import.AT_WORK).exists():
            storage.forget(_table(found.pk), storage.IMPORTS)


# --- looking, cancelling and dropping


def faults_of(reader: Reader, import_id: int) -> tuple[Import, list[Fault]]:
    """An import of the reader that was refused, with what has to be changed (of very many the first ones). Raises Missing."""
    found = faulty(reader, import_id)
    try:
        kept = json.loads(storage.read(_list(found.pk), storage.IMPORTS))
    except FileNotFoundError as error:  # after a restore
        raise Missing(_("这份清单已经不在了。请再导入一次。")) from error
    return found, [Fault(*line) for line in kept]


def cancel(reader: Reader, import_id: int) -> None:
    """Stop an import that is at work: no row of it is written. Raises Missing, or Conflict when it is over already."""
    found = own(Import, reader).select_for_update().filter(pk=import_id).first()
    if found is None:
        raise Missing(gone())
    if found.state not in Import.AT_WORK:
        raise Conflict(_("这次导入刚刚结束，不能取消了。请看结果。"))
    _drop(found)


def remove(reader: Reader, import_id: int) -> None:
    """Strike an import that is over from the list, with its list of faults; what it wrote stays. Raises Missing or Conflict."""
    found = own(Import, reader).select_for_update().filter(pk=import_id).first()
    if found is None:
        raise Missing(gone())
    if found.state in Import.AT_WORK:
        raise Conflict(_("这次导入还没有结束。不要了，请点“取消”。"))
    _drop(found)


def drop_expired() -> int:
    """Drop what has expired, give up what was at work for a day, and sweep up files that no row names. Returns how many were dropped."""
    dropped = errands.drop_expired(Import, _drop, unlucky)
    with transaction.atomic(), as_system():
        waiting = Import.objects.filter(state__in=Import.AT_WORK).values_list("pk", flat=True)
        told = Import.objects.filter(state="failed", faults__gt=0).values_list("pk", flat=True)
        named = {_table(pk) for pk in waiting} | {_list(pk) for pk in told}
    storage.sweep(storage.IMPORTS, named, clock.now() - _SWEPT_AFTER)
    return dropped


def _drop(found: Import) -> None:
    """The row goes first: a transaction that fails after the file went leaves a row whose file is missed, which is told."""
    pk = found.pk
    with as_system():
        found.delete()
    for key in (_table(pk), _list(pk)):
        storage.forget(key, storage.IMPORTS)
