"""Whether the unit an indicator is told in is what its measure gives. Pure."""

from __future__ import annotations

from fahui.foundation.data import english
from fahui.standards.indicators.schema import Indicator
from fahui.standards.measures.schema import Measure

# By (scale, per): what the unit must say.
_SAYS = {(1, 100): "%", (1, 10000): "万人", (60, 1): "小时"}
_POINTS = "百分点"
_ENGLISH = {
    "%": "%", "%/年": "% a year", "百分点": "points", "倍": "times", "平方米": "m²", "元/人": "yuan a resident",
    "个": "in number", "名": "people", "家": "bodies", "人": "people", "件": "matters", "项": "items", "件（次）": "services",
    "次/年": "times a year", "次/月": "times a month", "次/季": "times a quarter", "期/年": "issues a year", "件/年": "a year", "件次/年": "services a year",
    "件（次）/年": "services a year", "个/村": "to a village", "名/村": "people to a village", "人/村": "people to a village", "名/社区": "people to a community",
    "名/行政村": "people to a village", "名/自然村": "people to a hamlet", "名/户": "people to a household", "名/组（楼栋）": "people to a group or building",
    "名/万人": "to 10,000 residents", "件/万人": "to 10,000 residents", "名/委员会": "people to a committee", "名/校": "people to a school",
    "名/工作室": "people to a room", "名/乡镇": "people to a township", "个/乡镇": "to a township", "个/县": "to a county", "家/县": "bodies to a county",
    "支/县": "teams to a county", "个/区县": "to a district", "件/家·年": "a body and year", "小时/人·年": "hours a person and year",
    "小时/村·年": "hours a village and year", "小时/周": "hours a week", "小时/日": "hours a day", "小时/月": "hours a month", "天/人·年": "days a person and year",
    "课时/人·年": "lessons a person and year", "学时/人·年": "credit hours a person and year",
}  # fmt: skip


def unit_text(unit: str) -> str:
    """A unit in the language of whoever is being answered; one that the bureau wrote itself stays as it is."""
    return _ENGLISH.get(unit, unit) if english() else unit


def misfit(indicator: Indicator, measure: Measure) -> str:
    """What does not fit between an indicator, its measure and its targets; empty when all does."""
    use = indicator.use
    if use is None:
        return ""
    share = measure.per == 100 and measure.scale == 1
    if indicator.each:
        return "" if share and not use.growth else f"each subject must reach it, so {measure.id} has to be a share"
    return _unit(indicator, measure) or _targets(indicator, share)


def _unit(indicator: Indicator, measure: Measure) -> str:
    use, unit = indicator.use, indicator.unit
    if use is None:
        return ""
    if use.growth == "points":
        fits = "%" in unit or unit == _POINTS
    elif use.growth == "percent" or use.spread:
        fits = "%" in unit
    else:
        says = _SAYS.get((measure.scale, measure.per))
        fits = says in unit if says else "%" not in unit and unit != _POINTS
    return "" if fits else f"unit {unit!r} is not what {measure.id} gives"


def _targets(indicator: Indicator, share: bool) -> str:
    if indicator.use is None or indicator.use.growth:
        return ""
    wrong = [
        t.value for t in indicator.targets if t.value is not None and not 0 <= t.value <= (100 if share else t.value)
    ]
    return f"a target of {wrong[0]} cannot be" if wrong else ""
