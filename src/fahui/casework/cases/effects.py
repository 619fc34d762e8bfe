"""Effects and guards of the spine that any service may name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fahui.casework.assignment.actions import accept, decline, end, offer, release
from fahui.casework.cases.context import ActionContext
from fahui.casework.definitions.plugin import effect
from fahui.casework.feedback.actions import invite
from fahui.casework.funding.actions import record_due
from fahui.casework.notices.actions import holders, holders_within
from fahui.casework.scheduling.queries import DUTY_QUEUE, on_duty
from fahui.foundation.accounts.roles import Role
from fahui.foundation.data import Words
from fahui.foundation.errors import Invalid

# Why a duty lawyer is in the circle of a case that nobody has taken yet.
DUTY = "duty"


@effect("take_charge")
def take_charge(ctx: ActionContext) -> None:
    """Whoever acts becomes the person in charge."""
    if ctx.reader.user_id and ctx.reader.kind == "staff":
        ctx.case.handler_id = ctx.reader.user_id
        ctx.record("case.taken", handler=ctx.reader.user_id)
        ctx.no_longer_see("handler")
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


@effect("end_assignment")
def end_assignment(ctx: ActionContext) -> None:
    """The work is over without fault; whoever did it may be chosen again."""
    end(ctx)


@effect("call_duty_lawyers")
def call_duty_lawyers(ctx: ActionContext) -> None:
    """Duty lawyers see no case by their post: those of the place are let in and told, until one of them takes it; those
    inside it where the place is wider than anybody's post, as with a city's detention centre. Of these, those on the
    roster now, if there are any."""
    where = (Role.DUTY_LAWYER, ctx.case.service, ctx.case.region_code)
    found = holders(*where) or holders_within(*where)
    on_shift = set(on_duty(DUTY_QUEUE, ctx.now).values_list("user_id", flat=True))
    for user in [user for user in found if user in on_shift] or found:
        ctx.let_see(user, DUTY)
        if user != ctx.reader.user_id:
            number = ctx.case.tracking_number
            ctx.tell(user, Words(zh=f"{number} 有人约见值班律师，请答复。", en=f"{number}: somebody asks for the duty lawyer. Please answer."))


@effect("dismiss_duty_lawyers")
def dismiss_duty_lawyers(ctx: ActionContext) -> None:
    """One has taken it: the others have no business in the file."""
    ctx.no_longer_see(DUTY)


@effect("open_feedback")
def open_feedback(ctx: ActionContext) -> None:
    """Invite the person served to rate, once."""
    invite(ctx)


@effect("record_subsidy")
def record_subsidy(ctx: ActionContext) -> None:
    """Record the case subsidy due to the provider, by the local table."""
    record_due(ctx)
