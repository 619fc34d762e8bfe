"""Which returns a city's targets need, for which periods, and how each stands. Pure: definitions, days and records in.

A return is what a place reports for a period so that a figure can be counted: an entry of a register, or an activity. Which there are
follows from the targets; nobody writes them down. What happens is asked for in every period. What holds for a while (a title, a check
that was passed) is asked for only by a target that is itself counted by the year, quarter or month: of a goal to be reached once, its
absence is the figure and no missing record. Where the record may be of something else (a posting, a case), nothing is asked.
How it went (passed, confirmed, on the spot) is no other return: the place has reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from fahui.foundation.regions.rules import COUNTY, PREFECTURE, TOWNSHIP, VILLAGE, span_of
from fahui.foundation.worktime.rules import BUSINESS_ZONE, Calendar, Duration, OutsideCalendar, due
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator
from fahui.standards.measures.schema import Condition, Count, Covered, Measure, Shape, Units, codes_in, counts_of
from fahui.standards.periods import Kind, Period, periods

GRACE = Duration.parse("10 working days")
"""How long after a period's last day a return may still come before it is owed. A proposal: no policy sets a day."""
LAST = 4
"""The collection rate (信息采集率) is taken over so many periods that are over. A proposal: no policy says over which."""
STATES: tuple[State, ...] = ("owed", "waiting", "nil", "given")

Fact = Literal["entry", "held", "activity", "taking"]
State = Literal["given", "nil", "owed", "waiting"]
"""A record is there · there is none and a keeper said so · neither, and time is up · neither, and there is still time."""

_LEVELS = {"city": PREFECTURE, "county": COUNTY, "township": TOWNSHIP, "village": VILLAGE}
_LENGTHS: dict[Kind, int] = {"monthly": 1, "quarterly": 3, "yearly": 12, "once": 12, "continuous": 12}


@dataclass(frozen=True, order=True)
class Source:
    """Where a record may come from: a register with its category, or a kind of activity with its topic ("" for any).

    `held` entries are looked at by whether they hold; of a `taking` the place of whoever took part counts as well as the activity's.
    """

    fact: Fact
    name: str
    category: str = ""


@dataclass(frozen=True)
class Return:
    """What places of one level report for each month, quarter or year: a record from any of the sources; `autonomous`: only
    those in counties of ethnic autonomy."""

    sources: tuple[Source, ...]
    level: int
    kind: Kind
    autonomous: bool = False

    @property
    def key(self) -> str:
        """Its name in addresses and in what keepers declare: `activity:lecture@3`, `entry:survey.awareness|held:rate@5`."""
        told = (f"{s.fact}:{s.name}.{s.category}" if s.category else f"{s.fact}:{s.name}" for s in self.sources)
        return f"{'|'.join(told)}@{self.level}{'.autonomous' if self.autonomous else ''}"

    @property
    def registers(self) -> tuple[str, ...]:
        """The registers it may be entered in."""
        return tuple(dict.fromkeys(s.name for s in self.sources if s.fact in ("entry", "held")))

    @property
    def activities(self) -> tuple[str, ...]:
        """The kinds of activity it may be."""
        return tuple(dict.fromkeys(s.name for s in self.sources if s.fact in ("activity", "taking")))


@dataclass(frozen=True)
class Span:
    """A period that is over, with the last day on which its returns are in time; None while no calendar says."""

    period: Period
    due: date | None


def returns_of(indicators: Iterable[Indicator], measures: Mapping[str, Measure]) -> tuple[Return, ...]:
    """Every return the indicators need, each for the shortest period in which one of them counts it.

    One is left out where the same or a narrower one is asked for at least as often from places as small or smaller: that gives both.
    """
    shortest: dict[tuple[tuple[Source, ...], int, bool], Kind] = {}
    for indicator in indicators:
        kind: Kind = indicator.period if _LENGTHS[indicator.period] < 12 else "yearly"
        for sources in needs_of(indicator, measures):
            key = (sources, level_of(indicator), of_autonomous(indicator, measures))
            shortest[key] = min(kind, shortest.get(key, kind), key=_LENGTHS.__getitem__)
    found = [Return(sources, level, kind, autonomous) for (sources, level, autonomous), kind in shortest.items()]
    return tuple(one for one in found if not any(_stands_for(other, one) for other in found))


def needs_of(indicator: Indicator, measures: Mapping[str, Measure]) -> list[tuple[Source, ...]]:
    """What an indicator's measure counts of registers and activities: for each need, the sources of which any will do."""
    use = indicator.use
    if use is None or use.measure == SUB_INDICATORS_MET:
        return []
    found = _needs(measures[use.measure].shape(use.given))
    standing = indicator.period in ("once", "continuous")
    return [need for need in dict.fromkeys(found) if not (standing and all(source.fact == "held" for source in need))]


