"""The worker of a running installation: what a killed one left is taken up, and nothing that lies in the queue stops it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from fahui.commands import worker
from fahui.config.postgres import Cluster
from tests.live import ROOT, Installation

pytestmark = pytest.mark.live

_KILLED = """
WITH gone AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)
SELECT 'default', 'fahui.knowledge.tasks.build_index', %(lock)s, %(lock)s, '{}', 'doing', id FROM gone RETURNING id
"""
_WAITING = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, scheduled_at)
VALUES ('default', 'fahui.knowledge.tasks.build_index', %(lock)s, %(lock)s, '{}', 'todo', %(at)s) RETURNING id
"""


@pytest.mark.parametrize("own_session", [True, False])
def test_what_can_wait_a_second_lets_others_go_first(own_session: bool) -> None:
    told = (
        "import json, os; from pathlib import Path; from fahui.commands.worker import _stand_back; "
        "group = Path('/proc/self/autogroup'); weight = lambda: group.read_text().split() if group.exists() else []; "
        "before = weight(); _stand_back(); print(json.dumps([os.nice(0), before, weight()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True,
        start_new_session=own_session, check=True,
    )  # fmt: skip
    nice, before, after = json.loads(done.stdout)
    assert nice == 10 + os.nice(0)
    # Linux may weigh sessions against one another; one begun before it did has no weight, and a terminal's own stays.
    assert after == ([*before[:-1], "10"] if own_session and before else before)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    installation.start()
    yield installation
    installation.stop()


def test_a_killed_workers_job_whose_like_waits_already_is_given_up_and_the_worker_goes_on(city: Installation) -> None:
    with psycopg.connect(Cluster(city.home).url(), autocommit=True) as database:
        # The next of its kind waits, as the one of every night does after a loss of power: both cannot.
        killed = database.execute(_KILLED, {"lock": "test-twin"}).fetchone()[0]
        database.execute(_WAITING, {"lock": "test-twin", "at": "2099-01-01"})
        alone = database.execute(_KILLED, {"lock": "test-alone"}).fetchone()[0]
        left, patience = {killed, alone}, time.monotonic() + 90
        while left and time.monotonic() < patience:
            time.sleep(0.5)
            left = {row[0] for row in database.execute("SELECT id FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'doing'", [[killed, alone]])}
        assert not left
        kept = dict(database.execute("SELECT id, status::text FROM procrastinate_jobs WHERE id = ANY(%s)", [[killed, alone]]).fetchall())
        # Broken off, which is no failure, and kept; the other is back in the queue, at work, or done and gone.
        assert kept[killed] == "aborted" and kept.get(alone) not in ("aborted", "failed")
    assert "worker stopped by itself" not in city.log()


def test_a_job_whose_connection_breaks_is_done_again_and_has_not_failed(city: Installation) -> None:
    with psycopg.connect(Cluster(city.home).url(), autocommit=True) as database:
        with database.transaction():
            database.execute("LOCK TABLE knowledge_searchindex IN ACCESS EXCLUSIVE MODE")  # it stops there, however fast it is
            with psycopg.connect(Cluster(city.home).url(), autocommit=True) as beside:
                job = beside.execute(_WAITING, {"lock": "test-broken", "at": None}).fetchone()[0]
                assert _soon(lambda: beside.execute(_STOPPED).fetchall()), "the job never reached the table"
                broken = beside.execute(f"SELECT pg_terminate_backend(pid) FROM ({_STOPPED}) stopped").fetchall()
                assert broken and all(done for (done,) in broken)
                assert _soon(lambda: "the database left a job alone" in city.log())
        # Done, and gone as what was done is: done again, since the first time it was broken off.
        assert _soon(lambda: not database.execute("SELECT 1 FROM procrastinate_jobs WHERE id = %s", [job]).fetchall())
        assert database.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'").fetchone() == (0,)
    assert "worker stopped by itself" not in city.log()


def test_what_failed_a_month_ago_is_forgotten(city: Installation) -> None:
    with psycopg.connect(Cluster(city.home).url(), autocommit=True) as database:
        ended = {
            (status, days): database.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'test', %s::procrastinate_job_status)"
                " RETURNING id", [status],
            ).fetchone()[0]
            for status in ("failed", "aborted") for days in (29, 31)
        }  # fmt: skip
        told = "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s::procrastinate_job_event_type, now() - %s * interval '1 day')"
        for (status, days), job in ended.items():
            database.execute(told, [job, status, days])
        database.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'fahui.casework.tasks.forget_old_jobs', '{\"timestamp\": 0}')"
        )
        held = "SELECT id FROM procrastinate_jobs WHERE id = ANY(%s)"
        wanted = {job for (_status, days), job in ended.items() if days == 29}
        assert _soon(lambda: {row[0] for row in database.execute(held, [[*ended.values()]])} == wanted)


_STOPPED = (
    "SELECT locks.pid FROM pg_locks locks JOIN pg_stat_activity what USING (pid)"
    " WHERE NOT locks.granted AND locks.relation = 'knowledge_searchindex'::regclass"
)


def _soon(happened: Callable[[], object]) -> bool:
    """Whether it happens; at first a worker is busy with the import of the laws and the first figures."""
    end = time.monotonic() + 180
    while not (found := bool(happened())) and time.monotonic() < end:
        time.sleep(0.2)
    return found


@pytest.mark.parametrize(
    ("faults", "done"),
    [
        ([], 1),
        ([OperationalError()] * 2 + [InterfaceError()], 4),  # the last pause was enough
        ([OperationalError()] * 4, None),  # it is told when the database does not come back
        ([ValueError()], None),  # a fault of ours: again would be the same again
    ],
)
def test_a_job_is_done_again_when_the_database_broke_it_off_and_then_only(
    faults: list[Exception], done: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PAUSES", (0, 0, 0))
    left, tries = list(faults), 0

    async def job() -> int:
        nonlocal tries
        tries += 1
        if left:
            raise left.pop(0)
        return tries

    # What it is told of is the job's name only; the queue's own objects are made of a database.
    context = cast("JobContext", SimpleNamespace(job=SimpleNamespace(task_name="fahui.channels.tasks.make_export")))
    attempt = worker.persevere(job, context, cast("Worker", None))
    if done is None:
        with pytest.raises(type(faults[0])):
            asyncio.run(attempt)
        assert tries == len(faults)
    else:
        assert asyncio.run(attempt) == done == tries
