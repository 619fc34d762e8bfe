"""The registers on the desk: all of them with what waits, one as a list, an entry with its history, adding and correcting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from fahui.casework.forms.web import from_post
from fahui.casework.registers import actions, queries, rights, tables
from fahui.casework.registers.changes import before_and_after
from fahui.casework.registers.forms import DETAIL, SUBJECTS, answers_of, form_of, named_kinds
from fahui.casework.registers.models import Entry
from fahui.casework.registers.schema import Register
from fahui.channels.desk import queries as desk
from fahui.channels.desk import records
from fahui.channels.desk.books import register_book, register_filter
from fahui.channels.desk.choosing import offer
from fahui.channels.desk.exports import ask_page
from fahui.channels.desk.frame import show
from fahui.channels.desk.imports import import_page
from fahui.channels.desk.owed import notes
from fahui.channels.desk.records import Book
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number, place_of
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden, Invalid, Missing, Refusal
from fahui.foundation.money import yuan
from fahui.foundation.people.references import label_of, place_labels, place_name
from fahui.foundation.regions.queries import names_of
from fahui.standards.returns.queries import mine

HERE = "/desk/registers/"
TONES = {"entered": "progress", "verified": "ok", "returned": "warn", "void": "neutral"}
_OWING = 60
_LOOKED_UP = ("region_code", *SUBJECTS)


def area_name(area: str) -> str:
    """An area of registers in the reader's language; a city's own area says its id."""
    names = {"money": _("经费与标准"), "platform": _("平台与制度"), "recognition": _("认定、检查与队伍"), "returns": _("报表与统计")}
    return names.get(area, area)


def badge(entry: Entry, register: Register) -> dict[str, Any]:
    """The state of an entry; where no second person is asked for, what is entered counts."""
    label, tone = _(dict(Entry.STATES)[entry.state]), TONES[entry.state]
    if register.verified and entry.state == "entered":
        label = _("等复核")
    return {"badge": {"label": label, "tone": "ok" if entry.state == "entered" and not register.verified else tone}}


@staff_page()
def home(request: HttpRequest) -> HttpResponse:
    """Every register by area with how many entries it has, what waits for the reader, and who owes what."""
    reader = reader_of(request)
    kept = queries.kept_by(reader)
    if not kept:
        raise Forbidden(_("您的岗位不管台账。"))
    language, counts, waits = reader.language, queries.tallies(reader), queries.waiting(reader)
    areas: dict[str, list[dict[str, Any]]] = {}
    for register in kept:
        tally = counts[register.id]
        areas.setdefault(register.area, []).append({"href": f"{HERE}{register.id}/", "cells": [
            register.name.text(language), tally.counting, tally.waiting if register.verified else "—", tally.returned]})  # fmt: skip
    columns = [{"label": _("台账")}, {"label": _("有效"), "numeric": True}, {"label": _("等复核"), "numeric": True}, {"label": _("退回"), "numeric": True}]
    return show(request, "desk/registers/home.html", {
        "areas": [{"name": area_name(area), "rows": rows} for area, rows in areas.items()], "columns": columns,
        "waits": [line for register in kept if register.id in waits for line in _waits(register, waits[register.id], language)],
        **_owing(reader, {register.id: register.name.text(language) for register in kept}),
    }, here=HERE)  # fmt: skip


def _waits(register: Register, waits: tuple[int, int], language: str) -> list[dict[str, Any]]:
    verify, correct = waits
    name, base = register.name.text(language), f"{HERE}{register.id}/"
    lines = [{"name": name, "href": f"{base}?state=entered", "count": verify, "word": _("条等复核"), "tone": "progress"}] if verify else []
    return lines + ([{"name": name, "href": f"{base}?state=returned", "count": correct, "word": _("条退回待更正"), "tone": "warn"}] if correct else [])


def _owing(reader: Reader, names: dict[str, str]) -> dict[str, Any]:
    owed = queries.owing(reader)
    places = names_of({one.region_code for one in owed})
    return {
        "owing_columns": [{"label": _("地方")}, {"label": _("台账")}, {"label": _("退回没改"), "numeric": True},
                          {"label": _("没有复核"), "numeric": True}, {"label": _("最早")}],
        "owing_more": max(0, len(owed) - _OWING),
        "owing": [{"href": f"{HERE}{one.register}/?place={one.region_code}&state={'returned' if one.returned else 'entered'}", "cells": [
            places.get(one.region_code, str(one.region_code)), names.get(one.register, one.register), one.returned, one.unverified,
            one.since.isoformat()]} for one in owed[:_OWING]],
    }  # fmt: skip


@staff_page()
def listed(request: HttpRequest, register_id: str) -> HttpResponse:
    """A register, newest first, narrowed by place, category, grade, state, year and words."""
    reader = reader_of(request)
    register = queries.register_for(reader, register_id)
    wanted = register_filter(request.GET, register)
    page = queries.listed(reader, register, wanted, request.GET.get("after", ""))
    language, narrowed = reader.language, wanted != queries.Filter()
    rows = [{"href": f"{HERE}{register.id}/{entry.pk}", "cells": cells} for entry, cells in zip(page.rows, _cells(register, page.rows, language), strict=True)]
    return show(request, "desk/registers/list.html", {
        "book": register_book(reader, register, request.GET), "about": register.about.text(language), "columns": _columns(register, language), "rows": rows,
        "narrowed": narrowed, "query": request.GET.urlencode(), "fields": _filters(reader, register, wanted), "verified": register.verified,
        "pager": {"next": page.following, "shown": len(rows)}, **notes(reader, mine(reader, register=register.id)), "here": request.get_full_path(),
        "empty": {"title": _("没有符合的记录"), "text": _("换个条件试试。"), "href": f"{HERE}{register.id}/", "link": _("清除筛选")} if narrowed else
                 {"title": _("这本台账还是空的"), "text": _("登记一条，或者用模板一次导入。"), "href": f"{HERE}{register.id}/new", "link": _("登记一条")},
    }, here=HERE)  # fmt: skip


def _columns(register: Register, language: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"label": register.title.text(language)}, {"label": _("地区")}]
    found += [{"label": register.category.text(language)}] if register.category else []
    found += [{"label": register.grade.text(language)}] if register.grade else []
    found += [{"label": label.text(language), "numeric": True} for label in (register.part, register.whole, register.amount) if label]
    return [*found, {"label": register.begins.text(language), "day": True}, {"label": _("登记状态")}]


def _cells(register: Register, entries: list[Entry], language: str) -> list[list[Any]]:
    places = names_of({entry.region_code for entry in entries})

    def line(entry: Entry) -> list[Any]:
        found: list[Any] = [entry.title, places.get(entry.region_code, str(entry.region_code))]
        found += [_choice(register, name, getattr(entry, name), language) or "—" for name in ("category", "grade") if getattr(register, name)]
        found += [_number(getattr(entry, name)) or "—" for name in ("part", "whole") if getattr(register, name)]
        found += [_yuan(entry.amount_fen) or "—"] if register.amount else []
        return [*found, entry.begins.isoformat(), badge(entry, register)]

    return [line(entry) for entry in entries]


def _choice(register: Register, name: str, code: str, language: str) -> str:
    choices = getattr(register, name)
    words = choices.choices.get(code) if choices else None
    return words.text(language) if words else code


def _number(value: Any) -> str:
    return "" if value is None else f"{value.normalize():,f}"


def _yuan(fen: int | None) -> str:
    return "" if fen is None else yuan(fen)


def _filters(reader: Reader, register: Register, wanted: queries.Filter) -> list[dict[str, Any]]:
    language, this = reader.language, clock.today().year
    found: list[dict[str, Any]] = [{"name": "place", "label": _("地方"), "kind": "select", "value": str(wanted.place or ""),
              "options": records.reach_options(reader, lambda code: rights.covers(reader, register.keepers, code))}]  # fmt: skip
    for name in ("category", "grade"):
        choices = getattr(register, name)
        if choices:
            found.append({"name": name, "label": choices.text(language), "kind": "select", "value": getattr(wanted, name),
                          "options": [(code, words.text(language)) for code, words in choices.choices.items()]})  # fmt: skip
    return [
        *found,
        {"name": "state", "label": _("登记状态"), "kind": "select", "value": wanted.state, "options": [(c, _(n)) for c, n in Entry.STATES]},
        {"name": "year", "label": _("年份"), "kind": "select", "value": str(wanted.year or ""), "options": [str(y) for y in range(this + 1, this - 10, -1)]},
        *day_fields(wanted),
        {"name": "q", "label": _("名称、编号或机构"), "value": wanted.text, "maxlength": 60},
    ]  # fmt: skip


def day_fields(wanted: Any) -> list[dict[str, Any]]:
    """From which day to which, in a filter."""
    return [{"name": name, "label": label, "kind": "date", "value": day.isoformat() if day else ""}
            for name, label, day in (("since", _("从哪天"), wanted.since), ("until", _("到哪天"), wanted.until))]  # fmt: skip


# --- one entry


@staff_page()
def entry(request: HttpRequest, register_id: str, entry_id: int) -> HttpResponse:
    """An entry with its history; verifying it, sending it back, making it void."""
    reader = reader_of(request)
    queries.one(reader, entry_id, register_id)
    if request.method != "POST":
        return _entry(request, register_id, entry_id)
    try:
        messages.success(request, _do(reader, request, entry_id))
    except Refusal as refusal:
        return _entry(request, register_id, entry_id, refusal)
    return HttpResponseRedirect(f"{HERE}{register_id}/{entry_id}")


def _do(reader: Reader, request: HttpRequest, entry_id: int) -> str:
    post = request.POST
    revision, do = number(post.get("revision", "")), post.get("do", "")
    why = post.get(f"{do}_reason", "")
    try:
        match do:
            case "verify":
                actions.verify(reader, entry_id, revision)
                return _("复核好了，从现在起计入统计。")
            case "return":
                actions.send_back(reader, entry_id, why, revision)
                return _("已退回，等登记的人更正。")
            case "void":
                actions.void(reader, entry_id, why, revision)
                return _("已作废，不再计入统计。")
    except Invalid as invalid:
        invalid.fields = {f"{do}_reason": text for text in invalid.fields.values()}
        raise
    raise Invalid(_("请选择要做什么。"))


def _entry(request: HttpRequest, register_id: str, entry_id: int, refusal: Refusal | None = None) -> HttpResponse:
    reader, post = reader_of(request), request.POST if refusal else {}
    register, row = queries.register_for(reader, register_id), queries.one(reader, entry_id, register_id)
    kept, language = queries.corrections(row), reader.language
    changed = {revision: list(_lines(pairs)) for revision, pairs in before_and_after(row, kept).items()}
    about = records.abouts(changed, {"region_code": "region", **{f"{what}_id": what for what in SUBJECTS}})
    labels = {q["name"]: q["label"] for q in records.fields(form_of(register), {}, {}, language)}
    lines = records.timeline(
        reader, queries.history(f"entry:{row.pk}"), changed, kept, lambda name: _label(name, labels), lambda name, value: _told(register, name, value, about, language)
    )
    last = kept[-1].by if kept else None
    people = desk.names([row.entered_by, row.verified_by])
    fields = refusal.fields if refusal else {}
    return show(request, "desk/registers/entry.html", {
        "entry": row, "register": register, "name": register.name.text(language), "base": f"{HERE}{register.id}", "state": badge(row, register)["badge"],
        "facts": _facts(register, row, language, labels), "history": lines, "errors": summary(refusal),
        "who": people.get(row.entered_by or 0, _("导入")), "checker": people.get(row.verified_by or 0, ""),
        "to_verify": register.verified and row.state == "entered", "mine": reader.user_id in {row.entered_by, last},
        "live": row.state != "void", "day": clock.today(),
        "why_return": next((line["reason"] for line in lines if line["reason"]), "") if row.state == "returned" else "",
        "return_field": why_field("return_reason", _("哪里不对"), post, fields), "void_field": why_field("void_reason", _("为什么作废"), post, fields),
    }, here=HERE, status=refusal.status if refusal else 200)  # fmt: skip


def why_field(name: str, label: str, post: Any, errors: dict[str, str]) -> dict[str, Any]:
    """A line that has to be written beside a button."""
    return {"name": name, "label": label, "required": True, "maxlength": 200, "value": post.get(name, ""), "error": errors.get(name, "")}


def _label(name: str, labels: dict[str, str]) -> str:
    """A column's name on the page: what it refers to has the name of its question."""
    return labels.get(name.removesuffix("_id"), labels.get(name, name))


