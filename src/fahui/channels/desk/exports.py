"""Lists as files: a short one at once, a long one by the worker; and the page where a person finds theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.errands.actions import KEPT_FOR
from fahui.casework.errands.queries import newest
from fahui.casework.exports import actions, queries
from fahui.casework.exports.models import Export
from fahui.casework.notices.actions import mark_kind_read
from fahui.channels.desk import books, record_files
from fahui.channels.desk.files import attachment
from fahui.channels.desk.frame import show
from fahui.channels.desk.records import Listing, file_name
from fahui.channels.desk.worklists import MADE
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.tasks import make_export
from fahui.foundation.accounts.roles import CASE_READERS
from fahui.foundation.errors import Refusal

HERE = "/desk/exports/"
AT_ONCE = 1000  # rows that are made while the person waits
TONES = {"waiting": "neutral", "working": "progress", "done": "ok", "failed": "error"}


@staff_page(*sorted(CASE_READERS))
def export(request: HttpRequest) -> HttpResponse:
    """The work list as the screen shows it, as a file."""
    return ask_page(request, books.work(reader_of(request), request.GET))


def ask_page(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Ask why; then hand out the list as it is narrowed, or have the worker make it."""
    why, kind = request.POST.get("why", "").strip(), "csv" if request.POST.get("as") == "csv" else "xlsx"
    if request.method != "POST":
        return _form(request, listing, why, kind)
    if len(why) < 2:
        return _form(request, listing, why, kind, _("请写明用途，至少两个字。"), 422)
    reader, page = reader_of(request), listing.page("", AT_ONCE)
    if not page.following:
        actions.record(reader, listing.about, len(page.rows), why, listing.narrowed)
        data = record_files.written(kind, listing.headings(), listing.cells(page.rows), listing.name)
        return attachment(data, record_files.MIME[kind], file_name(listing.about, kind))
    try:
        made, new = actions.ask(reader, actions.Wish(listing.about, listing.narrowed, why, kind, reader.language))
    except Refusal as refusal:
        return _form(request, listing, why, kind, refusal.message, refusal.status)
    if new:
        make_export.defer(export=made.pk)  # in this transaction: no export without its job, and no job without its export
    else:
        messages.info(request, _("同样的一份已经在做了。"))
    return HttpResponseRedirect(HERE)


def _form(request: HttpRequest, listing: Listing, why: str, kind: str, error: str = "", status: int = 200) -> HttpResponse:
    return show(request, "desk/exports/ask.html", {
        "listing": listing, "query": request.GET.urlencode(), "at_once": AT_ONCE, "errors": [{"name": "why", "text": error}] if error else [],
        "why": {"name": "why", "label": _("导出做什么用"), "required": True, "maxlength": 200, "error": error, "value": why,
                "hint": _("例如：季度考核、周例会。用途会记入审计。")},
        "as": {"name": "as", "label": _("存成"), "kind": "radio", "required": True, "value": kind, "options": Export.KINDS},
    }, here=listing.here, status=status)  # fmt: skip


@staff_page()
def mine(request: HttpRequest) -> HttpResponse:
    """My exports, the newest first: how far each is, and its file. The page asks again by itself while one is at work."""
    reader = reader_of(request)
    page = newest(Export, reader, request.GET.get("after", ""))
    mark_kind_read(reader.user_id or 0, MADE)  # whoever sees the list has seen what the inbox says of it
    return show(request, "desk/exports/mine.html", {
        "lines": _lines(page.rows, reader.language), "pager": {"next": page.following, "shown": len(page.rows)},
        "busy": any(one.state in Export.AT_WORK for one in page.rows), "days": KEPT_FOR.days, "here": request.get_full_path(),
    }, here=HERE)  # fmt: skip


def _lines(exports: Iterable[Export], language: str) -> list[dict[str, Any]]:
    states = dict(Export.STATES)
    return [{
        "export": one, "name": books.name_of(one.about, language), "kind": dict(Export.KINDS)[one.kind],
        "state": {"label": _(states[one.state]), "tone": TONES[one.state]}, "cut": one.state == "done" and one.rows_all is None,
        "at_work": one.state in Export.AT_WORK,
    } for one in exports]  # fmt: skip


@staff_page()
def fetch(request: HttpRequest, export_id: int) -> HttpResponse:
    """The file, for whoever asked for it and may still read that list. Each fetching is on record."""
    reader = reader_of(request)
    books.must_still_read(reader, queries.ready(reader, export_id).about)
    export, data = actions.fetch(reader, export_id)
    return attachment(data, record_files.MIME[export.kind], export.name)


@require_POST
@staff_page()
def remove(request: HttpRequest, export_id: int) -> HttpResponse:
    """Delete an export with its file; stop one that is at work."""
    actions.remove(reader_of(request), export_id)
    messages.success(request, _("已删除。"))
    return HttpResponseRedirect(HERE)
