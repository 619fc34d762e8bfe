"""What goes to the database ahead of the next statement, in the same round trip: who reads, and rows gathered so far.

A request does a dozen small things; sent one by one, each costs a round trip and a compilation. Here they wait for the
next statement that needs an answer: the reader's announcement, savepoints, and rows to insert. Whatever reads, reads
after them, so nobody can tell the difference. Kept plans travel with their values beside the text (`exchange`); with any other
statement values are written into it by the client (Django's default), since only then several can go together.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState
from psycopg.pq import TransactionStatus
from pydantic_core import to_json

from fahui.foundation.exchange import SAVEPOINT, Rows, Statement, answers
from fahui.foundation.supposition import Untrue

M = TypeVar("M", bound=models.Model)
P = ParamSpec("P")
R = TypeVar("R")


class Prelude:
    """The execute wrapper of one connection inside one `reading_as`: it sends what waits before any other statement."""

    def __init__(self, here: BaseDatabaseWrapper) -> None:
        self.here = here
        # The announcement the reader of the moment needs, and the one the transaction has seen last.
        self.wanted: Statement | None = None
        self.told: Statement | None = None
        self.gathering = 0
        self.rows: list[models.Model | Statement] = []
        # Inside `until_commit`, and what was gathered in it, with the announcement it was written under.
        self.patient = False
        self.late: list[models.Model | Statement] = []
        # Savepoints that are open, by their depth; and those given up before they were sent: nobody need be told of their end.
        self._open: list[str] = []
        self._unsent: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Run a statement after all that waits."""
        if isinstance(sql, str) and (savepoint := SAVEPOINT.fullmatch(sql)):
            name = self._named(savepoint[1], savepoint[2])
            return self._savepoint(execute, f"{savepoint[1]} {name}", name, context)
        taken = self.take()
        if not taken:
            return execute(sql, params, many, context)
        alone = many or not isinstance(sql, str) or not (params is None or isinstance(params, (list, tuple)))
        try:
            if alone:
                _send(taken)
            else:
                waiting, values = _joined(taken)
                text = sql.replace("%", "%%") if params is None else sql
                result = execute(f"{waiting}; {text}", [*values, *(params or ())], False, context)
        except Exception as error:
            self.give_back(taken, error)
            raise
        if alone:
            return execute(sql, params, many, context)
        while context["cursor"].nextset():  # the answer is the last statement's
            pass
        return result

    def take(self) -> list[Statement]:
        """All that waits; nothing waits afterwards."""
        self.put_off()
        waiting, self.late = self.late, []
        return _statements(waiting)

    def give_back(self, taken: list[Statement], error: Exception) -> None:
        """What was taken waits again if it was not sent: for a value that no statement can hold, or because the request goes by what is
        not so. The reader is announced anew."""
        here: Any = self.here  # of `config.engine`
        self.told = None
        if isinstance(error, Untrue) and error.done:
            return
        if here.begin_waits or here.in_status(TransactionStatus.INTRANS):
            self.late = [*taken, *self.late]

    def put_off(self) -> None:
        """Have the rows that wait go later, under the announcement of the moment."""
        if self.wanted is not None and self.told != self.wanted:
            self.late.append(self.wanted)
            self.told = self.wanted
        self.late += self.rows
        self.rows = []

    def drop(self, *, late: bool = False) -> None:
        """Forget the rows that wait, with `late` also those put off; savepoints around them are not theirs and stay."""
        waiting = [*(self.late if late else ()), *self.rows]
        self.rows = [row for row in waiting if isinstance(row, tuple) and SAVEPOINT.fullmatch(row[0])]
        if late and self.late:
            self.late, self.told = [], None

    def _named(self, what: str, name: str) -> str:
        """A savepoint's name by its depth. Django's counts on for ever, so that no two requests would send the same text, and psycopg
        reads every new text anew."""
        if what == "SAVEPOINT":
            self._open.append(name)
        elif name not in self._open:
            return name  # begun before there was a reader
        depth = self._open.index(name) + 1
        del self._open[depth - (what == "RELEASE SAVEPOINT") :]
        return f'"p{depth}"'

    def _savepoint(self, execute: Callable[..., Any], sql: str, name: str, context: dict[str, Any]) -> Any:
        """Savepoints wait like rows do. One that was given up before it was sent takes what came after it along."""
        begun = _place(self.rows, name)
        if sql.startswith("ROLLBACK"):
            if begun is not None:
                del self.rows[begun:]
                self._unsent.add(name)
                return None
            if (put_off := _place(self.late, name)) is not None:
                del self.late[put_off:]
                self.rows, self.told = [], None
                self._unsent.add(name)
                return None
            self.rows, self.late, self.told = [], [], None  # settings go back to what they were at the savepoint
            return execute(sql, None, False, context)
        if sql.startswith("RELEASE") and name in self._unsent:
            self._unsent.discard(name)
            return None
        if sql.startswith("RELEASE") and begun == len(self.rows) - 1:
            self.rows.pop()
            return None
        self.rows.append((sql, []))
        return None


