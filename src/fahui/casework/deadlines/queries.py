"""Reading clocks."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from fahui.casework.cases.models import Case
from fahui.casework.deadlines.models import CaseDeadline


def due_for_a_word(now: datetime, limit: int = 500) -> QuerySet[CaseDeadline]:
    """Clocks whose owner must be told something now, oldest first."""
    return CaseDeadline.objects.filter(status="running", next_warning__lte=now).order_by("next_warning")[:limit]


def uncounted() -> QuerySet[CaseDeadline]:
    """Running clocks without a due moment, because the calendar of that year was not loaded."""
    return CaseDeadline.objects.filter(status="running", due_at=None)


def clocks_of(case_id: int) -> list[CaseDeadline]:
    """Every clock of a case, in the order they were started."""
    return list(CaseDeadline.objects.raw("SELECT * FROM casework_casedeadline WHERE case_id = %s ORDER BY id", [case_id]))


def running(case: Case) -> list[CaseDeadline]:
    """The clocks of a case that have not ended, by what is due first (those without a due moment last)."""
    live = [row for row in clocks_of(case.pk) if row.ended_at is None]
    return sorted(live, key=lambda row: (row.due_at is None, row.due_at or row.started_at, row.pk))
