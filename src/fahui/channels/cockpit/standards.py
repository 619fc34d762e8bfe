"""The policy in figures: every target with how it stands, one target in depth, and the records behind its figure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.channels.cockpit.labels import Label, labels_of
from fahui.channels.cockpit.owing import missing
from fahui.channels.cockpit.views import LEADERS, nav
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.portal.places.drawing import draw, outlines
from fahui.channels.typed import asked_place, number
from fahui.foundation import cities
from fahui.foundation.data import english
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import children, names_of
from fahui.foundation.regions.rules import COUNTY, PREFECTURE, TOWNSHIP, ancestors, contains
from fahui.insight.figures import charts, rules
from fahui.insight.figures.queries import Board, Point, Result, latest, place, plain, trouble
from fahui.insight.figures.records import Behind, behind
from fahui.insight.figures.units import grown, made_of
from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.roles import EDITORS, covers_city
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator, Use
from fahui.standards.indicators.units import unit_text
from fahui.standards.indicators.words import Line, explained, narrows
from fahui.standards.measures.schema import Shape
from fahui.standards.tasks import ask_to_measure

# A sign of a map's labels is as wide as this, and the two lines of one as high, in the map's units (cockpit.css).
_SIGN, _LINES = 24, 56
TONES = {"met": "ok", "on_track": "progress", "at_risk": "warn", "behind": "error", "no_data": "neutral",
         "waiting": "neutral", "shared": "neutral", "not_measured": "neutral"}  # fmt: skip


def status_words() -> dict[str, str]:
    """What each status is called."""
    return {
        "behind": _("落后"), "at_risk": _("有风险"), "waiting": _("待定数"), "no_data": _("没有数据"), "on_track": _("进展正常"),
        "met": _("已达到"), "shared": _("计入全市"), "not_measured": _("系统外"),
    }  # fmt: skip


@staff_page(*LEADERS)
def targets(request: HttpRequest) -> HttpResponse:
    """Every target of the policy for a place: what needs action first, or in the policy's order."""
    reader = reader_of(request)
    region = place(reader, code_of(request))
    try:
        board = Board(latest())
    except Missing:
        return render(
            request,
            "cockpit/targets.html",
            frame("targets") | {"region": region, "nothing": True, "trouble": trouble()},
        )
    results = board.results(region.code)
    counts = {status: sum(r.status == status for r in results) for status in rules.STATUSES}
    chosen = request.GET.get("status", "")
    shown = [r for r in results if not chosen or r.status == chosen]
    by_clause = request.GET.get("by") == "clause"
    if not by_clause:
        shown.sort(key=lambda r: (rules.STATUSES.index(r.status), r.target.by))
    words = status_words()
    return render(request, "cockpit/targets.html", frame("targets") | {
        "region": region, "run": board.run, "trouble": trouble(), "policy": cities.current().policy, "by_clause": by_clause, "chosen": chosen,
        "tabs": [{"label": words[s], "count": counts[s], "href": _query(region, status=s), "current": chosen == s} for s in rules.STATUSES if counts[s]],
        "total": len(results), "all_href": _query(region), "clause_href": _query(region, by="clause"),
        "columns": [{"label": _("目标")}, {"label": _("现在"), "numeric": True}, {"label": _("要达到"), "numeric": True},
                    {"label": _("期限"), "day": True}, {"label": _("状态")}],
        "rows": [_row(result, region) for result in shown], "places": places_of(reader, region),
    })  # fmt: skip