def _lines(pairs: list[tuple[str, Any, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """What a correction changed, the details one by one."""
    for name, before, after in pairs:
        if name != "details":
            yield name, before, after
            continue
        before, after = before or {}, after or {}
        for key in dict.fromkeys([*before, *after]):
            if before.get(key) != after.get(key):
                yield DETAIL + key, before.get(key), after.get(key)


def _told(register: Register, name: str, value: Any, about: dict[tuple[str, int], str], language: str) -> str:
    """A column's value of the past in words."""
    if value in (None, "", {}, []):
        return "—"
    if isinstance(value, int) and (name, value) in about:
        return about[name, value]
    if name in ("category", "grade"):
        return _choice(register, name, value, language)
    if name == "amount_fen":
        return _yuan(value)
    if name in ("part", "whole"):
        return str(value).removesuffix(".00")
    return str(tables.detail_words(value))


def _facts(register: Register, row: Entry, language: str, labels: dict[str, str]) -> list[dict[str, Any]]:
    values: dict[str, Any] = {name: label_of(getattr(row, name)) for name in SUBJECTS}
    values |= {"region_code": place_name(row.region_code), "title": row.title, "code": row.code,
               "category": _choice(register, "category", row.category, language), "grade": _choice(register, "grade", row.grade, language),
               "begins": row.begins, "ends": row.ends, "part": _number(row.part), "whole": _number(row.whole), "amount_fen": _yuan(row.amount_fen)}  # fmt: skip
    values |= {DETAIL + d.name: tables.detail_words(row.details.get(d.name)) for d in register.details}
    units = {name: label.unit.text(language) for name in ("part", "whole") if (label := getattr(register, name)) and label.unit}
    return [{"label": label, "value": f"{values[name]} {units.get(name, '')}" if name in units else _iso(values[name])}
            for name, label in labels.items() if values.get(name) not in (None, "")]  # fmt: skip


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@staff_page()
def add(request: HttpRequest, register_id: str) -> HttpResponse:
    """Enter one."""
    reader = reader_of(request)
    register, refusal, given = queries.register_for(reader, register_id), None, _first(reader, register_id, request.GET.get("place", ""))
    if request.method == "POST":
        given = from_post(form_of(register), request.POST)
        try:
            made = actions.add(reader, register_id, given)
            messages.success(request, _("登记好了。等另一个人复核后计入统计。") if register.verified else _("登记好了。"))
            return HttpResponseRedirect(f"{HERE}{register_id}/{made.pk}")
        except Refusal as refused:
            refusal = refused
    return _form(request, register, given, refusal, _("登记一条"), f"{HERE}{register_id}/")


def _first(reader: Reader, register_id: str, asked: str) -> dict[str, Any]:
    """What an empty form begins with: the place it was opened for, else that of the reader's own post."""
    register, place = queries.register_for(reader, register_id), place_of(asked)
    codes = [place] if place else [post.region_code for post in reader.posts if post.role in register.keepers]
    return {"region_code": place_labels(codes[:1]).get(codes[0], "")} if codes else {}


@staff_page()
def correct(request: HttpRequest, register_id: str, entry_id: int) -> HttpResponse:
    """Say it right, with the reason."""
    reader = reader_of(request)
    register, row = queries.register_for(reader, register_id), queries.one(reader, entry_id, register_id)
    given, refusal, revision = answers_of(register, row), None, row.revision
    if request.method == "POST":
        given, revision = from_post(form_of(register), request.POST), number(request.POST.get("revision", "")) or 0
        try:
            actions.correct(reader, entry_id, given, request.POST.get("reason", ""), revision)
            messages.success(request, _("更正好了，原来的内容留在历史里。"))
            return HttpResponseRedirect(f"{HERE}{register_id}/{entry_id}")
        except Refusal as refused:
            refusal = refused
    return _form(request, register, given, refusal, _("更正"), f"{HERE}{register_id}/{entry_id}", revision)


def _form(
    request: HttpRequest, register: Register, given: dict[str, Any], refusal: Refusal | None, title: str, back: str, revision: int = 0
) -> HttpResponse:  # fmt: skip
    reader, errors = reader_of(request), refusal.fields if refusal else {}
    reason = records.reason_field(request.POST.get("reason", ""), errors.get("reason", "")) if revision else None
    return show(request, "desk/registers/form.html", {
        "name": register.name.text(reader.language), "about": register.about.text(reader.language), "title": title, "back": back, "revision": revision,
        "fields": records.fields(form_of(register), given, errors, reader.language, {name: f"{HERE}{register.id}/choices?field={name}" for name in _LOOKED_UP}),
        "reason": reason, "errors": summary(refusal),
    }, here=HERE, status=refusal.status if refusal else 200)  # fmt: skip


@staff_page()
def choices(request: HttpRequest, register_id: str) -> JsonResponse:
    """What may be meant by what was typed so far into a field of this register."""
    register = queries.register_for(reader_of(request), register_id)
    field = request.GET.get("field", "")
    if field == "region_code":
        return offer("region", request.GET.get("q", ""))
    kinds = named_kinds(register, field) if field in SUBJECTS else None
    if kinds is None:
        raise Missing(_("没有这个栏目。"))
    return offer(field, request.GET.get("q", ""), kinds)


# --- files


def _book(request: HttpRequest, register_id: str) -> Book:
    reader = reader_of(request)
    return register_book(reader, queries.register_for(reader, register_id), request.GET)


@staff_page()
def template(request: HttpRequest, register_id: str) -> HttpResponse:
    """The table to fill in."""
    return records.template_file(request, _book(request, register_id))


@staff_page()
def bring(request: HttpRequest, register_id: str) -> HttpResponse:
    """Import a table."""
    return import_page(request, _book(request, register_id))


@staff_page()
def export(request: HttpRequest, register_id: str) -> HttpResponse:
    """The list as it is narrowed, as a file."""
    return ask_page(request, _book(request, register_id))
