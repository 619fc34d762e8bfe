"""The figures of the last measuring, for a place the reader may look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from fahui.foundation import cities
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden, Missing
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import COUNTY, contains, jurisdiction, level_of, span_of
from fahui.insight.figures import rules
from fahui.insight.figures.rules import Forecast, Numbers, Scale, Status
from fahui.standards.indicators.definitions import indicators, measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator, Target
from fahui.standards.measuring import A_YEAR_AGO
from fahui.standards.models import IndicatorVersion, Measured, Run
from fahui.standards.periods import Period


@dataclass(frozen=True)
class Point:
    """The figure of one period, and the numbers it is made of."""

    period: Period
    value: Fraction | None
    numbers: Numbers | None
    # Of growth: the figure itself, and the one of before that it is held against.
    now: Fraction | None = None
    then: Fraction | None = None


@dataclass(frozen=True)
class Result:
    """One indicator in one place: the figure, how it got there, where it leads, and how it stands against its target."""

    indicator: Indicator
    region: int
    as_of: date
    value: Fraction | None
    numbers: Numbers | None
    trend: tuple[Point, ...]
    target: Target
    ahead: Forecast | None
    status: Status

    @property
    def aim(self) -> Fraction | None:
        """The target's number. Where every subject must reach it, the figure is the share that does, and the aim is all."""
        if self.target.value is None:
            return None
        return Fraction(100) if self.indicator.each else Fraction(self.target.value)

    @property
    def unit(self) -> str:
        """What the figure is counted in."""
        return "%" if self.indicator.each else self.indicator.unit

    @property
    def growth(self) -> tuple[Fraction | None, Fraction | None] | None:
        """Of a target that asks for growth: the figure now, and the one of a year before or of the baseline. None for any other."""
        last = self.trend[-1] if self.trend else None
        return (last.now, last.then) if last and self.indicator.use and self.indicator.use.against else None

    @cached_property
    def told(self) -> str:
        """The figure as people read it."""
        return rules.told(self.value)


