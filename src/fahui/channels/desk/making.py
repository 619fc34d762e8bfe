"""Making an export, which the worker does: as whoever asked, with the posts they hold today."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from fahui.casework.errands.queries import asker, over
from fahui.casework.exports import actions
from fahui.casework.exports.models import Export
from fahui.casework.notices.actions import tell
from fahui.channels.desk import record_files
from fahui.channels.desk.books import listing_of, name_of
from fahui.channels.desk.records import Listing, file_name
from fahui.channels.desk.worklists import MADE
from fahui.foundation.accounts.scope import Reader, as_system, reading_as
from fahui.foundation.data import Words
from fahui.foundation.errors import Refusal

log = logging.getLogger("fahui.worker")
STEP = 500


def make(export_id: int) -> None:
    """Make an export, anew if a killed worker left it. What cannot be made says why; a lost database is for the next attempt."""
    export = actions.begin(export_id)
    if export is None:
        return
    with translation.override(export.language):
        if export.state == "working":
            _attempt(export)
        _tell(export)


def _attempt(export: Export) -> None:
    try:
        _make(export)
    except Refusal as refusal:
        actions.fail(export, refusal.message)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("an export failed", extra={"fields": {"export": export.pk, "about": export.about}})
        actions.fail(export, actions.unlucky())


def _tell(export: Export) -> None:
    """A line in the inbox of whoever asked, who went on to something else meanwhile; of one that was deleted nobody is told."""
    with transaction.atomic(), as_system():
        made = over(export)
        if made is None:
            return
        tell([made.user_id], None, MADE, Words.said(partial(_told, made)))


def _told(made: Export) -> str:
    words = _("导出好了：%(name)s（%(why)s）。到“我的导出”取。") if made.state == "done" else _("没有做成的导出：%(name)s（%(why)s）。到“我的导出”看为什么。")
    return words % {"name": name_of(made.about), "why": made.why[:60]}


def _make(export: Export) -> None:
    with transaction.atomic(), as_system():
        reader = asker(export, _("账号已停用，没有导出。"))
    with transaction.atomic(), reading_as(reader):
        listing = listing_of(reader, export.about, QueryDict(export.query))
        headings = listing.headings()
    with actions.scratch(export) as folder:
        file, rows = folder / "file", _Rows(export, reader, listing)
        with file.open("wb") as out:
            record_files.write(out, export.kind, headings, rows, listing.name, folder / "sheet")
        actions.finish(reader, export, file, file_name(export.about, export.kind), more=rows.more)


class _Rows:
    """The rows of a list page by page, each page in a transaction of its own, saying how far it is."""

    def __init__(self, export: Export, reader: Reader, listing: Listing) -> None:
        self.export, self.reader, self.listing = export, reader, listing
        self.done, self.more = 0, False

    def __iter__(self) -> Iterator[list[Any]]:
        cursor = ""
        while True:
            with transaction.atomic(), reading_as(self.reader):
                page = self.listing.page(cursor, min(STEP, self.listing.most - self.done))
                cells = self.listing.cells(page.rows)
                self.done += len(page.rows)
                actions.progress(self.export, self.done)
            yield from cells
            cursor = page.following
            if not cursor or self.done >= self.listing.most:
                self.more = bool(cursor)
                return
