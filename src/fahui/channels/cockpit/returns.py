"""Who owes which returns: places against what was asked of them, with the collection rate (信息采集率), and as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fahui.casework.registers import rights
from fahui.channels.cockpit.standards import code_of, frame, places_of
from fahui.channels.cockpit.views import LEADERS
from fahui.channels.desk import record_files
from fahui.channels.desk.files import attachment
from fahui.channels.desk.owed import list_href, period_name, period_options, return_name
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.regions.models import Region
from fahui.insight.figures.queries import place
from fahui.insight.figures.rules import told
from fahui.standards.returns import queries
from fahui.standards.returns.queries import Line, Picture
from fahui.standards.returns.rules import State, rate

Counts = Counter[State]


def state_words() -> dict[State, str]:
    """How a return of a place and period can stand."""
    return {"owed": _("欠"), "waiting": _("未到期"), "nil": _("本期无"), "given": _("已报")}


@staff_page(*LEADERS)
def returns(request: HttpRequest) -> HttpResponse:
    """Every place with what it was asked for, what is owed most first; of all, of one return or of one period."""
    reader = reader_of(request)
    region = place(reader, code_of(request))
    whole = queries.of_region(reader, region.code)
    what, period = _chosen(request, whole)
    picture = whole.only(what, period)
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        return _file(picture, kind)
    total, heads, lines = _total(picture.lines), _heads(picture, what), _by(picture)
    here = {"region": str(region.code)}
    return render(request, "cockpit/returns.html", frame("returns") | {
        "region": region, "places": places_of(reader, region), "share": share(total), "asked": len(picture.lines), "counts": [(word, total[state]) for state, word in state_words().items()],
        "columns": [{"label": _("地方")}, {"label": _("采集率"), "numeric": True}, *({"label": label} for _key, label in heads)],
        "rows": _rows(reader, picture, lines, [key for key, _label in heads], region, here | ({"what": what} if what else {}) | ({"period": period} if period else {})),
        "fields": [
            {"name": "period", "label": _("哪一期"), "value": period, "options": period_options(whole.lines)},
            {"name": "what", "label": _("哪一项"), "value": what, "options": [(one.key, return_name(one)) for one in whole.returns]},
        ],
        "narrowed": bool(what or period), "all_href": f"?{urlencode(here)}", "query": urlencode(here | {"what": what, "period": period}),
        "empty": {"title": _("这里没有要报的"), "text": _("政策目标里没有要这里按期报的，或者还没有到期的一期。")}, "today": clock.today(),
    })  # fmt: skip


def share(counts: Counts) -> str:
    """The collection rate (信息采集率)."""
    given, asked = rate(counts)
    return f"{told(Fraction(given * 100, asked), 1)} %" if asked else told(None)


def rate_told(counts: Counts) -> str:
    """The collection rate with what it is made of."""
    given, asked = rate(counts)
    return f"{share(counts)} · {given}/{asked}" if asked else "—"


def _chosen(request: HttpRequest, whole: Picture) -> tuple[str, str]:
    get = request.GET
    what = get.get("what", "") if get.get("what") in {one.key for one in whole.returns} else ""
    return what, get.get("period", "") if get.get("period") in {line.period for line in whole.lines} else ""


def _heads(picture: Picture, what: str) -> list[tuple[str, str]]:
    """The columns: every return, what is owed most first; of one return its periods."""
    if what:
        return period_options(picture.lines)[::-1]
    owed = Counter(line.wanted.key for line in picture.lines if line.state == "owed")
    asked = {line.wanted.key: line.wanted for line in picture.lines}
    return [(key, return_name(one)) for key, one in sorted(asked.items(), key=lambda pair: -owed[pair[0]])]


def _by(picture: Picture) -> dict[int, list[Line]]:
    """The lines by the place they are shown under, what is owed most first."""
    found: dict[int, list[Line]] = {}
    for line in picture.lines:
        found.setdefault(line.county, []).append(line)
    return dict(sorted(found.items(), key=lambda pair: (-_total(pair[1])["owed"], pair[0])))


def _total(lines: Iterable[Line]) -> Counts:
    return Counter(line.state for line in lines)


def _rows(
    reader: Reader, picture: Picture, lines: dict[int, list[Line]], heads: Sequence[str], region: Region, here: dict[str, str]
) -> list[dict[str, Any]]:  # fmt: skip
    rows = [_row(reader, picture.names.get(code, ""), found, heads, {**here, "region": str(code)} if code != region.code else {}) for code, found in lines.items()]
    if len(rows) > 1:
        cells = [rate_told(_total(line for line in picture.lines if head in (line.wanted.key, line.period))) for head in heads]
        rows.insert(0, {"cells": [_("合计"), rate_told(_total(picture.lines)), *cells], "current": True})
    return rows


def _row(reader: Reader, name: str, lines: list[Line], heads: Sequence[str], here: dict[str, str]) -> dict[str, Any]:
    cells = [_cell(reader, [line for line in lines if head in (line.wanted.key, line.period)]) for head in heads]
    return {"href": f"?{urlencode(here)}" if here else "", "cells": [name, rate_told(_total(lines)), *cells]}


def _cell(reader: Reader, lines: list[Line]) -> Any:
    """How a place stands with a return, and where its records are."""
    if not lines:
        return "—"
    counts, one = _total(lines), lines[0]
    words, asked = state_words(), len(lines)
    if counts["owed"]:
        badge = {"label": f"{words['owed']} {counts['owed']}/{asked}", "tone": "warn"}
    elif not counts["given"]:
        badge = {"label": words["waiting" if counts["waiting"] else "nil"], "tone": "neutral"}
    else:
        badge = {"label": words["given"], "tone": "ok"}
    if not rights.covers(reader, queries.keepers_of(one.wanted), one.county):
        return {"badge": badge}
    first, last = min(line.span.period.first for line in lines), max(line.span.period.last for line in lines)
    return {"badge": badge, "href": list_href(one.wanted, one.county, first, last)}


def _file(picture: Picture, kind: str) -> HttpResponse:
    """Every place, return and period as a line."""
    headings = [_("县（市、区）"), _("地方"), _("地区代码"), _("哪一项"), _("哪一期"), _("报送情况"), _("该在哪天前报")]
    words, named = state_words(), {one.key: return_name(one) for one in picture.returns}
    rows = ([
        picture.names.get(line.county, ""), picture.names.get(line.place, ""), line.place, named[line.wanted.key], period_name(line.period), words[line.state],
        line.span.due or "",
    ] for line in sorted(picture.lines, key=lambda line: (line.state != "owed", line.county, line.wanted.key, line.place, line.span.period.last)))  # fmt: skip
    name = f"fahui-returns-{clock.today()}"
    data = record_files.written(kind, headings, rows, _("报送情况"))
    return attachment(data, record_files.MIME[kind], f"{name}.{kind}")
