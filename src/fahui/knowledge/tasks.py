"""What the worker does for this floor."""

from __future__ import annotations

from django.db import close_old_connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from fahui.knowledge.laws.loading import load_package, package_wanted
from fahui.knowledge.search.actions import index_laws
from fahui.knowledge.search.queries import outdated


@app.task(queueing_lock="laws", lock="laws", pass_context=False)
def import_package() -> int:
    """Import the pinned package of national law and the city's own laws. Again, it changes nothing."""
    close_old_connections()
    versions = load_package().versions
    ask_for_index()
    return versions


@app.task(queueing_lock="law_index", lock="law_index", pass_context=False)
def build_index() -> int:
    """Index the law store; searches go on with the index before until the new one is whole."""
    close_old_connections()
    return index_laws()


def ask_for_laws() -> bool:
    """Have the worker import the pinned package if that was not done. Returns whether it was asked.

    Imported already, but indexed by an earlier edition of the search: the worker is asked to index again.
    """
    if package_wanted():
        return _ask(import_package)
    if outdated():
        ask_for_index()
    return False


def ask_for_index() -> bool:
    """Have the worker index the law store. Returns False where a job for it waits already."""
    return _ask(build_index)


def _ask(task: Task[[], int, []]) -> bool:
    try:
        with transaction.atomic():
            task.defer()
    except AlreadyEnqueued:
        return False
    return True
