"""An edition as one table, a line for every target and place, and what its columns mean."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, NamedTuple

from fahui.insight.opendata.content import Content


class Column(NamedTuple):
    """A column and what stands in it, in both languages."""

    name: str
    zh: str
    en: str


COLUMNS: tuple[Column, ...] = (
    Column("edition", "第几版", "Number of the edition"),
    Column("as_of", "截至哪一天（年-月-日）", "As of which day (ISO 8601)"),
    Column("id", "指标编号，各版不变", "Number of the target, the same in every edition"),
    Column("section", "在政策中的章节", "Clause of the policy it stands under"),
    Column("clause", "规定这项目标的条款", "The clause that sets the target"),
    Column("name", "指标名称", "Name (Chinese)"),
    Column("name_en", "指标英文名称", "Name (English)"),
    Column("region", "12位统计用区划代码；市一行是全市合计", "12-digit statistical code of the place; the city's own line is the total"),
    Column("place", "地方名称", "Name of the place"),
    Column("total", "1是全市合计，0是其中一个地方", "1: the whole city; 0: one place in it"),
    Column("first", "从哪一天起计", "First day that counts"),
    Column("last", "计到哪一天", "Last day that counts"),
    Column("upper", "分子；只计数的指标就是这个数；钱以元、面积以平方米、时间以分钟计", "Numerator, or the count itself; money in yuan, areas in square metres, time in minutes"),
    Column("lower", "分母，单位同上；没有分母的空着", "Denominator; empty where there is none"),
    Column("value", "数值；空着表示没有可计的数，不等于0", "The figure; empty where nothing could be counted, which is not zero"),
    Column("unit", "数值的单位", "Unit of the figure"),
    Column("suppressed", "1表示因数小（1至4）或为防推算而不公布，0表示公布", "1: not published, because small (1 to 4) or so that a small one cannot be worked out"),
    Column("op", "和目标怎么比", "How the figure is held against the target"),
    Column("target", "目标值；“每一个都要达到”的指标，数值是达到的比例", "The target; where every subject must reach it, the figure is the share that does"),
    Column("target_unit", "目标的单位", "Unit of the target"),
    Column("by", "到哪一天要达到", "By which day"),
)  # fmt: skip


def rows(content: Content) -> Iterator[dict[str, Any]]:
    """A line for the city and one for each of its places, target by target, by COLUMNS."""
    for one in content.indicators:
        same = {
            "edition": content.number, "as_of": content.as_of.isoformat(), "id": one.id, "section": one.section, "clause": one.clause,
            "name": one.name, "name_en": one.name_en, "first": one.first.isoformat(), "last": one.last.isoformat(), "unit": one.unit,
            "op": one.op, "target": one.target, "target_unit": one.target_unit, "by": one.by.isoformat(),
        }  # fmt: skip
        lines = [(content.region, content.city, 1, one), *((place.code, place.name, 0, place) for place in one.places)]
        for code, name, total, line in lines:
            yield same | {
                "region": code, "place": name, "total": total, "upper": line.upper, "lower": line.lower, "value": line.value,
                "suppressed": int(line.suppressed),
            }  # fmt: skip


def as_csv(content: Content) -> bytes:
    """The edition as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    return _csv([column.name for column in COLUMNS], rows(content))


def dictionary() -> bytes:
    """What the columns mean, as CSV."""
    return _csv(("column", "zh", "en"), ({"column": c.name, "zh": c.zh, "en": c.en} for c in COLUMNS))


def _csv(names: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(lines)
    return ("\ufeff" + text.getvalue()).encode()
