"""Who owes which returns: what was asked of every place, and how each stands, by a fixed number of statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import DateField, F, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.activities.queries import KEEPERS
from fahui.casework.registers import rights
from fahui.casework.registers.definitions import current
from fahui.casework.registers.models import Entry
from fahui.casework.registers.queries import kept_by
from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden, Missing
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import COUNTY, PREFECTURE, jurisdiction, span_of
from fahui.foundation.worktime.queries import calendar
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.queries import in_force
from fahui.standards.indicators.schema import Indicator
from fahui.standards.lake.engines import hash_joins
from fahui.standards.models import NilReturn, Reported
from fahui.standards.returns import rules
from fahui.standards.returns.rules import Return, Source, Span, State
from fahui.standards.returns.words import period_code

Range = tuple[int, int]
Have = Mapping[tuple[Source, int], set[tuple[int, int]]]
"""By source and level: the places that have a record, with the month of it."""
FACTS = ("entry", "held", "activity", "taking")
_OVERLAP = timedelta(minutes=10)  # what was being written while the night's reading ran


@dataclass(frozen=True)
class Line:
    """One return that one place was asked for, for one period. `county` is the place under which it is shown."""

    wanted: Return
    place: int
    county: int
    span: Span
    state: State

    @property
    def period(self) -> str:
        """Its period's code."""
        return period_code(self.span.period.first, self.span.period.last)


@dataclass(frozen=True)
class Picture:
    """What was asked of the places in reach, and how it stands."""

    returns: tuple[Return, ...]
    lines: tuple[Line, ...]
    names: Mapping[int, str]

    def only(self, what: str = "", period: str = "", places: Range | None = None) -> Picture:
        """Narrowed to a return, a period, or the places of a range."""
        low, high = places or (0, 0)
        kept = tuple(
            line for line in self.lines
            if (not what or line.wanted.key == what) and (not period or line.period == period) and (not places or low <= line.place < high)
        )  # fmt: skip
        return replace(self, returns=tuple(one for one in self.returns if not what or one.key == what), lines=kept)

    @property
    def owed(self) -> list[Line]:
        """What is owed, the latest period first."""
        return sorted((line for line in self.lines if line.state == "owed"), key=lambda one: (-one.span.period.last.toordinal(), one.place, one.wanted.key))

    def counts(self) -> dict[tuple[int, str], Counter[State]]:
        """(county, return) → how many stand how; of a village's return there is one a village and period."""
        found: dict[tuple[int, str], Counter[State]] = defaultdict(Counter)
        for line in self.lines:
            found[line.county, line.wanted.key][line.state] += 1
        return dict(found)


def keeps_any(reader: Reader) -> bool:
    """Whether the reader keeps registers or activities anywhere."""
    return bool(kept_by(reader)) or rights.keeps(reader, KEEPERS)


def keepers_of(wanted: Return) -> tuple[str, ...]:
    """The roles that may enter what a return asks for."""
    registers = current()
    found = [role for name in wanted.registers if name in registers for role in registers[name].keepers]
    return tuple(dict.fromkeys([*found, *(KEEPERS if wanted.activities else ())]))


def of_region(reader: Reader, region: int, indicator: str = "") -> Picture:
    """The picture of a place in the reader's reach; of what one indicator counts, where it is named. Raises Forbidden, Missing."""
    low, high = jurisdiction(region)
    if reader.kind != "system" and not any(first <= low and high <= end for first, end in reader.regions):
        raise Forbidden(_("您的岗位看不到这个地方的报送情况。"))
    day = clock.today()
    wanted, began, targets = _asked(day)
    if indicator:
        told = [target for target in targets if target.id == indicator]
        wanted = tuple(one for target in told for one in rules.serving(wanted, target, measures()))
    return _picture([(low, high)], wanted, began, day)


def mine(reader: Reader, *, register: str = "", activities: bool = False, near: bool = False) -> Picture:
    """What the places that the reader keeps registers or activities for were asked; of one register, or of activities alone.

    `near`: without posts of the whole city, which look after what others report.
    """
    day, city = clock.today(), jurisdiction(cities.current().region)
    posts = tuple(post for post in reader.posts if not near or jurisdiction(post.region_code)[1] - post.region_code < city[1] - city[0])
    held = replace(reader, posts=posts)
    if not keeps_any(held):
        return Picture((), (), {})
    wanted, began, _targets = _asked(day)
    kept = tuple(one for one in wanted if (not register or register in one.registers) and (not activities or one.activities)
                 and rights.keeps(held, keepers_of(one)))  # fmt: skip
    roles = {role for one in kept for role in keepers_of(one)}
    found = _picture([city] if reader.kind == "system" else rights.reach(held, roles), kept, began, day)
    may = {one.key: keepers_of(one) for one in kept}
    return replace(found, lines=tuple(line for line in found.lines if rights.covers(held, may[line.wanted.key], line.place)))


