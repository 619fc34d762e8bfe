"""In which parts the star counts what a measure adds up: money in fen, areas in tenths of a square metre, duty in
quarters of an hour, other numbers in hundredths."""

from __future__ import annotations

from fractions import Fraction

from fahui.insight.figures.queries import Result
from fahui.insight.figures.rules import Numbers, told
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Use
from fahui.standards.measures.schema import Count, Ratio
from fahui.standards.star import facts

_PARTS = {"fen": 100, "hundredths": 100, "tenths": 10, "quarters": 4}
"""How many parts make a whole, by the word with which the star describes a column."""


def parts_of(use: Use) -> tuple[int, int]:
    """How many parts of what is counted above and below the line make one of it: 100 for money, 1 for cases or minutes."""
    if use.measure == SUB_INDICATORS_MET:
        return 1, 1
    shape = measures()[use.measure].shape(use.given)
    if isinstance(shape, Ratio):
        return _parts(shape.above), _parts(shape.below)
    return (_parts(shape), _parts(shape)) if isinstance(shape, Count) else (1, 1)


def whole(numbers: Numbers | None, parts: tuple[int, int]) -> tuple[Fraction | None, Fraction | None]:
    """What was counted in hundredths, fen and the like, in whole units."""
    upper, lower = numbers or (None, None)
    return None if upper is None else Fraction(upper, parts[0]), None if lower is None else Fraction(lower, parts[1])


def made_of(use: Use | None, numbers: Numbers | None) -> tuple[str, str]:
    """What is above and below the line as people read it, in whole units: 4,323 of 5,000 answers; empty where there is nothing."""
    upper, lower = whole(numbers, parts_of(use) if use else (1, 1))
    return "" if upper is None else told(upper), "" if lower is None else told(lower)


def grown(result: Result) -> tuple[str, str] | None:
    """Of growth, the figure now and the one it is held against, with their own unit; a fraction beside growth would not give it."""
    use = result.indicator.use
    if result.growth is None or use is None:
        return None
    measure = measures()[use.measure]
    unit = " %" if use.spread or (measure.scale, measure.per) == (1, 100) else ""
    now, then = (told(value) + (unit if value is not None else "") for value in result.growth)
    return now, then


def _parts(count: Count) -> int:
    """Rows are whole; a sum, or a number of different things, is as its column says."""
    column = count.sum or count.distinct
    if not column:
        return 1
    _kind, meaning = facts()[count.of].columns[column]
    return next((parts for word, parts in _PARTS.items() if word in meaning.split()), 1)
