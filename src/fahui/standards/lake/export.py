"""Filling the lake: every fact as Parquet, as of one snapshot of the database, by month where the fact has days.

DuckDB reads PostgreSQL through its own scanner, in one transaction there, so that all facts belong together. A fact whose rows have
days is kept in one file a month; later only the months are written again in which something changed since the last time.
A month's file is written beside the old one and then takes its place: a reader never sees half of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_postgres_scanner
from django.conf import settings

from fahui.foundation import clock
from fahui.foundation.files import locked
from fahui.foundation.identifiers import first_id_at
from fahui.standards.star import Fact, facts

Say = Callable[[str], None]
_STATE = "lake.json"
_LOCK = ".lock"
# A row's month never changes here, and every change is an event: the months of cases with newer events are enough.
_CHANGED = {
    "case": "SELECT c.opened_at AS day FROM foundation_event e JOIN casework_case c ON c.id = e.case_id WHERE e.id >= {since}"
}
# Here a correction may move a row to another month: a month is written again when its number of rows or its last change differs.
_MARKED = {
    "activity": "SELECT to_char(held_on, 'YYYY-MM') AS month, count(*) || ' ' || max(changed_at) AS mark FROM casework_activity GROUP BY 1",
}
_MARKED["taking"] = _MARKED["activity"]


@dataclass(frozen=True)
class Filled:
    """What a fill did."""

    at: datetime
    rows: dict[str, int]
    months: int


def fill(lake: Path, url: str, say: Say, *, whole: bool = False) -> Filled:
    """Bring the lake up to date from the database at `url`, which must be allowed to read everything.

    A fact whose definition is another than when it was written is written whole.
    """
    with locked(lake / _LOCK):
        return _filled(lake, url, say, {} if whole else _state(lake))


def reading(lake: Path) -> AbstractContextManager[None]:
    """Hold the lake as it is while something is counted on it."""
    return locked(lake / _LOCK, shared=True)


def _filled(lake: Path, url: str, say: Say, state: dict[str, Any]) -> Filled:
    began = clock.now()
    told: dict[str, Any] = {"at": began.astimezone(UTC).isoformat(), "rows": {}, "marks": {}, "facts": {}}
    months = 0
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as duck:
        _attach(duck, url)
        duck.execute("BEGIN")
        for fact in facts().values():
            known = told["facts"][fact.name] = hashlib.sha256(fact.sql.encode()).hexdigest()
            folder = lake / fact.name
            # The folder is missing where a fill was cut short between the old one and the new one.
            before = state if state.get("facts", {}).get(fact.name) == known and folder.exists() else {}
            if fact.name in _CHANGED or fact.name in _MARKED:
                marks = told["marks"][fact.name] = _marks(duck, fact.name)
                months += _by_month(duck, fact, folder, before, marks)
            else:
                _write(duck, folder / "all.parquet", fact.sql)
            told["rows"][fact.name] = _count(duck, folder)
            say(f"{fact.name}: {told['rows'][fact.name]:,} rows")
        duck.execute("COMMIT")
    _swap(lake / _STATE, lambda draft: draft.write_text(json.dumps(told), encoding="utf-8"))
    return Filled(began, told["rows"], months)


def _by_month(
    duck: duckdb.DuckDBPyConnection, fact: Fact, folder: Path, before: dict[str, Any], marks: dict[str, str]
) -> int:
    """Write the months of a fact in which something changed since `before`, or the whole of it; how many months."""
    if not before:
        return _whole(duck, fact, folder)
    if fact.name in _CHANGED:
        wanted = _changed_months(duck, fact.name, datetime.fromisoformat(before["at"]))
    else:
        wanted = _differing(before.get("marks", {}).get(fact.name, {}), marks)
    for month in wanted:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        _write(duck, folder / f"month={month}" / "data_0.parquet", fact.month(first, after))
    return len(wanted)


def _whole(duck: duckdb.DuckDBPyConnection, fact: Fact, folder: Path) -> int:
    """Write a fact anew, read once, in a folder a month, which then takes the old one's place."""
    draft, old = folder.with_name(f".{folder.name}.draft"), folder.with_name(f".{folder.name}.old")
    for path in (draft, old):
        shutil.rmtree(path, ignore_errors=True)
    draft.mkdir(parents=True)
    # The empty file keeps the fact's columns known where it has no rows at all.
    duck.execute(
        f"COPY ({_remote(f'SELECT * FROM ({fact.sql}) AS f LIMIT 0')}) TO '{draft / 'none.parquet'}' (FORMAT parquet)"
    )
    duck.execute(
        f"COPY (SELECT *, strftime({fact.event}, '%Y-%m') AS month FROM ({_remote(fact.sql)})) TO '{draft}' "
        "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month), OVERWRITE_OR_IGNORE)"
    )
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return len(list(folder.glob("month=*")))


def filled_at(lake: Path) -> datetime | None:
    """As of when the lake tells, or None when there is none."""
    state = _state(lake)
    return datetime.fromisoformat(state["at"]) if state else None


def default_lake() -> Path:
    """Where this installation keeps its lake."""
    return Path(settings.DATA_DIR) / "lake"


def _attach(duck: duckdb.DuckDBPyConnection, url: str) -> None:
    found = next(Path(duckdb_extension_postgres_scanner.__file__).parent.rglob("postgres_scanner.duckdb_extension*"))
    duck.execute(f"LOAD '{found}'")
    duck.execute(f"ATTACH '{url.replace(chr(39), chr(39) * 2)}' AS pg (TYPE postgres, READ_ONLY)")


def _remote(sql: str) -> str:
    """A query that PostgreSQL answers itself, within the transaction that DuckDB holds there."""
    return "SELECT * FROM postgres_query('pg', '" + sql.replace("'", "''") + "')"


def _state(lake: Path) -> dict[str, Any]:
    with suppress(FileNotFoundError, ValueError):
        return dict(json.loads((lake / _STATE).read_text(encoding="utf-8")))
    return {}


def _changed_months(duck: duckdb.DuckDBPyConnection, name: str, since: datetime) -> list[str]:
    # What was being written while the last fill read is looked at again.
    sql = _CHANGED[name].format(since=first_id_at(since - timedelta(minutes=10)))
    month = "to_char(day AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
    return [row[0] for row in duck.execute(_remote(f"SELECT DISTINCT {month} FROM ({sql}) AS d ORDER BY 1")).fetchall()]


def _marks(duck: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    return dict(duck.execute(_remote(_MARKED[name])).fetchall()) if name in _MARKED else {}


def _differing(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """The months whose mark is another than before; one that has no rows any more as well."""
    return sorted(month for month in before.keys() | now.keys() if before.get(month) != now.get(month))


def _write(duck: duckdb.DuckDBPyConnection, path: Path, sql: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _swap(path, lambda draft: duck.execute(f"COPY ({_remote(sql)}) TO '{draft}' (FORMAT parquet, COMPRESSION zstd)"))


def _swap(path: Path, write: Callable[[Path], Any]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    write(draft)
    os.replace(draft, path)


def _count(duck: duckdb.DuckDBPyConnection, folder: Path) -> int:
    found = duck.execute(
        f"SELECT count(*) FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
    ).fetchone()
    return int(found[0]) if found else 0