def one(wanted_key: str, place: int, period: str) -> Line:
    """One line, however it stands. Raises Missing for what was never asked."""
    day = clock.today()
    wanted, began, _targets = _asked(day)
    try:
        found = _picture([jurisdiction(place)], [one for one in wanted if one.key == wanted_key], began, day)
    except ValueError as error:  # no code of a place at all
        raise Missing(_("没有向这个地方要这一项。")) from error
    line = next((line for line in found.lines if (line.place, line.period) == (place, period)), None)
    if line is None:
        raise Missing(_("没有向这个地方要这一项。"))
    return line


def declared(reader: Reader, limit: int = 50) -> list[NilReturn]:
    """What was declared nil and stands, in the places of the reader's posts, the latest first."""
    reach = Q() if reader.kind == "system" else _within(reader.regions, "region_code")
    return list(NilReturn.objects.filter(reach, withdrawn_at=None).order_by("-declared_at")[:limit])


def _asked(day: date) -> tuple[tuple[Return, ...], date, tuple[Indicator, ...]]:
    """The returns that the targets in force need, since when, and those targets."""
    held = in_force(day)
    return rules.returns_of(held.indicators, measures()), held.began, held.indicators


def _picture(reach: Sequence[Range], wanted: Sequence[Return], began: date, day: date) -> Picture:
    if not (reach and wanted):
        return Picture((), (), {})
    year, city = calendar(), cities.current().region
    spans = {kind: rules.spans(kind, day, began, year) for kind in {one.kind for one in wanted}}
    every = [span.period for told in spans.values() for span in told]
    if not every:
        return Picture(tuple(wanted), (), {})
    first, last = min(p.first for p in every), max(p.last for p in every)
    places, autonomous = _places(reach, {one.level for one in wanted}, city)
    have = _have(wanted, reach, first, last, city)
    nils = set(
        NilReturn.objects.filter(_within(reach, "region_code"), withdrawn_at=None, last_day__gte=first).values_list(
            "what", "region_code", "first_day", "last_day"
        )
    )
    lines = []
    for one in wanted:
        records = reduce(or_, (have.get((source, one.level), set()) for source in one.sources))
        for span in spans[one.kind]:
            period = span.period
            within = rules.months(period.first, period.last)
            for place, county in _standing(places.get(one.level, []), period.last):
                if one.autonomous and county not in autonomous:
                    continue
                given = any((place, month) in records for month in within)
                nil = (one.key, place, period.first, period.last) in nils
                lines.append(Line(one, place, county, span, rules.state(span, given, nil, day)))
    names = {region.code: region.name for regions in places.values() for region in regions}
    return Picture(tuple(wanted), tuple(lines), names)


def _places(reach: Sequence[Range], levels: Collection[int], city: int) -> tuple[dict[int, list[Region]], set[int]]:
    """The places that are asked, by level; the counties, for their names; and which counties are autonomous, in reach or not."""
    asked = {level for level in levels if level > PREFECTURE} | {COUNTY}
    within, autonomous = _within(reach, "code"), Q(level=COUNTY, ethnic_autonomous=True)
    rows = Region.objects.filter((within & (Q(level__in=asked) | Q(code=city))) | autonomous).order_by("code")
    found: dict[int, list[Region]] = defaultdict(list)
    for region in rows:
        if any(low <= region.code < high for low, high in reach):
            found[PREFECTURE if region.code == city else region.level].append(region)
    return found, {region.code for region in rows if region.level == COUNTY and region.ethnic_autonomous}


def _standing(regions: Iterable[Region], on: date) -> Iterable[tuple[int, int]]:
    """(place, county) of those that stand on a day."""
    for region in regions:
        if (region.valid_from is None or region.valid_from <= on) and (region.valid_to is None or region.valid_to > on):
            yield region.code, region.code if region.level < COUNTY else region.code - region.code % span_of(COUNTY)