# The prelude at work in this thread, on its connection.
_at_work: ContextVar[Prelude | None] = ContextVar("fahui_prelude", default=None)


def _place(waiting: Sequence[models.Model | Statement], savepoint: str) -> int | None:
    """Where among what waits a savepoint begins; of several of one depth, the last."""
    begins: Statement = (f"SAVEPOINT {savepoint}", [])
    return next((place for place in reversed(range(len(waiting))) if waiting[place] == begins), None)


def _here() -> BaseDatabaseWrapper:
    """This thread's connection, without the detour each look at `django.db.connection` takes."""
    prelude = _at_work.get()
    return prelude.here if prelude is not None else connections[DEFAULT_DB_ALIAS]


@contextlib.contextmanager
def at_work() -> Iterator[Prelude]:
    """The prelude at work, or one that is for this block."""
    prelude = _at_work.get()
    if prelude is not None:
        yield prelude
        return
    prelude = Prelude(connections[DEFAULT_DB_ALIAS])
    token = _at_work.set(prelude)
    try:
        with prelude.here.execute_wrapper(prelude):
            yield prelude
    finally:
        _at_work.reset(token)


@contextlib.contextmanager
def gathering() -> Iterator[None]:
    """Rows given to `write` in this block wait for the next statement that reads, at most for the block's end.

    Needs a `reading_as` around it. What still waits when the block fails is dropped, as its transaction is.
    """
    prelude = _at_work.get()
    if prelude is None:
        yield
        return
    prelude.gathering += 1
    try:
        yield
        if prelude.gathering == 1 and prelude.rows:
            if prelude.patient:
                prelude.put_off()
            else:
                _send(prelude.take())
    except BaseException:
        prelude.drop()
        raise
    finally:
        prelude.gathering -= 1


def _send(statements: list[Statement]) -> list[Rows]:
    """The rows each statement returns, all in one round trip; by a cursor where somebody watches this connection's statements."""
    here: Any = _here()  # of `config.engine`
    if not here.queries_logged and all(isinstance(wrapper, Prelude) for wrapper in here.execute_wrappers):
        return here.send(statements)
    with here.cursor() as cursor:
        cursor.execute(*_joined(statements))
        return answers(cursor)


@contextlib.contextmanager
def until_commit() -> Iterator[None]:
    """What is gathered in this block may wait even longer: for the next statement, or for COMMIT, with which it goes.

    Needs a `reading_as` around it, whose end is the transaction's. What the database refuses then (IntegrityError) comes up at the
    commit, not where it was written: whoever opens this block answers for that.
    """
    prelude = _at_work.get()
    if prelude is None:
        raise RuntimeError("until_commit needs a reading_as around it")
    prelude.patient = True
    try:
        yield
        if prelude.late:
            here: Any = _here()  # of `config.engine`
            here.before_commit = [*(here.before_commit or ()), *prelude.take()]
    except BaseException:
        prelude.drop(late=True)
        raise
    finally:
        prelude.patient = False


