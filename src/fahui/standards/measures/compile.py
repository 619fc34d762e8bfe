"""From a measure to one Ibis expression with the columns period, town, upper, lower: the same on every engine.

Each engine makes two tables for the periods it is asked for: `star_period` (number, first_day, last_day, latest) and
`star_period_day` (number, on_day). Days are joined by equality, so that ten million cases cost one hash join whatever the periods.
"""

from __future__ import annotations

from functools import reduce
from operator import add, and_, or_
from typing import Any

import ibis
import ibis.expr.types as ir

from fahui.standards.measures.schema import Condition, Count, Covered, Need, Ratio, Shape, Share, Units
from fahui.standards.star import Fact, facts

PERIOD = ibis.table({"number": "int64", "first_day": "date", "last_day": "date", "latest": "int64"}, name="star_period")
PERIOD_DAY = ibis.table({"number": "int64", "on_day": "date"}, name="star_period_day")
_WEEK = ibis.interval(days=6)


class Unknown(ValueError):
    """A measure names a fact or column that is not there; the message says which."""


def numbers(shape: Shape) -> ir.Table:
    """What a figure is made of: period, town, upper, lower. Raises Unknown."""
    if isinstance(shape, Covered):
        units = _units_met(shape)
        found = units.group_by(period=units.number, town=units.town).agg(upper=units.met.sum(), lower=units.count())
    elif isinstance(shape, Ratio):
        found = _ratio(shape)
    else:
        found = _rolled_up(shape) if shape.distinct else _counted(shape, "town")
    return found.select("period", "town", upper=found.upper.cast("int64"), lower=found.lower.cast("int64"))


def _rolled_up(shape: Count) -> ir.Table:
    """Different things do not add up over places: they are counted for each township, and again for each county, city and province,
    whose codes are given with a minus."""
    found = _counted(shape, "town")
    for level, span in ((3, 10**6), (2, 10**8), (1, 10**10)):
        found = found.union(_counted(shape, "region", level=level, span=span))
    return found


def records(shape: Shape) -> ir.Table:
    """The rows behind a figure: period, region, town, key of the row, `met` (1 when it counts above), and `needs`: of a unit those it
    meets, a bit each, the first need the lowest; 0 for whatever is no unit."""
    if isinstance(shape, Covered):
        units = _units_met(shape)
        return units.select("region", "town", "met", "needs", "key", period=units.number)
    if isinstance(shape, Ratio):
        return records(shape.above)
    fact, table = _taken(shape)
    met = (
        _yes(_narrowed(table, shape.part, shape.part_either)) if isinstance(shape, Share) else ibis.literal(1, "int64")
    )
    return table.select("region", "town", period=table.number, key=table[fact.key], met=met, needs=ibis.literal(0, "int64"))


def _counted(shape: Count, place: str, *, level: int = 0, span: int = 0, only_now: bool = False) -> ir.Table:
    """Upper and lower by period and place; with `span`, by the places of that level which hold the records."""
    _fact, table = _taken(shape, only_now=only_now)
    where: Any = table[place]
    if span:
        table = table.filter(table.level >= level)
        where = table.region % span - table.region
    places = table.group_by(period=table.number, town=where.cast("int64"))
    if not isinstance(shape, Share):
        found = places.agg(upper=_amount(table, shape).cast("int64")).mutate(lower=ibis.null("int64"))
    else:
        part = _narrowed(table, shape.part, shape.part_either)
        found = places.agg(upper=_amount(table, shape, part).cast("int64"), lower=_amount(table, shape).cast("int64"))
    return found.select("period", "town", "upper", "lower")


def _ratio(shape: Ratio) -> ir.Table:
    only = _only_now(shape.above, shape.below)
    above, below = _counted(shape.above, "town", only_now=only), _counted(shape.below, "town", only_now=only)
    zero = ibis.literal(0, "int64")
    both = above.select("period", "town", upper=above.upper.cast("int64"), lower=zero).union(
        below.select("period", "town", upper=zero, lower=below.upper.cast("int64"))
    )
    return both.group_by("period", "town").agg(upper=both.upper.sum(), lower=both.lower.sum())


def _amount(table: ir.Table, count: Count, part: Any = None) -> Any:
    if count.sum:
        column = table[_column(table, count.sum)]
        return (column if part is None else ibis.ifelse(part, column, 0)).sum().fill_null(0)
    if count.distinct:
        return table[_column(table, count.distinct)].nunique(where=part)
    return table.count() if part is None else _yes(part).sum()


