"""Open data: the present edition for everybody, the editions before it, and what to take away."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from fahui.channels.api.open import kept
from fahui.channels.pages import scoped
from fahui.channels.typed import number
from fahui.foundation.data import english
from fahui.foundation.errors import Invalid
from fahui.insight.figures import rules as figures
from fahui.insight.opendata import queries, table
from fahui.insight.opendata.content import Content, Line, Published
from fahui.standards.indicators.units import unit_text
from fahui.standards.models import Edition
from fahui.standards.policies.schema import titled

_MINUTES = 300  # seconds for which a browser may show the page again without asking


@scoped
def present(request: HttpRequest) -> HttpResponse:
    """The present edition."""
    row = queries.newest()
    return _page(request, row, queries.content_of(row) if row else None)


@scoped
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """One edition; of a withdrawn one, when it was withdrawn and why."""
    row = queries.edition(number)
    return _page(request, row, None if row.withdrawn_at else queries.content_of(row))


@scoped
def dictionary(request: HttpRequest) -> HttpResponse:
    """What the columns of the table mean, to take away."""
    body = table.dictionary()
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="open-data-dictionary.csv"'
    return kept(request, answer, f"dictionary-{len(body)}")


def _page(request: HttpRequest, row: Edition | None, content: Content | None) -> HttpResponse:
    before = number(request.GET.get("before", "0"))
    if before is None:
        raise Invalid(_("翻页标记不对，请从第一页重新开始。"))
    found = queries.listed(before)
    current = queries.current_number()
    answer = render(request, "portal/open/page.html", {
        "row": row, "current": current, "editions": found[: queries.PAGE],
        "newer_withdrawn": [e for e in found if e.withdrawn_at and row and row.number == current and e.number > row.number],
        "following": found[queries.PAGE - 1].number if len(found) > queries.PAGE else None,
        "dictionary": {"columns": [{"label": _("列名")}, {"label": _("含义")}],
                       "rows": [{"cells": [column.name, column.en if english() else column.zh]} for column in table.COLUMNS]},
    } | (said(content, request.GET.get("section", ""), whole="all" in request.GET) if content else {}))  # fmt: skip
    # The page differs by language and by who is greeted, and carries a token of the visitor's own: it is kept by their browser alone.
    patch_cache_control(answer, private=True, max_age=_MINUTES)
    patch_vary_headers(answer, ["Cookie"])
    return answer


def said(content: Content, section: str = "", *, whole: bool = False) -> dict[str, Any]:
    """What the page says of an edition, all of it or one clause of the policy; `whole` with every table open, to be printed."""
    sections = dict.fromkeys((one.section, one.heading, one.heading_en) for one in content.indicators)
    chosen = section if section in {key for key, *_heading in sections} else ""
    shown = [one for one in content.indicators if not chosen or one.section == chosen]
    return {
        "content": content, "sections": [{"id": one[0], "words": str(titled(*one))} for one in sections],
        "chosen": chosen, "figures": [_figure(one, content.region) for one in shown], "whole": whole,
        "city": content.city_en if english() else content.city, "licence": content.licence_en if english() else content.licence,
        "changes": {
            "columns": [{"label": label} for label in (_("指标"), _("怎么变"), _("上一版"), _("这一版"))],
            "rows": [{"cells": [change.name_en if english() else change.name, kinds()[change.kind], change.before, change.after]}
                     for change in content.changes],
        },
        "json_href": reverse("api-1:read_edition", args=[content.number]), "csv_href": reverse("api-1:edition_as_csv", args=[content.number]),
    }  # fmt: skip


def kinds() -> dict[str, str]:
    """What each kind of change is called."""
    return {"added": _("新公开"), "removed": _("不再公开"), "figure": _("更正数值"), "definition": _("口径或目标有变")}


def _figure(one: Published, city: int) -> dict[str, Any]:
    sign = {">=": "≥", "<=": "≤"}.get(one.op, one.op)
    aim = f"{sign} {one.target} {unit_text(one.target_unit)}"
    return {
        "it": one, "unit": unit_text(one.unit), "under": titled(one.section, one.heading, one.heading_en), "name": one.name_en if english() else one.name, "means": one.means_en if english() else one.means,
        "reading": one.reading_en if english() else one.reading, "told": _told(one), "has_lower": one.lower is not None,
        "aim": _("每一个都要达到 %(aim)s") % {"aim": aim} if one.each else aim,
        "columns": [{"label": _("地方")}, *({"label": label, "numeric": True} for label in (_("分子"), _("分母"), _("数值")))],
        "rows": [{"cells": [_("本级") if place.code == city else place.name, *_numbers(place)]} for place in one.places],
        "few": any(place.suppressed for place in one.places),
    }  # fmt: skip


def _told(line: Line) -> str:
    if line.suppressed:
        return _("不公布")
    return _("无") if line.value is None else figures.told(Fraction(line.value))


def _numbers(line: Line) -> list[Any]:
    if line.suppressed:
        return [_("不公布")] * 3
    return ["–" if line.upper is None else line.upper, "–" if line.lower is None else line.lower, _told(line)]
