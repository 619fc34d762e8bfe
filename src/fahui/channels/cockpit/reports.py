"""Reports: issue one on the last measuring, correct it with a reason, take it away as Word or Excel."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fahui.channels.cockpit.views import LEADERS, nav
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.typed import asked_place, number
from fahui.foundation import clock
from fahui.foundation.errors import Missing, Refusal
from fahui.foundation.regions.queries import names_of
from fahui.insight.figures.queries import latest, place
from fahui.insight.reports import queries
from fahui.insight.reports.actions import issue
from fahui.standards.models import Report

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def kinds() -> dict[str, str]:
    """What each kind of report is called."""
    return {"assessment": _("考核报告"), "scorecard": _("县（市、区）评分表"), "evidence": _("逐条依据清单")}


@staff_page(*LEADERS)
def listing(request: HttpRequest) -> HttpResponse:
    """The reports issued so far, and the form to issue one."""
    reader = reader_of(request)
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            asked_at = clock.now()
            made = issue(
                reader,
                request.POST.get("kind", ""),
                asked_place(request.POST.get("region", "")),
                request.POST.get("reason", ""),
            )
            if made.made_at < asked_at:
                messages.info(request, _("上次测量以后没有新的数，还是第%(n)s版。要更正的，先在“政策目标”里重新测量，再出报告。") % {"n": made.version})
            else:
                messages.success(request, _("第%(n)s版报告出好了，在下面取走。") % {"n": made.version})
            return redirect("cockpit-reports")
        except Refusal as refusal:
            refused = refusal
    rows = queries.listed(reader, number(request.GET.get("before", "")) or 0)
    page = rows[: queries.PAGE]
    names = names_of([row.region_code for row in page])
    try:
        run = latest()
    except Missing:
        run = None
    answer = render(request, "cockpit/reports.html", {
        "cockpit_nav": nav("reports"), "search_url": reverse("desk-search"), "kinds": kinds(), "run": run, "refused": refused,
        "posted": request.POST, "region": place(reader, None), "columns": [{"label": label} for label in (
            _("报告"), _("地区"), _("截至"), _("版本"), _("更正原因"), _("取走"))],
        "reports": [{"report": row, "kind": kinds()[row.kind], "place": names.get(row.region_code, "")} for row in page],
        "following": page[-1].pk if len(rows) > queries.PAGE else None,
    })  # fmt: skip
    answer.status_code = refused.status if refused else 200
    return answer


@staff_page(*LEADERS)
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The file as it went out."""
    if kind not in _TYPES:
        raise Missing(_("没有这种文件。"))
    report = queries.one(reader_of(request), pk)
    answer = HttpResponse(queries.file_of(report, kind), content_type=_TYPES[kind])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_name(report, kind))}"
    return answer


def _name(report: Report, kind: str) -> str:
    place = names_of([report.region_code]).get(report.region_code, "")
    return f"{place}{dict(Report.KINDS)[report.kind]}-{report.as_of}-第{report.version}版.{kind}"
