"""What holds for every measure, whatever the records: parts add up to wholes, records to figures, and what lies elsewhere or is over is nothing.

On the made-up country, for each question that any indicator of any city asks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import ibis.expr.types as ir
import pytest
from ibis.backends.sql.compilers import DuckDBCompiler

from fahui.foundation.regions.rules import jurisdiction
from fahui.insight.figures.queries import Board
from fahui.insight.figures.rules import Numbers, total
from fahui.standards.lake.engines import Duck
from fahui.standards.measures.compile import numbers, records
from fahui.standards.measures.schema import Count, Covered, Ratio, Shape, Share
from fahui.standards.measuring import count
from fahui.standards.models import Measured, Run
from fahui.standards.periods import Period
from fahui.standards.star import Fact, facts
from tests.standards.country import AS_OF, BEGAN, CITY, REFERS, VILLAGES, Row, country, everything, lake_of, shape_of

COUNTIES = sorted({village - village % 10**6 for village in VILLAGES})
PERIODS = [Period(-1, BEGAN, date(2025, 12, 31), True), Period(0, date(2026, 1, 1), AS_OF, False)]
Cells = dict[tuple[int, int], Numbers]
Made = dict[str, list[Row]]


@pytest.fixture(scope="module")
def made() -> Made:
    return country(20)


@pytest.fixture(scope="module")
def whole(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of the whole country."""
    return lake_of(made, tmp_path_factory.mktemp("whole"))


def sql_of(expression: ir.Table) -> str:
    """As DuckDB is asked."""
    return str(DuckDBCompiler().to_sqlglot(expression).sql("duckdb"))


@pytest.fixture(scope="module")
def asked() -> dict[str, Shape]:
    """What is asked by any indicator, each question once, by its SQL."""
    shapes = {repr(shape): shape for indicator in everything().indicators if (shape := shape_of(indicator))}
    return {sql_of(numbers(shape)): shape for shape in shapes.values()}


def answers(lake: Path, questions: Iterable[str]) -> dict[str, Cells]:
    """By question the numbers of each period and place."""
    with Duck(lake) as duck:
        duck.periods(PERIODS)
        return {
            sql: {(period, town or 0): (upper or 0, lower) for period, town, upper, lower in duck.ask(sql)} for sql in questions
        }


def inside(cells: Cells, place: int) -> Cells:
    """What is told of a place, as a whole and in its parts."""
    low, high = jurisdiction(place)
    return {key: told for key, told in cells.items() if low <= abs(key[1]) < high}


def distinct(shape: Shape) -> bool:
    return isinstance(shape, Count) and bool(shape.distinct)


def added(several: Iterable[Numbers | None]) -> tuple[int, int]:
    known = [told for told in several if told is not None]
    return sum(upper for upper, _lower in known), sum(lower or 0 for _upper, lower in known)


def test_townships_add_up_to_counties_and_counties_to_the_city(whole: Path) -> None:
    run = Run(as_of=AS_OF, engine="duckdb", state="done")
    with Duck(whole) as duck:
        measured = [
            Measured(
                run=run, indicator=found.indicator.id, definition=found.indicator.model_dump(mode="json"),
                cells={p: {town: list(told) for town, told in towns.items()} for p, towns in found.cells.items()},
                periods=[{"number": p.number, "first": str(p.first), "last": str(p.last), "whole": p.whole} for p in found.periods],
            )
            for found in count(everything(), duck, AS_OF)
        ]  # fmt: skip
    board = Board(run, measured)
    for name, indicator in board.indicators.items():
        shape = shape_of(indicator)
        if shape is None:
            continue
        for place, level in ((CITY, 3), *((county, 4) for county in COUNTIES)):
            parts = [told for _code, told, _value in board.below(name, place, level)]
            told = board.figure_of(name, place)[0]
            if distinct(shape):
                # Different things: no fewer than in the largest part, no more than in all of them.
                most, least = added(parts), max((upper for upper, _lower in parts), default=0)
                assert told is None or least <= told[0] <= most[0], (name, place)
            else:
                assert added(parts) == added([told]), (name, place)


