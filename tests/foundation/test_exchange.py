"""Statements exchanged by the extended protocol do what the same statements do as text."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from fahui.foundation import exchange, prelude
from fahui.foundation.accounts.scope import ANONYMOUS, as_system, reading_as
from fahui.foundation.exchange import Statement

pytestmark = pytest.mark.django_db
VALUES = [
    ("bigint", 9_223_372_036_854_775_807), ("int", -3), ("int", None), ("bool", True), ("text", "单 “引号” ' \\ %s $1 ; --"), ("text", ""),
    ("bytea", b"\x00\\'\xff"), ("date", date(2026, 2, 28)), ("timestamptz", datetime(2026, 11, 23, 8, 1, 2, 345678, tzinfo=UTC)),
    ("numeric", Decimal("12.30")), ("bigint[]", [3, 1]), ("bigint[]", []), ("text[]", ["a,b", 'c"d', "法"]), ("jsonb", '{"法": ["惠", null]}'),
    ("int8multirange", "{[1,5),[7,9)}"),
]  # fmt: skip


def in_a_thread(do: Callable[[], Any]) -> Any:
    """On a connection that is in no transaction yet, as a request's is."""

    def done() -> Any:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_a_value_arrives_as_it_does_in_a_text(kind: str, value: Any):
    plan = prelude.Plan(prelude.named("test_value", kind), kind, "SELECT %s AS value")
    with transaction.atomic(), as_system():
        statement = plan(value)
        assert exchange.can([statement]) and exchange.plan_of(statement[0])
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            assert prelude.ask(statement) == [cursor.fetchall()]


def test_a_statement_with_values_that_is_no_plan_goes_as_text_with_all_the_others():
    plan = prelude.Plan("test_twice", "int", "SELECT %s * 2")
    with transaction.atomic(), as_system():
        other: Statement = ("SELECT %s + 1", [1])
        assert not exchange.can([plan(4), other]) and exchange.can([plan(4), ("SELECT 1", [])])
        assert prelude.ask(plan(4), other, ("SELECT 1", [])) == [[(8,)], [(2,)], [(1,)]]
        assert prelude.ask(("SELECT 1 WHERE false", []), plan(5)) == [[], [(10,)]]
        assert prelude.ask(plan(5), ("SELECT 7 %% 4, 'a' LIKE '%%a'", [])) == [[(10,)], [(3, True)]]
        both: Statement = ("SELECT 1; SELECT 2", [])
        assert not exchange.can([both]) and prelude.ask(plan(1), both)[-1] == [(2,)]


def _fails() -> list[Any]:
    keep = prelude.Plan("test_keep", "int", "INSERT INTO kept_here VALUES (%s)")
    seen: list[Any] = []

    def kept() -> list[int]:
        return [row[0] for row in prelude.ask(("SELECT number FROM kept_here ORDER BY number", []))[0]]

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept_here (number int PRIMARY KEY)")
    with transaction.atomic(), as_system():
        prelude.write(keep(1))
        with pytest.raises(IntegrityError, match="kept_here_pkey"), transaction.atomic():
            prelude.ask(keep(2), keep(1), keep(3))  # what stands after the one that fails is not done, nor what stands before it kept
        prelude.write(keep(4))
        seen.append(kept())
    with pytest.raises(IntegrityError), transaction.atomic(), as_system():
        prelude.ask(keep(5), keep(1))
    seen.append(connection.connection.info.transaction_status.name)
    with transaction.atomic(), as_system():
        seen.append(kept())
    return seen


def test_one_that_fails_takes_its_part_along_and_leaves_the_connection_in_order():
    assert in_a_thread(_fails) == [[1, 4], "IDLE", [1, 4]]


def _cannot_be_sent() -> list[Any]:
    """A value that no statement can hold, as the first thing of a transaction that goes on all the same."""
    keep = prelude.Plan("test_keep_text", "text", "INSERT INTO kept_texts VALUES (%s)")
    seen: list[Any] = []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept_texts (said text)")
    with transaction.atomic(), as_system():
        prelude.ask(keep("plans it"))

    def kept() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT said FROM kept_texts ORDER BY said")
            return [row[0] for row in cursor.fetchall()]

    for send in (lambda: prelude.ask(keep("a\x00b")), lambda: connection.cursor().execute("SELECT %s", ["a\x00b"])):
        with pytest.raises(LookupError), transaction.atomic(), as_system():
            with pytest.raises(DataError):
                send()
            prelude.ask(keep("given up with the transaction"))
            seen.append(connection.connection.info.transaction_status.name)
            raise LookupError
        with transaction.atomic(), as_system():
            with prelude.until_commit(), prelude.gathering():
                prelude.write(keep("waits for COMMIT"))
            with pytest.raises(DataError):
                send()
        seen.append(kept())
    return seen


def test_what_could_not_be_sent_neither_begins_nor_loses_anything():
    kept = ["plans it", "waits for COMMIT"]
    assert in_a_thread(_cannot_be_sent) == ["INTRANS", kept, "INTRANS", [*kept, kept[1]]]


@pytest.mark.parametrize("planned", [True, False])
def test_the_reader_and_the_rows_that_waited_go_with_the_next_when_one_cannot_be_sent(planned: bool):
    text = "INSERT INTO kept_here VALUES (%s)"
    keep = prelude.Plan("test_keep_here", "text", text) if planned else lambda value: (text, [value])
    kind: Statement = ("SELECT current_setting('fahui.kind', true)", [])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept_here (said text)")
    with transaction.atomic(), as_system():
        assert prelude.ask(kind) == [[("system",)]]
        with reading_as(ANONYMOUS), prelude.gathering():
            prelude.write(keep("waited"))
            with pytest.raises(DataError):
                prelude.ask(keep("a\x00b"))
            with pytest.raises(DataError), connection.cursor() as cursor:
                cursor.execute("SELECT %s", ["a\x00b"])
            assert prelude.ask(kind, ("SELECT said FROM kept_here", [])) == [[("anonymous",)], [("waited",)]]
        assert prelude.ask(kind) == [[("system",)]]


@pytest.mark.parametrize("before", ["", "SELECT 1"])
def test_a_connection_lost_before_a_copy_is_told_as_every_other_loss(before: str):
    def told() -> type[Exception]:
        connection.ensure_connection()
        assert connection.connection is not None
        pid = connection.connection.info.backend_pid
        with pytest.raises(OperationalError) as caught, transaction.atomic(), connection.cursor() as cursor:
            if before:
                cursor.execute(before)
            with ThreadPoolExecutor(1) as beside:
                beside.submit(end, pid).result()
            with cursor.copy("COPY (SELECT 2) TO STDOUT") as copying:  # `OperationalError` is Django's
                list(copying.rows())
        return caught.type

    def end(pid: int) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE NONE")  # the application's own may not
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        finally:
            connection.close()

    assert in_a_thread(told) is OperationalError
