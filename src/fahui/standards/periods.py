"""For which days a figure is counted. Pure: days in, days out."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["once", "continuous", "yearly", "quarterly", "monthly"]
_SHOWN = {"yearly": 5, "quarterly": 8, "monthly": 13, "once": 13, "continuous": 13}
_MONTHS = {"yearly": 12, "quarterly": 3, "monthly": 1}


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included. `whole` is False while the period still runs; `number` counts up to now."""

    number: int
    first: date
    last: date
    whole: bool

    @property
    def latest(self) -> bool:
        """Whether this is the one that ends on the day asked about."""
        return self.number == 0

    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def periods(kind: Kind, as_of: date, began: date) -> list[Period]:
    """The periods to show, oldest first; the latest has number 0 and ends on `as_of`.

    A figure of a year, quarter or month is counted in whole ones and the one that runs. A goal to be reached once, or kept all the
    time, is looked at on the last day of every month; what happened counts since the policy `began`.
    """
    if kind in _MONTHS:
        return _calendar(_MONTHS[kind], _SHOWN[kind], as_of)
    found = [Period(0, min(began, as_of), as_of, True)]
    year, month = as_of.year, as_of.month
    for number in range(1, _SHOWN[kind]):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        last = date(year, month, monthrange(year, month)[1])
        if last < began:
            break
        found.append(Period(-number, began, last, True))
    return found[::-1]


def previous_year(as_of: date) -> date:
    """The same day a year before; 28 February for the 29th."""
    last = monthrange(as_of.year - 1, as_of.month)[1]
    return date(as_of.year - 1, as_of.month, min(as_of.day, last))


def _calendar(length: int, shown: int, as_of: date) -> list[Period]:
    month = (as_of.month - 1) // length * length
    begin = as_of.year * 12 + month
    found = []
    for number in range(shown):
        first = _first(begin - number * length)
        end = _first(begin - number * length + length) - timedelta(days=1)
        found.append(Period(-number, first, min(end, as_of), end <= as_of))
    return found[::-1]


def _first(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
