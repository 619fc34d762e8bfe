"""The records behind a figure, under the reader's own rights: what they may not see is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
from django.db import connection
from django.utils.translation import gettext as _

from fahui.foundation.errors import Conflict
from fahui.foundation.regions.rules import jurisdiction
from fahui.insight.figures.queries import Board
from fahui.insight.figures.rules import holds
from fahui.standards.indicators import words
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET
from fahui.standards.lake.engines import Duck, Engine, Postgres
from fahui.standards.lake.export import default_lake, filled_at
from fahui.standards.measures.compile import records
from fahui.standards.measures.schema import Covered, Ratio, Shape, Share
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
    # What it fails, in words; empty where it counts, or where the record as it stands now fails nothing any more.
    fails: tuple[str, ...] = ()


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
    asked = _asked(shape)
    seen: list[Behind] = []
    with _opened(default_lake()) as engine:
        engine.periods(board.spans(indicator)[-1:])
        for _round in range(_ROUNDS):
            found = engine.rows(each.filter(each.key > after).order_by(ibis.asc("key")).limit(_AT_ONCE))
            visible = _visible(fact, [row[0] for row in found], asked)
            seen += [
                Behind(key, place, bool(counts), () if counts else _lacking(shape, visible[key], needs))
                for key, place, counts, needs in found
                if key in visible
            ]
            if len(seen) > PAGE or len(found) < _AT_ONCE:
                break
            after = found[-1][0]
        following = seen[PAGE - 1].key if len(seen) > PAGE else after if len(found) == _AT_ONCE else 0
        return Page(fact, seen[:PAGE], following)


def _asked(shape: Shape) -> tuple[str, ...]:
    """The columns that decide whether a record counts above the line."""
    if not isinstance(shape, Share):
        return ()
    return tuple(dict.fromkeys(column for condition in (shape.part, *shape.part_either) for column in condition))


def _lacking(shape: Shape, row: Mapping[str, Any], needs: int) -> tuple[str, ...]:
    """What keeps a record below the line: of a unit the needs it does not meet; of a share each column that decides and is not as it
    should be, as it is."""
    if isinstance(shape, Covered):
        return tuple(words.need_told(need, lacking=True) for place, need in enumerate(shape.needs) if not needs >> place & 1)
    if not isinstance(shape, Share):
        return ()
    failing = [column for column, value in shape.part.items() if not holds(row[column], value)]
    if shape.part_either and not any(all(holds(row[column], value) for column, value in either.items()) for either in shape.part_either):
        failing += [column for either in shape.part_either for column, value in either.items() if not holds(row[column], value)]
    of = words.of_which(shape.of, shape.where)
    return tuple(words.told(shape.of, column, row[column], of) for column in dict.fromkeys(failing))


def _each(told: ir.Table, region: int, met: bool | None) -> ir.Table:
    """Every record of a place once: something that counts by more than one row is one thing."""
    low, high = jurisdiction(region)
    wanted = told.filter(told.period == 0, told.region >= low, told.region < high)
    if met is not None:
        wanted = wanted.filter(wanted.met == int(met))
    return wanted.group_by("key").agg(region=wanted.region.min(), met=wanted.met.max(), needs=wanted.needs.max()).select("key", "region", "met", "needs")


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


def _visible(fact: str, keys: Sequence[int], asked: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Which of these are still there for the reader, with the columns asked for: the fact's own SELECT, for these keys only."""
    known = facts()[fact]
    columns = (known.key, *asked)
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT DISTINCT ON ("{known.key}") {named} FROM ({known.sql.replace("%", "%%")}) AS f WHERE "{known.key}" = ANY(%s)',
            [list(keys)],
        )
        return {row[0]: dict(zip(columns, row, strict=True)) for row in cursor.fetchall()}