def whole(do: Callable[P, R]) -> Callable[P, R]:
    """A transaction around a function: nothing of it stays when it fails. Where all that surrounds it goes with it then
    (`until_commit`), no savepoint is needed."""

    @functools.wraps(do)
    def done(*given: P.args, **named: P.kwargs) -> R:
        with transaction.atomic(savepoint=not waits_for_commit()):
            return do(*given, **named)

    return done


def waits_for_commit() -> bool:
    """Whether what is gathered now may go with COMMIT (`until_commit`)."""
    prelude = _at_work.get()
    return prelude is not None and prelude.patient


def write(*rows: models.Model | Statement) -> None:
    """Insert new rows (of models without a database-made key), or run statements without an answer, in this order."""
    for row in rows:
        if isinstance(row, models.Model):
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    prelude = _at_work.get()
    if prelude is not None and prelude.gathering:
        prelude.rows += rows
        return
    if rows:
        _send(_statements(rows))


def waits(row: models.Model) -> bool:
    """Whether this row was given to `write` and has not been sent: what changes on it now is sent with it."""
    prelude = _at_work.get()
    return prelude is not None and any(row is waiting for waiting in prelude.rows)


def fresh(model: type[M], **values: Any) -> M:
    """A new row of a model, as its constructor makes it, in a quarter of the time: no signal is sent. For what every request makes.

    Raises TypeError for a value the model has no place for."""
    columns_of, relations, fixed, made_anew = _places(model)
    row = model.__new__(model)
    row._state = ModelState()
    held = row.__dict__
    held |= fixed
    for name, default in made_anew:
        if name not in values:
            held[name] = default()
    for name, value in values.items():
        if name in columns_of:
            held[name] = value
        elif name in relations:
            setattr(row, name, value)
        else:
            raise TypeError(f"{model.__name__} has no {name!r}")
    return row


