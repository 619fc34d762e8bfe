"""Changing indicators: draft, try on the last quarter, a second person approves, in force from a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from pydantic import ValidationError

from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.standards.indicators.definitions import check_one
from fahui.standards.indicators.queries import version as read_version
from fahui.standards.indicators.roles import EDITORS, covers_city
from fahui.standards.indicators.schema import Indicator
from fahui.standards.models import IndicatorVersion


@transaction.atomic
def draft(reader: Reader, body: dict[str, Any], reason: str, in_force_from: date) -> IndicatorVersion:
    """Draft a new or changed indicator. Raises Invalid naming the field, Forbidden. It counts nowhere until it is approved."""
    _may_edit(reader)
    if not reason.strip():
        raise Invalid(_("请写明为什么改。"), fields={"reason": _("例如：市政府办2026年3月印发的补充通知")})
    if in_force_from < clock.today():
        raise Invalid(_("生效日期不能早于今天。"), fields={"in_force_from": _("已经出的数不追改，请选今天或以后")})
    indicator = _sound(body)
    last = IndicatorVersion.objects.filter(indicator=indicator.id).aggregate(last=Max("version"))["last"]
    made = IndicatorVersion.objects.create(
        indicator=indicator.id, version=(last or 1) + 1, body=indicator.model_copy(update={"version": (last or 1) + 1}).model_dump(mode="json"),
        reason=reason.strip()[:400], in_force_from=in_force_from, author=reader.user_id or 0, made_at=clock.now(), state="trying",
    )  # fmt: skip
    append(reader, Entry("indicator.drafted", about=f"indicator:{indicator.id}", data={"version": made.version}))
    return made


@transaction.atomic
def record_trial(pk: int, trial: dict[str, Any]) -> None:
    """Keep what the trial gave; only then can somebody approve."""
    IndicatorVersion.objects.filter(pk=pk, state="trying").update(
        trial=trial, state="draft" if "error" in trial else "tried"
    )


@transaction.atomic
def approve(reader: Reader, pk: int, revision: int) -> IndicatorVersion:
    """A second person lets a tried version come into force. Raises Forbidden, Conflict, Missing."""
    row = _locked(reader, pk, revision)
    if row.author == reader.user_id:
        raise Forbidden(_("起草的人不能自己批准，请另一位同事来看。"))
    if row.state != "tried":
        raise Conflict(_("还没有试算出结果，不能批准。"))
    return _decide(reader, row, "approved", "indicator.approved")


@transaction.atomic
def reject(reader: Reader, pk: int, revision: int) -> IndicatorVersion:
    """Send a draft back; its author may also take it back. Raises Conflict, Missing."""
    row = _locked(reader, pk, revision)
    if row.state == "approved":
        raise Conflict(_("已经生效，不能退回；要改请另起一个修改。"))
    return _decide(reader, row, "rejected", "indicator.rejected")


def last_quarter_end(today: date) -> date:
    """The last day of the quarter before this one."""
    return date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)


def _decide(reader: Reader, row: IndicatorVersion, state: str, kind: str) -> IndicatorVersion:
    row.state, row.approver, row.decided_at, row.revision = state, reader.user_id, clock.now(), row.revision + 1
    row.save(update_fields=["state", "approver", "decided_at", "revision"])
    append(reader, Entry(kind, about=f"indicator:{row.indicator}", data={"version": row.version}))
    return row


def _locked(reader: Reader, pk: int, revision: int) -> IndicatorVersion:
    _may_edit(reader)
    read_version(reader, pk)
    row = IndicatorVersion.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Missing(_("没有这个修改。"))
    if row.revision != revision:
        raise Conflict(_("刚才有人处理过这个修改，请刷新后再看。"))
    return row


def _sound(body: dict[str, Any]) -> Indicator:
    try:
        indicator = Indicator.model_validate(body)
    except ValidationError as error:
        fields = {
            ".".join(str(part) for part in problem["loc"]) or "indicator": _fault(problem["type"], problem["msg"]) for problem in error.errors()
        }
        raise Invalid(_("有%(count)s处要改。") % {"count": len(fields)}, fields=fields) from error
    faults = check_one(indicator, cities.current().id)
    if faults:
        raise Invalid(_("这样算不了：%(why)s") % {"why": faults[0]}, fields={"given": "; ".join(faults)})
    return indicator


def _fault(kind: str, told: str) -> str:
    """What is wrong with one part, for whoever typed it."""
    if kind in ("string_too_short", "missing", "string_type"):
        return _("请填写")
    return _("日期不对，例如 2026-12-31") if kind.startswith("date") else _("这样不行：%(why)s") % {"why": told}


def _may_edit(reader: Reader) -> None:
    if not (reader.roles & EDITORS and covers_city(reader)):
        raise Forbidden(_("修改指标要由市局领导或督办员来做。"))
