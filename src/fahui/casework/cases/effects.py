"""Effects and guards of the spine that any service may name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fahui.casework.assignment.actions import accept, decline, offer, release
from fahui.casework.cases.context import ActionContext
from fahui.casework.definitions.plugin import effect
from fahui.casework.feedback.actions import invite
from fahui.casework.funding.actions import record_due
from fahui.foundation.errors import Invalid


@effect("take_charge")
def take_charge(ctx: ActionContext) -> None:
    """Whoever acts becomes the person in charge."""
    if ctx.reader.user_id and ctx.reader.kind == "staff":
        ctx.case.handler_id = ctx.reader.user_id
        ctx.record("case.taken", handler=ctx.reader.user_id)
        ctx.let_see(ctx.reader.user_id, "handler")


@effect("seal")
def seal(ctx: ActionContext) -> None:
    """Hide the case outside its circle."""
    ctx.seal()


@effect("unseal")
def unseal(ctx: ActionContext) -> None:
    """Open a sealed case to its jurisdiction again."""
    ctx.unseal()


@effect("offer_assignment")
def offer_assignment(ctx: ActionContext) -> None:
    """Offer the case to the practitioner named in the form (`practitioner_id`, `reason_if_not_first`)."""
    answers = ctx.answers
    if not answers.get("practitioner_id"):
        raise Invalid(_("请选择承办人。"), fields={"practitioner_id": _("请选择承办人")})
    offer(ctx, int(answers["practitioner_id"]), str(answers.get("reason_if_not_first") or ""))


@effect("accept_assignment")
def accept_assignment(ctx: ActionContext) -> None:
    """The offered practitioner takes the case."""
    accept(ctx)


@effect("decline_assignment")
def decline_assignment(ctx: ActionContext) -> None:
    """The offered practitioner, or their firm, refuses; the reason is kept."""
    decline(ctx, str(ctx.answers.get("reason") or ctx.answers.get("reason_text") or ""))


@effect("release_assignment")
def release_assignment(ctx: ActionContext) -> None:
    """The provider is relieved of the case."""
    release(ctx, str(ctx.answers.get("reason") or ctx.answers.get("reason_text") or ""))


@effect("open_feedback")
def open_feedback(ctx: ActionContext) -> None:
    """Invite the person served to rate, once."""
    invite(ctx)


@effect("record_subsidy")
def record_subsidy(ctx: ActionContext) -> None:
    """Record the case subsidy due to the provider, by the local table."""
    record_due(ctx)
