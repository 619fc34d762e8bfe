"""Reading subsidies, of the cases the reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from fahui.casework.cases.queries import visible
from fahui.casework.funding.models import Subsidy
from fahui.foundation.accounts.scope import Reader

PAGE = 50


@dataclass(frozen=True)
class Together:
    """How many subsidies of a state there are, and how much in fen."""

    count: int
    amount_fen: int


def listed(reader: Reader, status: str, after: tuple[datetime, int] | None = None) -> list[Subsidy]:
    """Subsidies of a state, oldest first: a page and one more."""
    rows = Subsidy.objects.filter(status=status, case__in=visible(reader)).select_related(
        "case", "practitioner__institution"
    )
    if after:
        since, pk = after
        rows = rows.filter(Q(due_since__gt=since) | Q(due_since=since, id__gt=pk))
    return list(rows.order_by("due_since", "id")[: PAGE + 1])


def together(reader: Reader, status: str) -> Together:
    """All subsidies of a state together."""
    found = Subsidy.objects.filter(status=status, case__in=visible(reader)).aggregate(
        n=Count("id"), sum=Sum("amount_fen")
    )
    return Together(found["n"], int(found["sum"] or 0))
