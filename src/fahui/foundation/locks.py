"""Locks by name, kept by every process of an installation. They last as long as a transaction, so any pooler will do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connection


def hold(name: str) -> None:
    """Wait until nobody else holds this lock; it is ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else holds this lock; then it is ours for the block, whatever transactions begin and end in it.

    Held by a connection beside this thread's own, for seconds: a server may end what has been idle for longer."""
    with closing(connection.copy()) as beside:
        beside.ensure_connection()
        with beside.connection.transaction():
            (free,) = beside.connection.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name]).fetchone()
            yield free
