"""What waits to be sent goes in the right order, and what is given up is never sent."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fahui.foundation import prelude
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.audit.models import Event
from fahui.foundation.exchange import Statement
from fahui.foundation.people.actions import Person, make_party
from fahui.foundation.people.models import Party

pytestmark = pytest.mark.django_db


def _write(name: str) -> int:
    party = make_party(Person(name=name, phone="17000000001", groups=("migrant_worker",)))
    prelude.write(party)
    return party.pk


def _there(*keys: int) -> list[bool]:
    with transaction.atomic(), as_system():
        return [Party.objects.filter(pk=key).exists() for key in keys]


def test_rows_of_a_part_that_was_given_up_go_and_those_around_it_stay():
    keys = []
    with transaction.atomic(), as_system(), prelude.gathering():
        keys.append(_write("先"))
        with pytest.raises(LookupError), transaction.atomic():
            keys.append(_write("中"))
            raise LookupError
        keys.append(_write("后"))
    assert _there(*keys) == [True, False, True]


def test_a_part_given_up_after_it_was_sent_goes_too():
    keys = []
    with transaction.atomic(), as_system(), prelude.gathering():
        keys.append(_write("先"))
        with pytest.raises(LookupError), transaction.atomic():
            keys.append(_write("中"))
            assert Party.objects.filter(pk=keys[-1]).exists()  # reading sends what waits
            keys.append(_write("中二"))
            raise LookupError
        assert [Party.objects.filter(pk=key).exists() for key in keys] == [True, False, False]
    assert _there(*keys) == [True, False, False]


def test_a_failing_statement_inside_a_part_leaves_the_rest_standing():
    with transaction.atomic(), as_system(), prelude.gathering():
        first = _write("先")
        for _again in range(2):
            with pytest.raises(Exception, match="division by zero"), transaction.atomic():
                prelude.ask(("SELECT 1/%s", [0]))
        last = _write("后")
    assert _there(first, last) == [True, True]


def test_rows_arrive_as_they_were_given():
    with transaction.atomic(), as_system():
        party = make_party(Person(name="单 “引号” \\ %s", phone="17000000001", identity="", groups=("minor", "disabled")))
        party.contact = {"may_text": False, "hours": [9, 17], "说明": None}
        prelude.write(party)
        read = Party.objects.get(pk=party.pk)
    for field in Party._meta.concrete_fields:
        given, found = getattr(party, field.attname), getattr(read, field.attname)
        assert (bytes(found) if isinstance(found, memoryview) else found) == given, field.name


def test_an_object_made_from_columns_is_the_one_a_query_set_makes():
    with transaction.atomic(), as_system():
        key = _write("某甲")
        (row,) = prelude.ask((f"SELECT {prelude.columns(Party)} FROM foundation_party WHERE id = %s", [key]))[0]
        mine, theirs = prelude.made(Party, row), Party.objects.get(pk=key)
    assert prelude.snapshot(mine) == prelude.snapshot(theirs)


@pytest.mark.parametrize("model", [Party, Event, User])
def test_a_fresh_row_is_the_one_its_constructor_makes(model: type[models.Model]):
    key = {"id": 7, "created_at": None, "date_joined": None} if model is not Event else {"id": 7}
    values = {name: value for name, value in key.items() if name in {field.name for field in model._meta.fields}}
    mine, theirs = prelude.fresh(model, **values), model(**values)
    assert prelude.snapshot(mine) == prelude.snapshot(theirs) and mine._state.adding and mine._state.db is None
    assert mine == theirs and mine.__dict__.keys() == theirs.__dict__.keys()
    with pytest.raises(TypeError, match="has no .*'nickname'"):
        prelude.fresh(model, id=8, nickname="x")


def test_a_fresh_row_has_defaults_of_its_own_and_takes_objects_for_keys():
    one, other = prelude.fresh(Party), prelude.fresh(Party)
    one.groups.append("minor")
    assert other.groups == [] and one.pk != other.pk
    user = prelude.fresh(User, party=one)
    assert user.party is one and user.party_id == one.pk


@prelude.whole
def _write_and_fail(name: str, keys: list[int]) -> None:
    with prelude.gathering():
        keys.append(_write(name))
    raise LookupError


def test_a_whole_function_leaves_nothing_and_where_all_goes_with_it_takes_no_savepoint():
    keys: list[int] = []
    with transaction.atomic(), as_system(), prelude.gathering():
        with pytest.raises(LookupError):
            _write_and_fail("不留", keys)
        keys.append(_write("留下"))
        assert not connection.needs_rollback
    with pytest.raises(LookupError), transaction.atomic(), as_system(), prelude.until_commit():
        with pytest.raises(LookupError):
            _write_and_fail("也不留", keys)
        assert connection.needs_rollback, "whoever goes on here all the same is stopped"
        raise LookupError
    assert _there(*keys) == [False, True, False]


@pytest.mark.parametrize("kept", [True, False])
def test_a_plan_answers_the_same_kept_or_not(settings, kept: bool):
    settings.DATABASE_KEEPS_PLANS = kept
    plan = prelude.Plan(f"test_sum_{kept}", "int, int[]", "SELECT %s + x FROM unnest(%s) x ORDER BY 1")
    with transaction.atomic(), as_system():
        for _again in range(7):  # PostgreSQL keeps a plan from the sixth time on
            assert prelude.ask(plan(1, [3, 1, 2])) == [[(2,), (3,), (4,)]]
        with pytest.raises(LookupError), transaction.atomic():
            prelude.ask(plan(1, [1]))
            raise LookupError
        assert prelude.ask(plan(2, [1])) == [[(3,)]]


def _look_at_transactions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    link, seen = connection.connection, []

    def note() -> None:
        seen.append(link.info.transaction_status.name)

    with transaction.atomic():
        note()
    note()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [5])
            seen.append(str(cursor.fetchall()))
        note()
    note()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("SELECT set_config('fahui.kind', %s, true)", [("a",), ("b",)])
        note()
    note()
    connection.close()
    return seen


def test_a_transaction_that_asks_nothing_costs_nothing_and_leaves_nothing_open():
    # In a thread of its own, because the connection of a test is in a transaction already.
    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(_look_at_transactions).result()
    assert seen == ["IDLE", "IDLE", "[(5,)]", "INTRANS", "IDLE", "INTRANS", "IDLE"]


def _until_commit() -> dict[str, object]:
    """What waits for COMMIT, over a table of this connection alone, and when the server was asked."""
    seen: dict[str, object] = {}

    def keep(number: int) -> None:
        with prelude.gathering():
            prelude.write(("INSERT INTO kept_late VALUES (%s)", [number]))

    def kept() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM kept_late ORDER BY number")
            return [row[0] for row in cursor.fetchall()]

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept_late (number int PRIMARY KEY)")
    with transaction.atomic(), as_system():
        kept()  # has the announcement planned
    link = connection.connection
    with transaction.atomic(), as_system(), prelude.until_commit():
        keep(1)
        seen["asked nothing yet"] = link.info.transaction_status.name
    seen["with COMMIT"] = kept()
    with transaction.atomic(), as_system(), prelude.until_commit():
        keep(2)
        seen["ahead of what reads"] = kept()
    with transaction.atomic(), as_system():
        with prelude.until_commit():
            keep(3)
        seen["ahead of what reads outside"] = kept()
    with pytest.raises(LookupError), transaction.atomic(), as_system(), prelude.until_commit():
        keep(4)
        raise LookupError
    with pytest.raises(LookupError), transaction.atomic(), as_system():
        with prelude.until_commit():
            keep(5)
        raise LookupError
    with transaction.atomic(), as_system(), prelude.until_commit():
        with pytest.raises(LookupError), transaction.atomic():
            keep(6)
            raise LookupError
        with transaction.atomic():
            keep(7)
    seen["given up"] = kept()
    with pytest.raises(IntegrityError), transaction.atomic(), as_system(), prelude.until_commit():
        keep(8)
        keep(1)
    seen["refused"] = kept(), link.info.transaction_status.name
    connection.close()
    return seen


def test_what_may_wait_goes_with_commit_or_ahead_of_what_reads_and_never_when_it_was_given_up():
    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(_until_commit).result()
    assert seen == {
        "asked nothing yet": "IDLE", "with COMMIT": [1], "ahead of what reads": [1, 2], "ahead of what reads outside": [1, 2, 3],
        "given up": [1, 2, 3, 7], "refused": ([1, 2, 3, 7], "IDLE"),
    }  # fmt: skip


def test_what_may_wait_twice_in_one_transaction_is_all_kept():
    keys = []
    with transaction.atomic(), as_system():
        for name in ("先", "后"):
            with prelude.until_commit(), prelude.gathering():
                keys.append(_write(name))
    assert _there(*keys) == [True, True]


class _GivenUp(Exception):
    """A part is given up."""


PARTS = st.recursive(st.sampled_from(["write", "read"]), lambda inner: st.tuples(st.booleans(), st.lists(inner, max_size=4)), max_leaves=14)


def _do(parts: list[Any], wrote: list[int], keep: Callable[[int], Statement]) -> list[int]:
    """Do parts, each within the part around it; return what must be there afterwards. What is read on the way must be right too."""
    kept: list[int] = []
    for part in parts:
        if part == "write":
            wrote.append(len(wrote))
            prelude.write(keep(wrote[-1]))
            kept.append(wrote[-1])
        elif part == "read":
            with connection.cursor() as cursor:
                cursor.execute("SELECT number FROM kept_parts")
                assert set(kept) <= {row[0] for row in cursor.fetchall()}
        else:
            given_up, inside = part
            with contextlib.suppress(_GivenUp), transaction.atomic():
                within = _do(inside, wrote, keep)
                if given_up:
                    raise _GivenUp
                kept += within
    return kept


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=st.lists(PARTS, max_size=6), patient=st.booleans(), planned=st.booleans())
def test_whatever_is_given_up_within_whatever_the_rest_is_there(parts: list[Any], patient: bool, planned: bool):
    text = "INSERT INTO kept_parts VALUES (%s)"
    keep: Callable[[int], Statement] = prelude.Plan("test_kept_parts", "int", text) if planned else lambda number: (text, [number])
    with transaction.atomic(), as_system():
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS kept_parts; CREATE TEMP TABLE kept_parts (number int PRIMARY KEY)")
        with prelude.until_commit() if patient else contextlib.nullcontext(), prelude.gathering():
            kept = _do(parts, [], keep)
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM kept_parts ORDER BY number")
            assert [row[0] for row in cursor.fetchall()] == sorted(kept)


def _texts() -> list[list[str]]:
    """What psycopg is given by the same small request, twice."""
    seen: list[list[str]] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    for _again in range(3):  # the first has the announcement planned
        with transaction.atomic(), as_system(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s", [1])
            seen.append([cursor.cursor._query.query.decode()])
    connection.close()
    return seen[1:]


def test_every_request_sends_the_same_text():
    with ThreadPoolExecutor(1) as pool:  # a thread has a connection that is in no transaction yet
        first, second = pool.submit(_texts).result()
    assert first == second and "SAVEPOINT" in first[0]
