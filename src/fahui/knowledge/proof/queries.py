"""Reading reports of the gold set."""

from __future__ import annotations

from fahui.foundation.accounts.scope import Reader
from fahui.knowledge.content.roles import may_edit
from fahui.knowledge.proof.models import ProofReport

PAGE = 14


def latest() -> ProofReport | None:
    """The last report."""
    return ProofReport.objects.order_by("-pk").first()


def accepted() -> ProofReport | None:
    """The last accepted report: what the next one is measured by."""
    return ProofReport.objects.exclude(accepted_at=None).order_by("-pk").first()


def in_the_way() -> ProofReport | None:
    """The report that stops publishing: the last one, if it is worse than the accepted one and nobody has accepted it."""
    last = latest()
    return last if last and last.accepted_at is None else None


def reports(reader: Reader) -> list[ProofReport]:
    """The last reports, newest first. Raises Forbidden."""
    may_edit(reader)
    return list(ProofReport.objects.select_related("ran_by", "accepted_by").order_by("-pk")[:PAGE])
