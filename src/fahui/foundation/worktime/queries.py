"""The working calendar in force, from the tables."""

from __future__ import annotations

import time
from datetime import date, timedelta

from fahui.foundation.worktime.models import CalendarDay, CalendarYear
from fahui.foundation.worktime.rules import Calendar, Kind

_KEEP = 300  # seconds; the screen that changes the calendar clears its own process at once
_kept: tuple[float, Calendar] | None = None


def calendar() -> Calendar:
    """The calendar of all years the bureau has loaded without a gap. Days outside it are refused, not guessed."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > _KEEP:
        days, covered = _load()
        _kept = (time.monotonic(), Calendar(days=days, covered=covered))
    return _kept[1]


def forget() -> None:
    """Read the tables again at the next question."""
    global _kept
    _kept = None


def _load() -> tuple[dict[date, Kind], tuple[date, date]]:
    years = sorted(CalendarYear.objects.values_list("year", flat=True), reverse=True)
    if not years:
        return {}, (date(1970, 1, 1), date(1970, 1, 1))
    first = last = years[0]
    for year in years[1:]:
        if year != first - 1:
            break  # a gap: what lies before it cannot be reached from today
        first = year
    days = CalendarDay.objects.filter(day__year__gte=first).values_list("day", "kind")
    return {day: Kind(kind) for day, kind in days}, (date(first, 1, 1), date(last, 12, 31))


def year_overview(year: int) -> list[CalendarDay]:
    """The announced days of a year, in order."""
    return list(CalendarDay.objects.filter(day__year=year))


def years() -> list[CalendarYear]:
    """The years that are covered, newest first."""
    return list(CalendarYear.objects.order_by("-year"))


def uncovered_soon(today: date) -> int | None:
    """The year whose arrangement will be needed within 60 days but is not loaded, or None."""
    soon = (today + timedelta(days=60)).year
    return None if CalendarYear.objects.filter(year=soon).exists() else soon
