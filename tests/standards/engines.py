"""A lake made from what PostgreSQL tells within a test's transaction, so that engines can be held against each other."""

from __future__ import annotations

from pathlib import Path

import duckdb

from fahui.standards.lake.engines import Postgres
from fahui.standards.star import facts

_SQL = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE"}


def lake_of_this_transaction(folder: Path) -> Path:
    """Every fact as Parquet below `folder`."""
    with duckdb.connect() as duck:
        for name, fact in facts().items():
            columns = ", ".join(f'"{column}" {_SQL[kind]}' for column, (kind, _meaning) in fact.columns.items())
            duck.execute(f'CREATE TABLE "{name}" ({columns})')
            rows = Postgres().rows(fact.table.select(*fact.columns))
            if rows:
                marks = ", ".join("?" * len(fact.columns))
                duck.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
            (folder / name).mkdir(parents=True)
            duck.execute(f"COPY \"{name}\" TO '{folder / name / 'all.parquet'}' (FORMAT parquet)")
    return folder
