"""Recording what is due to providers, and that it was paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.cases.context import ActionContext
from fahui.casework.funding.models import Subsidy
from fahui.foundation import clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Forbidden, Invalid

PAYERS = frozenset({Role.AID_APPROVER, Role.BUREAU_OFFICER})


def record_due(ctx: ActionContext) -> Subsidy:
    """Record the subsidy of the case's provider from the local table (`subsidy_fen_<kind>` in the parameters).

    The kind is the form's `subsidy_kind`, else the matter. Raises Conflict naming the missing value: it is never made up.
    """
    if ctx.case.provider_id is None:
        raise Conflict(_("没有承办人，无法登记补贴。"))
    kind = str(ctx.answers.get("subsidy_kind") or ctx.case.matter)
    rate = ctx.facts.parameters.get(f"subsidy_fen_{kind}")
    if rate is None:
        raise Conflict(_("本地还没有设定这类案件的补贴标准。请局领导或系统管理员在“本地标准”里按省厅文件录入后再办。"))
    subsidy, made = Subsidy.objects.get_or_create(
        case=ctx.case, practitioner_id=ctx.case.provider_id, kind=kind,
        defaults={"amount_fen": int(rate.value), "source": rate.source[:200], "due_since": ctx.now},
    )  # fmt: skip
    if made:
        ctx.record("subsidy.due", amount_fen=subsidy.amount_fen, subsidy=kind)
    return subsidy


@transaction.atomic
def mark_paid(reader: Reader, subsidy_ids: Sequence[int], paid_on: date, payment: str) -> int:
    """Record that subsidies were paid, under one payment's number; returns how many. All of them or none.

    Raises Forbidden, Invalid (nothing chosen, no number, a day to come), Conflict when one is not due any more.
    """
    if not reader.roles & PAYERS:
        raise Forbidden(_("您的岗位不能登记补贴发放。"))
    fields = {}
    if not subsidy_ids:
        fields["subsidy"] = _("请至少选一笔")
    if not payment.strip():
        fields["payment"] = _("请填支付凭证号")
    if paid_on > clock.today():
        fields["paid_on"] = _("发放日期不能晚于今天")
    if fields:
        raise Invalid(_("有几处要改。"), fields=fields)
    rows = list(Subsidy.objects.select_for_update().filter(pk__in=subsidy_ids).select_related("case"))
    if len(rows) != len(set(subsidy_ids)) or any(row.status != "due" for row in rows):
        raise Conflict(_("有的补贴刚才已经登记发放或者取消了，请刷新后重新选。"))
    moment = datetime.combine(paid_on, time(12), SHANGHAI)
    Subsidy.objects.filter(pk__in=[row.pk for row in rows]).update(
        status="paid", paid_at=moment, payment=payment.strip()[:60]
    )
    entries = [
        Entry("subsidy.paid", case_id=row.case_id, data={"subsidy": row.kind, "amount_fen": row.amount_fen, "payment": payment.strip()[:60]})
        for row in rows
    ]  # fmt: skip
    append(reader, *entries)
    return len(rows)
