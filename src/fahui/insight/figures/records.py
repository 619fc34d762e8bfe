"""The records behind a figure, under the reader's own rights: what they may not see is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
from django.db import connection
from django.utils.translation import gettext as _

from fahui.foundation.errors import Conflict
from fahui.foundation.regions.rules import jurisdiction
from fahui.insight.figures.queries import Board
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET
from fahui.standards.lake.engines import Duck, Engine, Postgres
from fahui.standards.lake.export import default_lake, filled_at
from fahui.standards.measures.compile import records
from fahui.standards.measures.schema import Covered, Ratio, Shape
from fahui.standards.star import facts

PAGE = 50
_AT_ONCE = 200
_ROUNDS = 10  # how many times a page looks further where most records are hidden from the reader


@dataclass(frozen=True)
class Behind:
    """One record: its key in the fact it belongs to, its place, and whether it counts above the line."""

    key: int
    region: int
    met: bool


@dataclass(frozen=True)
class Page:
    """A page of the records behind a figure: which fact they belong to, and the key after which to go on (0 at the end)."""

    fact: str
    rows: list[Behind]
    following: int


def fact_of(shape: Shape) -> str:
    """Which fact the records behind a figure belong to."""
    if isinstance(shape, Covered):
        return shape.units.of
    return shape.above.of if isinstance(shape, Ratio) else shape.of


def behind(board: Board, indicator: str, region: int, met: bool | None, after: int) -> Page:
    """A page of the records behind the latest figure, in order of their keys.

    Found on the lake that the figure was counted on, if there is one, and then looked up in PostgreSQL as the reader who is
    announced, so row security holds. `met`: only those that count above, only those that do not, or all. Raises Conflict while
    the lake is written anew.
    """
    use = board.indicators[indicator].use
    if use is None or use.measure == SUB_INDICATORS_MET:
        return Page("", [], 0)
    shape = measures()[use.measure].shape(use.given)
    fact = fact_of(shape)
    each = _each(records(shape), region, met)
    seen: list[Behind] = []
    with _opened(default_lake()) as engine:
        engine.periods(board.spans(indicator)[-1:])
        for _round in range(_ROUNDS):
            found = engine.rows(each.filter(each.key > after).order_by(ibis.asc("key")).limit(_AT_ONCE))
            visible = _visible(fact, [key for key, _place, _counts in found])
            seen += [Behind(key, place, bool(counts)) for key, place, counts in found if key in visible]
            if len(seen) > PAGE:
                return Page(fact, seen[:PAGE], seen[PAGE - 1].key)
            if len(found) < _AT_ONCE:
                return Page(fact, seen, 0)
            after = found[-1][0]
    return Page(fact, seen, after)


def _each(told: ir.Table, region: int, met: bool | None) -> ir.Table:
    """Every record of a place once: something that counts by more than one row is one thing."""
    low, high = jurisdiction(region)
    wanted = told.filter(told.period == 0, told.region >= low, told.region < high)
    if met is not None:
        wanted = wanted.filter(wanted.met == int(met))
    return wanted.group_by("key").agg(region=wanted.region.min(), met=wanted.met.max()).select("key", "region", "met")


@contextmanager
def _opened(lake: Path) -> Iterator[Engine]:
    if filled_at(lake) is None:
        yield Postgres()
        return
    try:
        with Duck(lake, memory="1GB") as duck:
            yield duck
    except (duckdb.IOException, duckdb.BinderException) as error:
        raise Conflict(_("数据正在更新，请过一分钟再看。")) from error


def _visible(fact: str, keys: Sequence[int]) -> set[int]:
    """Which of these are still there for the reader: the fact's own SELECT, asked for these keys only."""
    known = facts()[fact]
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT DISTINCT "{known.key}" FROM ({known.sql.replace("%", "%%")}) AS f WHERE "{known.key}" = ANY(%s)',
            [list(keys)],
        )
        return {key for (key,) in cursor.fetchall()}
