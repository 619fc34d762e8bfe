"""Django's PostgreSQL, with three round trips of a request saved.

A transaction begins with its first statement instead of before it; its last statements may go with COMMIT
(`fahui.foundation.prelude.until_commit`); and a connection from the pool is looked at, not asked, whether it still stands: one
whose server went away has an end of file waiting.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base as postgresql
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg_pool import ConnectionPool


class _Beginning:
    """A cursor whose first statement of a transaction takes BEGIN along, and before whose statements goes what waits for COMMIT."""

    db: DatabaseWrapper
    cursor: Any

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        if self.db.before_commit:
            self.db.send_what_waits()
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
        self.db.send_what_waits()
        self.db.begin()
        return super()._executemany(sql, param_list, *ignored)  # type: ignore[misc] # as above

    def copy(self, *given: Any, **named: Any) -> Any:
        """psycopg's COPY, which is no statement that BEGIN could go along with."""
        self.db.send_what_waits()
        self.db.begin()
        return self.cursor.copy(*given, **named)


class _Cursor(_Beginning, CursorWrapper):
    pass


class _DebugCursor(_Beginning, CursorDebugWrapper):
    pass


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """The connection of a thread. psycopg stays in autocommit; transactions are begun here."""

    begin_waits = False
    before_commit: tuple[str, list[Any]] | None = None

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

    def send_what_waits(self) -> None:
        """Send what was to go with COMMIT now, since something else comes first."""
        if waiting := self.before_commit:
            self.before_commit = None
            self.begin()
            with self.wrap_database_errors:
                self.connection.execute(*waiting)

    def _commit(self) -> Any:
        if waiting := self.before_commit:
            self.before_commit = None
            self.begin()
            with self.wrap_database_errors:
                return self.connection.execute(f"{waiting[0]}; COMMIT", waiting[1])
        if self.begin_waits:  # nothing happened in it
            self.begin_waits = False
            return None
        return super()._commit()  # type: ignore[misc] # unknown to the stubs

    def _rollback(self) -> Any:
        self.before_commit = None
        if self.begin_waits:
            self.begin_waits = False
            return None
        return super()._rollback()  # type: ignore[misc] # unknown to the stubs

    def _close(self) -> None:
        self.begin_waits, self.before_commit = False, None
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
