"""What an edition says: plain values, put together from a run that no longer changes, with what must stay hidden left out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from fahui.foundation.data import Data
from fahui.foundation.regions.rules import COUNTY, level_of
from fahui.insight.figures import rules as figures
from fahui.insight.figures.queries import Board, Result, plain
from fahui.insight.figures.units import parts_of, whole
from fahui.insight.opendata.rules import Hidden, Numbers, Told, hidden, kept, overlapping
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator, Use
from fahui.standards.measures.schema import Covered, Ratio

_THINGS = frozenset({"region", "institution", "site"})
COUNTED: frozenset[figures.Status] = frozenset({"met", "on_track", "at_risk", "behind"})
"""Only what has a figure and a number to reach can be published."""



class Line(Data):
    """A figure and the numbers it is made of, as decimal text (money in yuan, areas in m², time in minutes). `value` is null where nothing
    could be counted. Suppressed: none of them is told."""

    upper: str | None
    lower: str | None
    value: str | None
    suppressed: bool


class Place(Line):
    """The figure of one county; the city's own code stands for records of the city itself."""

    code: int
    name: str


class Published(Line):
    """One target of the policy: its clause and words, what is counted, from when to when, and the figures."""

    id: str
    section: str
    heading: str
    heading_en: str = ""
    clause: str
    quote: str
    name: str
    name_en: str
    means: str
    means_en: str
    reading: str
    reading_en: str
    unit: str
    # Every single subject has to reach the target: the figure is the share (%) of those that do.
    each: bool
    first: date
    last: date
    op: str
    target: str
    target_unit: str
    by: date
    baseline: str | None
    responsible: tuple[str, ...]
    version: int
    places: tuple[Place, ...]


class Change(Data):
    """What differs from the edition before. Before and after are figures as they were published."""

    id: str
    name: str
    name_en: str
    kind: Literal["added", "removed", "figure", "definition"]
    before: str
    after: str


