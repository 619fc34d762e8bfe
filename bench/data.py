"""A big city in plain SQL: matters over every township, their people, clocks and history.

It is bench data: events have a unique place in their chains but a filler digest, so `fahui audit verify` refuses a
directory that was filled this way. Never fill an installation that anybody works with.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import psycopg
from psycopg import sql

from bench.places import COUNTY

# Fixed stretch of history, so that two runs make the same rows.
FIRST_DAY, DAYS = "2023-10-01 08:00+08", 1100
OPEN_SHARE = 0.06
MINE = 5000  # open matters of one busy officer

_TABLES = ("foundation_party", "casework_case", "casework_caseparty", "casework_caseaccess", "casework_casedeadline",
           "foundation_event", "casework_outgoing")  # fmt: skip

# 55 bits from the row's number, written as a tracking number with its check character (foundation.identifiers).
_TRACKING = """
CREATE OR REPLACE FUNCTION pg_temp.tracking(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    WITH digit AS (
        SELECT i, ((hashint8extended(n, 20261122) >> (5 * i)) & 31)::int AS d FROM generate_series(0, 10) AS i
    ), checked AS (
        SELECT i, d, ((CASE WHEN i % 2 = 0 THEN 2 ELSE 1 END) * d) AS p FROM digit
    )
    SELECT 'FH' || string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', d + 1, 1), '' ORDER BY i DESC)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (1024 - sum(p / 32 + p % 32))::int % 32 + 1, 1)
    FROM checked
$$"""

# One row a case in a scratch table; everything else is made from it. Places are skewed: few townships have most.
_PLAN = f"""
CREATE UNLOGGED TABLE bench_plan AS
WITH place AS (
    SELECT code, (row_number() OVER (ORDER BY md5(code::text)) - 1)::int AS place FROM foundation_region WHERE level = 4
), service AS (
    SELECT service, id AS version, (definition->>'number')::int AS number,
        ARRAY(SELECT jsonb_array_elements_text(jsonb_path_query_array(definition, '$.matters[*].id'))) AS matters,
        definition->'matters'->0->>'start' AS first_state,
        jsonb_path_query_first(definition, '$.states[*] ? (@.end == true).id')#>>'{{}}' AS last_state,
        definition->'deadlines'->0->>'id' AS clock,
        row_number() OVER (ORDER BY (definition->>'number')::int) AS nth
    FROM casework_serviceversion
), drawn AS (
    SELECT n, random() AS a, random() AS b, random() AS c,
        timestamptz '{FIRST_DAY}' + (n::double precision / %(cases)s) * interval '{DAYS} days' AS at
    FROM generate_series(1, %(cases)s) AS n
)
SELECT n, ((extract(epoch FROM at) * 1000)::bigint - 1577836800000 << 21) + n %% 2097152 AS id, at,
    a < {OPEN_SHARE} AS open, s.*, p.code AS region, s.matters[1 + (n %% 2)] AS matter,
    at + c * interval '20 days' AS due
FROM drawn
JOIN place p ON p.place = floor((SELECT count(*) FROM place) * power(b, 2))::int
JOIN service s ON s.nth = CASE WHEN c < .7 THEN 1 WHEN c < .95 THEN 2 ELSE 3 END
"""

_STEPS = [
    ("people", """
INSERT INTO foundation_party (id, kind, name, pinyin, phone_index, identity_index, gender, nationality, region_code,
    address, languages, groups, contact, created_at)
SELECT id + 1, 'person', substr('张王李赵陈杨黄周吴徐孙胡朱高林何郭马罗梁', 1 + (n % 20)::int, 1)
    || substr('春秀国建明小文志海燕丽强军平玉华', 1 + (n / 20 % 16)::int, 1) || substr('英芳兰民生荣成龙凤梅', 1 + (n / 320 % 10)::int, 1),
    'bench', sha256(('phone' || n % 600000)::bytea), CASE WHEN n % 3 = 0 THEN sha256(('id' || n)::bytea) END, '', 'CHN',
    region, '', '[]', '[]', '{}', at FROM bench_plan"""),
    ("cases", """
INSERT INTO casework_case (id, tracking_number, service, matter, version_id, region_code, scope_key, channel, title,
    applicant_id, handler_id, state, owner, open, outcome, flags, priority, next_due, next_deadline, details, sealed,
    share_code, repeats_count, opened_at, changed_at, closed_at, revision)
SELECT id, pg_temp.tracking(n), service, matter, version, region, number * 1000000000000 + region, 'window',
    '压测事项 ' || n, id + 1,
    CASE WHEN mine <= %(mine)s THEN %(user)s END,
    CASE WHEN open THEN first_state ELSE last_state END, 'hotline_agent', open, CASE WHEN open THEN '' ELSE 'answered' END,
    '{}', (n % 20 = 0)::int, CASE WHEN open THEN due END, CASE WHEN open THEN clock ELSE '' END,
    jsonb_build_object('facts', repeat('工钱一直没有结清，包工头说等甲方拨款。', 20), 'wanted', '把工钱要回来'),
    n % 200 = 0, '', 0, at, at, CASE WHEN NOT open THEN due END, 1
FROM (SELECT *, CASE WHEN open AND region / 1000000 = %(county)s / 1000000
        THEN count(*) FILTER (WHERE open AND region / 1000000 = %(county)s / 1000000) OVER (ORDER BY n) END AS mine
      FROM bench_plan) AS plan"""),
    ("parts", """
INSERT INTO casework_caseparty (id, case_id, party_id, role, extra) SELECT id, id, id + 1, 'applicant', '{}' FROM bench_plan"""),
    ("circles", """
INSERT INTO casework_caseaccess (id, case_id, user_id, why)
SELECT p.id, p.id, CASE WHEN p.n % 97 = 0 THEN %(user)s ELSE 1 + n % 300 END, 'opened' FROM bench_plan p"""),
    ("clocks", """
INSERT INTO casework_casedeadline (id, case_id, code, length, rolls, owner, status, started_at, due_at, ended_at, stops,
    next_warning, warned)
SELECT id, id, clock, '10 working days', true, 'hotline_agent', CASE WHEN open THEN 'running' ELSE 'met' END, at, due,
    CASE WHEN NOT open THEN due END, '[]', CASE WHEN open THEN now() + interval '300 days' END, 0 FROM bench_plan"""),
    ("history", """
INSERT INTO foundation_event (id, chain, position, digest, at, kind, actor_id, actor_role, case_id, about, data)
SELECT p.id + e, (p.n * %(each)s + e) % 32, (SELECT max(position) FROM foundation_chainhead) + 1 + (p.n * %(each)s + e) / 32,
    '\\x62656e6368', p.at + e * interval '1 hour', CASE WHEN e = 0 THEN 'case.opened' ELSE 'case.action' END,
    1 + p.n % 300, 'window_clerk', p.id, '', CASE WHEN e = 0 THEN '{"state": "registered"}'::jsonb ELSE '{"action": "take"}'::jsonb END
FROM bench_plan p, generate_series(0, %(each)s - 1) AS e"""),
    ("outbox", """
INSERT INTO casework_outgoing (id, case_id, notice, channel, party_id, text, status, attempts, made_at, sent_at, receipt, error)
SELECT id, id, 'consultation.registered', 'text', id + 1, '您的事项已登记', 'sent', 1, at, at, '', '' FROM bench_plan"""),
    ("chain ends", """
UPDATE foundation_chainhead h SET position = e.last, digest = decode(repeat('62', 32), 'hex')
FROM (SELECT chain, max(position) AS last FROM foundation_event GROUP BY chain) e
WHERE e.chain = h.chain AND e.last > h.position"""),
]  # fmt: skip


def fill(url: str, cases: int, events: int, user: int, say: Callable[[str], None]) -> None:
    """Fill a fresh installation as the tables' owner. Secondary indexes are taken off and put back; then ANALYZE."""
    values = {"cases": cases, "each": max(1, events // cases), "user": user, "mine": MINE, "county": COUNTY}
    with psycopg.connect(url, autocommit=True) as connection:
        # Referential checks row by row would take longer than the rows; this data is right by its making.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("SET work_mem = '256MB'")
        connection.execute("SELECT setseed(0.42)")
        connection.execute(_TRACKING.encode())
        connection.execute("DROP TABLE IF EXISTS bench_plan")
        _step("plan", partial(connection.execute, _PLAN.encode(), values), say)
        taken = _take_indexes(connection)
        for name, step in _STEPS:
            text = step.replace(" % ", " %% ") if "%(" in step else step.replace("%", "%%")
            _step(name, partial(connection.execute, text.encode(), values), say)
        for statement in taken:
            _step(statement.split()[2 if " UNIQUE " not in statement else 3], partial(connection.execute, statement.encode()), say)
        connection.execute("DROP TABLE bench_plan")
        _step("statistics", lambda: connection.execute("VACUUM ANALYZE"), say)


def _take_indexes(connection: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    """Drop the indexes that hold no constraint; their definitions, to make them again."""
    rows = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY (%s) AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint WHERE conname = indexname)", [list(_TABLES)],
    ).fetchall()  # fmt: skip
    for name, _definition in rows:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _name, definition in rows]


def _step(name: str, run: Callable[[], object], say: Callable[[str], None]) -> None:
    began = time.monotonic()
    run()
    say(f"{name}: {time.monotonic() - began:.1f} s")
