"""Offering a case to a practitioner, and their answer. Called by effects, inside an action's transaction."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fahui.casework.assignment.queries import suggestions
from fahui.casework.cases.context import ActionContext
from fahui.casework.cases.models import Assignment
from fahui.foundation.data import Words
from fahui.foundation.errors import Conflict, Invalid
from fahui.foundation.people.models import Practitioner


def offer(ctx: ActionContext, practitioner_id: int, override_reason: str) -> Assignment:
    """Offer the case. Choosing other than the first suggestion needs a reason; a barred candidate is refused."""
    judged = suggestions(ctx.case, everyone=True)
    chosen = next((s for s in judged if s.candidate.id == practitioner_id), None)
    if chosen is None:
        raise Invalid(_("这位人员不在可指派名单里。"), fields={"practitioner_id": _("请从建议名单里选")})
    if chosen.barred:
        why = _("；").join(chosen.barred)
        raise Invalid(_("不能指派：%(why)s") % {"why": why}, fields={"practitioner_id": why})
    fit = [s for s in judged if not s.barred]
    rank = fit.index(chosen) + 1
    if rank > 1 and not override_reason.strip():
        raise Invalid(
            _("系统首先建议%(name)s。改选他人请写明理由。") % {"name": fit[0].candidate.name},
            fields={"reason_if_not_first": _("没有选第一位，请写明理由")},
        )
    if Assignment.objects.filter(case=ctx.case, status__in=["offered", "accepted"]).exists():
        raise Conflict(_("这件案件已有承办人，请先更换或收回。"))
    assignment = Assignment.objects.create(
        case=ctx.case, practitioner_id=practitioner_id, rank=rank, override_reason=override_reason.strip()[:400],
        offered_by=ctx.reader.user_id, offered_at=ctx.now,
        suggested=[
            {"practitioner": s.candidate.id, "score": s.score, "reasons": [r.zh for r in s.reasons]} for s in fit[:5]
        ],
    )  # fmt: skip
    practitioner = Practitioner.objects.get(pk=practitioner_id)
    ctx.case.provider = practitioner
    if practitioner.user_id:
        ctx.let_see(practitioner.user_id, "provider")
        number = ctx.case.tracking_number
        ctx.tell(practitioner.user_id, Words(
            zh=f"请您承办一件案件，编号 {number}，请尽快答复。", en=f"You are asked to take on case {number}. Please answer soon."))
    ctx.record("assignment.offered", practitioner=practitioner_id, rank=rank)
    return assignment


def _live(ctx: ActionContext) -> Assignment:
    found = Assignment.objects.select_for_update().filter(case=ctx.case, status__in=["offered", "accepted"]).first()
    if found is None:
        raise Conflict(_("这件案件目前没有指派承办人。"))
    return found


def accept(ctx: ActionContext) -> None:
    """The practitioner takes it."""
    assignment = _live(ctx)
    if assignment.status == "accepted":
        raise Conflict(_("已经接受过了。"))
    assignment.status, assignment.answered_at = "accepted", ctx.now
    assignment.save(update_fields=["status", "answered_at"])
    ctx.record("assignment.accepted", practitioner=assignment.practitioner_id)


def decline(ctx: ActionContext, reason: str) -> None:
    """The practitioner refuses; recorded, since refusing without reason is a matter for the bureau (法律援助法第六十二条)."""
    _end(ctx, "declined", reason)


def release(ctx: ActionContext, reason: str) -> None:
    """The provider is relieved."""
    _end(ctx, "released", reason)


def _end(ctx: ActionContext, status: str, reason: str) -> None:
    assignment = _live(ctx)
    assignment.status, assignment.ended_at, assignment.end_reason = status, ctx.now, reason[:400]
    assignment.answered_at = assignment.answered_at or ctx.now
    assignment.save(update_fields=["status", "ended_at", "end_reason", "answered_at"])
    ctx.case.provider = None
    if assignment.practitioner.user_id:
        # Out of the circle: a lawyer who does not act has no business in the file.
        ctx.case.circle.filter(user_id=assignment.practitioner.user_id, why="provider").delete()
    ctx.record(f"assignment.{status}", practitioner=assignment.practitioner_id)


def end(ctx: ActionContext) -> None:
    """The work under this assignment is over, by nobody's fault: the same practitioner may be chosen again."""
    finish(ctx)
    ctx.case.provider = None


def finish(ctx: ActionContext) -> None:
    """The case has ended: the live assignment, if any, is done."""
    Assignment.objects.filter(case=ctx.case, status__in=["offered", "accepted"]).update(
        status="done", ended_at=ctx.now
    )
