"""What a complaint writes: the matter it is about, the outcome of an opinion, the longer limit."""

from __future__ import annotations

from datetime import date, datetime, time

from fahui.casework.cases.context import ActionContext
from fahui.casework.cases.models import Case
from fahui.casework.definitions.plugin import effect
from fahui.foundation import clock
from fahui.foundation.identifiers import read_tracking_number
from fahui.services.complaint.rules import EXTENDED


@effect("on_open")
def on_open(ctx: ActionContext) -> None:
    """Tie the complaint to the matter it names, so that nobody who handled that can handle this; tell everybody."""
    if ctx.case.origin_id is None and ctx.case.matter == "complaint":
        ctx.case.origin_id = _named_matter(str(ctx.case.details.get("about_number") or ""))
    if ctx.case.matter == "bad_rating":
        ctx.notify("rating_arrived")
        ctx.notify("rating_heard")
        ctx.raise_priority(1)
    else:
        ctx.notify("fault_filed" if ctx.case.matter == "site_error" else "filed")
        ctx.notify("complaint_arrived")
    if ctx.case.details.get("money_asked") is True or "charged" in ctx.case.details.get("reasons", []):
        ctx.flag("money_asked")
        ctx.raise_priority(1)


def _named_matter(text: str) -> int | None:
    number = read_tracking_number(text) if text else None
    return Case.objects.filter(tracking_number=number).values_list("pk", flat=True).first() if number else None


@effect("keep_finding")
def keep_finding(ctx: ActionContext) -> None:
    """The decision of the opinion or the review is the outcome."""
    ctx.set_outcome(str(ctx.answers["finding"]))


@effect("keep_site_finding")
def keep_site_finding(ctx: ActionContext) -> None:
    """Whether there was a fault."""
    ctx.set_outcome("fixed" if ctx.answers["really"] else "no_fault")


@effect("extend_handling")
def extend_handling(ctx: ActionContext) -> None:
    """The same clock from the same day of acceptance, 30 days longer."""
    begun = [row.started_at for row in ctx.clocks.rows if row.code == "handle"]
    ctx.clocks.start("handle", since=max(begun, default=ctx.now), length=EXTENDED)


@effect("mark_contact")
def mark_contact(ctx: ActionContext) -> None:
    """Whether the rater was reached, which every rate of call-backs needs."""
    ctx.record("contact.made", reached=bool(ctx.answers["reached"]))


@effect("count_next_review")
def count_next_review(ctx: ActionContext) -> None:
    """The review's own answer came from the organ above, not from us: the next 30 days run from its receipt as recorded."""
    received = ctx.answers.get("received_on")
    since = datetime.combine(date.fromisoformat(received), time(12), clock.SHANGHAI) if received else ctx.now
    ctx.start_deadline("review_window", since=min(since, ctx.now))