class Content(Data):
    """A whole edition. `corrects`: the edition of the same day that this one puts right."""

    number: int
    city: str
    city_en: str
    region: int
    publisher: str
    publisher_en: str
    policy: str
    as_of: date
    records_at: datetime
    note: str
    reason: str
    corrects: int | None
    licence: str
    licence_en: str
    fewer_than: int
    indicators: tuple[Published, ...]
    changes: tuple[Change, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of exactly what is said."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _Row:
    """A figure before anything is hidden."""

    upper: Fraction | None
    lower: Fraction | None
    value: Fraction | None
    # The numbers of a year before, where the figure is growth since then.
    then: Numbers

    @property
    def all(self) -> Numbers:
        """Every number that is told or follows from what is told."""
        return tuple(n for n in (self.upper, self.lower, *self.then) if n is not None)


def choosable(results: Iterable[Result]) -> list[Result]:
    """The targets that can be published: those with a figure and a number to reach."""
    return [result for result in results if result.status in COUNTED]


def published(
    board: Board, results: Iterable[Result], chosen: Collection[str], counties: dict[int, str], own: str,
    section: Callable[[Indicator], tuple[str, str, str]], before: Iterable[tuple[str, Published]] = (),
) -> tuple[Published, ...]:  # fmt: skip
    """The chosen targets in the policy's order, each county by itself, small numbers left out.

    `own`: what records of the city itself are called. `section` gives the clause of the policy a target stands under and its heading.
    `before`: what earlier editions published, with the question of each (`question_of`).
    """
    wanted = [result for result in choosable(results) if result.indicator.id in chosen]
    tables = {result.indicator.id: _table(board, result, counties) for result in wanted}
    held = _held_back(board, wanted, tables, list(before))
    names = counties | {board.city: own}
    return tuple(
        _published(board, result, tables[result.indicator.id], held[result.indicator.id], names, section(result.indicator))
        for result in wanted
    )


def _table(board: Board, result: Result, counties: dict[int, str]) -> dict[int, _Row]:
    """The line of the whole (code 0), of every county, and of the city's own records where there are any."""
    name, use = result.indicator.id, result.indicator.use
    parts = parts_of(use) if use else (1, 1)

    def row(numbers: figures.Numbers | None, value: Fraction | None, then: figures.Numbers | None = None) -> _Row:
        upper, lower = whole(numbers, parts)
        return _Row(upper, lower, value, tuple(n for n in whole(then, parts) if n is not None))

    found = {0: row(result.numbers, result.value, board.year_before(name, board.city))}
    if result.numbers is None:
        return found  # the overall goal is made of other targets, not of places
    for code in counties:
        found[code] = row(*board.figure_of(name, code), board.year_before(name, code))
    for code, numbers, value in board.below(name, board.city, min(map(level_of, counties), default=COUNTY)):
        if code == board.city:
            found[code] = row(numbers, None if use and use.against else value)
    return found


def question_of(indicator: Indicator) -> str:
    """What a target counts, by which two of them, or one in two editions, are known to count the same."""
    use = indicator.use
    return json.dumps([use.measure, use.given], sort_keys=True) if use else indicator.id


def _held_back(
    board: Board, wanted: list[Result], tables: dict[str, dict[int, _Row]], before: list[tuple[str, Published]]
) -> dict[str, Hidden]:
    """What to hide of each. What counts the same thing hides the same lines: one table must not tell what another hides."""
    asked: dict[str, Hidden] = {}
    questions = {}
    for result in wanted:
        name, use = result.indicator.id, result.indicator.use
        question = question_of(result.indicator)
        questions[name] = question
        table = tables[name]
        parts = {code: row.all for code, row in table.items() if code}
        told = Hidden()
        if not use or of_people(use):
            now = board.spans(name)[-1]
            earlier = [_told(one) for asks, one in before if asks == question and overlapping((one.first, one.last), (now.first, now.last))]
            told = kept(hidden(table[0].all, parts, tied=bool(use and use.spread)), earlier, frozenset(parts))
        asked[question] = asked.get(question, Hidden()) | told
    return {name: asked[question] for name, question in questions.items()}


def _told(one: Published) -> Told:
    held = frozenset(place.code for place in one.places if place.suppressed)
    return Told(not one.suppressed, held, frozenset(place.code for place in one.places if place.upper is not None))


def of_people(use: Use) -> bool:
    """Whether a small number could point at somebody. How many villages, institutions or sites there are is no secret of anybody's."""
    if use.measure == SUB_INDICATORS_MET:
        return False
    shape = measures()[use.measure].shape(use.given)
    if isinstance(shape, Covered):
        told = {shape.units.of}
    else:
        told = {shape.above.of, shape.below.of} if isinstance(shape, Ratio) else {shape.of}
    return not told <= _THINGS


def _published(
    board: Board, result: Result, table: dict[int, _Row], held: Hidden, names: dict[int, str], section: tuple[str, str, str]
) -> Published:
    indicator, target = result.indicator, result.target
    latest = next(period for period in reversed(board.spans(indicator.id)) if period.number == 0)
    measure = measures().get(indicator.use.measure) if indicator.use else None
    reading = indicator.reading
    base = indicator.baseline
    return Published(
        **_line(table[0], held.whole), id=indicator.id, section=section[0], heading=section[1], heading_en=section[2], clause=indicator.clause,
        quote=indicator.quote, name=indicator.name.zh, name_en=indicator.name.en, means=measure.zh if measure else "",
        means_en=measure.en if measure else "", reading=reading.zh if reading else "", reading_en=reading.en if reading else "",
        unit=result.unit, each=indicator.each, first=latest.first, last=latest.last, op=target.op, target=plain(target.value),
        target_unit=indicator.unit, by=target.by, baseline=f"{base.value}（{base.as_of}）" if base else None,
        responsible=indicator.responsible, version=indicator.version,
        places=tuple(Place(**_line(row, code in held.parts), code=code, name=names[code]) for code, row in table.items() if code),
    )  # fmt: skip


def _line(row: _Row, suppressed: bool) -> dict[str, Any]:
    if suppressed:
        return {"upper": None, "lower": None, "value": None, "suppressed": True}
    told = [None if n is None else figures.told(n, places) for n, places in ((row.upper, 2), (row.lower, 2), (row.value, 4))]
    return dict(zip(("upper", "lower", "value"), told, strict=True)) | {"suppressed": False}


def changes(before: Content, after: tuple[Published, ...], *, same_day: bool) -> tuple[Change, ...]:
    """What was added, left out or defined otherwise since an edition; and on the same day, which figures differ."""
    old, new = {i.id: i for i in before.indicators}, {i.id: i for i in after}
    found = []
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if kind := _difference(was, now, same_day):
            said = now or old[name]
            found.append(Change(id=name, name=said.name, name_en=said.name_en, kind=kind, before=_said(was), after=_said(now)))
    return tuple(found)


def _difference(
    was: Published | None, now: Published | None, same_day: bool
) -> Literal["added", "removed", "figure", "definition"] | None:
    if was is None or now is None:
        return "added" if was is None else "removed"
    figure = {"upper", "lower", "value", "suppressed", "places", "first", "last"}
    # How a heading is translated is no part of what is counted.
    beside = figure | {"heading_en"}
    if was.model_dump(exclude=beside) != now.model_dump(exclude=beside):
        return "definition"
    return "figure" if same_day and was != now else None


def _said(told: Published | None) -> str:
    """A figure in a few signs: value, unit and numbers; – where there is none."""
    if told is None or told.suppressed:
        return "–"
    made = f"（{told.upper}/{told.lower}）" if told.lower is not None else ""
    return "无" if told.value is None else f"{told.value} {told.unit}{made}"
