"""The records behind a figure, under the reader's own rights: what they may not see is not there."""

from __future__ import annotations

from dataclasses import dataclass

import ibis

from fahui.foundation.regions.rules import jurisdiction
from fahui.insight.figures.queries import Board
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET
from fahui.standards.lake.engines import Postgres
from fahui.standards.measures.compile import records
from fahui.standards.measures.schema import Covered, Ratio, Shape

PAGE = 50


@dataclass(frozen=True)
class Behind:
    """One record: its key in the fact it belongs to, its place, and whether it counts above the line."""

    key: int
    region: int
    met: bool


def fact_of(shape: Shape) -> str:
    """Which fact the records behind a figure belong to."""
    if isinstance(shape, Covered):
        return shape.units.of
    return shape.above.of if isinstance(shape, Ratio) else shape.of


def behind(board: Board, indicator: str, region: int, met: bool | None, after: int) -> tuple[str, list[Behind]]:
    """The fact, and a page of the records behind the latest figure and one more, in order of their keys.

    Read from PostgreSQL as the reader who is announced, so row security holds. `met`: only those that count above, only those
    that do not, or all.
    """
    use = board.indicators[indicator].use
    if use is None or use.measure == SUB_INDICATORS_MET:
        return "", []
    shape = measures()[use.measure].shape(use.given)
    engine = Postgres()
    engine.periods(board.spans(indicator)[-1:])
    told = records(shape)
    low, high = jurisdiction(region)
    wanted = told.filter(told.period == 0, told.region >= low, told.region < high, told.key > after)
    if met is not None:
        wanted = wanted.filter(wanted.met == int(met))
    # Something that counts by more than one record is one thing.
    each = wanted.group_by("key").agg(region=wanted.region.min(), met=wanted.met.max())
    page = each.select("key", "region", "met").order_by(ibis.asc("key")).limit(PAGE + 1)
    return fact_of(shape), [Behind(int(key), int(place), bool(counts)) for key, place, counts in engine.rows(page)]