@functools.cache
def _places(
    model: type[models.Model],
) -> tuple[frozenset[str], frozenset[str], dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Where values go: columns, rows of other models, what a column holds by itself, and what is made for each row."""
    fields = model._meta.concrete_fields
    columns_of = frozenset(field.attname for field in fields)
    relations = frozenset(field.name for field in fields) - columns_of
    calls = [field for field in fields if field.has_default() and callable(field.default)]
    fixed = {field.attname: field.get_default() for field in fields if field not in calls}
    return columns_of, relations, fixed, [(field.attname, field.get_default) for field in calls]


def updating(row: models.Model, names: Sequence[str]) -> Statement:
    """The statement that writes these attributes of a row."""
    here = _here()
    fields = [field for field in row._meta.concrete_fields if field.name in names or field.attname in names]
    values = [field.get_db_prep_save(field.pre_save(row, False), here) for field in fields]
    return _update(type(row), tuple(field.name for field in fields))(*values, row.pk)


@functools.lru_cache(maxsize=256)
def _update(model: type[models.Model], names: tuple[str, ...]) -> Plan:
    fields = [field for field in model._meta.concrete_fields if field.name in names]
    key = model._meta.pk
    assert key is not None
    sets = ", ".join(f'"{field.column}" = %s' for field in fields)
    text = f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{key.column}" = %s'
    return Plan(named("fahui_set", text), ", ".join(_type(field) for field in [*fields, key]), text)


def _type(field: Any) -> str:
    """The column's type without its length, which a value's place does not have."""
    return re.sub(r"\(\d+\)", "", str(field.db_type(_here())))


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row's values now, to tell later what changed."""
    return {field.attname: deepcopy(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def changed(row: models.Model, before: dict[str, Any]) -> list[str]:
    """Fields whose values differ from a snapshot."""
    return [f.name for f in row._meta.concrete_fields if getattr(row, f.attname) != before[f.attname]]


@dataclass(frozen=True)
class Plan:
    """A statement whose plan each connection keeps, for questions asked all the time: under row security planning costs
    more than the answer. `takes` are the types of its values, in order. Called with the values it is a `Statement`."""

    name: str
    takes: str
    text: str

    def __call__(self, *values: Any) -> Statement:
        """The statement with these values. Its first use on a connection has it planned there."""
        if not settings.DATABASE_KEEPS_PLANS:
            return self.text, [*values]
        here: Any = _here()  # of `config.engine`
        if here.connection is None:
            here.ensure_connection()
        known = here.planned
        if self.name not in known:
            with here.cursor() as cursor:
                cursor.execute(self._prepare)
            known.add(self.name)
        return self._execute, [*values]

    @functools.cached_property
    def _prepare(self) -> str:
        parts = self.text.split("%s")
        numbered = "".join(f"{part}${place}" for place, part in enumerate(parts[:-1], start=1)) + parts[-1]
        return f"PREPARE {self.name} ({self.takes}) AS {numbered}"

    @functools.cached_property
    def _execute(self) -> str:
        return f"EXECUTE {self.name} ({', '.join(['%s'] * self.text.count('%s'))})"


def named(prefix: str, text: str) -> str:
    """A plan's name for a text that is put together: the same text, the same plan."""
    return f"{prefix}_{hashlib.blake2s(text.encode(), digest_size=8).hexdigest()}"


def ask(*questions: Statement) -> list[Rows]:
    """The rows each question returns, all in one round trip."""
    prelude = _at_work.get()
    if prelude is None:
        return _send([*questions])
    taken = prelude.take()
    try:
        return _send([*taken, *questions])[-len(questions) :]
    except Exception as error:
        prelude.give_back(taken, error)
        raise


def columns(model: type[models.Model], table: str = "", without: tuple[str, ...] = ()) -> str:
    """The columns of a model in the order `made` wants them, for a question's text."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{field.column}"' for field in model._meta.concrete_fields if field.name not in without)


def made(model: type[M], row: Sequence[Any], without: tuple[str, ...] = ()) -> M:
    """The object of a row of `columns`, as a query set would make it."""
    names, converters = _reading(model, without)
    values = list(row)
    for place, convert, expression in converters:
        values[place] = convert(values[place], expression, _here())
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


@functools.cache
def _reading(
    model: type[models.Model], without: tuple[str, ...]
) -> tuple[list[str], list[tuple[int, Callable[..., Any], Any]]]:
    fields = [field for field in model._meta.concrete_fields if field.name not in without]
    converters = [
        (place, convert, field.cached_col)
        for place, field in enumerate(fields)
        for convert in field.get_db_converters(_here())  # type: ignore[attr-defined] # unknown to the stubs
    ]
    return [field.attname for field in fields], converters


def _joined(statements: Sequence[Statement]) -> Statement:
    return "; ".join(text for text, _values in statements), [value for _text, values in statements for value in values]


def _statements(rows: Sequence[models.Model | Statement]) -> list[Statement]:
    """The rows as statements; neighbours of one table in one INSERT."""
    found: list[Statement] = []
    together: list[models.Model] = []
    for row in rows:
        if together and type(row) is not type(together[0]):
            found.append(_insert(together))
            together = []
        if isinstance(row, models.Model):
            together.append(row)
        else:
            found.append(row)
    if together:
        found.append(_insert(together))
    return found


def _insert(rows: Sequence[models.Model]) -> Statement:
    """Rows travel as one JSON text, which PostgreSQL reads by the table's own types: one value instead of hundreds."""
    head, fields, automatic, binary = _table(type(rows[0]))
    for row in rows:
        for field in automatic:
            field.pre_save(row, True)
    plain = [{column: getattr(row, name) for column, name in fields} for row in rows]
    for column in binary:
        for one in plain:
            if (held := one[column]) is not None:
                one[column] = f"\\x{bytes(held).hex()}"  # as PostgreSQL reads it
    return head(to_json(plain, fallback=str).decode())


@functools.cache
def _table(model: type[models.Model]) -> tuple[Plan, list[tuple[str, str]], list[Any], list[str]]:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    text = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM json_populate_recordset(NULL::"{table}", %s)'
    automatic = [f for f in fields if getattr(f, "auto_now", False) or getattr(f, "auto_now_add", False)]
    binary = [field.column for field in fields if isinstance(field, models.BinaryField)]
    return Plan(f"fahui_new_{table}", "json", text), [(field.column, field.attname) for field in fields], automatic, binary