class Board:
    """All indicators of a run. Numbers are read once; every place is then a matter of adding them up."""

    def __init__(self, run: Run, measured: Iterable[Measured] | None = None) -> None:
        self.run = run
        self.city = cities.current().region
        told = Measured.objects.filter(run=run) if measured is None else measured
        rows = {row.indicator: row for row in told}
        # In the policy's order; an indicator that is no longer in it comes last.
        order = {indicator.id: place for place, indicator in enumerate(indicators(cities.current().id).indicators)}
        self._rows = dict(sorted(rows.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))
        self.indicators = {name: Indicator.model_validate(row.definition) for name, row in self._rows.items()}
        self._cells = {name: _cells(row) for name, row in self._rows.items()}
        self._periods = {name: tuple(_period(told) for told in row.periods) for name, row in self._rows.items()}

    def spans(self, name: str) -> tuple[Period, ...]:
        """The periods of an indicator, oldest first."""
        return self._periods[name]

    def results(self, region: int) -> list[Result]:
        """Every indicator for a place, in the policy's order."""
        found = {name: self.result(name, region) for name in self.indicators}
        counted = [r for r in found.values() if not _goal(r.indicator) and r.status in rules.HELD]
        met = sum(r.status == "met" for r in counted)
        for name, result in found.items():
            if _goal(result.indicator):
                found[name] = self._goal(result, (met, len(counted)))
        return list(found.values())

    def result(self, name: str, region: int) -> Result:
        """One indicator for a place. The overall goal needs `results`."""
        indicator = self.indicators[name]
        points = [self._point(name, period, region) for period in self._periods[name] if period.number != A_YEAR_AGO]
        value = points[-1].value if points else None
        target = _target(indicator, self.run.as_of)
        op = ">=" if indicator.each else target.op
        # A period that still runs is no point of a trend.
        whole = [(p.period.last, p.value) for p in points if p.value is not None and p.period.whole]
        ahead = rules.forecast(whole, target.by)
        numbers = points[-1].numbers if points else None
        result = Result(indicator, region, self.run.as_of, value, numbers, tuple(points), target, ahead, "not_measured")
        if indicator.use is None:
            return result
        if region != self.city and _of_the_whole(indicator):
            return replace(result, ahead=None, status="shared")
        status = rules.status(value, op, result.aim, target.by, self.run.as_of, ahead)
        runs = bool(points) and not points[-1].period.whole
        if status == "behind" and runs and whole and result.aim is not None and rules.reaches(whole[-1][1], op, result.aim):
            status = "at_risk"  # the period still runs, and the one before it did reach the target
        return replace(result, status=status)

    def places(self, name: str) -> Mapping[int, Numbers]:
        """The latest numbers of every township (and of records of a county or the city itself)."""
        return self._cells[name].get(0, {})

    def figure_of(self, name: str, region: int) -> tuple[Numbers | None, Fraction | None]:
        """The latest numbers and figure of one place."""
        point = next(p for p in reversed(self._periods[name]) if p.number == 0)
        drawn = self._point(name, point, region)
        return drawn.numbers, drawn.value

    def year_before(self, name: str, region: int) -> Numbers | None:
        """The numbers that growth of one place is told against; None where it is told against none."""
        use = self.indicators[name].use
        if use is None or use.against != "previous_year":
            return None
        then = self._numbers(name, A_YEAR_AGO, region)
        return (then[0], None) if then and self._scale(name).of_units else then

    def below(self, name: str, region: int, level: int) -> list[tuple[int, Numbers, Fraction | None]]:
        """The latest numbers and figure of every place of a level inside one that has any; what is its own stands as itself."""
        level_step = span_of(level)
        low, high = jurisdiction(region)
        places = self._cells[name].get(0, {})
        codes = sorted({code - code % level_step for code in places if low <= code < high})
        found = []
        for code in codes:
            # A county's own records stand beside those of its townships, not above them.
            end = code + 1 if code == region else jurisdiction(code)[1]
            numbers = rules.rolled(places, code, code, end)
            if numbers is not None:
                use = self.indicators[name].use
                value = rules.figure(numbers, self._scale(name))
                if use and use.against and not use.spread:
                    # Growth is told of a place; what is a place's own and lies in none below it has none.
                    value = None if code == region else self.figure_of(name, code)[1]
                found.append((code, (numbers[0], None) if self._scale(name).of_units else numbers, value))
        return found

    def _goal(self, result: Result, numbers: Numbers) -> Result:
        value = rules.figure(numbers, Scale(per=100))
        aim = Fraction(100) if result.aim is None else result.aim
        status = rules.status(value, result.target.op, aim, result.target.by, result.as_of, None)
        return replace(result, value=value, numbers=numbers, status=status)

    def _point(self, name: str, period: Period, region: int) -> Point:
        use = self.indicators[name].use
        if use is None or use.measure == SUB_INDICATORS_MET:
            return Point(period, None, None)
        numbers = self._numbers(name, period.number, region)
        if numbers is None and measures()[use.measure].count is not None:
            numbers = (0, None)  # nothing of the kind is on record: that is a number, unlike a share of nothing
        value = self._level(name, period.number, region, numbers)
        if numbers and self._scale(name).of_units:
            numbers = (numbers[0], None)  # of how many is not what is told
        if not use.against:
            return Point(period, value, numbers)
        if use.against == "previous_year":
            before = self._year_before(name, period)
            then = None if before is None else self._level(name, before, region, self._numbers(name, before, region))
        else:
            base = self.indicators[name].baseline
            then = Fraction(base.value) if base else None
        return Point(period, rules.growth(value, then, use.growth), numbers, value, then)

    def _numbers(self, name: str, period: int, region: int) -> Numbers | None:
        return rules.rolled(self._cells[name].get(period, {}), region, *jurisdiction(region))

    def _level(self, name: str, period: int, region: int, numbers: Numbers | None) -> Fraction | None:
        """The figure before it is held against another time: that of the place, or the gap between its counties."""
        use = self.indicators[name].use
        if not (use and use.spread):
            return rules.figure(numbers, self._scale(name))
        low, high = jurisdiction(region)
        codes = {abs(code) - abs(code) % 10**6 for code in self._cells[name].get(period, {}) if low <= abs(code) < high}
        # What is the city's own belongs to no county.
        counties = sorted(code for code in codes if level_of(code) == COUNTY)
        return rules.gap(rules.figure(self._numbers(name, period, code), self._scale(name)) for code in counties)

    def _year_before(self, name: str, period: Period) -> int | None:
        """The number of the period a year earlier: the same days for the one that runs, else the one that ended then."""
        if period.number == 0:
            return A_YEAR_AGO
        then = (period.last.year - 1, period.last.month)
        spans = (p for p in self._periods[name] if p.number != A_YEAR_AGO)
        return next((p.number for p in spans if (p.last.year, p.last.month) == then), None)

    def _scale(self, name: str) -> Scale:
        use = self.indicators[name].use
        measure = measures()[use.measure] if use else None
        return Scale(measure.scale, measure.per, measure.of_units) if measure else Scale()


