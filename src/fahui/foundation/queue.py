"""How the job queue does: whether a worker lives, how many jobs wait, and how long the oldest has waited."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

# Workers give a sign of life every ten seconds; the queue itself gives a silent one up after thirty.
_SILENT = 60
# Seconds a job may wait before something is wrong: the most frequent ones are made every five seconds, none takes minutes to be begun.
PATIENCE = 300

# A job whose lock another one holds waits for that one, not for a worker.
_STATE = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(greatest(told.at, job.scheduled_at))), 0)::int,
    (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s))
FROM procrastinate_jobs job
LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id) told ON true
WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
    AND NOT EXISTS (SELECT FROM procrastinate_jobs held WHERE held.status = 'doing' AND held.lock = job.lock)
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue at this moment."""

    waiting: int  # jobs that could begin now
    oldest: int  # seconds the oldest of them has waited
    workers: int  # that gave a sign of life within the last minute

    @property
    def wrong(self) -> str:
        """What is wrong with it and what to do, in English for those who run it; empty when nothing is."""
        if self.workers == 0:
            return "no job worker is alive: messages, deadlines and figures stand still; start `fahui worker` and read its log"
        if self.oldest > PATIENCE:
            return f"a job has waited {self.oldest // 60} min: the worker ends again and again or is stuck; read its log"
        return ""


def state() -> Queue:
    """Look at the queue: two short indexed reads."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [_SILENT])
        return Queue(*cursor.fetchone())
