"""Where the points of a trend lie in a drawing: numbers in, coordinates out. The drawing itself is a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fahui.insight.figures.rules import Forecast, told

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 72, 16, 16, 32


@dataclass(frozen=True)
class Mark:
    """A point of the drawing with what it says."""

    x: float
    y: float
    day: date
    label: str
    # Of a period that still runs: its number only grows until it is over.
    running: bool = False


@dataclass(frozen=True)
class Tick:
    """A line across at a value."""

    y: float
    label: str


@dataclass(frozen=True)
class Trend:
    """A trend drawn: the line, its points, the target's line, the forecast with its band; all in the drawing's units."""

    marks: tuple[Mark, ...]
    line: str
    # From the last whole period to the one that still runs; empty where none does.
    running: str
    ticks: tuple[Tick, ...]
    target: float | None
    ahead: str
    band: str
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def trend(
    points: list[tuple[date, Fraction]], aim: Fraction | None, by: date, ahead: Forecast | None, *, running: bool = False
) -> Trend | None:
    """The drawing, or None with fewer than two points. The forecast is drawn only up to a target that is still to come.

    `running`: the last point is of a period that is not over yet, drawn apart from those that are."""
    if len(points) < 2:
        return None
    future = ahead if ahead and by > points[-1][0] else None
    first, last = points[0][0], by if future else points[-1][0]
    values = [value for _day, value in points] + ([aim] if aim is not None else [])
    values += [future.value] if future else []
    low, high = _bounds(values)

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / max(1, (last - first).days), 1)

    def y(value: Fraction) -> float:
        inside = min(max(value, low), high)
        return round(float(TOP + (HEIGHT - TOP - BOTTOM) * (high - inside) / (high - low)), 1)

    last_one = len(points) - 1
    marks = tuple(Mark(x(day), y(value), day, told(value), running and n == last_one) for n, (day, value) in enumerate(points))
    whole = [mark for mark in marks if not mark.running]
    end = whole[-1]  # the trend leads on from what is over
    return Trend(
        marks, " ".join(f"{m.x},{m.y}" for m in whole),
        f"{end.x},{end.y} {marks[-1].x},{marks[-1].y}" if running else "",
        tuple(Tick(y(value), told(value, 2)) for value in _even(low, high)),
        y(aim) if aim is not None else None,
        f"{end.x},{end.y} {x(by)},{y(future.value)}" if future else "",
        f"{end.x},{end.y} {x(by)},{y(future.low)} {x(by)},{y(future.high)}" if future else "",
        first, last,
    )  # fmt: skip


def _bounds(values: list[Fraction]) -> tuple[Fraction, Fraction]:
    """Even numbers around the values; from zero where nothing is below it and the values are not all far above."""
    low, high = min(values), max(values)
    if low >= 0 and low < high / 2:
        low = Fraction(0)
    step = _step(high - low or Fraction(1))
    return step * (low // step), step * -(-high // step) if high > low else high + step


def _step(span: Fraction) -> Fraction:
    """The least of 1, 2, 2.5, 5 times a power of ten of which at most five cover a span."""
    power = Fraction(10) ** (len(str(int(span))) - 2 if span >= 1 else -9)
    while True:
        for times in (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5)):
            if power * times * 5 >= span:
                return power * times
        power *= 10


def _even(low: Fraction, high: Fraction) -> list[Fraction]:
    """The values at which a line goes across."""
    step = _step(high - low)
    return [low + step * n for n in range(int((high - low) / step) + 1)]
