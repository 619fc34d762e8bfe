"""Where measures are counted: PostgreSQL as things stand now, DuckDB on the lake of one machine, Spark on a cluster's.

An engine runs the SQL that Ibis wrote in its dialect and gives back whole numbers; it decides nothing and rounds nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import duckdb
import ibis.expr.types as ir
from django.db import connection, transaction
from ibis.backends.sql.compilers import DuckDBCompiler, PostgresCompiler, PySparkCompiler
from ibis.backends.sql.compilers.base import SQLGlotCompiler

from fahui.standards.periods import Period
from fahui.standards.star import facts

Row = tuple[Any, ...]


class Engine(Protocol):
    """Something that answers expressions over the star for given periods."""

    name: str

    def periods(self, wanted: Sequence[Period]) -> None:
        """From now on, count for these periods."""

    def written(self, expression: ir.Table) -> str:
        """An expression in the engine's own SQL. It holds for any periods."""

    def ask(self, sql: str) -> list[Row]:
        """The rows of what `written` gave."""

    def rows(self, expression: ir.Table) -> list[Row]:
        """The rows of an expression that is asked once."""


def _values(rows: Iterable[Sequence[int | date]]) -> str:
    return ", ".join(
        "(" + ", ".join(f"DATE '{v}'" if isinstance(v, date) else str(v) for v in row) + ")" for row in rows
    )


def _period_sql(wanted: Sequence[Period]) -> dict[str, str]:
    spans = _values((p.number, p.first, p.last, int(p.latest)) for p in wanted)
    days = _values((p.number, day) for p in wanted for day in p.days())
    return {
        "star_period": f"SELECT * FROM (VALUES {spans}) AS p (number, first_day, last_day, latest)",
        "star_period_day": f"SELECT * FROM (VALUES {days}) AS d (number, on_day)",
    }


class _Asked(ABC):
    """What is the same for all of them."""

    compiler: SQLGlotCompiler

    def written(self, expression: ir.Table) -> str:
        """An expression in the engine's own SQL."""
        return str(self.compiler.to_sqlglot(expression).sql(self.compiler.dialect))

    @abstractmethod
    def ask(self, sql: str) -> list[Row]:
        """The rows of what `written` gave."""

    def rows(self, expression: ir.Table) -> list[Row]:
        """The rows of an expression that is asked once."""
        return self.ask(self.written(expression))


class Postgres(_Asked):
    """The live records, read as the reader who is announced to the database: row security holds."""

    name, compiler = "postgres", PostgresCompiler()

    def __init__(self) -> None:
        self._periods: dict[str, str] = {}

    def periods(self, wanted: Sequence[Period]) -> None:
        """Keep them for the next questions."""
        self._periods = _period_sql(wanted)

    def ask(self, sql: str) -> list[Row]:
        """Ask, with the facts that the question names written in front of it."""
        told = {f"star_{name}": fact.sql for name, fact in facts().items()} | self._periods
        front = ", ".join(f'"{name}" AS ({fact})' for name, fact in told.items() if f'"{name}"' in sql)
        with hash_joins(), connection.cursor() as cursor:
            cursor.execute(f"WITH {front} SELECT * FROM ({sql}) AS asked".replace("%", "%%"), [])
            # PostgreSQL adds whole numbers up as numeric.
            return [tuple(int(v) if isinstance(v, Decimal) else v for v in row) for row in cursor.fetchall()]


@contextmanager
def hash_joins() -> Iterator[None]:
    """Have PostgreSQL join by hashing: where nothing is known of how many rows a question gives on the way, a nested loop takes hours."""
    # Without a point to return to of its own: whoever goes on after an error had one around this, and the settings end there.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        yield
        cursor.execute("RESET enable_nestloop; RESET jit; RESET work_mem")


class Duck(_Asked, AbstractContextManager["Duck"]):
    """The lake of one machine: Parquet files read by DuckDB within the memory it is given."""

    name, compiler = "duckdb", DuckDBCompiler()

    def __init__(self, lake: Path, memory: str = "3GB") -> None:
        self._connection = duckdb.connect(config={"memory_limit": memory, "threads": 2})
        for name in facts():
            files = lake / name / "**" / "*.parquet"
            self._connection.execute(
                f"CREATE VIEW star_{name} AS SELECT * FROM read_parquet('{files}', hive_partitioning = false)"
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def periods(self, wanted: Sequence[Period]) -> None:
        """Make the two tables of periods."""
        told = _period_sql(wanted)
        # Thousands of days as text take longer to read than some questions to answer.
        told["star_period_day"] = "SELECT number, unnest(generate_series(first_day, last_day, INTERVAL 1 DAY))::DATE AS on_day FROM star_period"
        for name, sql in told.items():
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def ask(self, sql: str) -> list[Row]:
        """Ask DuckDB."""
        return self._connection.execute(sql).fetchall()


class Spark(_Asked, AbstractContextManager["Spark"]):
    """A cluster's lake. Needs pyspark (requirements/spark.txt) and Java 17; one process with two threads where there is no cluster."""

    name, compiler = "spark", PySparkCompiler()

    def __init__(self, lake: Path, session: Any) -> None:
        self._session = session
        for name in facts():
            session.read.option("recursiveFileLookup", "true").parquet(str(lake / name)).createOrReplaceTempView(
                f"star_{name}"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.stop()

    def periods(self, wanted: Sequence[Period]) -> None:
        """Make the two views of periods."""
        for name, sql in _period_sql(wanted).items():
            self._session.sql(sql).createOrReplaceTempView(name)

    def ask(self, sql: str) -> list[Row]:
        """Ask Spark."""
        return [tuple(row) for row in self._session.sql(sql).collect()]
