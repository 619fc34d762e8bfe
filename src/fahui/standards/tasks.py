"""What the worker does for the standards: measure every night, and when a leader asks."""

from __future__ import annotations

from datetime import date

from django.db import close_old_connections
from procrastinate.contrib.django import app

from fahui.foundation import clock
from fahui.standards.actions import measure, try_on_last_quarter


@app.periodic(cron="40 19 * * *")  # 03:40 in Shanghai; cron counts in UTC
@app.task(queueing_lock="measure", lock="measure", pass_context=False)
def measure_nightly(timestamp: int) -> None:
    """Every night: all targets as of yesterday's end, which is this morning's first hour."""
    close_old_connections()
    measure(clock.today())


@app.task(queueing_lock="measure-now", lock="measure", pass_context=False)
def measure_now(as_of: str) -> None:
    """Measure as of a day because somebody asked."""
    close_old_connections()
    measure(date.fromisoformat(as_of))


@app.task(queueing_lock=None, lock="measure", pass_context=False)
def try_version(version: int) -> None:
    """Count a drafted indicator as of the last quarter's end, beside how it is counted now."""
    close_old_connections()
    try_on_last_quarter(version)
