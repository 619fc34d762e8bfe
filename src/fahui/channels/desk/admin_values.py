"""What the bureau itself decides: the working calendar, local values with their sources; and who looked at what."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fahui.casework.cases.queries import parameters
from fahui.casework.definitions.loader import Service, services
from fahui.casework.tasks import recount
from fahui.channels.desk import queries as desk
from fahui.channels.desk import words
from fahui.channels.desk.frame import ADMINS, show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number, year_of
from fahui.foundation import cities, clock
from fahui.foundation.accounts.actions import set_parameter
from fahui.foundation.errors import Invalid, Refusal
from fahui.foundation.worktime.actions import announce_year
from fahui.foundation.worktime.queries import uncovered_soon, year_overview, years
from fahui.foundation.worktime.rules import Duration, Kind
from fahui.knowledge.laws.queries import last_import

_KINDS = {"休": Kind.HOLIDAY, "放假": Kind.HOLIDAY, "off": Kind.HOLIDAY,
          "班": Kind.WORKDAY, "上班": Kind.WORKDAY, "work": Kind.WORKDAY}  # fmt: skip
_LINE = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})\s*[,，\s]\s*(休|放假|off|班|上班|work)\s*[,，\s]?\s*(.*)$")


def read_days(text: str) -> list[tuple[date, Kind, str]]:
    """The days of a year as typed, one a line: `2027-01-01 休 元旦`. Raises Invalid naming the line."""
    found = []
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.match(line.strip())
        try:
            if match is None:
                raise ValueError
            year, month, day = map(int, match[1].split("-"))
            found.append((date(year, month, day), _KINDS[match[2]], match[3].strip()[:60] or match[2]))
        except ValueError as error:
            told = _("第%(number)d行看不懂：%(line)s。请写成：2027-01-01 休 元旦") % {
                "number": place, "line": line.strip()[:40]}  # fmt: skip
            raise Invalid(told, fields={"days": told}) from error
    if not found:
        raise Invalid(_("请填写放假和调休的日期。"), fields={"days": _("一行一天")})
    return found


@staff_page(*sorted(ADMINS))
def calendar(request: HttpRequest) -> HttpResponse:
    """Years that are known, the one that is missing, and entering it as announced."""
    reader, post = reader_of(request), request.POST
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            year = year_of(post.get("year", ""))
            if year is None:
                raise Invalid(_("请填写年份。"), fields={"year": _("例如：2027")})
            announce_year(reader, year, read_days(post.get("days", "")), post.get("source", ""))
            counted = recount()
            messages.success(request, _("已录入%(year)s年。重新计算了%(count)d个时限。") % {
                "year": year, "count": counted})  # fmt: skip
            return HttpResponseRedirect("/desk/admin/calendar")
        except Refusal as found:
            refusal = found
    known, missing = years(), uncovered_soon(clock.today())
    asked = request.GET.get("year", "")
    year = year_of(asked) or clock.today().year
    errors = refusal.fields if refusal else {}
    following = (known[0].year + 1) if known else clock.today().year
    context = {
        "years": known[:12], "missing": missing, "year": year, "days": year_overview(year), "errors": summary(refusal),
        "fields": [
            {"name": "year", "label": _("年份"), "kind": "number", "required": True, "value": post.get("year", following),
             "error": errors.get("year", "")},
            {"name": "source", "label": _("来源文件"), "required": True, "value": post.get("source", ""),
             "error": errors.get("source", ""), "hint": _("例如：国务院办公厅关于2027年部分节假日安排的通知"), "maxlength": 200},
            {"name": "days", "label": _("放假和调休的日期"), "kind": "textarea", "required": True,
             "value": post.get("days", ""), "error": errors.get("days", ""),
             "hint": _("一行一天：日期、休或班、名称。例如：2027-01-01 休 元旦。普通周末不用写。")},
        ],
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return show(request, "desk/admin/calendar.html", context, here="/desk/admin/calendar", status=status)


def asked_for(home: Service) -> list[str]:
    """The names of the local values a service looks for: its deadlines', its own list, and what its rules name."""
    found = [d.local_parameter for d in home.definition.deadlines if d.local_parameter]
    city = cities.current().services.get(home.definition.id)
    found += [p.name for p in city.parameters] if city else []
    found += home.local_values
    return list(dict.fromkeys(found))


def _explained(home: Service, language: str) -> dict[str, dict[str, str]]:
    """By name: what a local value is, its unit, and the articles that leave it to the locality."""
    english = language.startswith("en")
    found = {d.local_parameter: {"says": d.name.text(language), "basis": "、".join(d.basis)}
             for d in home.definition.deadlines if d.local_parameter}  # fmt: skip
    return found | {
        name: {"says": value.en if english else value.zh, "basis": "、".join(value.basis), "unit": value.unit}
        for name, value in home.local_values.items()
    }


def read_value(text: str) -> Any:
    """A typed value: a number where it is one, yes or no, else the words."""
    plain = text.strip().replace(",", "")
    if plain in {"是", "true"}:
        return True
    if plain in {"否", "false"}:
        return False
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return text.strip()
    return int(number) if number == number.to_integral_value() else str(number)


