"""What the health page says of the worker: that it lives, and that the queue moves."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db


def ready(client: Client) -> tuple[int, dict[str, Any], str]:
    answer = client.get("/readyz")
    body = answer.json()
    return answer.status_code, body, " ".join(note for note in body["notes"] if "job" in note)


def worker(silent: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)", [silent])


def job(since: str, *, later: str = "0 s", lock: str | None = None, status: str = "todo") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, scheduled_at) "
            "VALUES ('default', 't', %s, %s::procrastinate_job_status, now() - %s::interval + %s::interval) RETURNING id",
            [lock, status, since, later],
        )
        cursor.execute("UPDATE procrastinate_events SET at = now() - %s::interval WHERE job_id = %s", [since, cursor.fetchone()[0]])


def test_without_a_living_worker_the_page_says_so_and_still_answers(client: Client) -> None:
    worker("2 minutes")
    status, body, note = ready(client)
    assert status == 200 and body["workers"] == 0 and "no job worker is alive" in note


def test_a_queue_that_moves_needs_no_note(client: Client) -> None:
    worker("5 seconds")
    job("20 seconds")
    job("1 day", later="2 days")  # a retry that is planned for tomorrow waits for its hour, not for a worker
    _status, body, note = ready(client)
    assert body["workers"] == 1 and body["jobs_waiting"] == 1 and 20 <= body["oldest_job_seconds"] < 60 and not note


def test_a_worker_that_lives_and_does_nothing_is_named(client: Client) -> None:
    worker("5 seconds")
    job("20 minutes")
    _status, body, note = ready(client)
    assert body["oldest_job_seconds"] >= 1200 and "has waited 20 min" in note


def test_a_job_that_waits_for_another_of_its_lock_waits_for_no_worker(client: Client) -> None:
    worker("5 seconds")
    job("30 minutes", lock="measure", status="doing")
    job("20 minutes", lock="measure")
    _status, body, note = ready(client)
    assert body["jobs_waiting"] == 0 and not note


def test_jobs_that_failed_within_a_day_are_named(client: Client) -> None:
    worker("5 seconds")
    for hours, task in ((1, "fahui.casework.tasks.watch_deadlines"), (20, "fahui.casework.tasks.watch_deadlines"), (2, "tidy"), (25, "older")):
        failed(task, hours)
    job("1 hour", status="aborted")  # its like does its work
    _status, body, note = ready(client)
    assert body["jobs_failed"] == 3 and "within the last day: watch_deadlines 2, tidy 1;" in note and "older" not in note


def failed(task: str, hours: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, 'doing') RETURNING id", [task])
        number = cursor.fetchone()[0]
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
        cursor.execute("UPDATE procrastinate_events SET at = now() - %s * interval '1 hour' WHERE job_id = %s", [hours, number])


def test_services_are_counted_not_their_versions(client: Client) -> None:
    before = client.get("/readyz").json()["services"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT service) FROM casework_serviceversion")
        assert before == cursor.fetchone()[0]
        cursor.execute("CREATE TEMP TABLE later ON COMMIT DROP AS SELECT * FROM casework_serviceversion LIMIT 1")
        cursor.execute("UPDATE later SET id = 999999, version = '99.0.0'")
        cursor.execute("INSERT INTO casework_serviceversion SELECT * FROM later")
    assert client.get("/readyz").json()["services"] == before
