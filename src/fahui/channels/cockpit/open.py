"""Open data from the leader's side: choose what to publish, see what everybody will see, publish; withdraw with a reason."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fahui.channels.cockpit.standards import frame, status_words
from fahui.channels.cockpit.views import LEADERS
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.portal.open import said
from fahui.channels.templatetags.fahui import day_time, full_day
from fahui.channels.typed import number
from fahui.foundation import cities
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.insight.figures.queries import Board, Result, latest
from fahui.insight.opendata import queries
from fahui.insight.opendata.actions import draft, publish, withdraw
from fahui.insight.opendata.content import COUNTED
from fahui.standards.indicators.units import unit_text
from fahui.standards.models import Edition
from fahui.standards.policies.schema import titled


@staff_page(*LEADERS)
def editions(request: HttpRequest) -> HttpResponse:
    """The editions so far, and the form that chooses what the next one publishes; then its preview, then it is published."""
    reader = reader_of(request)
    refused: Refusal | None = None
    if request.method == "POST" and request.POST.get("do") != "change":
        try:
            if request.POST.get("do") == "publish":
                made = _publish(reader, request)
                messages.success(request, _("第%(n)s版已发布，市民现在就能看到。") % {"n": made})
                return redirect("cockpit-open")
            return _preview(reader, request)
        except Refusal as refusal:
            refused = refusal
    answer = render(request, "cockpit/open.html", frame("open") | _choosing(reader, request, refused))
    answer.status_code = refused.status if refused else 200
    return answer


@staff_page(*LEADERS)
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """One edition as it is published, and the form that withdraws it."""
    reader = reader_of(request)
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            withdraw(reader, number, request.POST.get("reason", ""))
            messages.success(request, _("第%(n)s版已撤回，市民只看得到撤回的时间和原因。") % {"n": number})
            return redirect("cockpit-open")
        except Refusal as refusal:
            refused = refusal
    row = queries.edition(number)
    told = {} if row.withdrawn_at else said(queries.content_of(row))
    answer = render(request, "cockpit/open_edition.html", frame("open") | told | {
        "row": row, "refused": refused, "may": queries.may_publish(reader),
        "field": {"name": "reason", "label": _("为什么撤回"), "kind": "textarea", "required": True, "maxlength": 400, "hint": _("会对外公开"),
                  "value": request.POST.get("reason", ""), "error": refused.fields.get("reason", "") if refused else ""},
    })  # fmt: skip
    answer.status_code = refused.status if refused else 200
    return answer


def _preview(reader: Reader, request: HttpRequest) -> HttpResponse:
    run, content = draft(reader, _chosen(request), request.POST.get("note", ""), request.POST.get("reason", ""))
    return render(request, "cockpit/open_preview.html", frame("open") | said(content) | {"run": run, "posted": request.POST})


def _publish(reader: Reader, request: HttpRequest) -> int:
    edition, run = (number(request.POST.get(name, "")) for name in ("number", "run"))
    if edition is None or run is None:
        raise Invalid(_("请先预览再发布。"))
    note, reason = request.POST.get("note", ""), request.POST.get("reason", "")
    return publish(reader, _chosen(request), note, reason, number=edition, run_id=run).number


def _chosen(request: HttpRequest) -> list[str]:
    return list(dict.fromkeys(request.POST.getlist("chosen")))


def _choosing(reader: Reader, request: HttpRequest, refused: Refusal | None) -> dict[str, Any]:
    """The form with what was typed, else empty; or with what an earlier edition published, where that is asked for."""
    before = request.GET.get("before", "")
    found = queries.listed(number(before) or 0)
    last = queries.newest()
    may = queries.may_publish(reader)
    chosen = set(_chosen(request))
    if last is not None and request.GET.get("like") and request.method == "GET":
        chosen = {one.id for one in queries.content_of(last).indicators}
    told: dict[str, Any] = {
        "may": may, "editions": [_edition(row, last) for row in found[: queries.PAGE]], "following": found[queries.PAGE - 1].number if len(found) > queries.PAGE else None,
        "current": last, "refused": refused, "run": None,
        "columns": [{"label": label} for label in (_("版本"), _("截至"), _("发布时间"), _("说明"), _("状态"))],
        "errors": [{"name": name, "text": text} for name, text in refused.fields.items()] if refused else [],
    }  # fmt: skip
    try:
        board = Board(latest())
    except Missing:
        return told
    results = board.results(cities.current().region) if may else []
    fields = refused.fields if refused else {}
    return told | {
        "run": board.run, "groups": _groups(results, chosen), "correcting": bool(last and last.as_of == board.run.as_of),
        "fields": [
            {"name": "note", "label": _("一句说明"), "kind": "textarea", "required": True, "maxlength": 400, "error": fields.get("note", ""),
             "hint": _("写给市民看，例如：2026年三季度公共法律服务主要指标"), "value": request.POST.get("note", "")},
            {"name": "reason", "label": _("改了什么、为什么改"), "kind": "text", "required": bool(last and last.as_of == board.run.as_of),
             "maxlength": 400, "error": fields.get("reason", ""), "hint": _("同一天的数据再出一版时必填，会对外公开"),
             "value": request.POST.get("reason", "")},
        ],
    }  # fmt: skip


def _edition(row: Edition, last: Edition | None) -> dict[str, Any]:
    if row.withdrawn_at:
        badge = {"label": _("已撤回"), "tone": "warn"}
    elif last is not None and row.number == last.number:
        badge = {"label": _("现行"), "tone": "ok"}
    else:
        badge = {"label": _("旧版"), "tone": "neutral"}
    note = f"{row.note}（{row.reason}）" if row.reason else row.note
    return {
        "href": reverse("cockpit-edition", args=[row.number]),
        "cells": [_("第%(n)s版") % {"n": row.number}, full_day(row.as_of), day_time(row.made_at), note, {"badge": badge}],
    }


def _groups(results: list[Result], chosen: set[str]) -> list[dict[str, Any]]:
    """The targets by clause of the policy; those without a figure cannot be chosen, and it says why."""
    words, section_of = status_words(), queries.section_of()
    lines = [(section_of(result.indicator), result) for result in results]
    return [
        {"title": titled(*key),
         "lines": [_line(result, words[result.status], chosen) for _key, result in inside]}
        for key, inside in groupby(lines, key=lambda line: line[0])
    ]  # fmt: skip


def _line(result: Result, status: str, chosen: set[str]) -> dict[str, Any]:
    indicator, fit = result.indicator, result.status in COUNTED
    return {
        "id": indicator.id, "name": indicator.name.text(), "fit": fit,
        "chosen": fit and indicator.id in chosen, "told": f"{result.told} {unit_text(result.unit)}" if fit else status,
    }  # fmt: skip
