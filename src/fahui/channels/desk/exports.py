"""A work list as an Excel file: masked, with its reason on record, and with nothing a spreadsheet could run."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook

from fahui.casework.worklists.queries import newest, work_list
from fahui.channels.desk.files import attachment
from fahui.channels.desk.frame import show
from fahui.channels.desk.rows import Row, row
from fahui.channels.desk.worklists import wanted
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation import clock
from fahui.foundation.accounts.roles import CASE_READERS
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.tables.cells import safe

MOST = 5000
_STEP = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_page(*sorted(CASE_READERS))
def export(request: HttpRequest) -> HttpResponse:
    """Ask why, then hand out the list as the screen shows it."""
    reader, why = reader_of(request), request.POST.get("why", "").strip()
    if request.method != "POST" or len(why) < 2:
        error = _("请写明用途，至少两个字。") if request.method == "POST" else ""
        context = {
            "query": request.GET.urlencode(), "most": MOST, "errors": [{"name": "why", "text": error}] if error else [],
            "field": {"name": "why", "label": _("导出做什么用"), "required": True, "maxlength": 200, "error": error,
                      "value": why, "hint": _("例如：周例会。用途会记入审计。")},
        }  # fmt: skip
        return show(request, "desk/export.html", context, here="/desk/team", status=422 if error else 200)
    listed, asked = newest if request.GET.get("order") == "newest" else work_list, wanted(request)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("清单"))
    sheet.append([_("编号"), _("题目"), _("服务"), _("事项"), _("状态"), _("当事人"), _("经办"), _("时限"), _("到期"), _("标记"),
                  _("渠道"), _("受理时间")])  # fmt: skip
    cursor, count = "", 0
    while count < MOST:
        page = listed(reader, asked, cursor, min(_STEP, MOST - count))
        for case in page.rows:
            sheet.append([safe(value) for value in _cells(row(case, reader))])
        count, cursor = count + len(page.rows), page.following
        if not cursor:
            break
    append(reader, Entry("list.exported", data={"rows": count, "why": why[:200], "filter": request.GET.urlencode()[:200]}))
    buffer = BytesIO()
    book.save(buffer)
    return attachment(buffer.getvalue(), XLSX, f"fahui-{clock.now().astimezone(clock.SHANGHAI):%Y%m%d-%H%M}.xlsx")


def _cells(line: Row) -> list[Any]:
    due = line.clock["due"].astimezone(clock.SHANGHAI) if line.clock else None
    return [
        line.number, line.title, line.service, line.matter, line.state, line.person, line.handler,
        line.clock["label"] if line.clock else line.no_clock, f"{due:%Y-%m-%d %H:%M}" if due else "",
        _("、").join(flag["label"] for flag in line.flags), line.channel,
        f"{line.opened_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}",
    ]  # fmt: skip