def _units_met(shape: Covered) -> ir.Table:
    """One row a period and unit: number, unit, region, town, met, needs (the bits of `records`), and the key of the row that is the unit."""
    fact, table = _taken(shape.units, only_now=_only_now(*shape.needs))
    unit = table[_column(table, shape.units.key or fact.key)]
    units = table.select("number", "region", "town", unit=unit, key=table[fact.key])
    met = []
    for place, need in enumerate(shape.needs):
        have = _enough(need, shape.units).rename({f"number_{place}": "number", f"have_{place}": "key"})
        units = units.left_join(have, [units.number == have[f"number_{place}"], units.unit == have[f"have_{place}"]])
        met.append(f"have_{place}")
    flags = [units[name].notnull() for name in met]
    bits = reduce(add, (ibis.ifelse(flag, 1 << place, 0) for place, flag in enumerate(flags)))
    return units.select(
        "number", "unit", "region", "town", "key", met=_yes(reduce(and_ if shape.meet == "all" else or_, flags)), needs=bits.cast("int64")
    )


def _enough(need: Need, units: Units) -> ir.Table:
    """The keys of units that have what one need asks, by period."""
    _fact, table = _taken(need)
    key = table[_column(table, need.key or _key_of(units))]
    kept = table.filter(key.notnull())
    have = kept.group_by(number=kept.number, key=kept[key.get_name()]).agg(have=_amount(kept, need))
    enough = have.have >= need.at_least
    if need.at_most is not None:
        enough = enough & (have.have <= need.at_most)
    return have.filter(enough).select("number", "key")


def _key_of(units: Units) -> str:
    """By which column records tell their unit, when the need does not say: what lies inside a county or township is theirs."""
    if units.of != "region":
        return units.of
    return {4: "town", 5: "region"}.get(_level(units), "county")


def _level(units: Units) -> int:
    told = units.where.get("level")
    several = told if isinstance(told, list) else [told] if isinstance(told, int) else []
    levels = {level for level in several if isinstance(level, int)}
    if len(levels) == 1:
        return levels.pop()
    if levels and max(levels) <= 3:
        return 3
    raise Unknown("units of regions at several levels below the county need a key for each need")


def _only_now(*counts: Count) -> bool:
    """Whether one of these is known only as it stands: nothing can then be said of earlier periods, neither that it was there nor not."""
    return any(_when(count, _fact(count)) == "now" for count in counts)


def _fact(count: Count | Units) -> Fact:
    fact = facts().get(count.of)
    if fact is None:
        raise Unknown(f"there is no fact {count.of!r}; choose one of {', '.join(facts())}")
    return fact


def _when(count: Count | Units, fact: Fact) -> str:
    standing = "holds" if fact.begins else "now"
    return standing if isinstance(count, Units) else count.when or ("event" if fact.event else standing)


def _taken(count: Count | Units, *, only_now: bool = False) -> tuple[Fact, ir.Table]:
    """The rows of a fact that are meant, once for each period they count in (`number`); with `only_now`, in the latest alone."""
    fact = _fact(count)
    table = fact.table
    table = table.filter(_narrowed(table, count.where, count.either))
    when = _when(count, fact)
    if when in ("event", "last_week") and not fact.event or when == "holds" and not fact.begins:
        raise Unknown(f"fact {fact.name} has no days for {when!r}")
    least = 1 if only_now or when == "now" else 0
    if when == "event":
        days = PERIOD_DAY.semi_join(PERIOD.filter(PERIOD.latest == 1), "number") if only_now else PERIOD_DAY
        joined = table.join(days, table[fact.event] == days.on_day)
    elif when == "last_week":
        day = table[fact.event]
        joined = table.join(PERIOD, [day <= PERIOD.last_day, day >= PERIOD.last_day - _WEEK, PERIOD.latest >= least])
    elif when == "holds":
        begins, ends = table[fact.begins], table[fact.ends]
        joined = table.join(
            PERIOD,
            [begins.isnull() | (begins <= PERIOD.last_day), ends.isnull() | (ends > PERIOD.last_day), PERIOD.latest >= least],
        )
    else:
        joined = table.join(PERIOD, [PERIOD.latest >= least])
    return fact, joined.select(*table.columns, "number")


def _narrowed(table: ir.Table, where: Condition, either: tuple[Condition, ...]) -> Any:
    told = _all(table, where)
    return told & reduce(or_, (_all(table, condition) for condition in either)) if either else told


def _all(table: ir.Table, condition: Condition) -> Any:
    tests = [_test(table[_column(table, name)], value) for name, value in condition.items()]
    return reduce(and_, tests) if tests else ibis.literal(True)


def _test(column: Any, value: Any) -> Any:
    if value is None:
        return column.isnull()
    if isinstance(value, list):
        return column.isin(value)
    if not isinstance(value, dict):
        return column == value
    tests = []
    for sign, other in value.items():
        if other is None:
            tests.append(column.notnull())
        else:
            tests.append({">=": column >= other, "<=": column <= other, ">": column > other, "<": column < other,
                          "!=": column != other}[sign])  # fmt: skip
    return reduce(and_, tests)


def _yes(condition: Any) -> Any:
    return ibis.ifelse(condition, 1, 0).cast("int64")


def _column(table: ir.Table, name: str) -> str:
    if name not in table.columns:
        raise Unknown(f"there is no column {name!r}; there are {', '.join(table.columns)}")
    return name
