"""Recording what is due to providers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fahui.casework.cases.context import ActionContext
from fahui.casework.funding.models import Subsidy
from fahui.foundation.errors import Conflict, Forbidden


def record_due(ctx: ActionContext) -> Subsidy:
    """Record the subsidy of the case's provider from the local table (`subsidy_fen_<kind>` in the parameters).

    The kind is the form's `subsidy_kind`, else the matter. Raises Conflict naming the missing value: it is never made up.
    """
    if ctx.case.provider_id is None:
        raise Conflict(_("没有承办人，无法登记补贴。"))
    kind = str(ctx.answers.get("subsidy_kind") or ctx.case.matter)
    rate = ctx.facts.parameters.get(f"subsidy_fen_{kind}")
    if rate is None:
        raise Conflict(
            _("本地还没有设定补贴标准 %(name)s。请局领导或系统管理员在“本地标准”里按省厅文件录入后再办。")
            % {"name": f"subsidy_fen_{kind}"}
        )
    subsidy, made = Subsidy.objects.get_or_create(
        case=ctx.case, practitioner_id=ctx.case.provider_id, kind=kind,
        defaults={"amount_fen": int(rate.value), "source": rate.source[:200], "due_since": ctx.now},
    )  # fmt: skip
    if made:
        ctx.record("subsidy.due", amount_fen=subsidy.amount_fen, subsidy=kind)
    return subsidy


def mark_paid(reader_user: int, subsidy_ids: list[int], at: object) -> int:
    """Mark subsidies as paid; returns how many changed."""
    if not reader_user:
        raise Forbidden(_("请先登录。"))
    return Subsidy.objects.filter(pk__in=subsidy_ids, status="due").update(status="paid", paid_at=at)
