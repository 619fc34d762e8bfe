"""Killed again and again under load: what was acknowledged is there, once, and everything runs on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fahui.config.postgres import Cluster
from tests.kill.clients import Client, Ledger
from tests.live import ROOT, Installation

pytestmark = pytest.mark.kill

ROUNDS = 2
VICTIMS = ("granian", "worker", "postgres")
MAKE_KEY = """
import django; django.setup()
from datetime import date
from django.db import transaction
from fahui.foundation.accounts.actions import make_key, make_staff
from fahui.foundation.accounts.scope import SYSTEM, as_system
with transaction.atomic(), as_system():
    post = {"role": "window_clerk", "region_code": 511112000000, "service": "*", "valid_from": date(2020, 1, 1)}
    user = make_staff(SYSTEM, "kill-clerk", "窗口", None, [post])
    print(make_key(SYSTEM, "kill", user.pk, ["cases:read", "cases:write"])[1])
"""


class Run:
    """An installation that was killed under load, and what its clients were told."""

    def __init__(self, home: Path) -> None:
        self.site, self.ledger, self.killed = Installation(home), Ledger(), Counter[str]()

    def rows(self, query: str) -> list[tuple]:
        """Asked as the owner of the tables, who sees everything."""
        with psycopg.connect(Cluster(self.site.home).url()) as connection:
            return connection.execute(query).fetchall()

    def key(self) -> str:
        """A machine key of a window clerk."""
        env = self.site.environment | {
            "FAHUI_DATA_DIR": str(self.site.home), "FAHUI_CITY": "leshan", "DJANGO_SETTINGS_MODULE": "fahui.config.settings",
        }  # fmt: skip
        done = subprocess.run([sys.executable, "-c", MAKE_KEY], env=env, cwd=ROOT, check=True,
                              capture_output=True, text=True)  # fmt: skip
        return done.stdout.strip()

    def kill(self, name: str) -> None:
        """SIGKILL to a part while it works; for the web server, the process that answers."""
        found = self.site.children(name)
        assert found, f"no {name} to kill"
        # granian: its worker process is the younger one; postgres: the postmaster only, as a crash would take it.
        os.kill(found[0] if name == "postgres" else found[-1], signal.SIGKILL)
        self.killed[name] += 1

    def until_working(self, patience: float = 40) -> None:
        """Wait until more is acknowledged than at the kill."""
        before, deadline = len(self.ledger.papers), time.monotonic() + patience
        while len(self.ledger.papers) < before + 3:
            assert time.monotonic() < deadline, f"nothing was acknowledged for {patience} s:\n{self.site.log()[-3000:]}"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    made = Run(tmp_path_factory.mktemp("kill") / "var")
    made.site.start()
    stop = threading.Event()
    clients = [Client(made.site.port, key, made.ledger, stop) for key in [made.key()] for _ in range(4)]
    try:
        for client in clients:
            client.start()
        made.until_working()
        for _round in range(ROUNDS):
            for name in VICTIMS:
                made.kill(name)
                made.until_working()
        stop.set()
        for client in clients:
            client.join(70)
        assert not any(client.is_alive() for client in clients)
        yield made
    finally:
        stop.set()
        made.site.stop()
        for pid in made.site.children("postgres"):
            os.kill(pid, signal.SIGKILL)


def test_every_part_was_killed_while_work_came_in(run: Run):
    assert run.killed == dict.fromkeys(VICTIMS, ROUNDS)
    assert run.ledger.faults == []
    assert run.ledger.retries > 0, "no request was ever interrupted: the kills hit nothing"
    assert min(len(run.ledger.cases), len(run.ledger.actions), len(run.ledger.papers)) >= 20


def test_every_acknowledged_case_is_there_once(run: Run):
    stored = dict(run.rows("SELECT id, tracking_number FROM casework_case"))
    assert {case: stored.get(case) for case in run.ledger.numbers} == run.ledger.numbers
    # The title is the client's own mark: the same one twice would be a case opened twice.
    titles = Counter(title for (title,) in run.rows("SELECT title FROM casework_case"))
    assert [title for title, times in titles.items() if times > 1] == []
    # At most one per client was under way, unacknowledged, when they were told to stop.
    assert set(titles) >= {token[:20] for token in run.ledger.cases}


def test_every_acknowledged_action_is_there_once(run: Run):
    done = Counter(case for (case,) in run.rows("SELECT case_id FROM foundation_event WHERE kind = 'case.action'"))
    assert {case: done[case] for case in run.ledger.actions.values()} == dict.fromkeys(run.ledger.actions.values(), 1)


def test_every_acknowledged_paper_is_there_once_with_its_file(run: Run):
    kept = Counter(run.rows("SELECT case_id, file_id FROM casework_paper"))
    assert {paper: kept[paper] for paper in run.ledger.papers.values()} == dict.fromkeys(run.ledger.papers.values(), 1)
    assert max(kept.values()) == 1
    for _case, digest in kept:
        assert (run.site.home / "files" / digest[:2] / digest[2:4] / digest).stat().st_size > 20_000


def test_the_audit_chains_hold(run: Run):
    done = run.site.run("audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    opened = run.rows("SELECT count(*) FROM foundation_event WHERE kind = 'case.opened'")[0][0]
    assert opened == run.rows("SELECT count(*) FROM casework_case")[0][0]


def test_the_outbox_drains_and_nobody_is_told_twice(run: Run):
    deadline = time.monotonic() + 60
    while run.rows("SELECT 1 FROM casework_outgoing WHERE status = 'waiting' LIMIT 1") and time.monotonic() < deadline:
        time.sleep(0.5)
    assert dict(run.rows("SELECT status, count(*) FROM casework_outgoing GROUP BY 1")).keys() == {"sent"}
    texts = Counter(run.rows("SELECT case_id, notice FROM casework_outgoing WHERE channel = 'text'"))
    assert set(texts.values()) == {1}


def test_periodic_jobs_run_again(run: Run):
    newest = "SELECT coalesce(max(id), 0) FROM procrastinate_periodic_defers"
    before, deadline = run.rows(newest)[0][0], time.monotonic() + 20
    while run.rows(newest)[0][0] <= before and time.monotonic() < deadline:
        time.sleep(0.3)
    assert run.rows(newest)[0][0] > before, "no periodic job was deferred for 20 s"
    assert run.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")[0][0] == 0