def test_the_records_behind_a_figure_add_up_to_it(whole: Path, asked: dict[str, Shape]) -> None:
    """In each county: as many rows as stand below the line, and of them as many that count as stand above it."""
    with Duck(whole) as duck:
        duck.periods(PERIODS)
        for sql, shape in asked.items():
            if isinstance(shape, Ratio) or not isinstance(shape, Covered) and (shape.sum or shape.distinct):
                continue
            behind: dict[tuple[int, int], list[int]] = {}
            for period, region, met in duck.rows(records(shape).select("period", "region", "met")):
                told = behind.setdefault((period, region - region % 10**6), [0, 0])
                told[0], told[1] = told[0] + met, told[1] + 1
            found: dict[int, dict[int, Numbers]] = {}
            for period, town, upper, lower in duck.ask(sql):
                found.setdefault(period, {})[town] = (upper, lower)
            for (period, county), (upper, rows) in behind.items():
                assert county % 10**8 == 0 or total(found[period], *jurisdiction(county)) == (
                    upper, rows if isinstance(shape, Share | Covered) else None,
                ), (shape, period, county)  # fmt: skip


def counted_facts(shape: Shape) -> list[str]:
    """The facts whose places are told: of units those, whatever they need."""
    if isinstance(shape, Covered):
        return [shape.units.of]
    return [shape.above.of, shape.below.of] if isinstance(shape, Ratio) else [shape.of]


@pytest.mark.parametrize("county", COUNTIES)
def test_a_county_alone_has_the_figures_it_has_in_the_city(
    county: int, made: Made, whole: Path, asked: dict[str, Shape], tmp_path: Path
) -> None:  # fmt: skip
    within = answers(whole, asked)
    alone = lake_of({name: [row for row in rows if row["county"] == county] for name, rows in made.items()}, tmp_path / "alone")
    for fact in facts():
        shapes = {name: shape for name, shape in asked.items() if counted_facts(shape)[0] == fact}
        mixed = tmp_path / f"only-{fact}"
        shutil.copytree(whole, mixed)
        for cut in {fact, *(below for shape in shapes.values() for below in counted_facts(shape))}:
            shutil.copy(alone / cut / "all.parquet", mixed / cut / "all.parquet")
        for name, cells in answers(mixed, shapes).items():
            assert inside(cells, county) == inside(within[name], county), name
            assert distinct(asked[name]) or cells == inside(cells, county), name


def test_what_is_elsewhere_or_over_changes_nothing(made: Made, whole: Path, asked: dict[str, Shape], tmp_path: Path) -> None:
    more = {
        name: [*rows, *(elsewhere(row) for row in rows if row["region"] // 10**8 * 10**8 == CITY), *(over(facts()[name], row) for row in rows)]
        for name, rows in made.items()
    }  # fmt: skip
    for rows in more.values():
        Random(7).shuffle(rows)
    before, after = answers(whole, asked), answers(lake_of(more, tmp_path), asked)
    assert {name: inside(cells, CITY) for name, cells in after.items()} == {name: inside(cells, CITY) for name, cells in before.items()}
    # The other city has something of its own, so that there was something to leave out.
    assert any(inside(cells, CITY + 10**8) for cells in after.values())


def renumbered(row: Row, by: int) -> dict[str, Any]:
    """Another record than the row: its keys, and those it refers to, are others."""
    ids = {name: row[name] + by for name in ("id", *REFERS) if row.get(name) is not None}
    return row | ids | {name: f"{row[name]}-{by}" for name in ("code", "unit") if row.get(name)}


def elsewhere(row: Row) -> Row:
    """The same in the next city."""
    return renumbered(row, 10**6) | {name: row[name] + 10**8 for name in ("region", "town", "county")}


def over(fact: Fact, row: Row) -> Row:
    """The same place and kind, but over a generation ago; a site that was closed."""
    days = {fact.event: date(1990, 1, 1), fact.begins: date(1990, 1, 1), fact.ends: date(1991, 1, 1)}
    gone: Row = {name: day for name, day in days.items() if name}
    return renumbered(row, 2 * 10**6) | (gone or {"active": 0})
