"""The one clock. Everything that asks for the time asks here, so that a scenario can be run at its own moment."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_offset: timedelta | None = None


def now() -> datetime:
    """The present moment, aware."""
    moment = timezone.now()
    return moment + _offset if _offset is not None else moment


def today() -> date:
    """The present day in business time (Asia/Shanghai)."""
    return now().astimezone(SHANGHAI).date()


def month_day(when: date, english: bool = False) -> str:
    """A day near by, without its year: 11月24日, 24 Nov."""
    return f"{when.day} {MONTHS[when.month - 1]}" if english else f"{when.month}月{when.day}日"


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run a block as if it began at this aware moment (time goes on from there). For scenarios and synthetic data."""
    global _offset
    if moment.tzinfo is None:
        raise ValueError("clock.at needs an aware moment")
    before, _offset = _offset, moment - timezone.now()
    try:
        yield
    finally:
        _offset = before
