"""Reading clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from fahui.casework.deadlines.models import CaseDeadline
from fahui.foundation.prelude import Plan, ask, columns, made


def due_for_a_word(now: datetime, limit: int = 500) -> QuerySet[CaseDeadline]:
    """Clocks whose owner must be told something now, oldest first."""
    return CaseDeadline.objects.filter(status="running", next_warning__lte=now).order_by("next_warning")[:limit]


def uncounted() -> QuerySet[CaseDeadline]:
    """Running clocks without a due moment, because the calendar of that year was not loaded."""
    return CaseDeadline.objects.filter(status="running", due_at=None)


CLOCKS = Plan(
    "fahui_clocks", "bigint", f"SELECT {columns(CaseDeadline)} FROM casework_casedeadline WHERE case_id = %s ORDER BY id"
)


def clocks_of(case_id: int) -> list[CaseDeadline]:
    """Every clock of a case, in the order they were started."""
    return [made(CaseDeadline, row) for row in ask(CLOCKS(case_id))[0]]


def running(clocks: Iterable[CaseDeadline]) -> list[CaseDeadline]:
    """The clocks that have not ended, by what is due first (those without a due moment last)."""
    live = [row for row in clocks if row.ended_at is None]
    return sorted(live, key=lambda row: (row.due_at is None, row.due_at or row.started_at, row.pk))
