"""Issuing reports. What goes out is kept as it went out; a correction is a new version that says what changed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.documents.storage import keep
from fahui.foundation import cities, clock
from fahui.foundation.accounts.roles import SUPERVISING
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Forbidden, Invalid
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import children
from fahui.foundation.regions.rules import TOWNSHIP
from fahui.insight.figures.queries import Board, latest, place
from fahui.insight.figures.rules import STATUSES
from fahui.insight.reports.content import OWN, STATUS_ZH, Content, changes, lines, standings
from fahui.insight.reports.evidence import evidence
from fahui.insight.reports.excel import workbook
from fahui.insight.reports.word import document
from fahui.standards.models import Report, Run

TITLES = {
    "assessment": "公共法律服务考核报告",
    "scorecard": "公共法律服务评分表",
    "evidence": "公共法律服务政策逐条依据清单",
}


@transaction.atomic
def issue(reader: Reader, kind: str, region_code: int | None, reason: str = "") -> Report:
    """Issue a report on the last run for a place. Raises Forbidden, Missing, Invalid (parts that do not add up; a correction without reason)."""
    if kind not in TITLES:
        raise Invalid(_("没有这种报告。"), fields={"kind": "、".join(TITLES.values())})
    if reader.kind != "system" and not reader.roles & SUPERVISING:
        raise Forbidden(_("您的岗位不能出报告。"))
    region = place(reader, region_code)
    run = Run.objects.select_for_update().get(pk=latest().pk)
    before = Report.objects.filter(kind=kind, region_code=region.code, as_of=run.as_of).order_by("-version").first()
    if before is not None and before.run_id == run.pk:
        return before  # nothing was measured since: the same report again
    if before is not None and not reason.strip():
        raise Invalid(_("这一天的报告已经出过，更正要写明原因。"), fields={"reason": _("请写更正原因")})
    content = compose(kind, region, run, before, reason.strip())
    word, excel = keep(document(content))[0], keep(workbook(content))[0]
    made = Report.objects.create(
        kind=kind, region_code=region.code, as_of=run.as_of, version=content.version, run=run, supersedes=before, reason=content.reason,
        word=word, excel=excel, made_by=reader.user_id, made_at=clock.now(),
    )  # fmt: skip
    append(
        reader,
        Entry(
            "report.issued",
            about=f"report:{made.pk}",
            data={"kind": kind, "region": region.code, "version": made.version},
        ),
    )
    return made


def compose(kind: str, region: Region, run: Run, before: Report | None, reason: str) -> Content:
    """What the report says: of every kind the figures; a scorecard besides how the parts stand beside each other, the evidence what
    stands behind each demand."""
    board, city = Board(run), cities.current()
    parts = dict(children(region.code).values_list("code", "name")) if region.level < TOWNSHIP else {}
    found = lines(board, region.code, parts)
    known = [status for status in STATUSES if status != "shared" or region.code != city.region]
    counts = tuple((STATUS_ZH[s], sum(line.status == STATUS_ZH[s] for line in found)) for s in known)
    return Content(
        f"{region.name}{TITLES[kind]}", city.policy.title, region.name, city.bureau.zh, run.as_of, run.records_at,
        before.version + 1 if before else 1, reason, counts, found, (*parts.values(), *([OWN] if parts else [])),
        changes(Board(before.run), board, region.code) if before else (),
        standings(board, parts) if kind == "scorecard" else (), evidence(city.id, found) if kind == "evidence" else (),
        quotes=kind != "scorecard",
    )  # fmt: skip


