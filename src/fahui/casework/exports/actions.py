"""Asking for an export, the steps of making it, fetching it, and dropping it with its file.

The file lies encrypted by its digest in a room of its own. Its digest stands in the row before the file is on disk, and
files of one digest are stored and removed under one lock, so that no file is left that no row names, and none goes that a row names.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.documents import storage
from fahui.casework.errands import actions as errands
from fahui.casework.errands.queries import own, this_attempt
from fahui.casework.exports.models import Export
from fahui.casework.exports.queries import ready
from fahui.foundation import clock
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import Reader, as_system, reading_as
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Invalid, Missing
from fahui.foundation.locks import hold
from fahui.foundation.vault.crypto import sm3

MOST_AT_WORK = 3  # that one person may have waiting or being made


@dataclass(frozen=True)
class Wish:
    """What is asked for: which list, how narrowed, why, as what, in which language."""

    about: str
    query: str
    why: str
    kind: str
    language: str


def ask(reader: Reader, wish: Wish) -> tuple[Export, bool]:
    """The export of this wish, and whether it is new and needs a job: one that is at work already is the one.

    Raises Invalid (the filter is too long) or Conflict (too many at work).
    """
    if len(wish.query) > 1000:
        raise Invalid(_("筛选的条件太长，请减少几项。"))
    me = reader.user_id or 0
    User.objects.select_for_update(no_key=True).get(pk=me)  # one person's asking, one after the other
    at_work = list(own(Export, reader).filter(state__in=Export.AT_WORK))
    for held in at_work:
        if (held.about, held.query, held.kind, held.language) == (wish.about, wish.query, wish.kind, wish.language):
            return held, False
    if len(at_work) >= MOST_AT_WORK:
        raise Conflict(_("您已有%(count)d份导出在做。等做好一份，或者删掉一份，再导出。") % {"count": len(at_work)})
    now = clock.now()
    made = Export.objects.create(
        user_id=me, about=wish.about, query=wish.query, why=wish.why[:200], kind=wish.kind, language=wish.language,
        asked_at=now, expires_at=now + errands.KEPT_FOR,
    )  # fmt: skip
    return made, True


# --- the steps of the worker


def begin(export_id: int) -> Export | None:
    """Begin an export, or begin it anew after a worker was killed: nothing of the attempt before is left; failed by now if
    that was too often.

    None when there is nothing to do (any more).
    """
    shutil.rmtree(_folder(export_id), ignore_errors=True)
    with transaction.atomic(), as_system():
        export = Export.objects.select_for_update().filter(pk=export_id, state__in=Export.AT_WORK).first()
        if export is None:
            return None
        _drop_file(export)
        export.state, export.rows, export.digest, export.attempts = "working", 0, "", export.attempts + 1
        if export.attempts > errands.MOST_ATTEMPTS:
            export.state, export.message = "failed", unlucky()
        export.save(update_fields=["state", "rows", "digest", "attempts", "message"])
    return export


def unlucky() -> str:
    """What is said of an export that failed for no fault of whoever asked."""
    return _("没有做成。请再导出一次；还不行，请告诉系统管理员。")


def progress(export: Export, rows: int) -> None:
    """Say how many rows are done. Raises Conflict when this attempt is not the one to go on."""
    if not this_attempt(export).update(rows=rows):
        raise _superseded()


def _superseded() -> Conflict:
    """It was deleted, or begun anew: whoever is at it stops, and nobody is told anything."""
    return Conflict(_("这份导出已经删除。"), code="superseded")


@contextmanager
def scratch(export: Export) -> Iterator[Path]:
    """A folder for what is half made. Nothing is left of it afterwards."""
    folder = _folder(export.pk)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder(export_id: int) -> Path:
    return Path(settings.FILES_DIR) / storage.EXPORTS / f".making-{export_id}"


def finish(reader: Reader, export: Export, file: Path, name: str, *, more: bool) -> None:
    """Keep the file that was made, with its entry in the audit log. `more`: the list is longer than the file.

    Raises Conflict when this attempt is not the one to go on.
    """
    data = file.read_bytes()
    digest = sm3(data).hex()
    with transaction.atomic(), reading_as(reader):
        if not this_attempt(export).update(digest=digest):
            raise _superseded()
    with transaction.atomic(), reading_as(reader):
        held = this_attempt(export).select_for_update().first()
        if held is None:
            raise _superseded()
        hold(digest)  # nobody else stores or removes a file of this digest meanwhile
        storage.store(data, digest, storage.EXPORTS)
        held.state, held.name, held.ready_at = "done", name[:160], clock.now()
        held.expires_at, held.rows_all = held.ready_at + errands.KEPT_FOR, None if more else held.rows
        held.save(update_fields=["state", "name", "ready_at", "expires_at", "rows_all"])
        record(reader, held.about, held.rows, held.why, held.query)


def record(reader: Reader, about: str, rows: int, why: str, query: str) -> None:
    """Write down that a list became a file."""
    append(reader, Entry("list.exported", about=about, data={"rows": rows, "why": why[:200], "filter": query[:200]}))


def fail(export: Export, message: str) -> None:
    """Give an export up, and say what to do."""
    with transaction.atomic(), as_system():
        held = this_attempt(export).select_for_update().first()
        if held is not None:
            _drop_file(held)
            held.state, held.digest, held.message = "failed", "", message[:300]
            held.save(update_fields=["state", "digest", "message"])


# --- fetching and dropping


def fetch(reader: Reader, export_id: int) -> tuple[Export, bytes]:
    """An export of the reader with its content, and the fetching is on record. Raises Missing."""
    export = ready(reader, export_id)
    try:
        data = storage.read(export.digest, storage.EXPORTS)
    except FileNotFoundError as error:  # after a restore: a backup holds no exports
        raise Missing(_("这份文件已经不在了。请再导出一次。")) from error
    append(reader, Entry("list.fetched", about=f"export:{export.pk}", data={"list": export.about, "rows": export.rows}))
    return export, data


def remove(reader: Reader, export_id: int) -> None:
    """Delete an export of the reader with its file; one that is at work is stopped. Raises Missing."""
    export = own(Export, reader).select_for_update().filter(pk=export_id).first()
    if export is None:
        raise Missing(_("没有这份导出，或者已经过期删除。请再导出一次。"))
    _drop(export)


def drop_expired() -> int:
    """Drop what has expired, with its files, and give up what was at work for a day. Returns how many were dropped."""
    return errands.drop_expired(Export, _drop, unlucky)


def _drop(export: Export) -> None:
    """The row goes first: a transaction that fails after the file went leaves a row whose file is missed, which is told."""
    with as_system():
        export.delete()
        _drop_file(export)


def _drop_file(export: Export) -> None:
    """Remove the file, unless another export holds the same. Must be asked with the eyes of the system."""
    if export.digest:
        hold(export.digest)
        if not Export.objects.filter(digest=export.digest).exclude(pk=export.pk).exists():
            storage.forget(export.digest, storage.EXPORTS)
