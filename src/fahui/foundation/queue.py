"""How the job queue does: whether a worker lives, how many jobs wait, how long the oldest has waited, and which failed."""

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

_FAILED = """
SELECT job.task_name, count(*)
FROM procrastinate_jobs job
WHERE job.status = 'failed' AND EXISTS (
    SELECT FROM procrastinate_events WHERE job_id = job.id AND type = 'failed' AND at > now() - interval '1 day'
)
GROUP BY job.task_name ORDER BY count(*) DESC, job.task_name
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue at this moment."""

    waiting: int  # jobs that could begin now
    oldest: int  # seconds the oldest of them has waited
    workers: int  # that gave a sign of life within the last minute
    failed: dict[str, int]  # how many jobs of each kind failed within a day, the most first

    @property
    def wrong(self) -> list[str]:
        """What is wrong with it and what to do, in English for those who run it; nothing when nothing is."""
        told = []
        if self.workers == 0:
            told.append("no job worker is alive: messages, deadlines and figures stand still; start `fahui worker` and read its log")
        elif self.oldest > PATIENCE:
            told.append(f"a job has waited {self.oldest // 60} min: the worker ends again and again or is stuck; read its log")
        if self.failed:
            kinds = ", ".join(f"{name.rsplit('.', 1)[-1]} {count}" for name, count in self.failed.items())
            told.append(f"jobs failed within the last day: {kinds}; the worker's log says why (`ended with status: Error`)")
        return told


def state() -> Queue:
    """Look at the queue: three short reads."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED)
        failed = dict(cursor.fetchall())
        cursor.execute(_STATE, [_SILENT])
        waiting, oldest, workers = cursor.fetchone()
    return Queue(waiting, oldest, workers, failed)
