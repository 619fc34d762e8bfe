"""What goes to the database ahead of the next statement, in the same round trip: who reads, and rows gathered so far.

A request does a dozen small things; sent one by one, each costs a round trip and a compilation. Here they wait for the
next statement that needs an answer. Whatever reads, reads after them, so nobody can tell the difference. It relies on values being written into the statement
by the client (Django's default), since only then several statements can go together.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from django.db import connection, models

Statement = tuple[str, list[Any]]
_TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Prelude:
    """The execute wrapper of one connection inside one `reading_as`: it sends what waits before any other statement."""

    def __init__(self) -> None:
        # The announcement the reader of the moment needs, and the one the transaction has seen last.
        self.wanted: Statement | None = None
        self.told: Statement | None = None
        self.gathering = 0
        self.rows: list[models.Model | Statement] = []

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Run a statement after all that waits."""
        if isinstance(sql, str) and sql.startswith(_TRANSACTION):
            if self.rows and sql.startswith("SAVEPOINT"):  # a rollback to it must not take these rows along
                execute(*self.take(), False, context)
            if sql.startswith("ROLLBACK"):  # settings go back to what they were at the savepoint
                self.told = None
            return execute(sql, params, many, context)
        waiting, values = self.take()
        if not waiting:
            return execute(sql, params, many, context)
        if many or not isinstance(sql, str) or not (params is None or isinstance(params, (list, tuple))):
            execute(waiting, values, False, context)
            return execute(sql, params, many, context)
        text = sql.replace("%", "%%") if params is None else sql
        result = execute(f"{waiting}; {text}", [*values, *(params or ())], False, context)
        while context["cursor"].nextset():  # the answer is the last statement's
            pass
        return result

    def take(self) -> Statement:
        """All that waits as one text with its values ("" when nothing does); nothing waits afterwards."""
        statements: list[Statement] = []
        if self.wanted is not None and self.told != self.wanted:
            statements.append(self.wanted)
            self.told = self.wanted
        rows, self.rows = self.rows, []
        return _joined([*statements, *_statements(rows)])


def of_connection() -> Prelude | None:
    """The prelude at work on this thread's connection, if any."""
    return next((w for w in connection.execute_wrappers if isinstance(w, Prelude)), None)


@contextlib.contextmanager
def gathering() -> Iterator[None]:
    """Rows given to `write` in this block wait for the next statement that reads, at most for the block's end.

    Needs a `reading_as` around it. What still waits when the block fails is dropped, as its transaction is.
    """
    prelude = of_connection()
    if prelude is None:
        yield
        return
    prelude.gathering += 1
    try:
        yield
        if prelude.gathering == 1 and prelude.rows:
            with connection.cursor() as cursor:
                cursor.execute(*prelude.take())
    except BaseException:
        prelude.rows = []
        raise
    finally:
        prelude.gathering -= 1


def write(*rows: models.Model | Statement) -> None:
    """Insert new rows (of models without a database-made key), or run statements without an answer, in this order."""
    for row in rows:
        if isinstance(row, models.Model):
            row._state.adding, row._state.db = False, connection.alias
    prelude = of_connection()
    if prelude is not None and prelude.gathering:
        prelude.rows += rows
        return
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(*_joined(_statements(rows)))


def waits(row: models.Model) -> bool:
    """Whether this row was given to `write` and has not been sent: what changes on it now is sent with it."""
    prelude = of_connection()
    return prelude is not None and any(row is waiting for waiting in prelude.rows)


def updating(row: models.Model, names: Sequence[str]) -> Statement:
    """The statement that writes these attributes of a row."""
    fields = [field for field in row._meta.concrete_fields if field.name in names or field.attname in names]
    sets = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [_value(field, row, False) for field in fields]
    key = row._meta.pk
    assert key is not None
    return f'UPDATE "{row._meta.db_table}" SET {sets} WHERE "{key.column}" = %s', [*values, row.pk]


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row's values now, to tell later what changed."""
    return {field.attname: deepcopy(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def changed(row: models.Model, before: dict[str, Any]) -> list[str]:
    """Fields whose values differ from a snapshot."""
    return [f.name for f in row._meta.concrete_fields if getattr(row, f.attname) != before[f.attname]]


def ask(*questions: Statement) -> list[list[tuple[Any, ...]]]:
    """The rows each question returns, all in one round trip."""
    prelude = of_connection()
    waiting = prelude.take() if prelude is not None else ("", [])
    text, values = _joined([*([waiting] if waiting[0] else []), *questions])
    found: list[list[tuple[Any, ...]]] = []
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        while True:
            found.append(cursor.fetchall() if cursor.description else [])
            if not cursor.nextset():
                return found[-len(questions) :]


def _joined(statements: Sequence[Statement]) -> Statement:
    return "; ".join(text for text, _values in statements), [value for _text, values in statements for value in values]


def _statements(rows: Sequence[models.Model | Statement]) -> list[Statement]:
    """The rows as statements; neighbours of one table in one INSERT."""
    found: list[Statement] = []
    last: type[models.Model] | None = None
    for row in rows:
        if not isinstance(row, models.Model):
            found.append(row)
            last = None
            continue
        head, place, fields = _insert(type(row))
        values = [_value(field, row, True) for field in fields]
        if last is type(row):
            text, given = found[-1]
            found[-1] = (f"{text}, {place}", [*given, *values])
        else:
            found.append((f"{head} {place}", values))
            last = type(row)
    return found


@functools.cache
def _insert(model: type[models.Model]) -> tuple[str, str, list[Any]]:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES', f"({', '.join(['%s'] * len(fields))})", fields


def _value(field: Any, row: models.Model, adding: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, adding), connection)
