"""Reading clocks."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from fahui.casework.deadlines.models import CaseDeadline


def due_for_a_word(now: datetime, limit: int = 500) -> QuerySet[CaseDeadline]:
    """Clocks whose owner must be told something now, oldest first."""
    return CaseDeadline.objects.filter(status="running", next_warning__lte=now).order_by("next_warning")[:limit]


def uncounted() -> QuerySet[CaseDeadline]:
    """Running clocks without a due moment, because the calendar of that year was not loaded."""
    return CaseDeadline.objects.filter(status="running", due_at=None)
