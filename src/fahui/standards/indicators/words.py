"""What the codes and conditions of a measure are called: how people ask for a place, a profession, a register, an outcome.

Every text is in the language of whoever is being answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fahui.casework.activities.forms import Topic
from fahui.casework.activities.models import Activity, Taking
from fahui.casework.cases.models import CHANNELS
from fahui.casework.definitions.loader import services
from fahui.casework.registers.definitions import current
from fahui.foundation.data import english
from fahui.foundation.models import Institution, Posting, Practitioner, Site
from fahui.foundation.regions.queries import names_of
from fahui.services.complaint.details import About
from fahui.standards.measures.schema import Condition, Count, Covered, Need, Ratio, Shape, Share, Units, codes_in
from fahui.standards.star import facts

LEVELS = {1: gettext_noop("省"), 2: gettext_noop("市"), 3: gettext_noop("县（市、区）"), 4: gettext_noop("乡镇（街道）"), 5: gettext_noop("村（社区）")}
"""What places of a level are called."""

_FACTS = {
    "region": gettext_noop("地方"), "institution": gettext_noop("机构"), "practitioner": gettext_noop("执业人员"), "posting": gettext_noop("任职"),
    "site": gettext_noop("场所"), "entry": gettext_noop("台账记录"), "activity": gettext_noop("活动"), "taking": gettext_noop("参加活动的人次"),
    "case": gettext_noop("办件"), "seat": gettext_noop("值班"), "subsidy": gettext_noop("补贴"), "account": gettext_noop("在系统里办公的岗位"),
}  # fmt: skip
# By which column a row of a fact is called: a village, a law firm, a lecture.
_CALLED_BY = {"region": "level", "institution": "kind", "practitioner": "kind", "posting": "role", "site": "kind", "entry": "register",
              "activity": "kind", "taking": "kind", "case": "service"}  # fmt: skip
_COLUMNS = {
    "region": gettext_noop("地方"), "county": gettext_noop("县（市、区）"), "level": gettext_noop("级别"), "kind": gettext_noop("类型"),
    "role": gettext_noop("担任什么"), "practitioner_kind": gettext_noop("哪类人员"), "institution_kind": gettext_noop("单位类型"),
    "site_kind": gettext_noop("场所类型"), "register": gettext_noop("台账"), "category": gettext_noop("类别"), "grade": gettext_noop("等级"),
    "body_level": gettext_noop("单位的级别"), "topic": gettext_noop("主题"), "form": gettext_noop("方式"), "month": gettext_noop("月份"),
    "part": gettext_noop("怎么参加"), "service": gettext_noop("服务"), "matter": gettext_noop("事项"), "channel": gettext_noop("渠道"),
    "outcome": gettext_noop("结果"), "about": gettext_noop("投诉哪类服务"), "provider": gettext_noop("承办人"), "provider_kind": gettext_noop("承办人是哪类人员"),
    "target": gettext_noop("为谁任职"), "queue": gettext_noop("哪条线"), "parent": gettext_noop("所属总机构"), "institution": gettext_noop("单位"),
    "practitioner": gettext_noop("人员"), "site": gettext_noop("场所"),
}  # fmt: skip
# A yes or no: what is true of the row then.
_FLAGS = {
    ("case", "open"): (gettext_noop("已经办结"), gettext_noop("还没有办结")),
    ("case", "same_day"): (gettext_noop("不是当天办结"), gettext_noop("当天办结")),
    ("case", "corrected"): (gettext_noop("决定没有经异议改正"), gettext_noop("起先不予，经异议改正")),
    ("case", "complete"): (gettext_noop("记录不完整（缺乡镇、经办人或者结果）"), gettext_noop("记录完整（有乡镇、经办人，办结的有结果）")),
    ("case", "invited"): (gettext_noop("没有邀请评价"), gettext_noop("邀请了评价")),
    ("case", "rated"): (gettext_noop("没有评价"), gettext_noop("有评价")),
    ("case", "satisfied"): (gettext_noop("评价在基本满意以下"), gettext_noop("评价在基本满意以上")),
    ("entry", "reaches"): (gettext_noop("没有达到对照的数"), gettext_noop("达到对照的数")),
    ("entry", "site_active"): (gettext_noop("场所已停用"), gettext_noop("场所在用")),
    ("practitioner", "senior"): (gettext_noop("没有高级职称"), gettext_noop("有高级职称")),
    ("institution", "weekend"): (gettext_noop("周末不开放"), gettext_noop("周末开放")),
    ("site", "weekend"): (gettext_noop("周末不开放"), gettext_noop("周末开放")),
    ("site", "accessible"): (gettext_noop("没有无障碍设施"), gettext_noop("有无障碍设施")),
    ("site", "active"): (gettext_noop("已停用"), gettext_noop("在用")),
    ("region", "urban"): (gettext_noop("村"), gettext_noop("社区")),
    ("region", "autonomous"): (gettext_noop("不在民族自治县"), gettext_noop("在民族自治县")),
    ("posting", "contract"): (gettext_noop("没有合同编号"), gettext_noop("有合同编号")),
    ("activity", "confirmed"): (gettext_noop("对方还没有确认"), gettext_noop("对方已经确认")),
    ("taking", "confirmed"): (gettext_noop("对方还没有确认"), gettext_noop("对方已经确认")),
}  # fmt: skip
_SUMS = {
    "population": gettext_noop("常住人口"), "minutes": gettext_noop("时长（分钟）"), "people": gettext_noop("人数"), "services": gettext_noop("服务件（次）数"),
    "area": gettext_noop("面积（平方米）"), "amount": gettext_noop("金额（元）"), "part": gettext_noop("登记的数"), "whole": gettext_noop("对照的数"),
    "staff": gettext_noop("人数"),
}  # fmt: skip
_DIFFERENT = {"person": gettext_noop("人"), "practitioner": gettext_noop("人"), "month": gettext_noop("月份"), "held_on": gettext_noop("日子"),
              "slot": gettext_noop("刻钟"), "institution": gettext_noop("单位")}  # fmt: skip
_TARGETS = {"region": gettext_noop("地方"), "institution": gettext_noop("单位")}
_HUNDREDTHS = frozenset({"part", "whole", "amount"})


class Line(NamedTuple):
    """One part of how a figure is counted: what it is, and what is told of it, one thing or several."""

    label: str
    items: tuple[str, ...]


def column_name(fact: str, column: str) -> str:
    """What a column is called where people choose or read its values."""
    return _(_COLUMNS[column]) if column in _COLUMNS else _(_SUMS[column]) if column in _SUMS else column


def is_flag(fact: str, column: str) -> bool:
    """Whether a column says yes or no."""
    return (fact, column) in _FLAGS


def code_name(fact: str, column: str, code: Any, of: str = "") -> str:
    """What a code is called. `of`: the register or service the row is of, on which categories, grades and outcomes depend."""
    if is_flag(fact, column):
        return _(_FLAGS[fact, column][int(bool(code))])
    if column in ("level", "body_level"):
        return _(LEVELS[code]) if code in LEVELS else str(code)
    if column in ("region", "county", "town") and isinstance(code, int):
        return names_of([code]).get(code, str(code))
    if fact == "entry" and column in ("register", "category", "grade"):
        return _of_register(column, str(code), of)
    if fact == "case" and column in ("service", "matter", "outcome"):
        return _of_service(column, str(code), of)
    return _plain(fact, column, code)


def options(fact: str, column: str, of: str = "") -> list[tuple[str, str]]:
    """The codes a column may hold, with their names, in the order people know; empty where there is no list. Places are not listed here."""
    codes: list[Any] = []
    if is_flag(fact, column):
        codes = [1, 0]
    elif column in ("level", "body_level"):
        codes = list(LEVELS)[1:]
    elif column == "month":
        return [(str(month), _("%(n)s月") % {"n": month}) for month in range(1, 13)]
    elif fact == "entry" and column in ("register", "category", "grade"):
        codes = _codes_of_register(column, of)
    elif fact == "case" and column in ("service", "matter", "outcome"):
        codes = _codes_of_service(column, of)
    elif column == "topic" or (fact, column) == ("case", "about"):
        codes = [str(one) for one in (Topic if column == "topic" else About)]
    else:
        codes = list(_NAMES.get((fact, column)) or _NAMES.get(("", column)) or {})
    return [(str(code), code_name(fact, column, code, of)) for code in codes]


def told(fact: str, column: str, value: Any, of: str = "") -> str:
    """A condition on one column in words: 类别：专职；没有承办人；评价在基本满意以上."""
    label = column_name(fact, column)
    if value is None or value == "" and column != "outcome":
        return _("没有%(what)s") % {"what": label}
    if isinstance(value, Mapping):
        return _("，").join(_compared(fact, column, sign, other, of) for sign, other in value.items())
    if is_flag(fact, column) and not isinstance(value, list):
        return code_name(fact, column, value, of)
    several = value if isinstance(value, list) else [value]
    names = _("、").join(dict.fromkeys(code_name(fact, column, code, of) for code in several))
    return _("%(label)s：%(names)s") % {"label": label, "names": names}


def explained(shape: Shape) -> list[Line]:
    """How a figure is counted: what stands above and below, and what is asked of each."""
    if isinstance(shape, Covered):
        rule = _("怎样才算") if len(shape.needs) == 1 else _("怎样才算（都要有）") if shape.meet == "all" else _("怎样才算（有一样就算）")
        return [Line(_("逐个看的是"), (counted(shape.units),)), Line(rule, tuple(need_told(need) for need in shape.needs))]
    if isinstance(shape, Ratio):
        return [Line(_("分子"), (counted(shape.above),)), Line(_("分母"), (counted(shape.below),))]
    if isinstance(shape, Share):
        return [Line(_("分母"), (counted(shape),)), Line(_("怎样才算"), tuple(part_told(shape)))]
    return [Line(_("数的是"), (counted(shape),))]


def narrows(shape: Shape) -> bool:
    """Whether some of what is looked at may not count above the line."""
    return isinstance(shape, Share | Covered)


def part_told(shape: Share) -> list[str]:
    """What more has to be true of what counts above."""
    found = _conditions(shape.of, shape.part, shape.where)
    if shape.part_either:
        one = [_("，").join(_conditions(shape.of, either, shape.where)) for either in shape.part_either]
        found.append(_("，或者").join(one))
    return found


def need_told(need: Need, *, lacking: bool = False) -> str:
    """What a unit must have; or that it lacks it."""
    least = need.at_least // 100 if need.sum in _HUNDREDTHS else need.at_least
    # That a person counts once goes without saying.
    once = not need.sum and least == 1 and need.at_most is None or need.distinct in ("person", "practitioner")
    told = {"what": counted(need.model_copy(update={"distinct": ""}) if once else need, any_of=True), "least": least, "most": need.at_most, "unit": _unit(need)}
    if need.at_most is not None:
        return (_("%(what)s不在%(least)s至%(most)s%(unit)s之间") if lacking else _("%(what)s，%(least)s至%(most)s%(unit)s")) % told
    if not need.sum and least == 1:
        return (_("没有%(what)s") if lacking else _("有%(what)s")) % told
    return (_("%(what)s不到%(least)s%(unit)s") if lacking else _("%(what)s，至少%(least)s%(unit)s")) % told


def counted(count: Count | Units, *, any_of: bool = False) -> str:
    """What is counted: its name, and in brackets what it is narrowed to. `any_of`: of several kinds one is enough."""
    by = _CALLED_BY.get(count.of, "")
    called = count.where.get(by)
    plain = called is not None and not isinstance(called, Mapping)
    name = _several(count.of, by, called, any_of) if plain else _(_FACTS.get(count.of, count.of))
    if plain and count.of == "entry":
        name = _("“%(register)s”的记录") % {"register": name}
    if plain and count.of == "case":
        name = _("%(service)s的办件") % {"service": name}
    rest = {column: value for column, value in count.where.items() if not (plain and column == by)}
    notes = _conditions(count.of, rest, count.where)
    if count.either:
        notes.append(_("，或者").join(_("，").join(_conditions(count.of, either, count.where)) for either in count.either))
    if isinstance(count, Count) and (when := _when(count)):
        notes.append(when)
    name = _("%(what)s（%(notes)s）") % {"what": name, "notes": _("；").join(notes)} if notes else name
    if isinstance(count, Count) and count.sum:
        return _("%(what)s的%(sum)s合计") % {"what": name, "sum": _summed(count)}
    if isinstance(count, Count) and count.distinct:
        return _("%(what)s，同一%(of)s只计一次") % {"what": name, "of": _(_DIFFERENT.get(count.distinct, count.distinct))}
    return name


def _several(fact: str, column: str, value: Any, any_of: bool) -> str:
    names = [code_name(fact, column, code) for code in (value if isinstance(value, list) else [value])]
    return (_("或") if any_of else _("、")).join(dict.fromkeys(names))


def _summed(count: Count) -> str:
    """What is added up; of a register's entries, what the register calls it."""
    register = current().get(of_which(count.of, count.where)) if count.of == "entry" else None
    label = {"part": register.part, "whole": register.whole, "amount": register.amount}.get(count.sum) if register else None
    return _("“%(what)s”") % {"what": label.text().replace("“", "‘").replace("”", "’")} if label else column_name(count.of, count.sum)


