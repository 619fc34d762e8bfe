"""The lake of a running installation: as of one snapshot, months written again only where something changed, the live numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import psycopg
import pytest

from fahui.config.postgres import Cluster
from fahui.standards.lake.export import attach, remote
from fahui.standards.star import facts
from tests.live import ROOT, Installation

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("lake"), demo=400)
    installation.start()
    yield installation
    installation.stop()


def measuring(city: Installation, engine: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "fahui", "measure", "--format", "json", "--engine", engine], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=city.environment | {"FAHUI_DATA_DIR": str(city.home), "FAHUI_CITY": "leshan"},
    )  # fmt: skip


def told_by(process: subprocess.Popen[str]) -> dict[str, dict]:
    out, errors = process.communicate()
    assert process.returncode == 0, errors[-600:]
    return {line["id"]: line for line in json.loads(out)}


def measured(city: Installation, engine: str) -> dict[str, dict]:
    return told_by(measuring(city, engine))


def written(lake: Path) -> dict[str, int]:
    return {str(path.relative_to(lake)): path.stat().st_mtime_ns for path in lake.glob("case/**/*.parquet")}


def test_the_lake_tells_what_the_database_tells_and_is_written_only_where_it_changed(city: Installation):
    live, counted = measured(city, "postgres"), measured(city, "duckdb")
    assert len(live) == 69 and {k: (v["upper"], v["lower"], v["value"]) for k, v in live.items()} == {
        k: (v["upper"], v["lower"], v["value"]) for k, v in counted.items()
    }
    lake = city.home / "lake"
    before = written(lake)
    assert len(before) > 3
    state = json.loads((lake / "lake.json").read_text(encoding="utf-8"))
    # As if nothing had happened for a while: what was written minutes ago is looked at again.
    state["at"] = (datetime.fromisoformat(state["at"]) + timedelta(minutes=20)).isoformat()
    (lake / "lake.json").write_text(json.dumps(state), encoding="utf-8")
    measured(city, "duckdb")
    assert written(lake) == before


def differing(city: Installation) -> dict[str, int]:
    """For each fact, how many rows the lake and the database do not have in common, the same row twice counted twice."""
    found = {}
    with duckdb.connect() as duck:
        attach(duck, Cluster(city.home).url())
        for name, fact in facts().items():
            there, here = f"SELECT * FROM read_parquet('{city.home}/lake/{name}/**/*.parquet')", remote(fact.sql)
            found[name] = duck.execute(f"SELECT count(*) FROM (({there}) EXCEPT ALL ({here}) UNION ALL (({here}) EXCEPT ALL ({there})))").fetchone()[0]
    return found


def test_what_is_corrected_after_a_fill_is_in_the_lake_once_and_where_it_belongs(city: Installation):
    measured(city, "duckdb")
    assert not any(differing(city).values())
    with psycopg.connect(Cluster(city.home).url(), autocommit=True) as database:
        moved = database.execute(
            "UPDATE casework_activity SET held_on = held_on - 70, people = people + 1, changed_at = now() "
            "WHERE id IN (SELECT DISTINCT activity_id FROM casework_taking ORDER BY 1 DESC LIMIT 5)"
        ).rowcount
        voided = database.execute("UPDATE casework_activity SET state = 'void', changed_at = now() WHERE id = (SELECT min(id) FROM casework_activity)").rowcount
        elsewhere = database.execute(
            "UPDATE foundation_practitioner SET region_code = 511123000000 WHERE region_code <> 511123000000 AND "
            "id = (SELECT min(practitioner_id) FROM casework_taking)"
        ).rowcount
    assert (moved, voided, elsewhere) == (5, 1, 1)
    measured(city, "duckdb")
    assert not any(differing(city).values())


def test_a_lake_of_another_definition_is_written_anew(city: Installation):
    state = city.home / "lake" / "lake.json"
    told = json.loads(state.read_text(encoding="utf-8"))
    told["facts"]["case"] = "another"
    state.write_text(json.dumps(told), encoding="utf-8")
    before = written(city.home / "lake")
    measured(city, "duckdb")
    assert all(mtime != before.get(name) for name, mtime in written(city.home / "lake").items())


def test_fills_and_counts_at_the_same_time_tell_the_same(city: Installation):
    alone = measured(city, "duckdb")
    (city.home / "lake" / "lake.json").unlink()  # each of them writes the lake whole
    for told in [told_by(process) for process in [measuring(city, "duckdb") for _time in range(3)]]:
        assert {k: (v["upper"], v["lower"]) for k, v in told.items()} == {k: (v["upper"], v["lower"]) for k, v in alone.items()}
    assert not list((city.home / "lake").rglob("*.draft")) + list((city.home / "lake").rglob("*.old"))


def test_a_fill_that_was_cut_short_between_old_and_new_is_made_good(city: Installation):
    whole = measured(city, "duckdb")
    shutil.rmtree(city.home / "lake" / "case")
    assert {k: v["upper"] for k, v in measured(city, "duckdb").items()} == {k: v["upper"] for k, v in whole.items()}


def test_nothing_of_people_lies_in_the_lake(city: Installation):
    with duckdb.connect() as duck:
        for folder in (city.home / "lake").iterdir():
            if folder.is_dir():
                told = duck.execute(f"DESCRIBE SELECT * FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = false)").fetchall()
                assert {row[0] for row in told} == set(facts()[folder.name].columns)


def test_a_demo_of_years_gone_by_reaches_a_lake_that_was_filled_before(tmp_path: Path):
    empty = Installation(tmp_path)
    empty.start()
    try:
        measured(empty, "duckdb")
        made = empty.run("demo", "--cases", "60")
        assert made.returncode == 0, made.stderr[-400:]
        measured(empty, "duckdb")
        assert not any(differing(empty).values()) and list((empty.home / "lake" / "case").glob("2*.parquet"))
    finally:
        empty.stop()
