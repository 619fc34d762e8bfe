"""Whether the unit an indicator is told in is what its measure gives. Pure."""

from __future__ import annotations

from fahui.standards.indicators.schema import Indicator
from fahui.standards.measures.schema import Measure

# By (scale, per): what the unit must say.
_SAYS = {(1, 100): "%", (1, 10000): "万人", (60, 1): "小时"}
_POINTS = "百分点"


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