def _unit(need: Need) -> str:
    if need.distinct == "held_on":
        return _("天")
    if need.sum:
        return ""
    people = need.distinct in ("person", "practitioner") or need.of in ("practitioner", "posting")
    return _("名") if people else _("次") if need.of in ("activity", "taking") else _("个")


def of_which(fact: str, where: Condition) -> str:
    """The register or service on which a row's other codes depend; the first where there are several."""
    named = codes_in(where.get("register" if fact == "entry" else "service"))
    return named[0] if named else ""


def _conditions(fact: str, condition: Condition, within: Condition) -> list[str]:
    of = of_which(fact, within)
    return [told(fact, column, value, of) for column, value in condition.items()]


def _compared(fact: str, column: str, sign: str, other: Any, of: str) -> str:
    label = column_name(fact, column)
    if other is None:
        return _("有%(what)s") % {"what": label}
    value = code_name(fact, column, other, of)
    if sign == "!=":
        return _("%(label)s不是%(value)s") % {"label": label, "value": value}
    return f"{label} {sign} {value}"


def _when(count: Count) -> str:
    fact = facts()[count.of]
    when = count.when or ("event" if fact.event else "holds" if fact.begins else "now")
    if count.of in ("region", "account"):
        return ""
    return {"event": _("本期内"), "holds": _("截至那天有效"), "last_week": _("最近七天")}.get(when, "")


