"""From counted numbers to figures: rolling up, shares, growth, status, forecast. Exact fractions; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from operator import ge, gt, le, lt, ne
from statistics import median
from typing import Any, Literal

Status = Literal["met", "on_track", "at_risk", "behind", "no_data", "waiting", "shared", "not_measured"]
STATUSES: tuple[Status, ...] = ("behind", "at_risk", "waiting", "no_data", "on_track", "met", "shared", "not_measured")
HELD: tuple[Status, ...] = ("behind", "at_risk", "no_data", "on_track", "met")
"""Those by which a place is judged: it has a number to reach."""
"""What needs action first."""

Numbers = tuple[int, int | None]
FEW = 5
"""Cells of fewer than five are not published (DESIGN: small cells)."""

_LEAST_POINTS = 4
# 80 of 100 futures lie within ±1.28 deviations, if they scatter as the past did.
_BAND = Fraction(128, 100)
_NORMAL = Fraction(14826, 10000)


@dataclass(frozen=True)
class Scale:
    """How numbers become the figure (see standards.measures.schema.Measure)."""

    scale: int = 1
    per: int = 1
    of_units: bool = False


@dataclass(frozen=True)
class Forecast:
    """Where the trend leads by a day, with the band that 80 of 100 such trends end in."""

    value: Fraction
    low: Fraction
    high: Fraction


def total(places: Mapping[int, Numbers], low: int, high: int) -> Numbers | None:
    """The numbers of every place in [low, high) together; None when there is nothing to count there."""
    inside = [numbers for code, numbers in places.items() if low <= code < high]
    if not inside:
        return None
    lowers = [lower for _upper, lower in inside if lower is not None]
    return sum(upper for upper, _lower in inside), sum(lowers) if lowers else None


def rolled(places: Mapping[int, Numbers], region: int, low: int, high: int) -> Numbers | None:
    """The numbers of a place. Different things were counted for each place by itself (codes with a minus); the rest adds up."""
    if any(code < 0 for code in places):
        return places.get(-region, places.get(region))
    return total(places, low, high)


def figure(numbers: Numbers | None, scale: Scale) -> Fraction | None:
    """The figure, or None (shown as 无) when nothing was counted or nothing stands below the line."""
    if numbers is None:
        return None
    upper, lower = numbers
    if lower is None or scale.of_units:
        return Fraction(upper, scale.scale)
    return Fraction(upper * scale.per, lower * scale.scale) if lower else None


def growth(now: Fraction | None, then: Fraction | None, kind: str) -> Fraction | None:
    """now − then: in points or amounts as it is, in per cent of then. None when either is missing, or then is zero."""
    if now is None or then is None:
        return None
    if kind in ("points", "amount"):
        return now - then
    return (now - then) * 100 / then if then else None


def gap(figures: Iterable[Fraction | None]) -> Fraction | None:
    """How far the best-served county is from the least-served, in per cent of the best. None with fewer than two."""
    known = [value for value in figures if value is not None]
    return (max(known) - min(known)) * 100 / max(known) if len(known) > 1 and max(known) else None


def reaches(value: Fraction, op: str, target: Fraction) -> bool:
    """Whether the figure is where the target wants it."""
    return {">=": value >= target, "<=": value <= target, ">": value > target, "<": value < target}[_way(op, target)]


def _way(op: str, target: Fraction) -> str:
    """A printed number (12 issues a year, complaints: none) is something to be reached: more reaches it as well, or less where it is none."""
    return op if op != "=" else ">=" if target else "<="


def forecast(points: Sequence[tuple[date, Fraction]], by: date) -> Forecast | None:
    """Theil–Sen: the median of all slopes, from the median of all levels. None with fewer than four points."""
    if len(points) < _LEAST_POINTS:
        return None
    days = [(day - points[0][0]).days for day, _value in points]
    values = [value for _day, value in points]
    slopes = [
        (values[j] - values[i]) / (days[j] - days[i])
        for i in range(len(points)) for j in range(i + 1, len(points)) if days[j] != days[i]
    ]  # fmt: skip
    if not slopes:
        return None
    slope = median(slopes)
    level = median(value - slope * day for value, day in zip(values, days, strict=True))
    misses = [abs(value - level - slope * day) for value, day in zip(values, days, strict=True)]
    end = level + slope * (by - points[0][0]).days
    band = median(misses) * _NORMAL * _BAND
    return Forecast(end, end - band, end + band)


def status(
    value: Fraction | None, op: str, target: Fraction | None, by: date, as_of: date, ahead: Forecast | None
) -> Status:
    """How a target stands: reached; if the trend reaches it in time; if it may; or behind."""
    if target is None:
        return "waiting"
    if value is None:
        return "no_data"
    if reaches(value, op, target):
        return "met"
    if by < as_of or ahead is None:
        return "behind" if by < as_of else "at_risk"
    if reaches(ahead.value, op, target):
        return "on_track"
    best = ahead.high if _way(op, target) in (">=", ">") else ahead.low
    return "at_risk" if reaches(best, op, target) else "behind"


def holds(value: Any, test: Any) -> bool:
    """Whether one value of a row is as a measure's condition wants it. As in SQL, what is not known fails every comparison."""
    if test is None:
        return value is None
    if isinstance(test, Mapping):
        return all(_compares(value, sign, other) for sign, other in test.items())
    return value in test if isinstance(test, list) else bool(value == test)


def _compares(value: Any, sign: str, other: Any) -> bool:
    if other is None or value is None:
        return value is not None
    return bool({">=": ge, "<=": le, ">": gt, "<": lt, "!=": ne}[sign](value, other))


def told(value: Fraction | None, places: int = 2) -> str:
    """The figure as people read it: rounded half up, no zeros behind, 无 for none."""
    if value is None:
        return "无"
    rounded = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
        Decimal(1).scaleb(-places), ROUND_HALF_UP
    )
    return f"{rounded.normalize():f}" if rounded else "0"


def shown(numbers: Numbers | None) -> bool:
    """Whether a cell may be published: none of its parts stands for one to four people."""
    if numbers is None:
        return True
    upper, lower = numbers
    return not (0 < upper < FEW or (lower is not None and 0 < lower < FEW))