@staff_page(*LEADERS)
def target(request: HttpRequest, indicator: str) -> HttpResponse:
    """One target: clause, reading, figure with its numbers, trend, forecast, and the places below."""
    reader = reader_of(request)
    region = place(reader, code_of(request))
    board = Board(latest())
    result = next((r for r in board.results(region.code) if r.indicator.id == indicator), None)
    if result is None:
        raise Missing(_("没有这项指标。"))
    use = result.indicator.use
    measure = measures().get(use.measure) if use else None
    known = [p for p in result.trend if p.value is not None]
    points = [(p.period.last, p.value) for p in known if p.value is not None]
    running = bool(known) and not known[-1].period.whole
    parts = children(region.code).order_by("level").first() if region.level < TOWNSHIP else None
    below = board.below(indicator, region.code, parts.level) if parts else []
    names = names_of([code for code, _numbers, _value in below])
    owing = missing(reader, region.code, indicator) if measure else None
    heads = _residents(region) if measure and use and not use.against and (measure.count is not None or measure.of_units) else {}
    return render(request, "cockpit/target.html", frame("targets") | {
        "region": region, "run": board.run, "result": result, "told": said(result.value), "unit": unit_text(result.unit), "base_unit": unit_text(result.indicator.unit), "tone": TONES[result.status], "status": status_words()[result.status],
        "made": made_of(use, result.numbers), "grown": _grown(result), "measure": (measure.text()) if measure else "", "aim": _aim(result), "how": how(use),
        "chart": charts.trend(points, None if result.status == "shared" else result.aim, result.target.by, result.ahead, running=running), "back": _query(region),
        "owing": owing, "map": county_map(board, result) if region.level <= PREFECTURE else None,
        "may_edit": bool(reader.roles & EDITORS) and covers_city(reader),
        "records_href": _behind_href(result, region),
        "ahead": (rules.told(result.ahead.value), rules.told(result.ahead.low), rules.told(result.ahead.high)) if result.ahead and result.target.by > result.as_of else None,
        "trend_columns": _columns(_("到哪一天"), _("分子"), _("分母"), _valued(result)),
        "trend_rows": [_trend_row(use, p) for p in reversed(result.trend)],
        "below_columns": _columns(_("地方"), _("分子"), _("分母"), _valued(result), *([_("每万人")] if heads else [])),
        "below_rows": [_below_row(result.indicator, region.code, names, heads, *row) for row in below],
    })  # fmt: skip


def _behind_href(result: Result, region: Region) -> str:
    """Where what stands behind a figure opens: its records; of the overall goal, the targets it follows from."""
    use = result.indicator.use
    if use is None:
        return ""
    return _query(region) if use.measure == SUB_INDICATORS_MET else reverse("cockpit-records", args=[result.indicator.id]) + f"?region={region.code}"


def _valued(result: Result) -> str:
    use = result.indicator.use
    # Of a gap between counties each one's own figure is shown, which is of another unit than the gap.
    return _("数值") if use and use.spread or not result.unit else _("数值（%(unit)s）") % {"unit": unit_text(result.unit)}


def said(value: Fraction | None, places: int = 2) -> str:
    """A figure as people read it, in their language."""
    return _("无") if value is None else rules.told(value, places)


def county_map(board: Board, result: Result) -> dict[str, Any] | None:
    """The counties as drawn, shaded by their figure in five steps from the least to the most, each with the figure on it."""
    held = outlines(cities.current().id)
    if held is None or len(held.counties) < 2:
        return None
    values = {code: board.figure_of(result.indicator.id, code)[1] for code in held.counties}
    known = [value for value in values.values() if value is not None]
    if not known:
        return None
    least, span = min(known), max(known) - min(known)

    def step(value: Fraction | None) -> str:
        return "none" if value is None else str(int((value - least) * 4 / span)) if span else "2"

    picture = draw(held, names_of(list(held.counties)), {}, language="en" if english() else "zh")
    shapes = [
        {"shape": shape, "told": said(values[shape.code], 1), "href": f"?region={shape.code}",
         "step": step(values[shape.code])}
        for shape in picture.shapes
    ]  # fmt: skip
    free = legible([(shape.x, shape.y, shape.name) for shape in picture.shapes])
    shapes = [told | {"labelled": nth in free} for nth, told in enumerate(shapes)]
    return {"picture": picture, "shapes": shapes, "crowded": len(free) < len(shapes), "least": rules.told(least, 1), "most": rules.told(max(known), 1)}


