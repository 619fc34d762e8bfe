"""Which indicators hold on a day: the shipped ones, as the bureau changed them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from fahui.foundation import cities
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden, Missing
from fahui.standards.indicators.definitions import CityIndicators, indicators
from fahui.standards.indicators.roles import EDITORS, covers_city
from fahui.standards.indicators.schema import Indicator
from fahui.standards.models import IndicatorVersion


def in_force(on: date) -> CityIndicators:
    """The city's indicators as they hold on a day: approved versions in place of the shipped ones, new ones behind them."""
    shipped = indicators(cities.current().id)
    rows = IndicatorVersion.objects.filter(state="approved", in_force_from__lte=on).order_by(
        "indicator", "-in_force_from", "-version"
    )
    own = {row.indicator: Indicator.model_validate(row.body) for row in rows.distinct("indicator")}
    kept = tuple(own.pop(indicator.id, indicator) for indicator in shipped.indicators)
    return shipped.model_copy(update={"indicators": kept + tuple(own.values())})


def indicator_of(name: str, on: date) -> Indicator:
    """One indicator as it holds on a day. Raises Missing."""
    found = next((indicator for indicator in in_force(on).indicators if indicator.id == name), None)
    if found is None:
        raise Missing(_("没有这项指标。"))
    return found


def before(row: IndicatorVersion) -> Indicator | None:
    """What a change changes: the approved version before it, else the shipped one; None for an indicator that is new."""
    last = (
        IndicatorVersion.objects.filter(indicator=row.indicator, state="approved", version__lt=row.version)
        .order_by("-version")
        .first()
    )
    if last is not None:
        return Indicator.model_validate(last.body)
    return next((one for one in indicators(cities.current().id).indicators if one.id == row.indicator), None)


def versions(reader: Reader, name: str = "") -> list[IndicatorVersion]:
    """What was drafted and approved, newest first; of one indicator, or the last hundred. Raises Forbidden."""
    _may_read(reader)
    rows = IndicatorVersion.objects.order_by("-made_at")
    return list((rows.filter(indicator=name) if name else rows)[:100])


def version(reader: Reader, pk: int) -> IndicatorVersion:
    """One version. Raises Forbidden, Missing."""
    _may_read(reader)
    found = IndicatorVersion.objects.filter(pk=pk).first()
    if found is None:
        raise Missing(_("没有这个修改。"))
    return found


def _may_read(reader: Reader) -> None:
    if reader.kind != "system" and not (reader.roles & EDITORS and covers_city(reader)):
        raise Forbidden(_("修改指标要由市局领导或督办员来做。"))
