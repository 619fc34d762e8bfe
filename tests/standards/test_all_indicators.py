"""Every indicator of every city runs on PostgreSQL and on DuckDB, and both give exactly the same numbers.

The facts are made up (`country`), so that no question is answered with nothing on both sides.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from fahui.standards.lake import engines
from fahui.standards.lake.engines import Duck, Engine, Postgres
from fahui.standards.lake.spark import open_spark
from fahui.standards.measures.compile import records
from fahui.standards.measuring import Counted, count
from fahui.standards.periods import Period
from fahui.standards.star import facts
from tests.standards.country import AS_OF, BEGAN, SQL, Row, batched, country, everything, lake_of, shape_of, told


@pytest.fixture(scope="module")
def made() -> dict[str, list[Row]]:
    return country(20)


@pytest.fixture
def both(
    made: dict[str, list[Row]], system: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Postgres, Duck]]:
    """PostgreSQL with the facts in tables of this transaction, DuckDB with the same as Parquet."""
    with connection.cursor() as cursor:
        for name, fact in facts().items():
            columns = ", ".join(f'"{column}" {SQL[kind]}' for column, (kind, _meaning) in fact.columns.items())
            cursor.execute(f'CREATE TEMP TABLE "made_{name}" ({columns}) ON COMMIT DROP')
            marks = "(" + ", ".join(["%s"] * len(fact.columns)) + ")"
            for part in batched(told(fact, made[name]), 100):
                flat = [value for row in part for value in row]
                cursor.execute(f'INSERT INTO "made_{name}" VALUES {", ".join([marks] * len(part))}', flat)
    stand_in = {name: replace(fact, written=f'SELECT * FROM "made_{name}"') for name, fact in facts().items()}
    with Duck(lake_of(made, tmp_path)) as lake:
        monkeypatch.setattr(engines, "facts", lambda: stand_in)
        yield Postgres(), lake


def counted(engine: Engine) -> dict[str, Counted]:
    return {found.indicator.id: found for found in count(everything(), engine, AS_OF)}


def test_all_indicators_give_the_same_on_both_engines(both: tuple[Postgres, Duck]):
    live, lake = (counted(engine) for engine in both)
    assert len(live) == len(lake) == 322
    assert {name: found.cells for name, found in live.items()} == {name: found.cells for name, found in lake.items()}
    # A question to which the made-up country has no answer would prove nothing.
    silent = [
        name for name, found in live.items()
        if shape_of(found.indicator) and not any(upper for towns in found.cells.values() for upper, _lower in towns.values())
    ]  # fmt: skip
    assert silent == []


def test_the_records_behind_every_indicator_are_the_same_on_both_engines(both: tuple[Postgres, Duck]):
    shapes = {repr(shape): shape for indicator in everything().indicators if (shape := shape_of(indicator))}
    period = [Period(0, BEGAN, AS_OF, True)]
    for engine in both:
        engine.periods(period)
    for name, shape in shapes.items():
        live, lake = (sorted(engine.rows(records(shape).select("key", "region", "met")), key=repr) for engine in both)
        assert live == lake and all(isinstance(key, int) for key, _region, _met in live), name


def test_spark_gives_the_same_as_duckdb(both: tuple[Postgres, Duck], tmp_path: Path):
    if not (importlib.util.find_spec("pyspark") and shutil.which("java")):
        if os.environ.get("FAHUI_REQUIRE_SPARK"):
            pytest.fail("pyspark (requirements/spark.txt) or Java is missing, and FAHUI_REQUIRE_SPARK is set")
        pytest.skip("pyspark (requirements/spark.txt) or Java is not installed")
    with open_spark(tmp_path) as spark:
        distributed = counted(spark)
    lake = counted(both[1])
    assert {name: found.cells for name, found in distributed.items()} == {name: found.cells for name, found in lake.items()}