def legible(labels: list[tuple[float, float, str]]) -> set[int]:
    """Which labels of a map can stand without lying on another: those that come first keep their place (districts of an old town crowd)."""
    kept: dict[int, tuple[float, float, float]] = {}
    for nth, (x, y, name) in enumerate(labels):
        half = _SIGN * len(name) / 2
        if all(abs(x - other_x) > half + other_half or abs(y - other_y) > _LINES for other_x, other_y, other_half in kept.values()):
            kept[nth] = (x, y, half)
    return set(kept)


@staff_page(*LEADERS)
def records_page(request: HttpRequest, indicator: str) -> HttpResponse:
    """The records behind one figure, as far as the reader may see them."""
    reader = reader_of(request)
    region = place(reader, code_of(request))
    board = Board(latest())
    if indicator not in board.indicators:
        raise Missing(_("没有这项指标。"))
    which = request.GET.get("met", "")
    after = number(request.GET.get("after", "0"))
    if after is None:
        raise Invalid(_("翻页标记不对，请从第一页重新开始。"))
    page = behind(board, indicator, region.code, {"1": True, "0": False}.get(which), after)
    labels = labels_of(page.fact, [row.key for row in page.rows])
    names = names_of([row.region for row in page.rows])
    here = f"?region={region.code}"
    words, use = board.indicators[indicator].name, board.indicators[indicator].use
    return render(request, "cockpit/records.html", frame("targets") | {
        "region": region, "name": words.text(), "back": reverse("cockpit-target", args=[indicator]) + here,
        "how": how(use), "tabs": [{"label": label, "href": here + more, "current": which == value}
                 for value, label, more in (("", _("全部"), ""), ("1", _("计入的"), "&met=1"), ("0", _("没有计入的"), "&met=0"))] if _narrows(use) else [],
        "columns": [{"label": label} for label in (_("记录"), _("地方"), _("是否计入"), *([_("为什么没有计入")] if _narrows(use) else []))],
        "rows": [_record(row, labels.get(row.key), names, _narrows(use)) for row in page.rows], "empty": {"title": _("这里没有记录，或者您的岗位看不到")},
        "following": f"{here}&met={which}&after={page.following}" if page.following else "",
    })  # fmt: skip


@require_POST
@staff_page(*LEADERS)
def again(request: HttpRequest) -> HttpResponse:
    """Measure again now, in the worker."""
    ask_to_measure()
    return redirect(reverse("cockpit-targets") + "?asked=1")


def frame(current: str) -> dict[str, Any]:
    """What every page of the cockpit needs."""
    return {"cockpit_nav": nav(current), "search_url": reverse("desk-search"), "city": cities.current()}


def code_of(request: HttpRequest) -> int | None:
    """The place an address asks for. Raises Invalid."""
    return asked_place(request.GET.get("region", ""))


def _query(region: Region, **more: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in {"region": region.code, **more}.items())
    return f"{reverse('cockpit-targets')}?{asked}"


def _aim(result: Result) -> str:
    target = result.target
    if target.value is None:
        return target.words or _("文件只有文字，等市局定数")
    sign = {">=": "≥", "<=": "≤"}.get(target.op, target.op)
    told = f"{sign} {plain(target.value)} {unit_text(result.indicator.unit)}"
    if result.status == "shared":
        return _("全市 %(aim)s") % {"aim": told}
    return _("每一个都要达到 %(aim)s") % {"aim": told} if result.indicator.each else told


