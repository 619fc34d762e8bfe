"""Django's PostgreSQL, with four round trips of a request saved.

A transaction begins with its first statement instead of before it, and asks what it goes by (`fahui.foundation.supposition`) then;
its last statements may go with COMMIT (`fahui.foundation.prelude.until_commit`); and a connection from the pool is looked at, not
asked, whether it still stands: one whose server went away has an end of file waiting.
"""

from __future__ import annotations

import contextlib
import select
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db.backends.postgresql import base as postgresql
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from fahui.foundation.exchange import SAVEPOINT, Rows, Statement, answers, can, exchange
from fahui.foundation.supposition import Supposition

if TYPE_CHECKING:

    class _Sending(CursorWrapper):
        """What Django's cursor does and its published types leave out."""

        def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any: ...
        def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any: ...
else:
    _Sending = CursorWrapper


class _Beginning(_Sending):
    """A cursor whose first statement of a transaction takes BEGIN along, and before whose statements goes what is to be known or waits
    for COMMIT."""

    db: DatabaseWrapper
    cursor: Any

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        if not (isinstance(sql, str) and SAVEPOINT.fullmatch(sql)):  # one can go back whatever has become known
            self.db.make_sure()
        if self.db.before_commit:
            self.db.send_what_waits()
        if not self.db.begin_waits:
            return super()._execute(sql, params, *ignored)
        if not isinstance(sql, str):
            self.db.begin()
            return super()._execute(sql, params, *ignored)
        self.db.begin_waits = False
        try:
            result = super()._execute(f"BEGIN; {sql}", params, *ignored)
        except Exception:
            self.db.begin_waits = self.db.in_status(TransactionStatus.IDLE)  # it was never sent
            raise
        self.cursor.nextset()  # past what BEGIN answers
        return result

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        self.db.make_sure()
        self.db.send_what_waits()
        self.db.begin()
        return super()._executemany(sql, param_list, *ignored)

    @contextlib.contextmanager
    def copy(self, *given: Any, **named: Any) -> Iterator[Any]:
        """psycopg's COPY, which is no statement that BEGIN could go along with. Raises django.db.Error, as all else does."""
        self.db.make_sure()
        self.db.send_what_waits()
        self.db.begin()
        with self.db.wrap_database_errors, self.cursor.copy(*given, **named) as copying:
            yield copying


class _DebugCursor(_Beginning, CursorDebugWrapper):
    pass


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """The connection of a thread. psycopg stays in autocommit; transactions are begun here."""

    begin_waits = False
    before_commit: list[Statement] | None = None
    # What the request goes by; its question goes ahead of the first statement.
    supposition: Supposition | None = None
    # Names of the plans that the server keeps for the connection of the moment (`foundation.prelude.Plan`).
    planned: set[str]

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """A cursor that begins the transaction."""
        return _Beginning(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        """The same, counting its queries."""
        return _DebugCursor(cursor, self)

    def begin(self) -> None:
        """Begin the transaction now, if it has not begun."""
        if self.begin_waits:
            self.begin_waits = False
            with self.wrap_database_errors:
                self.connection.execute("BEGIN")

    def _start_transaction_under_autocommit(self) -> None:
        """Django's way for databases that begin transactions by hand: remembered until the first statement."""
        self.begin_waits = True

    def send_what_waits(self) -> None:
        """Send what was to go with COMMIT now, since something else comes first."""
        if waiting := self.before_commit:
            self.before_commit = None
            self.send(waiting)

    def send(self, statements: list[Statement]) -> list[Rows]:
        """The rows each of these statements returns, all of them in one round trip. Raises django.db.Error."""
        self.ensure_connection()
        begins, waiting = self.begin_waits, self.before_commit
        ahead: list[Statement] = [*([("BEGIN", [])] if begins else ()), *(waiting or ())]
        asked = self._asked_along(ahead, statements)
        if asked:
            ahead.insert(int(begins), asked.question)
        self.begin_waits, self.before_commit = False, None
        whole = [*ahead, *statements]
        try:
            with self.wrap_database_errors:
                found = exchange(self.connection, whole) if can(whole) else self._as_text(whole)
        except Exception:
            if self.in_status(TransactionStatus.IDLE if begins else TransactionStatus.INTRANS):  # nothing was sent
                self.begin_waits, self.before_commit = begins, waiting
            raise
        if asked:
            asked.hear(found[int(begins)], along=True)
        return found[len(ahead) :]

    def _asked_along(self, ahead: list[Statement], statements: list[Statement]) -> Supposition | None:
        """What can be asked in the same round trip: in a transaction that does not end with it, so that all of it can be taken back.
        Otherwise it is asked before."""
        supposition = self.supposition
        if supposition is None or supposition.true:
            return None
        if self.in_atomic_block and supposition.true is None and can([supposition.question, *ahead, *statements]):
            return supposition
        self.make_sure()
        return None

    def make_sure(self) -> None:
        """Have the database say by itself that what the request goes by is so. Raises supposition.Untrue when it is not.

        Nothing is asked of a transaction that failed, in which nothing can be done but going back."""
        supposition = self.supposition
        if supposition is None or supposition.true:
            return
        supposition.insist()
        self.ensure_connection()
        if self.in_status(TransactionStatus.INERROR):
            return
        question = [supposition.question]
        with self.wrap_database_errors:
            found = exchange(self.connection, question) if can(question) else self._as_text(question)
        supposition.hear(found[0])

    def in_status(self, status: TransactionStatus) -> bool:
        """Whether the server stands there with this connection's transaction."""
        return bool(self.connection.info.transaction_status == status)

    def _as_text(self, statements: list[Statement]) -> list[Rows]:
        with self.connection.cursor() as cursor:
            cursor.execute("; ".join(text for text, _values in statements), [value for _text, values in statements for value in values])
            return answers(cursor)

    def _commit(self) -> Any:
        if not self.begin_waits:
            self.make_sure()
        if waiting := self.before_commit:
            self.before_commit = None
            self.send([*waiting, ("COMMIT", [])])
            return None
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
        self.planned = _planned.setdefault(connection, set())
        return connection


# What each connection of the pool has planned.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def _gone(connection: Any) -> bool:
    """Whether something waits to be read on a connection nobody asked anything: the server's goodbye."""
    watcher = select.poll()
    watcher.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(watcher.poll(0))
