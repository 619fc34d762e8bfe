"""The part of `bench.standards` that knows the star and the targets: makes the lake, counts it both ways, prints JSON.

Run by `python -m bench.standards`, which sets its environment: no database is asked, but settings want one named.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench.ready import connection
from fahui.foundation import cities
from fahui.standards.indicators.definitions import indicators
from fahui.standards.lake import questions
from fahui.standards.lake.engines import Duck
from fahui.standards.measuring import cells, count, wanted
from fahui.standards.star import facts

AS_OF = date(2025, 12, 31)
_SQL = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE"}
_PLACE = "t.code AS region, t.code AS town, t.code - t.code % 1000000 AS county, 4 AS level"
_DAY = "DATE '2022-01-01' + CAST(floor(random() * 1460) AS INTEGER)"


def lake(home: Path, cases: int, say: Callable[[str], None]) -> Path:
    """A lake of so many cases, half as many activities, and what else the targets need."""
    folder = home / f"lake-{cases}"
    if (folder / "made").exists():
        return folder
    with duckdb.connect() as duck:
        duck.execute("SELECT setseed(0.5)")
        _places(duck)
        for name, sql in _made(cases).items():
            began = time.monotonic()
            _write(duck, folder, name, sql)
            say(f"{name}: {time.monotonic() - began:.0f} s")
    (folder / "made").touch()
    return folder


def _places(duck: duckdb.DuckDBPyConnection) -> None:
    rows = [(r.code, r.level) for r in cities.regions("leshan")]
    duck.execute("CREATE TABLE place (code BIGINT, level INTEGER)")
    duck.executemany("INSERT INTO place VALUES (?, ?)", rows)
    duck.execute(
        "CREATE TABLE town AS SELECT code, row_number() OVER (ORDER BY code) - 1 AS n FROM place WHERE level = 4"
    )


def _made(cases: int) -> dict[str, str]:
    towns = "(SELECT count(*) FROM town)"
    spread = f"CAST(floor(pow(random(), 2) * {towns}) AS BIGINT)"

    def many(number: int, columns: str) -> str:
        return (f"SELECT {columns}, {_PLACE} FROM (SELECT range AS id, {spread} AS n, random() AS r, {_DAY} AS day FROM range({number})) x "
                "JOIN town t ON t.n = x.n")  # fmt: skip

    return {
        "region": "SELECT 0 AS urban, 0 AS autonomous, CASE WHEN level = 3 THEN 287000 END AS population, NULL::DATE AS begins, NULL::DATE AS ends, "
                  "code AS region, code - code % 1000 AS town, code - code % 1000000 AS county, level FROM place",
        "case": many(cases, "id, CASE WHEN r < .9 THEN 'consultation' ELSE 'legal_aid' END AS service, 'question' AS matter, "
                     "CASE WHEN r < .6 THEN 'hotline' ELSE 'web' END AS channel, 1 AS institution, id % 5000 AS provider, 'lawyer' AS provider_kind, "
                     "'ended' AS state, 'answered' AS outcome, 0 AS open, 1 AS complete, 1 AS invited, (r * 10)::INT % 2 AS rated, "
                     "((r * 100)::INT % 20 > 0)::INT AS satisfied, day AS opened_on, day + 3 AS closed_on"),
        "activity": many(cases // 2, "id, CASE WHEN r < .5 THEN 'counsel_visit' WHEN r < .7 THEN 'lecture' ELSE 'publicity' END AS kind, "
                         "'' AS topic, 'onsite' AS form, day AS held_on, month(day) AS month, 240 AS minutes, 20 AS people, 1 AS services, 1 AS organiser, "
                         "2 AS guest, 3 AS site, 1 AS confirmed"),
        "taking": many(cases // 2, "id AS activity, id % 5000 AS practitioner, 'lawyer' AS practitioner_kind, 'gave' AS part, 240 AS minutes, "
                       "'counsel_visit' AS kind, '' AS topic, day AS held_on, 1 AS confirmed"),
        "practitioner": many(5000, "id, CASE WHEN r < .6 THEN 'lawyer' ELSE 'notary' END AS kind, 1 AS institution, 0 AS senior, day AS begins, NULL::DATE AS ends"),
        "posting": many(20000, "id, CASE WHEN r < .5 THEN 'village_counsel' ELSE 'full_time_mediator' END AS role, id % 5000 AS practitioner, "
                        "'lawyer' AS practitioner_kind, 'region' AS target, '' AS unit, 1 AS institution, 1 AS contract, day AS begins, NULL::DATE AS ends"),
        "entry": many(300000, "id, CASE WHEN r < .5 THEN 'honour' ELSE 'survey' END AS register, CASE WHEN r < .5 THEN 'demonstration_station' ELSE 'awareness' END "
                      "AS category, 'city' AS grade, 1 AS institution, '' AS institution_kind, 1 AS practitioner, '' AS practitioner_kind, 1 AS site, "
                      "'' AS site_kind, id::VARCHAR AS code, 7000 AS part, 10000 AS whole, 0 AS reaches, 100 AS amount, day AS begins, NULL::DATE AS ends"),
    }  # fmt: skip


def _write(duck: duckdb.DuckDBPyConnection, folder: Path, name: str, sql: str) -> None:
    fact = facts()[name]
    told = {row[0] for row in duck.execute(f"DESCRIBE {sql}").fetchall()}
    columns = ", ".join(
        f'CAST({column if column in told else "NULL"} AS {_SQL[kind]}) AS "{column}"'
        for column, (kind, _meaning) in fact.columns.items()
    )
    (folder / name).mkdir(parents=True, exist_ok=True)
    if not fact.event or name == "entry":
        duck.execute(
            f"COPY (SELECT {columns} FROM ({sql})) TO '{folder / name / 'all.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )
        return
    duck.execute(f"CREATE TEMP TABLE made AS SELECT {columns} FROM ({sql})")
    months = duck.execute(f"SELECT DISTINCT strftime({fact.event}, '%Y-%m') FROM made").fetchall()
    for (month,) in months:
        duck.execute(f"COPY (SELECT * FROM made WHERE strftime({fact.event}, '%Y-%m') = '{month}') TO '{folder / name / f'{month}.parquet'}' "
                     "(FORMAT parquet, COMPRESSION zstd)")  # fmt: skip
    duck.execute("DROP TABLE made")


def fill_empty(folder: Path) -> None:
    """Facts that this lake has no rows of."""
    with duckdb.connect() as duck:
        for name, fact in facts().items():
            if not (folder / name).exists():
                (folder / name).mkdir()
                columns = ", ".join(
                    f'NULL::{_SQL[kind]} AS "{column}"' for column, (kind, _meaning) in fact.columns.items()
                )
                duck.execute(f"COPY (SELECT {columns} LIMIT 0) TO '{folder / name / 'all.parquet'}' (FORMAT parquet)")


# The same figures by hand, by period and township, for the periods a run asks for. {p} is the table of periods, {d} of their days.
BY_HAND = {
    "IND-LESH-009": "SELECT number, town, count(*) FROM star_case JOIN star_period_day ON opened_on = on_day WHERE service = 'legal_aid' GROUP BY ALL",
    "IND-LESH-003": "SELECT number, town, sum(satisfied), count(*) FROM star_case JOIN star_period_day ON opened_on = on_day WHERE rated = 1 GROUP BY ALL",
    "IND-LESH-012": "SELECT number, town, count(*) FROM star_practitioner JOIN star_period ON begins <= last_day AND (ends IS NULL OR ends > last_day) "
                    "WHERE kind = 'lawyer' GROUP BY ALL",
    "IND-LESH-024": "SELECT number, town, count(*) FROM star_entry JOIN star_period ON begins <= last_day AND (ends IS NULL OR ends > last_day) "
                    "WHERE register = 'honour' AND category = 'demonstration_station' GROUP BY ALL",
    "IND-LESH-001": "SELECT number, town, sum(part), sum(whole) FROM star_entry JOIN star_period_day ON begins = on_day "
                    "WHERE register = 'survey' AND category = 'awareness' GROUP BY ALL",
    "IND-LESH-050": "SELECT p.number, r.town, count(c.region) FILTER (a.region IS NOT NULL), count(*) FROM star_region r CROSS JOIN star_period p "
                    "LEFT JOIN (SELECT DISTINCT number, region FROM star_posting JOIN star_period ON begins <= last_day AND (ends IS NULL OR ends > last_day) "
                    "WHERE role = 'village_counsel') c ON c.region = r.region AND c.number = p.number "
                    "LEFT JOIN (SELECT DISTINCT number, region FROM star_activity JOIN star_period_day ON held_on = on_day "
                    "WHERE kind IN ('counsel_visit', 'counsel_service', 'lecture')) a ON a.region = r.region AND a.number = p.number "
                    "WHERE r.level = 5 GROUP BY ALL",
}  # fmt: skip


def run(folder: Path, rounds: int) -> dict[str, Any]:
    """Whole refreshes, and the dozen both ways, in turn."""
    city = indicators("leshan")
    by_id = {indicator.id: indicator for indicator in city.indicators}
    whole, ours, hand = [], [], []
    for _round in range(rounds):
        with Duck(folder) as duck:
            began = time.monotonic()
            list(count(city, duck, AS_OF))
            whole.append(time.monotonic() - began)
        with Duck(folder) as duck:
            took = [0.0, 0.0]
            for name, sql in BY_HAND.items():
                indicator = by_id[name]
                assert indicator.use
                duck.periods(wanted(indicator, AS_OF, city.began))
                began = time.monotonic()
                cells(duck, indicator.use.measure, indicator.use.given)
                took[0] += time.monotonic() - began
                began = time.monotonic()
                duck.ask(sql)
                took[1] += time.monotonic() - began
            ours.append(took[0])
            hand.append(took[1])
    return {
        "targets": len(city.indicators), "first_s": whole[0], "whole_s": statistics.median(whole), "same_figures": len(BY_HAND), "measures_s": statistics.median(ours),
        "by_hand_s": statistics.median(hand), "times_by_hand": statistics.median(o / h for o, h in zip(ours, hand, strict=True)),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def main(home: str, cases: str, rounds: str) -> int:
    """Make the lake if it is not there, measure, print JSON."""
    folder = lake(Path(home), int(cases), lambda text: print(text, file=sys.stderr))
    fill_empty(folder)
    connection.close()
    kept = (folder / questions.FILE).exists()  # by a process before this one, as an installation's worker leaves them
    questions.recall(folder)
    told = run(folder, int(rounds))
    questions.keep(folder)
    print(json.dumps({"cases": int(cases), "activities": int(cases) // 2, "questions_kept": kept, **told}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
