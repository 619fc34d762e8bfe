"""Django's PostgreSQL, with two round trips of every request saved.

A transaction begins with its first statement instead of before it, and a connection from the pool is looked at, not
asked, whether it still stands: one whose server went away has an end of file waiting.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base as postgresql
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg_pool import ConnectionPool


class _Beginning:
    """A cursor whose first statement of a transaction takes BEGIN along."""

    db: DatabaseWrapper
    cursor: Any

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        if not self.db.begin_waits:
            return super()._execute(sql, params, *ignored)  # type: ignore[misc] # the wrapper this is mixed into
        if not isinstance(sql, str):
            self.db.begin()
            return super()._execute(sql, params, *ignored)  # type: ignore[misc] # as above
        self.db.begin_waits = False
        result = super()._execute(f"BEGIN; {sql}", params, *ignored)  # type: ignore[misc] # as above
        self.cursor.nextset()  # past what BEGIN answers
        return result

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        self.db.begin()
        return super()._executemany(sql, param_list, *ignored)  # type: ignore[misc] # as above

    def copy(self, *given: Any, **named: Any) -> Any:
        """psycopg's COPY, which is no statement that BEGIN could go along with."""
        self.db.begin()
        return self.cursor.copy(*given, **named)


class _Cursor(_Beginning, CursorWrapper):
    pass


class _DebugCursor(_Beginning, CursorDebugWrapper):
    pass


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """The connection of a thread. psycopg stays in autocommit; transactions are begun here."""

    begin_waits = False

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """A cursor that begins the transaction."""
        return _Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        """The same, counting its queries."""
        return _DebugCursor(cursor, self)

    def begin(self) -> None:
        """Begin the transaction now, if it has not begun."""
        if self.begin_waits:
            self.begin_waits = False
            self.connection.execute("BEGIN")

    def _start_transaction_under_autocommit(self) -> None:
        """Django's way for databases that begin transactions by hand: remembered until the first statement."""
        self.begin_waits = True

    def _commit(self) -> Any:
        if self.begin_waits:  # nothing happened in it
            self.begin_waits = False
            return None
        return super()._commit()  # type: ignore[misc] # unknown to the stubs

    def _rollback(self) -> Any:
        if self.begin_waits:
            self.begin_waits = False
            return None
        return super()._rollback()  # type: ignore[misc] # unknown to the stubs

    def _close(self) -> None:
        self.begin_waits = False
        super()._close()  # type: ignore[misc] # unknown to the stubs

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that still stands."""
        connection = super().get_new_connection(conn_params)
        pool: ConnectionPool | None = self.pool  # type: ignore[attr-defined] # unknown to the stubs
        while pool and _gone(connection):
            connection.close()
            pool.putconn(connection)  # which throws a closed one away
            connection = super().get_new_connection(conn_params)
        return connection


def _gone(connection: Any) -> bool:
    """Whether something waits to be read on a connection nobody asked anything: the server's goodbye."""
    watcher = select.poll()
    watcher.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(watcher.poll(0))
