"""Filling the lake: every fact as Parquet, as of one snapshot of the database, by month where the fact has days.

DuckDB reads PostgreSQL through its own scanner, in one transaction there, so that all facts belong together. A fact whose rows have
days is kept in one file a month, its rows by place, so that a county is read without the others; later only the months are written
again in which something changed since the last time. A month's file is written beside the old one and then takes its place: a reader
never sees half of it. Why not a file for each county as well: docs/decisions/0012.
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
_LAYOUT = 2  # how a fact lies in its folder; of another number, it is written whole
_PART = "lake_month"  # no fact has a column of this name
_ROW_GROUP = 30_720  # rows read or passed over together: a few counties of a month


@dataclass(frozen=True)
class _ByMonth:
    """A fact kept by months. `changed` gives id and day of what changed since; `row` and `person` are the fact's columns that hold
    such an id, and the practitioner whose place or profession it repeats."""

    changed: str
    row: str = "id"
    person: str = ""


# Every change of a case is an event; an activity may be corrected to another day, and is never taken away, only made void.
_ACTIVITIES = "SELECT id, held_on AS day FROM casework_activity WHERE changed_at >= '{moment}'"
_MONTHLY = {
    "case": _ByMonth(
        "SELECT c.id, (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM foundation_event e JOIN casework_case c ON c.id = e.case_id "
        "WHERE e.id >= {first_id}", person="provider",
    ),
    "activity": _ByMonth(_ACTIVITIES),
    "taking": _ByMonth(_ACTIVITIES, row="activity", person="practitioner"),
}  # fmt: skip


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


def forget(lake: Path) -> None:
    """Have the next filling write everything: rows came in that are older than their making, which no other way tells."""
    with locked(lake / _LOCK):
        (lake / _STATE).unlink(missing_ok=True)


def reading(lake: Path) -> AbstractContextManager[None]:
    """Hold the lake as it is while something is counted on it."""
    return locked(lake / _LOCK, shared=True)


def _filled(lake: Path, url: str, say: Say, state: dict[str, Any]) -> Filled:
    began = clock.now()
    told: dict[str, Any] = {"at": began.astimezone(UTC).isoformat(), "rows": {}, "facts": {}}
    months = 0
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as duck:
        attach(duck, url)
        duck.execute("BEGIN")
        _note_moved(duck, lake / "practitioner" / "all.parquet")
        # Practitioners after what repeats them: a fill that is cut short finds who moved once more.
        for fact in sorted(facts().values(), key=_is_whole):
            known = told["facts"][fact.name] = hashlib.sha256(f"{_LAYOUT} {fact.sql}".encode()).hexdigest()
            folder = lake / fact.name
            # The folder is missing where a fill was cut short between the old one and the new one.
            same = state.get("facts", {}).get(fact.name) == known and folder.exists()
            if _is_whole(fact):
                _write(duck, folder / "all.parquet", fact.sql)
            elif same:
                months += _again(duck, fact, folder, datetime.fromisoformat(state["at"]))
            else:
                months += _whole(duck, fact, folder)
            told["rows"][fact.name] = _count(duck, folder)
            say(f"{fact.name}: {told['rows'][fact.name]:,} rows")
        duck.execute("COMMIT")
    _swap(lake / _STATE, lambda draft: draft.write_text(json.dumps(told), encoding="utf-8"))
    return Filled(began, told["rows"], months)


def _is_whole(fact: Fact) -> bool:
    """Whether a fact is written whole each time."""
    return fact.name not in _MONTHLY


def _note_moved(duck: duckdb.DuckDBPyConnection, before: Path) -> None:
    """Which practitioners have another place or profession than when the lake was filled: what repeats it is written again."""
    now = remote("SELECT id, kind, region_code FROM foundation_practitioner")
    same = f"SELECT id, kind, region FROM read_parquet('{before}')" if before.exists() else f"SELECT * FROM ({now})"
    duck.execute(f"CREATE TEMP TABLE moved AS SELECT n.id FROM (({now}) EXCEPT ({same})) AS n JOIN ({same}) AS b USING (id)")


def _again(duck: duckdb.DuckDBPyConnection, fact: Fact, folder: Path, since: datetime) -> int:
    """Write the months of a fact in which something changed, where it is now and where it was; how many."""
    kept, since = _MONTHLY[fact.name], since - timedelta(minutes=10)  # what was being written while the last fill read
    changed = kept.changed.format(first_id=first_id_at(since), moment=since.isoformat())
    duck.execute(f"CREATE OR REPLACE TEMP TABLE changed AS {remote(changed)}")
    theirs = f" OR {kept.person} IN (SELECT id FROM moved)" if kept.person else ""
    rows = duck.execute(
        f"SELECT strftime(day, '%Y-%m') FROM changed UNION SELECT strftime({fact.event}, '%Y-%m') FROM read_parquet('{folder}/*.parquet') "
        f"WHERE {kept.row} IN (SELECT id FROM changed){theirs}"
    ).fetchall()
    for (month,) in rows:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        _write(duck, folder / f"{month}.parquet", fact.month(first, after))
    return len(rows)


def _whole(duck: duckdb.DuckDBPyConnection, fact: Fact, folder: Path) -> int:
    """Write a fact anew beside the old one, whose place it then takes; how many months it has. The database is read once."""
    draft, old = folder.with_name(f".{folder.name}.draft"), folder.with_name(f".{folder.name}.old")
    for path in (draft, old):
        shutil.rmtree(path, ignore_errors=True)
    # The empty file keeps the fact's columns known where it has no rows at all.
    _write(duck, draft / "none.parquet", f"SELECT * FROM ({fact.sql}) AS f LIMIT 0")
    duck.execute(
        f"COPY (SELECT *, strftime({fact.event}, '%Y-%m') AS {_PART} FROM ({remote(fact.sql)})) TO '{draft}' "
        f"(FORMAT parquet, PARTITION_BY ({_PART}), OVERWRITE_OR_IGNORE)"
    )
    read = sorted(draft.glob(f"{_PART}=*"))
    for part in read:
        _copy(duck, draft / f"{part.name.removeprefix(f'{_PART}=')}.parquet", f"SELECT * FROM read_parquet('{part}/*.parquet', hive_partitioning = false)")
        shutil.rmtree(part)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return len(read)


def filled_at(lake: Path) -> datetime | None:
    """As of when the lake tells, or None when there is none."""
    state = _state(lake)
    return datetime.fromisoformat(state["at"]) if state else None


def default_lake() -> Path:
    """Where this installation keeps its lake."""
    return Path(settings.DATA_DIR) / "lake"


def attach(duck: duckdb.DuckDBPyConnection, url: str) -> None:
    """Let DuckDB read the database at `url` as `pg`."""
    found = next(Path(duckdb_extension_postgres_scanner.__file__).parent.rglob("postgres_scanner.duckdb_extension*"))
    duck.execute(f"LOAD '{found}'")
    duck.execute(f"ATTACH '{url.replace(chr(39), chr(39) * 2)}' AS pg (TYPE postgres, READ_ONLY)")


def remote(sql: str) -> str:
    """A query that PostgreSQL answers itself where `attach` was called, within the transaction that DuckDB holds there."""
    return "SELECT * FROM postgres_query('pg', '" + sql.replace("'", "''") + "')"


def _state(lake: Path) -> dict[str, Any]:
    with suppress(FileNotFoundError, ValueError):
        return dict(json.loads((lake / _STATE).read_text(encoding="utf-8")))
    return {}


def _write(duck: duckdb.DuckDBPyConnection, path: Path, sql: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _copy(duck, path, remote(sql))


def _copy(duck: duckdb.DuckDBPyConnection, path: Path, sql: str) -> None:
    told = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
    _swap(path, lambda draft: duck.execute(f"COPY (SELECT * FROM ({sql}) ORDER BY region) TO '{draft}' {told}"))


def _swap(path: Path, write: Callable[[Path], Any]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    write(draft)
    os.replace(draft, path)


def _count(duck: duckdb.DuckDBPyConnection, folder: Path) -> int:
    found = duck.execute(
        f"SELECT count(*) FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
    ).fetchone()
    return int(found[0]) if found else 0
