"""What PostgreSQL alone can do: the same effects as Fahui's requests, in hand-written SQL, driven by pgbench.

Run as the tables' owner over the socket, with prepared statements, so without row security, Python, encryption, hash
chain or checking: no program on this database can be faster. The share of it is how much of the database is left.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.places import COUNTY, TOWNSHIP
from bench.requests import FACTS
from fahui.config.postgres import binary

# As Fahui numbers its rows, by milliseconds; then, instead of chance, the client and the microsecond, for no two may be the same.
_NEW = ("((extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1577836800000 << 21) + (:client_id::bigint << 16)"
        " + ((extract(epoch FROM clock_timestamp()) * 1000000)::bigint & 65535)")  # fmt: skip

# One durable statement: person, case, part, access, two clocks, outbox, request key, chain head and two events.
INTAKE = f"""
\\set chain random(0, 31)
WITH one AS MATERIALIZED (SELECT {_NEW} AS id, now() AS at),
p AS (INSERT INTO foundation_party (id, kind, name, pinyin, phone, phone_index, gender, nationality, address, languages,
    groups, contact, created_at)
    SELECT id, 'person', '压测', 'yace', sha256(id::text::bytea), sha256(id::text::bytea), '', 'CHN', '', '[]', '[]', '{{}}', at FROM one),
c AS (INSERT INTO casework_case (id, tracking_number, service, matter, version_id, region_code, scope_key, channel, title,
    applicant_id, state, owner, open, outcome, flags, priority, next_due, next_deadline, details, sealed, share_code,
    repeats_count, opened_at, changed_at, revision)
    SELECT id, 'FH' || substr(md5(id::text), 1, 12), 'consultation', 'question', 1, {TOWNSHIP}, 1000000000000 + {TOWNSHIP},
    'api', '工钱没有结清', id, 'registered', 'hotline_agent', true, '', '{{}}', 0, at + interval '7 days', 'order',
    '{{"facts": "{FACTS}", "wanted": "把工钱要回来"}}', false, '', 0, at, at, 1 FROM one),
cp AS (INSERT INTO casework_caseparty (id, case_id, party_id, role, extra) SELECT id, id, id, 'applicant', '{{}}' FROM one),
ca AS (INSERT INTO casework_caseaccess (id, case_id, user_id, why) SELECT id, id, :user, 'opened' FROM one),
d AS (INSERT INTO casework_casedeadline (id, case_id, code, length, rolls, owner, status, started_at, due_at, stops,
    next_warning, warned)
    SELECT id, id, 'order', '5 working days', true, 'justice_office', 'running', at, at + interval '7 days', '[]',
    at + interval '5 days', 0 FROM one),
o AS (INSERT INTO casework_outgoing (id, case_id, notice, channel, party_id, text, status, attempts, made_at, next_try,
    receipt, error)
    SELECT id, id, 'consultation.registered', 'text', id, '您的咨询已登记', 'waiting', 0, at, at + interval '1 day', '', '' FROM one),
k AS (INSERT INTO casework_idempotency (actor, key, request_digest, case_id, made_at)
    SELECT 'bench', id::text, sha256(id::text::bytea), id, at FROM one),
h AS (UPDATE foundation_chainhead SET position = position + 1 WHERE chain = (
    SELECT chain FROM foundation_chainhead ORDER BY chain = :chain DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING chain, position)
INSERT INTO foundation_event (id, chain, position, digest, at, kind, actor_id, actor_role, case_id, about, data)
SELECT id, chain, position, sha256(id::text::bytea), at, 'case.opened', :user, 'bench', id, '',
    '{{"service": "consultation", "matter": "question", "channel": "api", "state": "registered"}}' FROM one, h;
"""

# Lock, update, event, clock, request key.
ACTION = f"""
\\set n random(1, :open)
\\set chain random(0, 31)
WITH l AS MATERIALIZED (SELECT id, now() AS at FROM casework_case WHERE id = (SELECT id FROM bench_open WHERE n = :n) FOR UPDATE),
u AS (UPDATE casework_case c SET state = 'answering', handler_id = :user, revision = revision + 1, changed_at = l.at
    FROM l WHERE c.id = l.id),
d AS (UPDATE casework_casedeadline t SET warned = warned FROM l WHERE t.case_id = l.id AND t.status = 'running'),
a AS (INSERT INTO casework_caseaccess (id, case_id, user_id, why) SELECT {_NEW}, id, :user, 'handler' FROM l
    ON CONFLICT DO NOTHING),
k AS (INSERT INTO casework_idempotency (actor, key, request_digest, case_id, made_at)
    SELECT 'bench', ({_NEW})::text, sha256(id::text::bytea), id, at FROM l),
h AS (UPDATE foundation_chainhead SET position = position + 1 WHERE chain = (
    SELECT chain FROM foundation_chainhead ORDER BY chain = :chain DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING chain, position)
INSERT INTO foundation_event (id, chain, position, digest, at, kind, actor_id, actor_role, case_id, about, data)
SELECT {_NEW}, chain, position, sha256(id::text::bytea), at, 'case.action', :user, 'bench', id, '',
    '{{"action": "take", "from": "registered", "to": "answering"}}' FROM l, h;
"""

TRACK = """
\\set n random(1, :open)
SELECT c.*, i.name FROM casework_case c LEFT JOIN foundation_institution i ON i.id = c.institution_id
    WHERE tracking_number = (SELECT tracking_number FROM bench_open WHERE n = :n);
SELECT * FROM foundation_event WHERE case_id = (SELECT id FROM bench_open WHERE n = :n) ORDER BY id;
"""

_SCOPE = ",".join(f"[{number * 10**12 + COUNTY},{number * 10**12 + COUNTY + 10**6})" for number in (1, 2, 9))
LIST = f"""
SELECT * FROM casework_case WHERE open AND scope_key <@ '{{{_SCOPE}}}'::int8multirange AND NOT sealed
    ORDER BY next_due NULLS LAST, id LIMIT 51;
"""

_SCRIPTS = {"intake": INTAKE, "action": ACTION, "track": TRACK, "list": LIST}
PREPARE = """
CREATE TABLE IF NOT EXISTS bench_open AS
    SELECT row_number() OVER (ORDER BY id) AS n, id, tracking_number FROM casework_case
    WHERE open AND service = 'consultation' AND NOT sealed;
CREATE UNIQUE INDEX IF NOT EXISTS bench_open_n ON bench_open (n);
ANALYZE bench_open;
"""


@dataclass(frozen=True)
class Ceiling:
    """What pgbench saw: transactions a second and the average of one in milliseconds."""

    rate: float
    average: float


def run(url: str, name: str, clients: int, seconds: float, user: int, open_cases: int) -> Ceiling:
    """One pgbench run of a script. Raises RuntimeError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / f"{name}.sql"
        # pgbench ends a statement at the semicolon; within one, lines are its own.
        script.write_text(_SCRIPTS[name], encoding="utf-8")
        done = subprocess.run(
            [binary("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds))),
             "-f", str(script), "-D", f"user={user}", "-D", f"open={open_cases}", url],
            capture_output=True, text=True,
        )  # fmt: skip
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    average = re.search(r"latency average = ([\d.]+) ms", done.stdout)
    if done.returncode or not rate or not average:
        raise RuntimeError(f"pgbench {name}: {done.stderr[-600:]}")
    return Ceiling(float(rate[1]), float(average[1]))