def latest(as_of: date | None = None) -> Run:
    """The last run that is done (on or before a day). Raises Missing when nothing was measured yet."""
    runs = Run.objects.filter(state="done")
    found = (runs.filter(as_of__lte=as_of) if as_of else runs).order_by("-as_of", "-began_at").first()
    if found is None:
        raise Missing(_("还没有测量过指标。"))
    return found


def tried(version: IndicatorVersion) -> list[Result]:
    """What a trial gave for the whole city: as it is counted now (if it is), and as it would be."""
    if "after" not in version.trial:
        return []
    run = Run(as_of=date.fromisoformat(version.trial["as_of"]))
    found = []
    for name in ("before", "after"):
        if name in version.trial:
            row = Measured(run=run, indicator=version.indicator, **version.trial[name])
            found.append(Board(run, [row]).result(version.indicator, cities.current().region))
    return found


def trouble() -> Run | None:
    """The last run if it did not end well, or is still at it."""
    last = Run.objects.order_by("-began_at").first()
    return last if last is not None and last.state != "done" else None


def place(reader: Reader, code: int | None) -> Region:
    """The place a reader looks at: the widest of their own posts, or one inside it. Raises Forbidden, Missing."""
    city = cities.current().region
    own = (
        [city]
        if reader.kind == "system"
        else sorted({post.region_code for post in reader.posts}, key=lambda c: -jurisdiction(c)[1] + c)
    )
    wanted = code or (own[0] if own else city)
    try:
        inside = any(contains(above, wanted) for above in own)
    except ValueError as error:  # no code of a place at all
        raise Missing(_("没有这个地方。")) from error
    if not inside:
        raise Forbidden(_("您的岗位看不到这个地方的指标。"))
    found = Region.objects.filter(code=wanted).first()
    if found is None:
        raise Missing(_("没有这个地方。"))
    return found


def _cells(row: Measured) -> dict[int, Mapping[int, Numbers]]:
    return {
        int(period): {int(town): (upper, lower) for town, (upper, lower) in towns.items()}
        for period, towns in row.cells.items()
    }


def _period(told: Mapping[str, object]) -> Period:
    return Period(
        int(str(told["number"])),
        date.fromisoformat(str(told["first"])),
        date.fromisoformat(str(told["last"])),
        bool(told["whole"]),
    )


def _target(indicator: Indicator, as_of: date) -> Target:
    """The next target to be reached, else the last one there was."""
    ahead = sorted((t for t in indicator.targets if t.by >= as_of), key=lambda t: t.by)
    return ahead[0] if ahead else max(indicator.targets, key=lambda t: t.by)


def _of_the_whole(indicator: Indicator) -> bool:
    """Whether a target is an amount (20 stations) that the whole city has to reach: a county's own counts towards it. None at all
    (no complaint) is asked of everybody."""
    use, target = indicator.use, indicator.targets[-1].value
    if use is None or use.growth or indicator.each or not target or use.measure == SUB_INDICATORS_MET:
        return False
    measure = measures()[use.measure]
    return measure.count is not None or measure.of_units


def _goal(indicator: Indicator) -> bool:
    return bool(indicator.use and indicator.use.measure == SUB_INDICATORS_MET)


def plain(value: Decimal | None) -> str:
    """A target's number as people read it."""
    return "" if value is None else f"{value.normalize():f}"
