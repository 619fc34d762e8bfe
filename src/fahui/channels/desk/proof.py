"""The nightly check: the last reports of the gold set, what failed, and accepting a report that is worse."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fahui.channels.desk import contents
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.foundation import clock
from fahui.foundation.errors import Refusal
from fahui.knowledge.content.roles import EDITORS, covers
from fahui.knowledge.proof import actions, queries
from fahui.knowledge.proof.loader import gold
from fahui.knowledge.proof.models import ProofReport

_WRONG = {
    "kind": gettext_noop("该答没答，或者不该答却答了"), "topic": gettext_noop("主题认错了"), "danger": gettext_noop("危险没有认对"),
    "articles": gettext_noop("没有给出管这件事的条文"), "unknown": gettext_noop("要的条文库里没有"),
}  # fmt: skip


@staff_page(*sorted(EDITORS))
def proof(request: HttpRequest) -> HttpResponse:
    """The last reports; POST runs the check now, or accepts the last one although it is worse."""
    reader, refusal = reader_of(request), None
    if request.method == "POST":
        post = request.POST
        try:
            if post.get("do") == "accept":
                actions.accept(reader, contents.revision_of({"revision": post.get("report", "")}), contents.line_of(post, "reason"))
                messages.success(request, _("已接受，可以发布问答了。"))
            else:
                report = actions.prove(reader)
                messages.success(request, _("检查完了：%(right)d道对，%(wrong)d道错。") % {
                    "right": len(report.asked) - len(report.faults), "wrong": len(report.faults)})  # fmt: skip
            return HttpResponseRedirect("/desk/answers/proof")
        except Refusal as refused:
            refusal = refused
    found = queries.reports(reader)
    last = found[0] if found else None
    waits = bool(last and last.accepted_at is None)
    context = {
        "errors": summary(refusal), "waits": waits, "report": last, "may": covers(reader, None), **_reports(found), "faults": _faults(last),
        "field": {"name": "reason", "label": _("为什么可以接受"), "required": True, "maxlength": 300, "hint": _("会记入审计"),
                  "value": request.POST.get("reason", ""), "error": refusal.fields.get("reason", "") if refusal else ""},
    }  # fmt: skip
    return show(request, "desk/answers/proof.html", context, here="/desk/answers/", status=refusal.status if refusal else 200)


def _reports(found: list[ProofReport]) -> dict[str, Any]:
    columns = [_("什么时候"), _("状态"), _("答对"), _("一共"), _("比以前差"), _("谁接受的"), _("原因")]

    def line(row: ProofReport) -> dict[str, Any]:
        state = {"label": _("通过"), "tone": "ok"} if row.accepted_at else {"label": _("变差了，等人看"), "tone": "error"}
        return {"cells": [f"{row.ran_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}", {"badge": state}, len(row.asked) - len(row.faults),
                          len(row.asked), len(row.worse), row.accepted_by.name if row.accepted_by else "—", row.reason or "—"]}  # fmt: skip

    return {"columns": [{"label": c, "numeric": 2 <= i <= 4} for i, c in enumerate(columns)], "rows": [line(row) for row in found],
            "empty": {"title": _("还没有检查过"), "text": _("每天夜里检查一次，也可以现在就查。")}}  # fmt: skip


def _faults(report: ProofReport | None) -> dict[str, Any]:
    if report is None:
        return {}
    wanted = {one.id: one for one in gold()}
    rows = [
        {"cells": [fault["ask"], {"badge": {"label": _("以前对"), "tone": "error"}} if fault["id"] in report.worse else _("以前也不对"),
                   "；".join(_(_WRONG[code]) for code in fault["wrong"]),
                   "、".join(wanted[fault["id"]].articles) if fault["id"] in wanted and wanted[fault["id"]].articles else "—"]}
        for fault in sorted(report.faults, key=lambda fault: fault["id"] not in report.worse)
    ]  # fmt: skip
    return {"columns": [{"label": c} for c in (_("问的话"), _("和以前比"), _("错在哪里"), _("应当给出其中一条"))], "rows": rows}
