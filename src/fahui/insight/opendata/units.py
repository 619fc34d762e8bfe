"""In which parts the star counts what a measure adds up: money in fen, areas in tenths of a square metre, other numbers in hundredths."""

from __future__ import annotations

from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Use
from fahui.standards.measures.schema import Count, Ratio
from fahui.standards.star import facts

_PARTS = {"fen": 100, "hundredths": 100, "tenths": 10}
"""How many parts make a whole, by the word with which the star describes a column."""


def parts_of(use: Use) -> tuple[int, int]:
    """How many parts of what is counted above and below the line make one of it: 100 for money, 1 for cases or minutes."""
    if use.measure == SUB_INDICATORS_MET:
        return 1, 1
    shape = measures()[use.measure].shape(use.given)
    if isinstance(shape, Ratio):
        return _parts(shape.above), _parts(shape.below)
    return (_parts(shape), _parts(shape)) if isinstance(shape, Count) else (1, 1)


def _parts(count: Count) -> int:
    """Rows and different things are whole; a sum is as its column says."""
    if not count.sum:
        return 1
    _kind, meaning = facts()[count.of].columns[count.sum]
    return next((parts for word, parts in _PARTS.items() if word in meaning.split()), 1)
