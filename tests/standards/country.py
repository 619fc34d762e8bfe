"""A small made-up country: for all that any measure asks for there are rows which fulfil it and rows which nearly do.

Two counties with two townships of three villages each, before, within and after the periods; the same for the same seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import count as numbers_from
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from fahui.foundation import cities
from fahui.standards.indicators.codes import conditions
from fahui.standards.indicators.definitions import CityIndicators, indicators, measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator
from fahui.standards.measures.schema import Condition, Covered, Shape, Units
from fahui.standards.star import Fact, facts

BEGAN, AS_OF = date(2025, 1, 1), date(2026, 3, 15)
CITY = 990100000000
VILLAGES = [
    CITY + county * 10**6 + town * 10**3 + village for county in (2, 3) for town in (1, 2) for village in (1, 2, 3)
]
PLACES = sorted({CITY, *VILLAGES, *(v - v % 10**3 for v in VILLAGES), *(v - v % 10**6 for v in VILLAGES)})
SQL = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE"}
ROWS_A_CONDITION = 6
# Below which numbers a column lies; the others are yes or no.
MOST = {
    "minutes": 9000,
    "part": 4000,
    "whole": 4000,
    "amount": 10**7,
    "services": 20,
    "people": 90,
    "area": 9000,
    "month": 13,
    "slot": 999,
}
REFERS = {"institution": "institution", "organiser": "institution", "guest": "institution", "parent": "institution",
          "practitioner": "practitioner", "provider": "practitioner", "site": "site"}  # fmt: skip
Row = dict[str, Any]


def everything() -> CityIndicators:
    """The indicators of all cities as one policy, over periods short enough for a test."""
    every = [indicator for city_id in cities.available() for indicator in indicators(city_id).indicators]
    return CityIndicators(began=BEGAN, indicators=tuple(every))


def shape_of(indicator: Indicator) -> Shape | None:
    """What an indicator counts; None for goals that follow from others and for what is not measured."""
    use = indicator.use
    return measures()[use.measure].shape(use.given) if use and use.measure != SUB_INDICATORS_MET else None


def level_of(code: int) -> int:
    return 5 if code % 10**3 else 4 if code % 10**6 else 3 if code % 10**8 else 2


def places_of(code: int) -> Row:
    return {"region": code, "town": code - code % 10**3, "county": code - code % 10**6, "level": level_of(code)}


class Maker:
    """Rows of the star, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random, self.ids = Random(seed), numbers_from(1)
        self.rows: dict[str, list[Row]] = {name: [] for name in facts()}
        self.rows["region"] = [self.place(code) for code in PLACES]

    def answer(self, shape: Shape) -> None:
        """Rows that make a shape's figure more than nothing, and rows that nearly do."""
        if isinstance(shape, Covered):
            self.cover(shape)
        for fact, condition in conditions(shape):
            if fact != "region":
                self.rows[fact] += [self.row(fact, condition, n == 0) for n in range(ROWS_A_CONDITION)]

    def cover(self, shape: Covered) -> None:
        """A unit with all it needs."""
        unit = self.unit(shape.units)
        key = shape.units.key or facts()[shape.units.of].key
        for need in shape.needs:
            for n in range(1 if need.sum else need.at_least):
                row = self.row(need.of, need.where, True)
                if shape.units.of == "region":
                    row |= places_of(unit["region"])
                else:
                    row[need.key or shape.units.of] = unit[key]
                if need.sum:
                    row[need.sum] = need.at_least
                if need.distinct:
                    kind, _meaning = facts()[need.of].columns[need.distinct]
                    row[need.distinct] = AS_OF - timedelta(days=n) if kind == "date" else n
                self.rows[need.of].append(row)

    def unit(self, units: Units) -> Row:
        if units.of == "region":
            return next(
                row
                for row in self.rows["region"]
                if all(self.fits(row[name], value) for name, value in units.where.items())
            )
        row = self.row(units.of, units.where, True)
        if units.key:
            row[units.key] = self.rows["institution"][0]["id"] if units.key == "institution" else f"U{next(self.ids)}"
        self.rows[units.of].append(row)
        return row

    def fits(self, held: Any, value: Any) -> bool:
        return held in value if isinstance(value, list) else isinstance(value, dict) or held == value

    def place(self, code: int) -> Row:
        urban = int(code % 2) if level_of(code) == 5 else 0
        autonomous = int(code // 10**6 == VILLAGES[-1] // 10**6)
        return {
            **places_of(code),
            "urban": urban,
            "autonomous": autonomous,
            "population": 9000 + code % 7,
            "begins": None,
            "ends": None,
        }

    def row(self, name: str, condition: Condition, counts: bool) -> Row:
        """One that `counts` fulfils the condition in the last week asked about."""
        fact = facts()[name]
        made = {column: self.value(fact, column, kind) for column, (kind, _meaning) in fact.columns.items()}
        made |= places_of(self.place_for(condition))
        fulfilled = {
            column: self.fulfilling(value)
            for column, value in condition.items()
            if column not in ("region", "town", "county", "level")
        }
        if counts:
            made |= {
                column: AS_OF - timedelta(days=self.random.randrange(7))
                for column in (fact.event, fact.begins)
                if column
            }
            made |= {fact.ends: None} if fact.ends else {}
        elif self.random.random() < 0.2 and fulfilled:
            fulfilled.pop(self.random.choice(sorted(fulfilled)))
        return made | {column: value for column, value in fulfilled.items() if value is not ...}

    def place_for(self, condition: Condition) -> int:
        levels: Any = condition.get("level", [2, 3, 4, 5])
        county = condition.get("county")
        if county:
            return int(self.fulfilling(county))
        wanted = levels if isinstance(levels, list) else [levels]
        return self.random.choice([code for code in PLACES if level_of(code) in wanted])

    def fulfilling(self, value: Any) -> Any:
        if isinstance(value, list):
            return self.random.choice(value)
        if isinstance(value, dict):
            sign, other = next(iter(value.items()))
            return ... if sign == "!=" else other
        return value

    def value(self, fact: Fact, column: str, kind: str) -> Any:
        random = self.random
        if column == "id":
            return next(self.ids)
        if column in REFERS:
            return ...
        if kind == "date":
            if column == fact.ends:
                return None if random.random() < 0.7 else BEGAN + timedelta(days=random.randrange(-100, 800))
            return BEGAN + timedelta(days=random.randrange(-200, 480))
        if kind == "string":
            return random.choice(["", "other", "R1", "R2"])
        return random.randrange(MOST.get(column, 2))

    def linked(self) -> dict[str, list[Row]]:
        """Every row, with references at rows that are there, or now and then at none (never where the reference is its key)."""
        for name, rows in self.rows.items():
            key = facts()[name].key
            for row in rows:
                for column in [column for column, value in row.items() if value is ...]:
                    known = column == key or self.random.random() < 0.9
                    row[column] = self.random.choice(self.rows[REFERS[column]])["id"] if known else None
        return self.rows


def country(seed: int) -> dict[str, list[Row]]:
    """The rows of every fact, such that no indicator of any city is answered with nothing."""
    maker, shapes = Maker(seed), [shape for indicator in everything().indicators if (shape := shape_of(indicator))]
    # One of each first: others refer to them.
    for fact in facts():
        if fact != "region":
            maker.rows[fact].append(maker.row(fact, {}, True))
    for place, shape in enumerate(shapes):
        if shape not in shapes[:place]:
            maker.answer(shape)
    return maker.linked()


def batched(rows: list[list[Any]], size: int) -> list[list[list[Any]]]:
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def told(fact: Fact, rows: Sequence[Row]) -> list[list[Any]]:
    return [[row[column] for column in fact.columns] for row in rows]


def lake_of(made: Mapping[str, list[Row]], folder: Path) -> Path:
    """The rows as Parquet below `folder`, as DuckDB and Spark read them."""
    with duckdb.connect() as duck:
        for name, fact in facts().items():
            columns = ", ".join(f'"{column}" {SQL[kind]}' for column, (kind, _meaning) in fact.columns.items())
            duck.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = "(" + ", ".join("?" * len(fact.columns)) + ")"
            for part in batched(told(fact, made[name]), 100):
                flat = [value for row in part for value in row]
                duck.execute(f'INSERT INTO "{name}" VALUES {", ".join([marks] * len(part))}', flat)
            (folder / name).mkdir(parents=True)
            duck.execute(f"COPY \"{name}\" TO '{folder / name / 'all.parquet'}' (FORMAT parquet)")
    return folder