def _have(wanted: Iterable[Return], reach: Sequence[Range], first: date, last: date, city: int) -> Have:
    """Every place and month with a record, for each source and level that is asked."""
    levels: dict[Source, set[int]] = defaultdict(set)
    for one in wanted:
        for source in one.sources:
            levels[source].add(one.level)
    found: dict[tuple[Source, int], set[tuple[int, int]]] = defaultdict(set)
    for source, region, months in _records({*levels}, reach, first, last):
        for level in levels[source]:
            place = rules.place_at(region, level, city)
            found[source, level].update((place, month) for month in months)
    return found


def _records(sources: Collection[Source], reach: Sequence[Range], first: date, last: date) -> Iterable[tuple[Source, int, range]]:
    """(source, place of the record, its months): what was kept at night, and what changed since."""
    named = {fact: {s.name for s in sources if s.fact == fact} for fact in FACTS}
    named["activity"] |= named["taking"]
    kept = Reported.objects.filter(
        _within(reach, "region_code"), Q(last_month=None) | Q(last_month__gte=first.replace(day=1)), first_month__lte=last,
        fact__in=FACTS, name__in=set().union(*named.values()),
    )  # fmt: skip
    rows = list(kept.values_list("fact", "name", "category", "region_code", "first_month", "last_month", "at"))
    # Places of which nothing was kept are looked through whole; few rows stand for many records only there.
    since = max(row[-1] for row in rows) - _OVERLAP if rows else None
    with nullcontext() if since else hash_joins():
        told = [*(row[:-1] for row in rows), *every_record(named, reach, first, last, since=since)]
    for fact, name, category, region, begins, ends in told:
        months = rules.months(max(begins, first), min(ends or last, last))
        for source in sources:
            # A training or lecture is also the return of the place where it was held.
            same = source.fact == fact or (fact == "activity" and source.fact == "taking")
            if same and source.name == name and source.category in ("", category):
                yield source, region, months


def every_record(
    named: Mapping[str, Collection[str]], reach: Sequence[Range], first: date, last: date, *, since: datetime | None = None
) -> Iterator[tuple[str, str, str, int, date, date | None]]:
    """(fact, register or kind, category or topic, place, first month, last month) of the records of these days, or of those changed `since`;
    each once, one statement a table."""
    late = {"changed_at__gte": since} if since else {}
    if wanted := {*named["entry"], *named["held"]}:
        yield from _entries(named, wanted, Q(_within(reach, "region_code"), **late), first, last)
    if named["activity"]:
        held = Activity.objects.exclude(state="void").filter(
            _within(reach, "region_code"), kind__in=named["activity"], held_on__gte=first, held_on__lte=last, **late
        )
        rows = held.annotate(month=TruncMonth("held_on")).order_by()
        for name, topic, region, month in rows.values_list("kind", "topic", "region_code", "month").distinct():
            yield "activity", name, topic, region, month, month
    if named["taking"]:
        took = Taking.objects.exclude(activity__state="void").filter(
            _within(reach, "practitioner__region_code"), activity__kind__in=named["taking"], activity__held_on__gte=first,
            activity__held_on__lte=last, **({"activity__changed_at__gte": since} if since else {}),
        ).annotate(month=TruncMonth("activity__held_on")).order_by()  # fmt: skip
        for name, topic, region, month in took.values_list("activity__kind", "activity__topic", "practitioner__region_code", "month").distinct():
            yield "taking", name, topic, region, month, month


def _entries(
    named: Mapping[str, Collection[str]], wanted: Collection[str], those: Q, first: date, last: date
) -> Iterator[tuple[str, str, str, int, date, date | None]]:
    """Entries as what happened in the month they begin, and as what holds until they end."""
    live = Entry.objects.exclude(state="void").filter(those, Q(ends=None) | Q(ends__gt=first) | Q(begins__gte=first), register__in=wanted, begins__lte=last)
    rows = live.annotate(month=TruncMonth("begins"), until=TruncMonth(F("ends") - timedelta(days=1), output_field=DateField())).order_by()
    for name, category, region, month, until in rows.values_list("register", "category", "region_code", "month", "until").distinct():
        if name in named["entry"] and month >= first.replace(day=1):
            yield "entry", name, category, region, month, month
        if name in named["held"] and (until is None or until >= first.replace(day=1)):
            yield "held", name, category, region, month, until


def _within(reach: Iterable[Range], field: str) -> Q:
    return reduce(or_, (Q(**{f"{field}__gte": low, f"{field}__lt": high}) for low, high in reach), Q(pk__in=[]))
