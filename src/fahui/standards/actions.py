"""Measuring: counting a city's indicators and keeping what was counted."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.errors import Invalid
from fahui.foundation.regions.queries import within
from fahui.standards.indicators.actions import last_quarter_end, record_trial
from fahui.standards.indicators.queries import in_force
from fahui.standards.indicators.schema import Indicator
from fahui.standards.lake import questions
from fahui.standards.lake.engines import Duck, Engine, Postgres
from fahui.standards.lake.export import default_lake, fill, filled_at, reading
from fahui.standards.lake.foreign import lake_from
from fahui.standards.lake.spark import open_spark
from fahui.standards.measuring import Counted, Say, count
from fahui.standards.models import IndicatorVersion, Measured, Run

ENGINES = ("duckdb", "postgres", "spark")
log = logging.getLogger("fahui.standards")


def refresh_lake(say: Any = lambda _text: None, *, whole: bool = False) -> None:
    """Bring this installation's lake up to date."""
    fill(default_lake(), lake_url(), say, whole=whole)


def lake_url() -> str:
    """How DuckDB's scanner reaches the database, announced as the system itself, so that row security lets numbers out."""
    told: dict[str, Any] = settings.DATABASES["default"]
    options = told["OPTIONS"].get("options", "")
    return make_conninfo(
        host=told["HOST"], port=str(told["PORT"] or ""), dbname=told["NAME"], user=told["USER"], password=told["PASSWORD"],
        options=f"{options} -c fahui.kind=system".strip(),
    )  # fmt: skip


def measure(as_of: date, engine: str = "duckdb", say: Say = lambda *_told: None) -> Run:
    """Count every indicator of this city as of a day, and keep the numbers. Raises Invalid for a day to come or an unknown engine.

    A run that fails half way stays as failed and says why; figures are shown of runs that are done.
    """
    _refuse_a_day_to_come(as_of)
    if engine not in ENGINES:
        raise Invalid(_("没有这个引擎。"), fields={"engine": "、".join(ENGINES)})
    city = in_force(as_of)
    began = clock.now()
    run = Run.objects.create(as_of=as_of, engine=engine, total=len(city.indicators), records_at=began, began_at=began)
    try:
        if engine != "postgres":
            refresh_lake()
        with opened(engine, default_lake()) as ready, transaction.atomic(), as_system():
            if engine != "postgres":
                run.records_at = filled_at(default_lake()) or began
            rows = [
                Measured(run=run, indicator=counted.indicator.id, **_plain(counted))
                for counted in count(city, ready, as_of, say)
            ]  # fmt: skip
            Measured.objects.bulk_create(rows)
            run.state, run.done, run.ended_at = "done", len(rows), clock.now()
            run.save(update_fields=["state", "done", "ended_at", "records_at"])
    except Exception as error:
        log.exception("measuring failed")
        Run.objects.filter(pk=run.pk).update(state="failed", ended_at=clock.now(), error=str(error)[:400])
        raise
    return run


def measure_folder(folder: Path, as_of: date, say: Say = lambda *_told: None) -> tuple[Run, list[Measured]]:
    """Count the city's indicators on a foreign data set (standards.lake.foreign). Nothing is stored: neither its records nor the run.

    Raises BadTable with every fault of every file, Invalid when there is none or for a day to come.
    """
    _refuse_a_day_to_come(as_of)
    with TemporaryDirectory(prefix="fahui-lake-") as made, transaction.atomic(), as_system():
        lake, city = Path(made), cities.current()
        lake_from(folder, lake, set(within(city.region).values_list("code", flat=True)), city.id)
        run = Run(as_of=as_of, engine="duckdb", state="done", records_at=clock.now(), began_at=clock.now())
        with Duck(lake) as ready:
            return run, [
                Measured(run=run, indicator=counted.indicator.id, **_plain(counted))
                for counted in count(in_force(as_of), ready, as_of, say)
            ]


def try_on_last_quarter(pk: int) -> None:
    """Count a drafted version as of the end of the last quarter, and the version that holds now, and keep both for who approves."""
    as_of = last_quarter_end(clock.today())
    with transaction.atomic(), as_system():
        row = IndicatorVersion.objects.get(pk=pk)
        new = Indicator.model_validate(row.body)
        city = in_force(clock.today())
        old = next((i for i in city.indicators if i.id == row.indicator), None)
        trial: dict[str, Any] = {"as_of": str(as_of)}
        try:
            with transaction.atomic():
                for name, indicator in (("before", old), ("after", new)):
                    if indicator is not None:
                        alone = city.model_copy(update={"indicators": (indicator,)})
                        trial[name] = [_plain(counted) for counted in count(alone, Postgres(), as_of)][0]
        except DatabaseError as error:
            trial = {"as_of": str(as_of), "error": str(error)[:400]}
        record_trial(pk, trial)


def _refuse_a_day_to_come(as_of: date) -> None:
    if as_of > clock.today():
        raise Invalid(_("不能测量还没到的日期。"), fields={"as_of": _("请选今天或以前的日期")})


def _plain(counted: Counted) -> dict[str, Any]:
    """What was counted as plain values, as a run keeps it."""
    return {
        "definition": counted.indicator.model_dump(mode="json"),
        "cells": {str(p): {str(t): list(n) for t, n in towns.items()} for p, towns in counted.cells.items()},
        "periods": [
            {"number": p.number, "first": str(p.first), "last": str(p.last), "whole": p.whole} for p in counted.periods
        ],
    }


@contextmanager
def opened(engine: str, lake: Path) -> Iterator[Engine]:
    """An engine ready to count; a lake stays as it is meanwhile. What was asked is kept for the next process."""
    questions.recall(lake)
    if engine == "postgres":
        yield Postgres()
    else:
        with reading(lake), open_spark(lake) if engine == "spark" else Duck(lake) as ready:
            yield ready
    questions.keep(lake)
