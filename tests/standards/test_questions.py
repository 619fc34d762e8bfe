"""A measure's SQL is put together once and kept beside the lake; what is kept never outlives the code that made it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import ibis.expr.types as ir
import pytest

from fahui.foundation import clock
from fahui.standards import actions
from fahui.standards.indicators.definitions import indicators, measures
from fahui.standards.lake import questions
from fahui.standards.lake.engines import Postgres
from fahui.standards.lake.export import default_lake
from fahui.standards.measures.schema import Shape
from fahui.standards.models import Measured


class Counting(Postgres):
    """The engine, counting how often it had to put a question together."""

    times = 0

    def written(self, expression: ir.Table) -> str:
        """The question, once more."""
        self.times += 1
        return super().written(expression)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that knows nothing yet."""
    monkeypatch.setattr(questions, "_known", {})
    yield


def _shape() -> Shape:
    use = next(one.use for one in indicators("leshan").indicators if one.use)
    return measures()[use.measure].shape(use.given)


def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "_known", {})


def test_the_next_process_need_not_put_them_together_again(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    engine, shape = Counting(), _shape()
    first = questions.written(engine, shape)
    assert questions.written(engine, shape) == first and engine.times == 1
    questions.keep(tmp_path)
    _new_process(monkeypatch)
    questions.recall(tmp_path)
    assert questions.written(engine, shape) == first and engine.times == 1


@pytest.mark.parametrize("spoilt", ["{", '{"by": 1}', "[]", '{"by": "other code", "sql": {"postgres x": "SELECT 1"}}'])
def test_what_was_kept_by_other_code_or_is_damaged_is_put_together_anew(fresh: None, tmp_path: Path, spoilt: str):
    (tmp_path / questions.FILE).write_text(spoilt, "utf-8")
    questions.recall(tmp_path)
    assert questions._known == {}
    engine, shape = Counting(), _shape()
    questions.written(engine, shape)
    questions.keep(tmp_path)
    assert engine.times == 1 and list(json.loads((tmp_path / questions.FILE).read_text("utf-8"))["sql"]) == list(questions._known)


def test_measuring_keeps_its_questions_and_counts_the_same_with_them(fresh: None, system: None, monkeypatch: pytest.MonkeyPatch):
    (default_lake() / questions.FILE).unlink(missing_ok=True)
    first = actions.measure(clock.today(), "postgres")
    kept = json.loads((default_lake() / questions.FILE).read_text("utf-8"))["sql"]
    assert len(kept) > 50
    _new_process(monkeypatch)
    second = actions.measure(clock.today(), "postgres")
    assert set(questions._known) == set(kept)

    def numbers(run: int) -> list[tuple[str, object]]:
        return list(Measured.objects.filter(run_id=run).order_by("indicator").values_list("indicator", "cells"))

    assert numbers(first.pk) == numbers(second.pk)
