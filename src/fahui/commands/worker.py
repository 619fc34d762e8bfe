"""`fahui worker`: the job worker. `up` runs it already; a bigger installation runs more of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

log = logging.getLogger("fahui.worker")
# Seconds without a sign of life (workers give one every ten) after which a worker's jobs are taken up by another.
RETRY_STALLED_AFTER = 30
# Seconds a stopping worker has to finish; an unfinished job is taken up by another worker.
LEAVE_WITHIN = 10
# Seconds after which a job that the database left alone is done again: one that restarts is back by then.
PAUSES = (5, 15, 40)
# On a machine that is full, whoever waits before a screen comes before what can wait a second.
_BEHIND = 10


def run(arguments: list[str]) -> int:
    """Work until stopped. A killed worker's unfinished jobs are taken up again."""
    _stand_back()
    asyncio.run(_work())
    return 0


def _stand_back() -> None:
    """Let others go first; where Linux weighs whole sessions against one another, with its session, if that is its own."""
    os.nice(_BEHIND)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):  # another system, or one that does not weigh sessions
            Path("/proc/self/autogroup").write_text(str(_BEHIND), encoding="ascii")


async def _work() -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined] # of Django's connector, unknown to the base class
    loop = asyncio.get_running_loop()
    async with worker_app.open_async():
        task = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=2, install_signal_handlers=False, delete_jobs="successful", worker_middleware=[persevere]
            )
        )
        rescue = asyncio.create_task(_rescue(worker_app.job_manager))

        def stop() -> None:
            task.cancel()
            # With the database gone too, saying goodbye to it would wait for long: then the kernel ends the process.
            signal.alarm(LEAVE_WITHIN)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        try:
            # Either ends the process: the queue's pool does not come back after the database was killed, and a worker
            # that only seems alive is worse than a new one, which the supervisor starts.
            done, _rest = await asyncio.wait({task, rescue}, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        except asyncio.CancelledError:
            log.info("worker stopped")
        finally:
            rescue.cancel()
            # Whatever ended the work, a process that hangs on a lost database must not stand in the way of a new one.
            signal.alarm(LEAVE_WITHIN)


async def persevere(do: Callable[[], Awaitable[object]], context: JobContext, worker: Worker) -> object:
    """Do a job again whose connection or statement the database broke off, after each of `PAUSES`: the import of the laws must not wait
    for the next start because the database was restarted just then. Doing it again is safe, as after a worker that was killed.

    Raises what the job raises, at once unless it is the database's fault.
    """
    for pause in PAUSES:
        try:
            return await do()
        except (OperationalError, InterfaceError) as error:
            told = {"task": context.job.task_name, "error": type(error.__cause__ or error).__name__, "seconds": pause}
            log.warning("the database left a job alone: it is done again", extra={"fields": told})
        await asyncio.sleep(pause)
    return await do()


async def take_up(manager: JobManager) -> None:
    """Put every stalled job back into the queue; one whose like waits there already is broken off, and that one does its work.

    Raises ConnectorException when the queue cannot be reached.
    """
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=RETRY_STALLED_AFTER):
        try:
            await manager.retry_job(job)
            log.warning("stalled job taken up again", extra={"fields": {"task": job.task_name}})
        except UniqueViolation:
            await manager.finish_job(job, Status.ABORTED, delete_job=False)
            log.warning("stalled job given up, the next of its kind is waiting", extra={"fields": {"task": job.task_name}})


async def _rescue(manager: JobManager) -> None:
    """Jobs that a killed worker left `doing` go back into the queue, as long as it can be reached."""
    while True:
        try:
            await take_up(manager)
        except ConnectorException:
            log.warning("the queue cannot be reached: this worker leaves")
            return
        await asyncio.sleep(10)
