"""Keeping the directory: institutions, practitioners and sites with their doors, published records and history; CSV; cards."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fahui.channels import village_cards
from fahui.channels.desk import forms, words
from fahui.channels.desk import queries as desk
from fahui.channels.desk.files import attachment
from fahui.channels.desk.frame import ADMINS, show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number, place_of
from fahui.foundation import cities, clock
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.directory import actions, queries
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.foundation.people.models import ACCESSIBILITY, PublicRecord
from fahui.foundation.regions.queries import names_of
from fahui.foundation.regions.rules import level_of
from fahui.foundation.tables.actions import INSTITUTION, PRACTITIONER, SITE
from fahui.foundation.tables.cells import safe
from fahui.foundation.tables.importer import Column
from fahui.foundation.worktime.opening import readable, told

LISTS = {"institution": "/desk/admin/institutions", "practitioner": "/desk/admin/practitioners", "site": "/desk/admin/sites"}
_TABLES = {"institution": INSTITUTION, "practitioner": PRACTITIONER, "site": SITE}
_DATES = frozenset({"as_of", "licensed_from", "licensed_until", "licensed_on", "criminal_since"})
_RECORD = ("kind", "result", "year", "decided_on", "organ", "document", "source", "shown_until")
_MOST = 50_000


def label(key: str) -> str:
    """A column in the reader's language."""
    return {
        "name": _("名称"), "region_code": _("地区"), "phone": _("电话"), "address": _("地址"), "opening_hours": _("开放时间"),
        "languages": _("语言"), "accessibility": _("无障碍"), "longitude": _("经度（WGS-84）"), "latitude": _("纬度（WGS-84）"),
        "kind": _("种类"), "short_name": _("文号简称"), "head": _("负责人"), "licence": _("执业许可证号"), "licensed_from": _("批准设立日期"),
        "licensed_until": _("执业许可有效期至"), "licensed_by": _("发证机关"), "business": _("业务范围"), "staff_count": _("从业人数"),
        "source": _("信息来源"), "as_of": _("数据截至"), "title": _("职称"), "licensed_on": _("首次执业"), "criminal_since": _("刑事辩护起始日期"),
        "fields": _("擅长"), "tags": _("标签"), "area_m2": _("面积（平方米）"), "facilities": _("设施"),
    }.get(key, key)  # fmt: skip


@staff_page(*sorted(ADMINS))
def listed(request: HttpRequest, what: str) -> HttpResponse:
    """Institutions or sites on record, also hidden ones."""
    text, after = request.GET.get("name", "").strip()[:60], request.GET.get("after", "")
    rows = desk.directory_rows(reader_of(request), what, text, after)
    shown, names = rows[: desk.PAGE], names_of({row.region_code for row in rows})
    following = f"{shown[-1].region_code}-{shown[-1].pk}" if len(rows) > desk.PAGE else ""
    return show(request, "desk/admin/directory.html", {
        "what": what, "title": _("机构") if what == "institution" else _("服务点"),
        "columns": [{"label": _("名称")}, {"label": _("种类")}, {"label": _("地区")}, {"label": _("电话")}, {"label": _("开放时间")}],
        "rows": [{"href": f"/desk/admin/directory/{what}/{row.pk}", "cells": [
            row.name, _(row.get_kind_display()), names.get(row.region_code, ""), row.phone or "—", _hours(row)]} for row in shown],
        "empty": {"title": _("没有查到")}, "pager": {"next": following, "shown": len(shown)},
        "field": {"name": "name", "label": _("名称或编码"), "value": text},
    }, here=LISTS[what])  # fmt: skip


def _hours(row: Any) -> Any:
    if not row.active:
        return {"badge": {"label": _("不再显示"), "tone": "neutral"}}
    hours = readable(row.opening_hours)
    if hours:
        return told(hours)
    return {"badge": {"label": _("看不懂，居民会看到“打电话确认”") if row.opening_hours else _("没有登记"), "tone": "warn"}}


