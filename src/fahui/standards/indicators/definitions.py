"""The measures that ship and the indicators of each city, read from their files and held against each other."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from fahui.foundation import cities
from fahui.foundation.data import Data
from fahui.standards.indicators.codes import unknown
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator
from fahui.standards.indicators.units import misfit
from fahui.standards.measures.compile import Unknown, numbers
from fahui.standards.measures.schema import Measure

MEASURES = Path(__file__).parents[1] / "measures" / "data"
_MEASURES = TypeAdapter(list[Measure])


class BadIndicators(Exception):
    """A file of measures or indicators cannot be used; the message names the file, the entry and what to do."""


class CityIndicators(Data):
    """`cities/<id>/indicators.yaml`: since when the policy runs, and what it wants reached."""

    began: date
    indicators: tuple[Indicator, ...]


class Fault(NamedTuple):
    """What is wrong with one indicator."""

    indicator: str
    problem: str


@cache
def measures() -> dict[str, Measure]:
    """Every measure by its name. Raises BadIndicators."""
    found: dict[str, Measure] = {}
    for path in sorted(MEASURES.glob("*.yaml")):
        for measure in _read(path, _MEASURES):
            if measure.id in found:
                raise BadIndicators(f"{path.name}: there are two measures {measure.id!r}; rename one.")
            found[measure.id] = measure
    return found


@cache
def indicators(city_id: str) -> CityIndicators:
    """The indicators of a city's policy, as shipped. Raises BadIndicators."""
    path = cities.ROOT / city_id / "indicators.yaml"
    if not path.exists():
        return CityIndicators(began=date(2000, 1, 1), indicators=())
    return _read(path, TypeAdapter(CityIndicators))


def check(city_id: str) -> list[Fault]:
    """Everything wrong with a city's indicators: unknown measures, values they do not take, facts, columns and codes that are not
    there, units that the measure does not give."""
    faults, seen = [], set()
    for indicator in indicators(city_id).indicators:
        if indicator.id in seen:
            faults.append(Fault(indicator.id, "stands twice; remove one"))
        seen.add(indicator.id)
        faults += [Fault(indicator.id, problem) for problem in check_one(indicator, city_id)]
    return faults


def check_one(indicator: Indicator, city_id: str) -> list[str]:
    """What is wrong with how an indicator is measured."""
    if indicator.use is None or indicator.use.measure == SUB_INDICATORS_MET:
        return []
    measure = measures().get(indicator.use.measure)
    if measure is None:
        return [f"use.measure = {indicator.use.measure!r}: there is no such measure"]
    problems = []
    try:
        shape = measure.shape(indicator.use.given)
        numbers(shape)
        problems += unknown(shape, city_id)
    except (Unknown, ValueError) as error:
        problems.append(str(error))
    line = misfit(indicator, measure)
    return [*problems, line] if line else problems


def _read(path: Path, adapter: TypeAdapter[Any]) -> Any:
    try:
        return adapter.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (yaml.YAMLError, ValidationError) as error:
        raise BadIndicators(f"{path.parent.name}/{path.name}: {error}") from error