def level_of(indicator: Indicator) -> int:
    """Who reports: places of the lowest level the indicator names; of institutions and persons, and to compare counties, the counties."""
    if indicator.use and indicator.use.spread:
        return COUNTY
    return max((_LEVELS.get(one, COUNTY) for one in indicator.scope), default=COUNTY)


def of_autonomous(indicator: Indicator, measures: Mapping[str, Measure]) -> bool:
    """Whether only counties of ethnic autonomy are asked: its measure looks at no other places, or its kind of record is theirs."""
    shape = measures[indicator.use.measure].shape(indicator.use.given) if indicator.use else None
    return indicator.autonomous_only or (isinstance(shape, Covered) and shape.units.where.get("autonomous") == 1)


def serving(wanted: Iterable[Return], indicator: Indicator, measures: Mapping[str, Measure]) -> list[Return]:
    """Those of the returns that bring what an indicator counts."""
    needs = [set(need) for need in needs_of(indicator, measures)]
    autonomous = of_autonomous(indicator, measures)
    return [one for one in wanted if one.autonomous <= autonomous and any(set(one.sources) <= need for need in needs)]


def spans(kind: Kind, today: date, began: date, calendar: Calendar, grace: Duration = GRACE) -> list[Span]:
    """The last periods that are over, oldest first, and until when each may be reported. None is asked from before the policy began."""
    over = [p for p in periods(kind, today, began) if p.last < today and p.last >= began]
    return [Span(p, due_on(p.last, calendar, grace)) for p in over[-LAST:]]


def due_on(last: date, calendar: Calendar, grace: Duration = GRACE) -> date | None:
    """The last day in time for a period that ends on `last`; None where the working calendar of that year is not announced."""
    try:
        return due(datetime(last.year, last.month, last.day, tzinfo=BUSINESS_ZONE), grace, calendar).date()
    except OutsideCalendar:
        return None


def state(span: Span, given: bool, nil: bool, today: date) -> State:
    """How one return of one place stands. A record outranks the word that there is none."""
    if given:
        return "given"
    if nil:
        return "nil"
    return "owed" if span.due is not None and today > span.due else "waiting"


def months(first: date, last: date) -> range:
    """The months from one day to another, as numbers that follow each other."""
    return range(first.year * 12 + first.month, last.year * 12 + last.month + 1)


def place_at(region: int, level: int, city: int) -> int:
    """The place of a level in which a record lies (a county's own record lies in no township), or the city itself."""
    return city if level <= PREFECTURE else region - region % span_of(level)


def rate(counts: Mapping[State, int]) -> tuple[int, int]:
    """信息采集率 as (given, asked): a record or a declared nil is given; what may still come is not yet asked."""
    given = counts.get("given", 0) + counts.get("nil", 0)
    return given, given + counts.get("owed", 0)


def _stands_for(other: Return, one: Return) -> bool:
    covers = set(other.sources) <= set(one.sources) and other.level >= one.level and other.autonomous <= one.autonomous
    return other != one and covers and _LENGTHS[other.kind] <= _LENGTHS[one.kind]


def _needs(shape: Shape) -> list[tuple[Source, ...]]:
    if isinstance(shape, Covered) and shape.meet == "any":
        told = [_sources(need) for need in shape.needs]
        either = tuple(sorted({source for sources in told for source in sources}))
        return [either] if all(told) else []
    return [sources for count in counts_of(shape) if (sources := _sources(count))]


def _sources(count: Count | Units) -> tuple[Source, ...]:
    conditions: Sequence[Condition] = [{**count.where, **more} for more in count.either] or [count.where]
    told = [list(_named(count, condition)) for condition in conditions]
    # One condition that names no register asks for nothing in particular.
    return tuple(sorted({source for sources in told for source in sources})) if all(told) else ()


def _named(count: Count | Units, where: Condition) -> Iterator[Source]:
    if count.of == "entry":
        held = isinstance(count, Units) or count.when == "holds"
        for register in codes_in(where.get("register")):
            for category in codes_in(where.get("category")) or [""]:
                yield Source("held" if held else "entry", register, category)
    elif count.of in ("activity", "taking"):
        for kind in codes_in(where.get("kind")):
            for topic in codes_in(where.get("topic")) or [""]:
                yield Source("activity" if count.of == "activity" else "taking", kind, topic)
