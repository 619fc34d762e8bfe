"""A figure as plain values, for the API, files and the command line: numbers as counted, the figure as decimal text."""

from __future__ import annotations

from typing import Any

from fahui.insight.figures.queries import Result
from fahui.insight.figures.rules import told

COLUMNS = ("id", "clause", "name", "name_en", "region", "as_of", "upper", "lower", "value", "unit", "op", "target", "words", "by", "status",
           "baseline")  # fmt: skip


def flat(result: Result) -> dict[str, Any]:
    """One line a figure, by COLUMNS. `value` is empty where nothing was counted or nothing stands below the line."""
    indicator, target = result.indicator, result.target
    upper, lower = result.numbers or (None, None)
    base = indicator.baseline
    return {
        "id": indicator.id, "clause": indicator.clause, "name": indicator.name.zh, "name_en": indicator.name.en, "region": result.region,
        "as_of": result.as_of, "upper": upper, "lower": lower, "value": None if result.value is None else told(result.value, 4),
        "unit": result.unit, "op": target.op, "target": None if result.aim is None else told(result.aim, 4), "words": target.words,
        "by": target.by, "status": result.status, "baseline": None if base is None else str(base.value),
    }  # fmt: skip


def whole(result: Result) -> dict[str, Any]:
    """The figure with its words, course and forecast."""
    indicator = result.indicator
    ahead = result.ahead
    return flat(result) | {
        "quote": indicator.quote, "measure": indicator.use.measure if indicator.use else "", "given": indicator.use.given if indicator.use else {},
        "reading": indicator.reading.zh if indicator.reading else "", "responsible": list(indicator.responsible), "version": indicator.version,
        "trend": [{"day": p.period.last, "upper": p.numbers[0] if p.numbers else None, "lower": p.numbers[1] if p.numbers else None,
                   "value": None if p.value is None else told(p.value, 4)} for p in result.trend],
        "forecast": None if ahead is None else {"value": told(ahead.value, 4), "low": told(ahead.low, 4), "high": told(ahead.high, 4)},
    }  # fmt: skip
