"""Counting a city's indicators on an engine: the same whatever the engine. Nothing is written here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fahui.standards.indicators.definitions import CityIndicators, measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator
from fahui.standards.lake.engines import Engine
from fahui.standards.lake.questions import written
from fahui.standards.periods import Period, periods, previous_year

Cells = dict[int, dict[int, tuple[int, int | None]]]
"""By period number, then township code: upper and lower."""

A_YEAR_AGO = -1000
"""The number of the extra period that ends a year before the day asked about, for growth."""

Say = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Counted:
    """One indicator's numbers, and the periods they are for, oldest first."""

    indicator: Indicator
    periods: tuple[Period, ...]
    cells: Cells


def wanted(indicator: Indicator, as_of: date, began: date) -> tuple[Period, ...]:
    """The periods of an indicator, and for growth the same days a year before."""
    found = periods(indicator.period, as_of, began)
    if indicator.use and indicator.use.against == "previous_year":
        latest = found[-1]
        first = previous_year(latest.first) if indicator.period not in ("once", "continuous") else latest.first
        then = previous_year(as_of)
        found.insert(0, Period(A_YEAR_AGO, min(first, then), then, True))
    return tuple(found)


def count(city: CityIndicators, engine: Engine, as_of: date, say: Say = lambda *_told: None) -> Iterator[Counted]:
    """Every indicator of the city in turn, those of the same periods together, each distinct question asked once."""
    asked: dict[str, Cells] = {}
    ordered = sorted(city.indicators, key=lambda i: (i.period, bool(i.use and i.use.against), i.id))
    spans: tuple[Period, ...] = ()
    for place, indicator in enumerate(ordered):
        spans_now = wanted(indicator, as_of, city.began)
        if spans_now != spans:
            spans = spans_now
            engine.periods(spans)
        use = indicator.use
        if use is None or use.measure == SUB_INDICATORS_MET:
            yield Counted(indicator, spans, {})
        else:
            question = json.dumps(
                [use.measure, use.given, [(p.number, str(p.first), str(p.last)) for p in spans]], sort_keys=True
            )
            if question not in asked:
                asked[question] = cells(engine, use.measure, use.given)
            yield Counted(indicator, spans, asked[question])
        say(place + 1, len(ordered), indicator.name.zh)


def cells(engine: Engine, measure: str, given: Mapping[str, Any]) -> Cells:
    """One measure's numbers for the periods the engine was told."""
    found: Cells = {}
    for period, town, upper, lower in engine.ask(written(engine, measures()[measure].shape(given))):
        # A place nobody recorded is told as place 0; nothing is lost from the total.
        found.setdefault(int(period), {})[int(town or 0)] = (int(upper or 0), None if lower is None else int(lower))
    return found