@staff_page(*sorted(ADMINS))
def values(request: HttpRequest) -> HttpResponse:
    """The local values of each service: what is asked for, what is set, from when, by which document."""
    reader, post = reader_of(request), request.POST
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            _set(request)
            messages.success(request, _("已设定，从生效日起使用。"))
            return HttpResponseRedirect(f"/desk/admin/values#{post.get('service', '')}")
        except Refusal as found:
            refusal = found
    now, language = clock.now(), reader.language
    lists = []
    for name, home in services().items():
        held, known = parameters(name, now), desk.local_values(name)
        wanted = list(dict.fromkeys([*asked_for(home), *held, *(v.name for v in known)]))
        explained = _explained(home, language)
        lists.append({
            "id": name, "name": home.definition.name.text(language), "history": known,
            "asked": [{"name": n, **explained.get(n, {}), "held": held.get(n),
                       "told": _told(held[n].value) if n in held else ""} for n in wanted],
            "unset": sum(n not in held for n in wanted),
        })  # fmt: skip
    errors = refusal.fields if refusal else {}
    context = {"services": lists, "errors": summary(refusal), "fields": _value_fields(request, errors, language)}
    status = refusal.status if refusal else 200
    return show(request, "desk/admin/values.html", context, here="/desk/admin/values", status=status)


def _told(value: Any) -> str:
    """A held value in words: a list as its parts."""
    return _("、").join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)


def _set(request: HttpRequest) -> None:
    post = request.POST
    service, name = post.get("service", ""), post.get("name", "").strip()
    if service not in services() or not re.fullmatch(r"[a-z][a-z0-9_]{1,59}", name):
        raise Invalid(_("请选择服务，写明参数名。"), fields={"name": _("小写字母和下划线，见下面的清单")})
    if not post.get("value", "").strip():
        raise Invalid(_("请填写数值。"), fields={"value": _("请填写数值")})
    try:
        start = date.fromisoformat(post.get("valid_from", ""))
    except ValueError as error:
        raise Invalid(_("请填写生效日期。"), fields={"valid_from": _("例如：2026-07-01")}) from error
    value, unit = read_value(post["value"]), post.get("unit", "").strip()[:40]
    spec = next((d for d in services()[service].definition.deadlines if d.local_parameter == name), None)
    if spec:  # a wrong unit would stop every new case of the service
        try:
            Duration.parse(f"{value} {unit}".strip())
        except ValueError as error:
            told = _("期限的单位写成：natural days、working days、hours 等，例如 15 和 natural days")
            raise Invalid(told, fields={"unit": told}) from error
    known = services()[service].local_values.get(name)
    if known and not known.fits(value):  # a value the rules cannot read would stop every case that needs it
        told = {"money": _("请填整数，按分计，例如 2000 元填 200000"), "number": _("请填数字"), "count": _("请填整数"),
                "yes_no": _("请填“是”或“否”"),
                "words": _("请从这些里面选，用顿号分开：%(words)s") % {"words": "、".join(sorted(known.among))}}[known.kind]  # fmt: skip
        raise Invalid(told, fields={"value": told})
    set_parameter(reader_of(request), service, name, value, unit, post.get("source", "").strip()[:200], start)


def _value_fields(request: HttpRequest, errors: dict[str, str], language: str) -> list[dict[str, Any]]:
    post, get = request.POST, request.GET

    def field(name: str, label: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "label": label, "value": post.get(name, get.get(name, "")), "error": errors.get(name, ""),
                "required": True, **more}  # fmt: skip

    return [
        field("service", _("服务"), kind="select",
              options=[(n, s.definition.name.text(language)) for n, s in services().items()]),
        field("name", _("参数名"), hint=_("从下面的清单里选")),
        field("value", _("数值"), hint=_("金额按分填写整数；期限填数字")),
        {**field("unit", _("计量单位"), hint=_("例如：fen、working days")), "required": False},
        field("source", _("依据的文件和条款"), maxlength=200),
        field("valid_from", _("从哪天起"), kind="date"),
    ]  # fmt: skip


@staff_page(*sorted(ADMINS))
def imports(request: HttpRequest) -> HttpResponse:
    """How data is brought in: one command, all rows or none."""
    return show(request, "desk/admin/imports.html", {"law_import": last_import()}, here="/desk/admin/imports")


@staff_page(*sorted(ADMINS))
def audit(request: HttpRequest) -> HttpResponse:
    """What was done and who looked, newest first, as far as the reader may see."""
    reader, get = reader_of(request), request.GET
    kind = get.get("kind", "") if get.get("kind", "") in words.EVENTS else ""
    actor, after = (number(get.get(key, "")) for key in ("actor", "after"))
    found = list(desk.audit(reader, kind, actor, after))
    lines, more = found[: desk.PAGE], len(found) > desk.PAGE
    names, numbers = desk.names([e.actor_id for e in lines]), desk.numbers_of(reader, [e.case_id for e in lines])
    language = reader.language
    context = {
        "columns": [{"label": _("什么时候")}, {"label": _("谁")}, {"label": _("做了什么")}, {"label": _("哪一件")},
                    {"label": _("说明")}],
        "rows": [{"cells": [f"{e.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}",
                            names.get(e.actor_id or 0, words.role_name(e.actor_role, language)),
                            words.event_text(e, None, names, language),
                            {"href": f"/desk/cases/{e.case_id}", "text": numbers[e.case_id]}
                            if e.case_id in numbers else (e.about or "—"),
                            str(e.data.get("why") or e.data.get("reason") or "—")]} for e in lines],
        "pager": {"next": lines[-1].pk if more else "", "shown": len(lines)}, "empty": {"title": _("没有记录")},
        "fields": [
            {"name": "kind", "label": _("哪类"), "kind": "select", "value": kind,
             "options": sorted(((k, words.pick(v, language).split("{")[0].rstrip("：（(“ ") or k)
                                for k, v in words.EVENTS.items()), key=lambda pair: pair[1])},
            {"name": "actor", "label": _("谁"), "kind": "select", "value": get.get("actor", ""),
             "options": [(str(u.pk), u.name) for u in desk.staff_of(reader)]},
        ],
    }  # fmt: skip
    return show(request, "desk/admin/audit.html", context, here="/desk/admin/audit")
