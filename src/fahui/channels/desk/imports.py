"""Tables that are brought in: a small one at once, a large one by the worker; and the page where a person finds theirs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.errands.actions import KEPT_FOR
from fahui.casework.errands.queries import newest
from fahui.casework.imports import actions
from fahui.casework.imports.models import Import
from fahui.casework.notices.actions import mark_kind_read
from fahui.casework.registers.changes import reason_of
from fahui.casework.registers.tables import in_one_go, short
from fahui.channels.desk import books, record_files
from fahui.channels.desk.bringing import told
from fahui.channels.desk.files import attachment
from fahui.channels.desk.frame import show
from fahui.channels.desk.records import Book
from fahui.channels.desk.worklists import BROUGHT
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.tasks import bring_table
from fahui.foundation.errors import Invalid, Refusal
from fahui.foundation.tables.importer import BadTable, Fault

HERE = "/desk/imports/"
AT_ONCE = 500  # rows that are brought in while the person waits
TONES = {"waiting": "neutral", "working": "progress", "done": "ok", "failed": "error"}
_FAULTS = 200  # that a page shows


@dataclass
class _Upload:
    """What the page of an import shows again."""

    why: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    more: int = 0


def import_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Bring a table in: all rows, or none and a list of what to change. A large one is handed to the worker."""
    upload, status = _Upload(request.POST.get("reason", "")[:200]), 200
    if request.method == "POST":
        try:
            return _taken(request, book, upload.why)
        except BadTable as bad:
            status = bad.status
            upload.faults, upload.more = bad.faults[:_FAULTS], max(0, len(bad.faults) - _FAULTS)
            upload.errors = {"file": told(len(bad.faults))}
        except Refusal as refusal:
            status = refusal.status
            upload.errors = dict(refusal.fields) or {"file": refusal.message}
    return show(request, "desk/registers/import.html", {
        "book": book, "upload": upload, "errors": [{"name": name, "text": text} for name, text in upload.errors.items()], "at_once": AT_ONCE,
        "columns": _columns(), "rows": _rows(upload.faults),
        "file_field": {"name": "file", "label": _("填好的表"), "kind": "file", "required": True, "accept": ".xlsx,.csv",
                       "hint": _("Excel 或 CSV"), "error": upload.errors.get("file", "")},
        "reason_field": {"name": "reason", "label": _("这批是什么"), "required": True, "maxlength": 200, "value": upload.why,
                         "hint": _("例如：二季度报表。更正已有的记录时，这就是理由。"), "error": upload.errors.get("reason", "")},
    }, here=book.here, status=status)  # fmt: skip


def _headings() -> list[str]:
    return [_("行"), _("栏目"), _("填的是"), _("怎么改")]


def _columns() -> list[dict[str, str]]:
    return [{"label": label} for label in _headings()]


def _rows(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    return [{"cells": [fault.row, fault.column, fault.value[:60] or "—", fault.remedy]} for fault in faults]


def _taken(request: HttpRequest, book: Book, why: str) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None or isinstance(given, list):
        raise Invalid(_("请选择文件。"), fields={"file": _("请选择文件")})
    if (given.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise Invalid(_("文件太大。"), fields={"file": _("请分几个文件导入")})
    ending = Path(str(given.name or "")).suffix.lower()
    if ending not in {".xlsx", ".csv"}:
        raise Invalid(_("请用 Excel 或 CSV。"), fields={"file": _("请用本页的模板，存成 .xlsx 或 .csv")})
    why = reason_of(why)
    with tempfile.TemporaryDirectory(prefix="fahui-import-") as folder:
        path = Path(folder) / f"table{ending}"
        with path.open("wb") as out:
            for chunk in given.chunks():
                out.write(chunk)
        if short(path, AT_ONCE):
            done = book.write(book.check(path, in_one_go), why)
            messages.success(request, _("导入好了：新增%(added)d条，更正%(corrected)d条，没有变化%(same)d条。") % {
                "added": done.added, "corrected": done.corrected, "same": done.same})  # fmt: skip
            return HttpResponseRedirect(f"{book.base}/")
        return _handed_in(request, book, actions.Wish(book.about, str(given.name), ending[1:], why, reader_of(request).language), path)


def _handed_in(request: HttpRequest, book: Book, wish: actions.Wish, path: Path) -> HttpResponse:
    made, new = actions.ask(reader_of(request), wish, path.read_bytes())
    if new:
        bring_table.defer(table=made.pk)  # in this transaction: no import without its job, and no job without its import
    else:
        messages.info(request, _("同样的文件已经在导入了。"))
    return HttpResponseRedirect(HERE)


@staff_page()
def mine(request: HttpRequest) -> HttpResponse:
    """My imports, the newest first: how far each is, and what came of it. The page asks again by itself while one is at work."""
    reader = reader_of(request)
    page = newest(Import, reader, request.GET.get("after", ""))
    mark_kind_read(reader.user_id or 0, BROUGHT)  # whoever sees the list has seen what the inbox says of it
    return show(request, "desk/imports/mine.html", {
        "lines": _lines(page.rows, reader.language), "pager": {"next": page.following, "shown": len(page.rows)},
        "busy": any(one.state in Import.AT_WORK for one in page.rows), "days": KEPT_FOR.days, "here": request.get_full_path(),
    }, here=HERE)  # fmt: skip


def _lines(imports: Iterable[Import], language: str) -> list[dict[str, Any]]:
    states = dict(Import.STATES)
    return [{
        "import": one, "name": books.name_of(one.about, language), "list": books.address_of(one.about),
        "state": {"label": _(states[one.state]), "tone": TONES[one.state]}, "at_work": one.state in Import.AT_WORK,
    } for one in imports]  # fmt: skip


@staff_page()
def faults(request: HttpRequest, import_id: int) -> HttpResponse:
    """What has to be changed in a table that was refused."""
    found, wrong = _faults_of(request, import_id)
    return show(request, "desk/imports/faults.html", {
        "import": found, "name": books.name_of(found.about, reader_of(request).language), "again": f"{books.address_of(found.about)}import",
        "columns": _columns(), "rows": _rows(wrong[:_FAULTS]), "more": max(0, found.faults - _FAULTS),
    }, here=HERE)  # fmt: skip


@staff_page()
def faults_file(request: HttpRequest, import_id: int) -> HttpResponse:
    """The same as a workbook, to work down."""
    found, wrong = _faults_of(request, import_id)
    data = record_files.written("xlsx", _headings(), [[f.row, f.column, f.value, f.remedy] for f in wrong], _("要改的地方"))
    return attachment(data, record_files.XLSX, f"{_('要改的地方')}-{Path(found.name).stem}.xlsx")


def _faults_of(request: HttpRequest, import_id: int) -> tuple[Import, list[Fault]]:
    reader = reader_of(request)
    found, wrong = actions.faults_of(reader, import_id)
    books.must_still_read(reader, found.about)
    return found, wrong


@require_POST
@staff_page()
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop an import that is at work."""
    try:
        actions.cancel(reader_of(request), import_id)
        messages.success(request, _("已取消，一行也没有写进去。"))
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, refusal.message)
    return HttpResponseRedirect(HERE)


@require_POST
@staff_page()
def remove(request: HttpRequest, import_id: int) -> HttpResponse:
    """Strike an import that is over from the list."""
    actions.remove(reader_of(request), import_id)
    messages.success(request, _("已删除。"))
    return HttpResponseRedirect(HERE)
