"""Inviting and taking ratings."""

from __future__ import annotations

import secrets

from fahui.casework.cases.context import ActionContext
from fahui.casework.feedback.models import Invitation


def invite(ctx: ActionContext) -> None:
    """Invite the person served to rate, once a case. The link's secret stands for them: no sign-in is asked."""
    _, made = Invitation.objects.get_or_create(
        case=ctx.case, defaults={"token": secrets.token_urlsafe(16), "sent_at": ctx.now}
    )
    if made:
        ctx.record("feedback.invited")
