"""The worker of a running installation: what a killed one left is taken up, and nothing that lies in the queue stops it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

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
        # Given up, and kept; the other is back in the queue, at work, or done and gone.
        assert kept[killed] == "failed" and kept.get(alone) != "failed"
    assert "worker stopped by itself" not in city.log()