def _of_register(column: str, code: str, of: str) -> str:
    registers = current()
    if column == "register":
        return registers[code].name.text() if code in registers else code
    register = registers.get(of)
    held = None if register is None else register.category if column == "category" else register.grade
    found = held.choices.get(code) if held else None
    return found.text() if found else code


def _of_service(column: str, code: str, of: str) -> str:
    every = services()
    if column == "service":
        return every[code].definition.name.text() if code in every else code
    homes = [every[of]] if of in every else list(every.values())
    for home in homes:
        for one in home.definition.matters if column == "matter" else home.definition.outcomes:
            if one.id == code:
                return one.name.text()
    return code or _("还没有结果")


def _codes_of_register(column: str, of: str) -> list[str]:
    if column == "register":
        return list(current())
    register = current().get(of)
    held = None if register is None else register.category if column == "category" else register.grade
    return list(held.choices) if held else []


def _codes_of_service(column: str, of: str) -> list[str]:
    every = services()
    if column == "service":
        return list(every)
    homes = [every[of]] if of in every else list(every.values())
    return list(dict.fromkeys(one.id for home in homes for one in (home.definition.matters if column == "matter" else home.definition.outcomes)))


def _plain(fact: str, column: str, code: Any) -> str:
    """Names that the models hold."""
    choice = Topic if column == "topic" else About if (fact, column) == ("case", "about") else None
    if choice is not None:
        one = next((one for one in choice if one == code), None)
        return str(code) if one is None else one.en if english() else one.zh
    named = _NAMES.get((fact, column)) or _NAMES.get(("", column)) or {}
    return _(named[code]) if code in named and code else str(code)


_PROFESSIONS = dict(Practitioner.KINDS)
_BODIES = dict(Institution.KINDS)
_NAMES: dict[tuple[str, str], dict[Any, str]] = {
    ("institution", "kind"): _BODIES, ("practitioner", "kind"): _PROFESSIONS, ("posting", "role"): dict(Posting.ROLES), ("site", "kind"): dict(Site.KINDS),
    ("activity", "kind"): dict(Activity.KINDS), ("taking", "kind"): dict(Activity.KINDS), ("activity", "form"): dict(Activity.FORMS),
    ("taking", "part"): dict(Taking.PARTS), ("case", "channel"): dict(CHANNELS), ("posting", "target"): _TARGETS, ("", "practitioner_kind"): _PROFESSIONS,
    ("", "provider_kind"): _PROFESSIONS, ("", "institution_kind"): _BODIES, ("", "site_kind"): dict(Site.KINDS),
    ("seat", "queue"): {"hotline": gettext_noop("12348热线")},
}  # fmt: skip
