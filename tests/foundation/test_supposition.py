"""What a request goes by is asked along with its first question; where it is not so, nothing of the request is known or stays."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from fahui.config.engine import base
from fahui.foundation import prelude
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.exchange import Rows, Statement
from fahui.foundation.supposition import Supposition, Untrue, supposing
from tests.foundation import test_exchange

pytestmark = pytest.mark.django_db
ONE: Statement = ("SELECT 1", [])
TWO: Statement = ("SELECT 2", [])


def true() -> Supposition:
    return Supposition(ONE, [(1,)])


def untrue() -> Supposition:
    return Supposition(ONE, [(2,)])


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """The texts of each round trip."""
    found: list[list[str]] = []
    really = base.exchange

    def watched(there: Any, statements: list[Statement]) -> list[Rows]:
        found.append([text for text, _values in statements])
        return really(there, statements)

    monkeypatch.setattr(base, "exchange", watched)
    yield found


def in_a_thread(do: Callable[[], Any]) -> Any:
    """On a connection that has its plans and is in no transaction yet, as a request's is."""

    def done() -> Any:
        with transaction.atomic(), as_system(), prelude.gathering():
            prelude.write(User(kind="staff", username="untrue-never", name="n"))
            prelude.ask(TWO)
            transaction.set_rollback(True)
        return do()

    return test_exchange.in_a_thread(done)


@contextlib.contextmanager
def request(supposition: Supposition) -> Iterator[None]:
    here: Any = connection
    with supposing(here, supposition), transaction.atomic(), as_system():
        yield


def test_it_goes_with_the_first_question_and_only_there(trips: list[list[str]]):
    def do() -> None:
        with request(true()):
            assert prelude.ask(TWO) == [[(2,)]] and prelude.ask(TWO, ONE) == [[(2,)], [(1,)]]

    in_a_thread(do)
    assert [texts.count("SELECT 1") for texts in trips[1:]] == [1, 1] and [len(texts) for texts in trips[1:]] == [4, 2]
    assert trips[1][:2] == ["BEGIN", "SELECT 1"]  # then who reads, then the question


def test_an_answer_that_came_along_with_another_truth_is_not_handed_on():
    def do() -> list[Rows]:
        found: list[Rows] = []
        supposition = untrue()
        with pytest.raises(Untrue), request(supposition):
            found += prelude.ask(TWO)
        assert supposition.true is False
        return found

    assert in_a_thread(do) == []


def _statement(kind: str) -> None:
    with connection.cursor() as cursor:
        if kind == "text":
            cursor.execute("SELECT %s", [2])
        elif kind == "many":
            cursor.executemany("SELECT %s", [[2]])
        else:
            with cursor.copy("COPY (SELECT 2) TO STDOUT") as copied:
                assert list(copied)


@pytest.mark.parametrize("kind", ["text", "many", "copy"])
def test_before_any_other_statement_it_is_asked_by_itself(kind: str):
    def do(supposition: Supposition) -> list[str]:
        answered = []
        with contextlib.suppress(Untrue), request(supposition):
            _statement(kind)
            answered.append(kind)
        return answered

    assert in_a_thread(lambda: do(true())) == [kind]
    assert in_a_thread(lambda: do(untrue())) == []


def test_what_went_past_the_cursors_is_not_committed_before_the_answer():
    def do() -> bool | None:
        supposition = untrue()
        with pytest.raises(Untrue), request(supposition):
            connection.begin()
        return supposition.true

    assert in_a_thread(do) is False


def test_what_was_untrue_once_stays_so_for_the_request():
    def do() -> None:
        supposition = untrue()
        with pytest.raises(Untrue), request(supposition):
            with pytest.raises(Untrue):
                prelude.ask(TWO)
            supposition.expected = [(1,)]  # as if it had been changed back
            with pytest.raises(Untrue):
                prelude.ask(TWO)

    in_a_thread(do)


def test_a_request_that_asks_nothing_is_made_sure_of_at_its_end():
    def do(supposition: Supposition) -> bool | None:
        with request(supposition):
            pass
        return supposition.true

    assert in_a_thread(lambda: do(true())) is True
    assert in_a_thread(lambda: do(untrue())) is False


def _stray(name: str) -> User:
    return User(kind="staff", username=name, name=name)


def test_nothing_stays_of_a_request_that_went_by_an_untruth_whatever_it_makes_of_the_refusal():
    def do() -> list[bool | None]:
        found = []
        for late in (False, True):
            supposition = untrue()
            with contextlib.suppress(Untrue), request(supposition), prelude.until_commit(), prelude.gathering():
                prelude.write(_stray("untrue-one"))
                if not late:
                    with contextlib.suppress(Untrue), transaction.atomic():
                        prelude.ask(TWO)
                prelude.write(_stray("untrue-two"))
            found.append(supposition.true)
        return [*found, User.objects.filter(username__startswith="untrue-").exists()]

    assert in_a_thread(do) == [False, False, False]


def test_a_failure_before_the_answer_was_heard_does_not_count_as_one():
    def do(supposition: Supposition) -> bool | None:
        with contextlib.suppress(Untrue), request(supposition):
            with contextlib.suppress(DataError), transaction.atomic():
                prelude.ask(("SELECT 1/0", []))
            assert supposition.true is None
            assert prelude.ask(TWO) == [[(2,)]]
        return supposition.true

    assert in_a_thread(lambda: do(true())) is True
    assert in_a_thread(lambda: do(untrue())) is False


def test_what_went_with_a_failure_is_committed_only_after_the_answer():
    def do() -> tuple[bool | None, bool]:
        user, supposition = _stray("untrue-early"), untrue()
        with pytest.raises(Untrue), request(supposition), prelude.gathering():
            prelude.write(user)
            with contextlib.suppress(DataError), transaction.atomic():
                prelude.ask(("SELECT 1/0", []))
        return supposition.true, User.objects.filter(pk=user.pk).exists()

    assert in_a_thread(do) == (False, False)


def test_what_goes_with_commit_waits_for_the_answer():
    def do() -> tuple[bool | None, bool]:
        user = _stray("untrue-late")
        supposition = untrue()
        with pytest.raises(Untrue), request(supposition), prelude.until_commit(), prelude.gathering():
            prelude.write(user)
        return supposition.true, User.objects.filter(pk=user.pk).exists()

    assert in_a_thread(do) == (False, False)


def test_what_the_database_refuses_is_told_as_ever():
    def do() -> None:
        with pytest.raises(IntegrityError), request(true()), prelude.until_commit(), prelude.gathering():
            prelude.write(User(kind="staff", username="untrue-same", name="a"), User(kind="staff", username="untrue-same", name="b"))

    in_a_thread(do)


@pytest.mark.parametrize("done", [True, False])
def test_a_part_that_went_by_an_untruth_is_gone_back_from_like_any_other(done: bool):
    def do() -> list[bool]:
        here: Any = connection
        keys = []
        with transaction.atomic(), as_system(), prelude.gathering():
            for name in ("untrue-first", "untrue-second"):
                with contextlib.suppress(Untrue), supposing(here, untrue()), transaction.atomic():
                    prelude.write(user := _stray(name))
                    keys.append(user.pk)
                    if done:
                        prelude.ask(TWO)
                    else:
                        assert not User.objects.filter(username="nobody").exists()
            with transaction.atomic():
                prelude.write(user := _stray("kept"))
                keys.append(user.pk)
            found = [User.objects.filter(pk=key).exists() for key in keys]
            transaction.set_rollback(True)
        return found

    assert in_a_thread(do) == [False, False, True]
