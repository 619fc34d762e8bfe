"""What the worker does for the standards: measure every night and when a leader asks, and tell keepers what they owe."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import close_old_connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system
from fahui.standards.actions import measure, try_on_last_quarter
from fahui.standards.indicators.queries import in_force
from fahui.standards.models import Reported, Run
from fahui.standards.returns.actions import keep_reported, remind

# From this hour on, in Shanghai, what the day before left is measured; a measuring that fails is tried so often a day.
NIGHT, TRIES = time(3), 3


@app.periodic(cron="40 * * * *")
@app.task(queueing_lock="measure", lock="measure", pass_context=False)
def measure_nightly(timestamp: int) -> None:
    """Once a day, at 03:40 or as soon as the worker is back: all targets as of yesterday's end, which is this morning's first hour."""
    close_old_connections()
    since = datetime.combine(clock.today(), NIGHT, clock.SHANGHAI)
    if clock.now() >= since:
        _keep_once(since)
        _measure_once(since)


def _keep_once(since: datetime) -> None:
    with transaction.atomic(), as_system():
        kept = Reported.objects.filter(at__gte=since).exists()
    if not kept:
        keep_reported()


def _measure_once(since: datetime) -> None:
    tried = list(Run.objects.filter(as_of=clock.today(), began_at__gte=since).values_list("state", flat=True))
    if "done" not in tried and len(tried) < TRIES:
        measure(clock.today())


@app.periodic(cron="10 1 * * *")  # 09:10 in Shanghai
@app.task(queueing_lock="returns", lock="returns", pass_context=False)
def remind_of_returns(timestamp: int) -> None:
    """Every morning: tell keepers which returns became owed."""
    close_old_connections()
    remind()


@app.task(queueing_lock="measure-now", lock="measure", pass_context=False)
def measure_now(as_of: str) -> None:
    """Measure as of a day because somebody asked."""
    close_old_connections()
    measure(date.fromisoformat(as_of))
    keep_reported()


def ask_to_measure() -> bool:
    """Have the worker measure as of today. Returns False where a job for it waits already."""
    try:
        with transaction.atomic():
            measure_now.defer(as_of=clock.today().isoformat())
    except AlreadyEnqueued:
        return False
    return True


def ask_for_the_first_figures() -> bool:
    """Have the worker measure if nothing was measured yet and the city has targets. Returns whether it was asked."""
    return bool(in_force(clock.today()).indicators) and not Run.objects.exists() and ask_to_measure()


@app.task(lock="measure", pass_context=False)
def try_version(version: int) -> None:
    """Count a drafted indicator as of the last quarter's end, beside how it is counted now."""
    close_old_connections()
    try_on_last_quarter(version)
