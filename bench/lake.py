"""The lake at size: how long it takes to fill it from the database, and again after one day's work.

`python -m bench.lake --cases 10000000 --events 30000000 --activities 5000000`: makes a benchmark's own installation as `bench spine` does
(needs about 40 GB for ten million cases), adds activities, fills the lake, adds a day's cases, events and activities, and fills it again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from bench.site import ROOT, Site
from bench.spine import machine
from fahui.config.postgres import running

# Three years that end with the benchmark's history, over all villages, most of them in few.
_ACTIVITIES = """
INSERT INTO casework_activity (id, code, kind, title, topic, held_on, minutes, form, region_code, people, services, groups, evidence, note,
    state, confirmed_by, entered_at, changed_at, revision)
SELECT %(first)s + n, 'bench-' || %(first)s + n, (ARRAY['counsel_visit', 'lecture', 'publicity', 'screening', 'training'])[1 + n %% 5], '压测活动', '',
    day, 60, 'onsite', v.code, 20, 1, '{}', '[]', '', CASE WHEN n %% 3 = 0 THEN 'entered' ELSE 'confirmed' END, '', day + time '20:00', %(changed)s, 1
FROM (SELECT n, %(until)s::date - CASE WHEN %(days)s > 1 THEN (random() * %(days)s)::int ELSE 0 END AS day,
        1 + floor(power(random(), 2) * (SELECT count(*) FROM foundation_region WHERE level = 5))::int AS place
    FROM generate_series(1, %(count)s) AS n) AS drawn
JOIN (SELECT code, row_number() OVER (ORDER BY md5(code::text)) AS place FROM foundation_region WHERE level = 5) AS v USING (place)
"""
# A day's work: new cases as some old ones are, and as many older ones of the last quarter that somebody worked on.
_DAY = f"""
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
    SELECT id FROM (SELECT id FROM casework_case ORDER BY id DESC LIMIT 500000) AS late ORDER BY random() LIMIT %(cases)s;
CREATE TEMPORARY TABLE opened ON COMMIT DROP AS
    SELECT id, ((extract(epoch FROM now()) * 1000)::bigint - 1577836800000 << 21) + row_number() OVER () AS made FROM moved;
INSERT INTO casework_case (id, tracking_number, service, matter, version_id, region_code, scope_key, channel, title, applicant_id, state, owner,
    open, outcome, flags, priority, next_due, next_deadline, details, sealed, share_code, repeats_count, opened_at, changed_at, revision)
SELECT o.made, 'FB' || substr(md5(o.made::text), 1, 12), service, matter, version_id, region_code, scope_key, channel, title, applicant_id, state,
    owner, true, '', flags, priority, next_due, next_deadline, details, sealed, '', 0, now(), now(), 1
FROM opened o JOIN casework_case c ON c.id = o.id;
INSERT INTO foundation_event (id, chain, position, digest, at, kind, actor_id, actor_role, case_id, about, data)
SELECT made + 1000000, made %% 32, 1000000000000 + made, '\\x62656e6368'::bytea, now(), 'case.opened', 1, 'bench', made, '', '{{}}'::jsonb FROM opened
UNION ALL SELECT made + 1100000, made %% 32, 2000000000000 + made, '\\x62656e6368'::bytea, now(), 'case.action', 1, 'bench', id, '', '{{}}'::jsonb FROM opened;
{_ACTIVITIES}"""


def main() -> int:
    """Fill, add a day, fill again; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench" / "spine")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--activities", type=int, default=500_000)
    chosen = parser.parse_args()
    home = chosen.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    site = Site(home)
    site.prepare(chosen.cases, chosen.events, lambda text: print(f"· {text}", file=sys.stderr, flush=True))
    with running(home), psycopg.connect(site.url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        report = _measured(connection, site, chosen.cases, chosen.activities)
    print(json.dumps(report | {"machine": machine()}, ensure_ascii=False, indent=1))
    return 0


def _measured(connection: psycopg.Connection[tuple[int, ...]], site: Site, cases: int, activities: int) -> dict[str, object]:
    connection.execute("SET session_replication_role = replica")  # this data is right by its making
    held = connection.execute("SELECT count(*) FROM casework_activity").fetchone()
    missing = activities - (held[0] if held else 0)
    if missing > 0:
        history = {"count": missing, "first": 1, "days": 1095, "until": "2026-10-01", "changed": "2026-10-01"}
        connection.execute(_ACTIVITIES.encode(), history)
        connection.execute("ANALYZE casework_activity")
    shutil.rmtree(site.home / "bench-lake", ignore_errors=True)
    first, unchanged = _fill(site), _fill(site)
    day = {"cases": cases // 1100, "count": activities // 1100, "first": time.time_ns(), "days": 1, "until": "now", "changed": "now"}
    with connection.transaction():
        for statement in filter(str.strip, _DAY.split(";")):
            connection.execute(statement.encode(), day)
    return {"first": first, "unchanged": unchanged, "after_a_day": _fill(site)}


def _fill(site: Site) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.lake_fill"]
    done = subprocess.run(command, env=site.environment | {"FAHUI_AS_OWNER": "1"}, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    sys.exit(main())
