"""Imports that say how far they are: a row that everybody may read while the one transaction of the import runs."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from importlib.metadata import version

from django.db import connection, transaction

from fahui.foundation import cities, clock
from fahui.foundation.errors import Refusal
from fahui.knowledge.laws.actions import Imported, Progress, import_laws
from fahui.knowledge.laws.models import LawImport
from fahui.knowledge.laws.queries import import_of
from fahui.knowledge.laws.sources import local, package
from fahui.knowledge.laws.texts import PlainLaw

log = logging.getLogger("fahui.worker")
_EVERY = 20  # laws between two words on progress


def package_name() -> str:
    """The pinned package with its version: what an import of it is known by."""
    return f"{package.NAME} {version(package.NAME)}"


def package_wanted() -> bool:
    """Whether this version of the package was not imported yet."""
    last = import_of(package_name())
    return last is None or last.state != "done"


def load_package() -> Imported:
    """Import the pinned package, then the local laws of this city. Raises BadSource."""
    laws = [*package.read_all(), *local.read_city(cities.current())]
    return load(package_name(), laws, keep=True)


def load(source: str, laws: Iterable[PlainLaw], *, keep: bool, say: Progress = lambda done: None) -> Imported:
    """Import laws under a row that tells progress. All are read before the first is written. Raises BadSource."""
    with transaction.atomic():
        # One that still runs was killed, or will say itself that it is done.
        LawImport.objects.filter(state="running").update(state="failed", message="interrupted", ended_at=clock.now())
        row = LawImport.objects.create(source=source[:200], began_at=clock.now())
    try:
        read = list(laws)
        beside = _Beside(row.pk, len(read))

        def progress(done: int) -> None:
            beside.tell(done)
            say(done)

        try:
            report = import_laws(read, keep=keep, progress=progress)
        finally:
            beside.close()
    except Refusal as refusal:
        _end(row, "failed", refusal.message)
        raise
    row.done = row.total = len(read)
    _end(row, "done", _said(report))
    return report


def _end(row: LawImport, state: str, message: str) -> None:
    with transaction.atomic():
        row.state, row.message, row.ended_at = state, message, clock.now()
        row.save(update_fields=["state", "message", "ended_at", "done", "total"])
    log.info("law import %s", state, extra={"fields": {"source": row.source, "message": message}})


def _said(report: Imported) -> str:
    return f"works {report.works}, versions {report.versions}, articles {report.articles}, unchanged {report.unchanged}, kept {len(report.kept)}"


class _Beside:
    """A second connection, so that progress is seen before the import's transaction ends."""

    def __init__(self, pk: int, total: int) -> None:
        self._pk, self._total = pk, total
        self._connection = connection.copy()

    def tell(self, done: int) -> None:
        """Every few laws, say how many are done."""
        if done % _EVERY == 0 or done == self._total:
            with self._connection.cursor() as cursor:
                cursor.execute(
                    "update knowledge_lawimport set done = %s, total = %s where id = %s", [done, self._total, self._pk]
                )

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
