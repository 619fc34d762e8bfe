"""Several statements in one round trip by PostgreSQL's extended protocol: kept plans by their names, values beside the text.

Written into one text, as elsewhere, a value is quoted by us, read by the server as part of the statement, and taken out again.
Here it travels as it is. Below Django: `config.engine` and `foundation.prelude` use it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from functools import lru_cache
from typing import Any

from psycopg import Connection, generators
from psycopg.abc import Transformer as AbstractTransformer
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

Statement = tuple[str, list[Any]]
Rows = list[tuple[Any, ...]]

# Savepoints as Django writes them: marks in a transaction, which neither read nor write.
SAVEPOINT = re.compile(r'(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ("[^"]*")')
_EXECUTE = re.compile(r"EXECUTE (\w+)(?: \([%s, ]*\))?")


@lru_cache(maxsize=1024)
def plan_of(text: str) -> bytes | None:
    """The name of the plan a statement executes with all its values, as `prelude.Plan` writes it; None for any other."""
    found = _EXECUTE.fullmatch(text)
    return found[1].lower().encode() if found else None  # an unquoted name means its small letters


def answers(cursor: Any) -> list[Rows]:
    """What each statement of a text that was executed returns."""
    found: list[Rows] = []
    while True:
        # Not `description`, which makes an object of every column.
        found.append(cursor.fetchall() if cursor.pgresult.nfields else [])
        if not cursor.nextset():
            return found


def can(statements: Iterable[Statement]) -> bool:
    """Whether these statements can be exchanged: values go only with kept plans, and any other text is one statement."""
    return all(plan_of(text) or not (values or ";" in text) for text, values in statements)


def exchange(connection: Connection[Any], statements: Sequence[Statement]) -> list[Rows]:
    """The rows each statement returns. Raises the psycopg.Error of the first that fails; those after it are not done."""
    make = Transformer(connection)
    ready = [
        # A percent sign is doubled in texts, since most of them have values to be written in.
        (plan_of(text), text.replace("%%", "%").encode(), make.dump_sequence(values, [PyFormat.TEXT] * len(values)) if values else None)
        for text, values in statements
    ]
    with connection.lock:
        pgconn = connection.pgconn
        pgconn.enter_pipeline_mode()
        try:
            for plan, text, given in ready:
                if plan:
                    pgconn.send_query_prepared(plan, given)
                else:
                    pgconn.send_query_params(text, None)
            pgconn.pipeline_sync()
            results = connection.wait(_results(pgconn, len(ready)))
        finally:
            if pgconn.status == ConnStatus.OK:
                pgconn.exit_pipeline_mode()
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, connection.info.encoding)
    return [_rows(make, result) for result in results]


def _results(pgconn: Any, count: int) -> Generator[Any, Any, list[PGresult]]:
    """What the server answers to each statement; the answer to the end of them is read too."""
    yield from generators.send(pgconn)
    found = []
    for _ in range(count):
        found += yield from generators.fetch_many(pgconn)
    yield from generators.fetch_many(pgconn)
    return found


def _rows(make: AbstractTransformer, result: PGresult) -> Rows:
    if not result.ntuples:
        return []
    make.set_pgresult(result)
    return make.load_rows(0, result.ntuples, tuple)
