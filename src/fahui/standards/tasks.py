"""What the worker does for the standards: measure every night and when a leader asks, and tell keepers what they owe."""

from __future__ import annotations

from datetime import date

from django.db import close_old_connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from fahui.foundation import clock
from fahui.standards.actions import measure, try_on_last_quarter
from fahui.standards.indicators.queries import in_force
from fahui.standards.models import Run
from fahui.standards.returns.actions import keep_reported, remind


@app.periodic(cron="40 19 * * *")  # 03:40 in Shanghai; cron counts in UTC
@app.task(queueing_lock="measure", lock="measure", pass_context=False)
def measure_nightly(timestamp: int) -> None:
    """Every night: all targets as of yesterday's end, which is this morning's first hour."""
    close_old_connections()
    measure(clock.today())
    keep_reported()


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
