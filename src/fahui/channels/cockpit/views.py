"""The leader's pages: five exceptions first, then totals with their denominators, and the cases behind each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fahui.casework.cases.models import Case
from fahui.casework.definitions.loader import services
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.typed import number
from fahui.foundation import cities, clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.data import english
from fahui.foundation.errors import Invalid
from fahui.foundation.regions.queries import names_of
from fahui.insight import queries
from fahui.insight.rules import Tally, by_county, by_service, shown

LEADERS = (Role.BUREAU_LEADER, Role.SUPERVISOR, Role.HOTLINE_LEAD, Role.AID_APPROVER)
PAGE = 50


@staff_page(*LEADERS)
def today(request: HttpRequest) -> HttpResponse:
    """Is anything wrong, and how much is there of it."""
    reader = reader_of(request)
    counted = queries.tallies(reader)
    alerts = [
        {"count": alert.count, "unit": "", "sentence": alert.en if english() else alert.zh,
         "meta": _("共%(of)s件中") % {"of": alert.of}, "tone": "error" if alert.weight >= 80 else "warn",
         "href": reverse("cockpit-behind", args=[alert.id])}
        for alert in queries.exceptions(reader, counted)
    ]  # fmt: skip
    figures = [
        {"label": f.en if english() else f.zh, "numerator": f.numerator, "denominator": f.denominator,
         "definition": f.definition_en if english() else f.definition_zh}
        for f in queries.totals(reader, counted)
    ]  # fmt: skip
    return render(request, "cockpit/today.html", {
        "alerts": alerts, "figures": figures,
        "service_columns": _columns(_("服务"), _("在办"), _("超期"), _("24小时内到期")), "service_rows": _services(counted),
        "county_columns": _columns(_("地区"), _("今年受理"), _("在办"), _("超期")), "county_rows": _counties(counted),
        "city": cities.current(), "now": clock.now(), "cockpit_nav": nav("today"), "search_url": reverse("desk-search"),
    })  # fmt: skip


@staff_page(*LEADERS)
def behind(request: HttpRequest, alert: str) -> HttpResponse:
    """The cases behind one exception."""
    after = number(request.GET.get("after", "0"))
    if after is None:
        raise Invalid(_("翻页标记不对，请从第一页重新开始。"))
    rows = queries.behind(reader_of(request), alert, after, PAGE)
    found = queries.exception(reader_of(request), alert)
    return render(request, "cockpit/behind.html", {
        "rows": [_row(case) for case in rows[:PAGE]], "title": f"{found.count} {found.en}" if english() else f"{found.count}{found.zh}",
        "columns": [{"label": label} for label in (_("编号"), _("事项"), _("状态"), _("谁负责"), _("期限"))],
        "empty": {"title": _("现在没有这类案件了")},
        "following": rows[PAGE - 1].pk if len(rows) > PAGE else None, "cockpit_nav": nav(""),
        "search_url": reverse("desk-search"),
    })  # fmt: skip


def nav(current: str) -> list[dict[str, Any]]:
    """The cockpit's own navigation."""
    return [
        {"label": _("今天"), "href": reverse("cockpit"), "current": current == "today"},
        {"label": _("政策目标"), "href": reverse("cockpit-targets"), "current": current == "targets"},
        {"label": _("逐条对照"), "href": reverse("cockpit-policy"), "current": current == "policy"},
        {"label": _("报送"), "href": reverse("cockpit-returns"), "current": current == "returns"},
        {"label": _("报告"), "href": reverse("cockpit-reports"), "current": current == "reports"},
        {"label": _("公开数据"), "href": reverse("cockpit-open"), "current": current == "open"},
        {"label": _("督办与负荷"), "href": reverse("desk-supervise"), "current": False},
        {"label": _("工作台"), "href": reverse("desk"), "current": False},
    ]


def _columns(head: str, *figures: str) -> list[dict[str, Any]]:
    return [{"label": head}, *({"label": label, "numeric": True} for label in figures)]


def _services(counted: list[Tally]) -> list[dict[str, Any]]:
    names = {key: (s.definition.name.text()) for key, s in services().items()}
    return [{"cells": [names.get(service, service), *figures]} for service, *figures in by_service(counted)]


def _counties(counted: list[Tally]) -> list[dict[str, Any]]:
    rows = by_county(counted)
    names = names_of([code for code, *_rest in rows])
    return [{"cells": [names.get(code, _("市本级")), *map(shown, figures)]} for code, *figures in rows]


def _row(case: Case) -> dict[str, Any]:
    definition = services()[case.service].definition
    state = definition.state(case.state)
    title = _("保密事项") if case.sealed else case.title
    who = case.handler.name if case.handler else (case.institution.name if case.institution else "")
    clock_cell: Any = {"clock": {"label": "", "due": case.next_due}} if case.next_due else ""
    return {
        "href": reverse("desk-case", args=[case.pk]),
        "cells": [
            {"case_number": case.tracking_number},
            f"{definition.name.text()} · {title}",
            {"badge": {"label": state.name.text(), "tone": "progress"}}, who, clock_cell,
        ],
    }  # fmt: skip