@staff_page(*sorted(ADMINS))
def one(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """One row: its facts, its days that are not as usual, what was published of it, and its history."""
    reader = reader_of(request)
    desk.directory_row(reader, what, pk)  # not there, or not here: the same answer
    if request.method != "POST":
        return _one(request, what, pk)
    try:
        messages.success(request, _do(request, what, pk))
    except Refusal as refusal:
        return _one(request, what, pk, refusal)
    return HttpResponseRedirect(f"/desk/admin/directory/{what}/{pk}")


def _do(request: HttpRequest, what: str, pk: int) -> str:
    """Do what a button of the page asks; returns what to say. Raises Refusal."""
    reader, post = reader_of(request), request.POST
    match post.get("do"):
        case "facts":
            given = {c.key: "、".join(post.getlist(c.key)) for c in actions.editable(what) if c.key in post or c.key == "accessibility"}
            return _("改了%(count)d处。") % {"count": actions.change(reader, what, pk, given)}
        case "day":
            actions.set_exception(reader, what, pk, _day(post.get("on", "")), post.get("hours", ""), post.get("why", ""))
            return _("已记下，居民马上看到。")
        case "drop":
            actions.drop_exception(reader, what, pk, post.get("on", "")[:10])
            return _("已恢复平常的时间。")
        case "record":
            actions.add_record(reader, what, pk, {key: post.get(f"record_{key}", "") for key in _RECORD})
            return _("已登记。")
        case "withdraw" if record := number(post.get("record", "")):
            actions.withdraw_record(reader, record, post.get("why", ""))
            return _("已撤下，居民看不到了。")
        case "hide" | "show" as wanted:
            actions.set_active(reader, what, pk, wanted == "show")
            return _("已恢复显示。") if wanted == "show" else _("不再显示在目录里。")
        case _other:
            raise Invalid(_("请选择要做什么。"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("请填写日期。"), fields={"on": _("请填写日期")}) from error


def _one(request: HttpRequest, what: str, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    reader, post = reader_of(request), request.POST
    row = desk.directory_row(reader, what, pk)
    did = post.get("do", "") if refusal else ""
    errors = refusal.fields if refusal else {}
    if refusal and did == "record":  # the form of a record stands beside that of the facts, with names of its own
        refusal.fields = errors = {f"record_{key}": text for key, text in errors.items()}
    facts_post = post if did == "facts" else None
    hours = readable(row.opening_hours) if what != "practitioner" else None
    events = queries.history(what, pk)
    people = desk.names([event.actor_id for event in events])
    return show(request, "desk/admin/directory_one.html", {
        "what": what, "row": row, "kind": _(row.get_kind_display()), "back": LISTS[what], "errors": summary(refusal),
        "facts": [_field(what, row, column, facts_post, errors if did == "facts" else {}) for column in actions.editable(what)],
        "unread": what != "practitioner" and row.opening_hours and hours is None, "hours": told(hours) if hours else "",
        "days": getattr(row, "exceptions", None), "day_fields": _day_fields(post if did == "day" else {}, errors if did == "day" else {}),
        "records": desk.directory_records(row), "has_records": what != "site", "today": clock.today(),
        "record_fields": _record_fields(post if did == "record" else {}, errors if did == "record" else {}),
        "history": [{"at": e.at, "who": people.get(e.actor_id or 0, words.role_name(e.actor_role, reader.language)),
                     "text": words.event_text(e, None, people, reader.language), "changes": _changes(e.data)} for e in events],
        "public": f"/places/{what}/{pk}/",
    }, here=LISTS[what], status=refusal.status if refusal else 200)  # fmt: skip


def _changes(data: dict[str, Any]) -> list[dict[str, str]]:
    """What an event changed: column, before, after."""
    def plain(value: Any) -> str:
        return _("、").join(map(str, value)) if isinstance(value, list) else "—" if value in (None, "") else str(value)

    return [{"label": label(key), "before": plain(pair[0]), "after": plain(pair[1])} for key, pair in data.get("changes", {}).items()]


def _field(what: str, row: Any, column: Column, post: Any, errors: dict[str, str]) -> dict[str, Any]:
    key = column.key
    value = getattr(row, key)
    if post is not None:
        value = post.getlist(key) if key == "accessibility" else post.get(key, "")
    found: dict[str, Any] = {"name": key, "label": label(key), "required": column.required, "error": errors.get(key, "")}
    if key == "accessibility":
        return {**found, "kind": "checkbox", "options": ACCESSIBILITY, "value": value}
    if key == "kind":
        return {**found, "kind": "select", "options": row.KINDS, "value": value}
    if key == "region_code":
        return {**found, "kind": "select", "options": _regions(row.region_code), "value": str(value)}
    if key in _DATES:
        return {**found, "kind": "date", "value": value}
    if isinstance(value, list):
        return {**found, "value": "、".join(map(str, value)), "hint": _("几个之间用顿号分开")}
    hint = _("例如：周一至周五 9:00–12:00、14:00–17:00；法定节假日休息") if key == "opening_hours" else ""
    return {**found, "value": "" if value is None else value, "hint": hint}


def _regions(code: int) -> list[Any]:
    """The regions to choose from; a village is offered when the row stands in one."""
    options: list[Any] = list(forms.region_options())
    if level_of(code) == 5:
        options.insert(0, {"value": str(code), "label": names_of([code]).get(code, str(code))})
    return options


def _day_fields(post: Any, errors: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": "on", "label": _("哪一天"), "kind": "date", "required": True, "value": post.get("on", ""), "error": errors.get("on", "")},
        {"name": "hours", "label": _("当天几点到几点"), "value": post.get("hours", ""), "error": errors.get("hours", ""),
         "hint": _("例如：9:00–11:00；全天不开门就空着")},
        {"name": "why", "label": _("原因"), "required": True, "maxlength": 60, "value": post.get("why", ""), "error": errors.get("why", ""),
         "hint": _("居民会看到")},
    ]  # fmt: skip


def _record_fields(post: Any, errors: dict[str, str]) -> list[dict[str, Any]]:
    def field(name: str, text: str, **more: Any) -> dict[str, Any]:
        key = f"record_{name}"
        return {"name": key, "label": text, "value": post.get(key, ""), "error": errors.get(key, ""), **more}

    return [
        field("kind", _("种类"), kind="select", options=PublicRecord.KINDS, required=True),
        field("result", _("内容，照公布的写"), required=True, maxlength=120),
        field("year", _("哪个年度的")), field("decided_on", _("决定日期"), kind="date"),
        field("organ", _("哪个机关决定的"), required=True, maxlength=80), field("document", _("文号"), maxlength=80),
        field("source", _("从哪里来的"), required=True, maxlength=200, hint=_("公布的网页或文件；没有公布过的不能登记")),
        field("shown_until", _("公示到哪一天"), kind="date", hint=_("行政处罚必须写；过了这天自动不显示")),
    ]  # fmt: skip


@staff_page(*sorted(ADMINS))
def table(request: HttpRequest, what: str) -> HttpResponse:
    """Everything of a kind as a CSV that the importer takes back."""
    if what not in _TABLES:
        raise Missing(_("没有这种清单。"))
    reader = reader_of(request)
    columns = [column for column in _TABLES[what] if column.key != "user"]
    out = StringIO()
    sheet = csv.writer(out)
    sheet.writerow([column.names[1] for column in columns])
    rows = desk.directory_rows(reader, what, limit=_MOST)
    for row in rows:
        sheet.writerow([safe(cell) for cell in _cells(row, columns)])
    append(reader, Entry("list.exported", data={"rows": len(rows), "why": what}))
    return attachment(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"fahui-{what}-{clock.today()}.csv")


def _cells(row: Any, columns: list[Column]) -> Iterator[Any]:
    for column in columns:
        match column.key:
            case "institution":
                yield row.institution.code if row.institution else ""
            case "system":
                yield "WGS-84" if row.longitude is not None else ""
            case "kind":
                yield dict(row.KINDS).get(row.kind, row.kind)
            case "accessibility":
                yield "、".join(dict(ACCESSIBILITY).get(code, code) for code in row.accessibility)
            case key:
                value = getattr(row, key)
                yield "、".join(map(str, value)) if isinstance(value, list) else value


@staff_page(*sorted(ADMINS))
def cards(request: HttpRequest) -> HttpResponse:
    """A township's village cards: chosen here, printed as one PDF."""
    given = request.GET.get("town", "")
    town = place_of(given)
    error = ""
    if town is not None:
        if not desk.in_regions(reader_of(request), town):
            raise Missing(_("没有这个地区。"))
        villages = queries.villages_of(town) if level_of(town) == 4 else []
        if villages:
            made = _("%(day)s印制") % {"day": clock.today().isoformat()}
            data = village_cards.pdf(village_cards.cards(villages, clock.today()), made)
            return attachment(data, "application/pdf", f"{names_of([town]).get(town, '')}-{clock.today()}.pdf")
        error = _("请选择一个乡镇、街道。")
    towns = [{"value": o["value"], "label": o["label"]} for o in forms.region_options() if level_of(int(o["value"])) in (3, 4)]
    return show(request, "desk/admin/cards.html", {
        "errors": [{"name": "town", "text": error}] if error else [], "city": cities.current().name,
        "field": {"name": "town", "label": _("哪个乡镇、街道"), "kind": "select", "required": True, "options": towns, "value": given, "error": error},
    }, here="/desk/admin/cards", status=422 if error else 200)  # fmt: skip