def _row(result: Result, region: Region) -> dict[str, Any]:
    indicator = result.indicator
    name = indicator.name.text()
    upper, lower = made_of(indicator.use, result.numbers)
    made = f"（{_grown(result)}）" if result.growth else f"（{upper} / {lower}）" if lower else ""
    return {
        "href": reverse("cockpit-target", args=[indicator.id]) + f"?region={region.code}",
        "cells": [
            f"{name} · {indicator.clause}", f"{said(result.value)} {unit_text(result.unit) if result.value is not None else ''}{made}", _aim(result),
            result.target.by.isoformat(), {"badge": {"label": status_words()[result.status], "tone": TONES[result.status]}},
        ],
    }  # fmt: skip


def how(use: Use | None) -> list[Line]:
    """How a figure is counted, in words; nothing where it follows from other targets."""
    shape = _shape(use)
    return explained(shape) if shape else []


def _narrows(use: Use | None) -> bool:
    shape = _shape(use)
    return shape is not None and narrows(shape)


def _shape(use: Use | None) -> Shape | None:
    return measures()[use.measure].shape(use.given) if use and use.measure in measures() else None


def _grown(result: Result) -> str:
    """From what to what a figure grew, in words."""
    found = grown(result)
    if found is None or result.indicator.use is None:
        return ""
    words = {"now": found[0], "then": found[1]}
    return (_("现在%(now)s，基数%(then)s") if result.indicator.use.against == "baseline" else _("现在%(now)s，上年同期%(then)s")) % words


def _record(row: Behind, label: Label | None, names: dict[int, str], narrowed: bool) -> dict[str, Any]:
    text = label.text if label else _("看不到名称的记录")
    mark = {"label": _("计入"), "tone": "ok"} if row.met else {"label": _("没有计入"), "tone": "neutral"}
    cell: Any = {"href": label.href, "text": text} if label and label.href else text
    why = "" if row.met else _("；").join(row.fails) or _("记录后来改过，现在已经符合，下次测量时计入")
    return {"cells": [cell, names.get(row.region, ""), {"badge": mark}, *([why] if narrowed else [])]}


def _trend_row(use: Use | None, point: Point) -> dict[str, Any]:
    upper, lower = made_of(use, point.numbers)
    day = point.period.last.isoformat()
    return {"cells": [day if point.period.whole else _("%(day)s（还没有完）") % {"day": day}, upper or "–", lower or "–", said(point.value)]}


def _residents(region: Region) -> dict[int, int]:
    """How many live in each place one step down, where that is known of all: numbers of large and small places are compared per head."""
    found = dict(children(region.code).values_list("code", "population")) if region.level < COUNTY else {}
    return {code: people for code, people in found.items() if people} if all(found.values()) else {}


def _below_row(
    indicator: Indicator, above: int, names: dict[int, str], heads: dict[int, int], code: int, numbers: rules.Numbers, value: Any
) -> dict[str, Any]:
    name = _("本级") if code == above else names.get(code, _("地方不详"))
    cell: Any = name
    if code not in (0, above) and contains(above, code):
        cell = {"href": reverse("cockpit-target", args=[indicator.id]) + f"?region={code}", "text": name}
    upper, lower = made_of(indicator.use, numbers)
    per_head = [] if not heads else ["–" if value is None or code not in heads else rules.told(value * 10000 / heads[code])]
    return {"cells": [cell, upper, lower or "–", said(value), *per_head]}


def _columns(head: str, *figures: str) -> list[dict[str, Any]]:
    return [{"label": head}, *({"label": label, "numeric": True} for label in figures)]


def places_of(reader: Any, region: Region) -> list[dict[str, Any]]:
    """The way up and the places one step down, to look at instead."""
    own = {post.region_code for post in reader.posts}
    above = [code for code in reversed(ancestors(region.code)) if any(contains(post, code) for post in own)]
    below = list(children(region.code).values_list("code", "name")) if region.level < TOWNSHIP else []
    ups = list(Region.objects.filter(code__in=above).values_list("code", "name"))
    return [{"code": code, "name": name} for code, name in [*ups, (region.code, region.name), *below]]
