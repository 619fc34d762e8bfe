"""Bringing in a table, which the worker does: as whoever handed it in, with the posts they hold today. All rows, or none."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fahui.casework.errands.queries import asker, over
from fahui.casework.imports import actions
from fahui.casework.imports.models import Import
from fahui.casework.notices.actions import tell
from fahui.casework.registers.tables import Given
from fahui.channels.desk.books import book_of, name_of
from fahui.channels.desk.worklists import BROUGHT
from fahui.foundation.accounts.scope import as_system, reading_as
from fahui.foundation.data import Words
from fahui.foundation.errors import Refusal
from fahui.foundation.tables.importer import BadTable

log = logging.getLogger("fahui.worker")


def bring(import_id: int) -> None:
    """Bring a table in, from the start if a killed worker left it. What cannot be says why; a lost database is for the next attempt."""
    found = actions.begin(import_id)
    if found is None:
        return
    with translation.override(found.language):
        if found.state == "working":
            _attempt(found)
        actions.over(found)
        _tell(found)


def _attempt(found: Import) -> None:
    try:
        _bring(found)
    except BadTable as bad:
        actions.fail(found, told(len(bad.faults)), bad.faults)
    except Refusal as refusal:
        actions.fail(found, told_all(refusal))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("an import failed", extra={"fields": {"import": found.pk, "about": found.about}})
        actions.fail(found, actions.unlucky())


def told(faults: int) -> str:
    """What is said of a table in which something has to be changed."""
    return _("没有导入：有%(count)s处要改。") % {"count": faults}


def told_all(refusal: Refusal) -> str:
    """A refusal with what is said of the file itself."""
    return _("：").join(dict.fromkeys([refusal.message.rstrip("。"), *refusal.fields.values()])) if refusal.fields else refusal.message


def _bring(found: Import) -> None:
    with actions.unpacked(found) as path:
        given = _checked(found, path)
        with transaction.atomic(), as_system():
            reader = asker(found, _("账号已停用，没有导入。"))  # once more: reading has taken its time
        with transaction.atomic(), reading_as(reader):
            actions.finish(found, book_of(reader, found.about).write(given, found.why))


def _checked(found: Import, path: Path) -> Given:
    with transaction.atomic(), as_system():
        reader = asker(found, _("账号已停用，没有导入。"))
    with transaction.atomic(), reading_as(reader):
        book = book_of(reader, found.about)

    @contextmanager
    def step(rows: int, rows_all: int) -> Iterator[None]:
        with transaction.atomic(), reading_as(reader):
            yield
            actions.progress(found, rows, rows_all)

    return book.check(path, step)


def _tell(found: Import) -> None:
    """A line in the inbox of whoever handed it in, who went on to something else meanwhile; of one that was cancelled nobody is told."""
    with transaction.atomic(), as_system():
        ended = over(found)
        if ended is None:
            return
        tell([ended.user_id], None, BROUGHT, Words.said(partial(_told, ended)))


def _told(ended: Import) -> str:
    words = _("导入好了：%(name)s（%(why)s）。") if ended.state == "done" else _("没有导入：%(name)s（%(why)s）。到“我的导入”看要改什么。")
    return words % {"name": name_of(ended.about), "why": ended.why[:60]}
