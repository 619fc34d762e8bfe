"""Events go on from the end of a chain, whoever took it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.audit.actions import Entry, append, free_end, going_on_from
from fahui.foundation.audit.queries import count, verify
from fahui.foundation.prelude import ask

pytestmark = pytest.mark.django_db


def test_an_end_taken_ahead_is_used_once_and_never_by_two():
    with as_system():
        before = count()
        (rows,) = ask(free_end())
        with going_on_from(rows):
            (same,) = ask(free_end())  # by whoever opens one matter while opening another; may be the same chain
            with going_on_from(same):
                (first,) = append(SYSTEM, Entry("test.inner"))
            assert (first.chain, first.position) == (rows[0][0], rows[0][1] + 1)
            append(SYSTEM, Entry("test.outer"), Entry("test.outer"))
        append(SYSTEM, Entry("test.after"))
        assert (list(verify()), count() - before) == ([], 4)


def test_where_every_end_was_taken_the_next_free_one_is_waited_for():
    with as_system(), going_on_from([]):
        append(SYSTEM, Entry("test.none_ahead"))
        assert list(verify()) == []


@pytest.mark.parametrize(
    "done",
    [
        "DELETE FROM foundation_event WHERE chain = {chain}; DELETE FROM foundation_chainhead WHERE chain = {chain}",
        "DELETE FROM foundation_chainhead WHERE chain = {chain}",
        "DELETE FROM foundation_event; DELETE FROM foundation_chainhead",
        "UPDATE foundation_event SET chain = 99 WHERE chain = {chain}; DELETE FROM foundation_chainhead WHERE chain = {chain}",
        "INSERT INTO foundation_event SELECT id + 1, {chain}, 0, digest, at, kind, actor_id, actor_role, case_id, about, data"
        " FROM foundation_event WHERE id = {id}",
        "INSERT INTO foundation_event SELECT id + 1, 77, 1, digest, at, kind, actor_id, actor_role, case_id, about, data"
        " FROM foundation_event WHERE id = {id}",
    ],
    ids=["a whole chain removed", "a head removed", "all removed", "a chain renamed", "a row before the first", "a row beside the chains"],
)
def test_what_an_owner_does_to_whole_chains_shows(done: str):
    with transaction.atomic(), as_system():
        (event,) = append(SYSTEM, Entry("test.one"))
        assert list(verify()) == []
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(done.format(chain=event.chain, id=event.pk))
        assert list(verify()) != []
        transaction.set_rollback(True)
