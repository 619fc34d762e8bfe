"""Activities on the desk: a list by kind, one with who took part, the other side's word, its history; adding and correcting."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from fahui.casework.activities import actions, queries, tables
from fahui.casework.activities.forms import VISITS, ActivityForm, Kind, Topic, answers_of
from fahui.casework.activities.models import Activity, Taking
from fahui.casework.forms.fields import Choice
from fahui.casework.forms.web import Question, from_post, questions
from fahui.casework.registers import rights
from fahui.casework.registers.changes import before_and_after, corrections
from fahui.casework.registers.queries import history
from fahui.channels.desk import queries as desk
from fahui.channels.desk import records
from fahui.channels.desk.books import activity_book, activity_filter
from fahui.channels.desk.choosing import offer
from fahui.channels.desk.exports import ask_page
from fahui.channels.desk.files import attachment
from fahui.channels.desk.frame import show
from fahui.channels.desk.imports import import_page
from fahui.channels.desk.owed import notes
from fahui.channels.desk.records import Book
from fahui.channels.desk.registers import day_fields, why_field
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.channels.typed import number, place_of
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.data import english
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.foundation.people.references import label_of, place_labels, place_name
from fahui.foundation.regions.queries import names_of
from fahui.standards.returns.queries import mine

BASE, HERE = "/desk/activities", "/desk/activities/"
TONES = {"entered": "progress", "confirmed": "ok", "void": "neutral"}
# What a field of the form may name; people stand one a line.
_LOOKED_UP = {"region_code": "region", "site": "site", "organiser": "institution", "guest": "institution",
              "gave": "practitioner", "attended": "practitioner"}  # fmt: skip
_ABOUTS = {"region_code": "region", "site_id": "site", "organiser_id": "institution", "guest_id": "institution"}


def _word(choice: Choice) -> str:
    return choice.en if english() else choice.zh


def kind_name(kind: str) -> str:
    """A kind of activity in the reader's language."""
    return _word(Kind(kind))


def badge(activity: Activity) -> dict[str, Any]:
    """The state of an activity."""
    return {"badge": {"label": _(dict(Activity.STATES)[activity.state]), "tone": TONES[activity.state]}}


@staff_page()
def listed(request: HttpRequest) -> HttpResponse:
    """Activities, the latest first, narrowed by kind, topic, place, state, year and words; how many there are this year by kind."""
    reader, wanted = reader_of(request), activity_filter(request.GET)
    page = queries.listed(reader, wanted, request.GET.get("after", ""))
    places, narrowed = names_of({row.region_code for row in page.rows}), wanted != queries.Filter()
    columns = [{"label": _("名称")}, {"label": _("种类")}, {"label": _("日期"), "day": True}, {"label": _("地点")}, {"label": _("谁提供的")},
               {"label": _("分钟"), "numeric": True}, {"label": _("人数"), "numeric": True}, {"label": _("登记状态")}]  # fmt: skip
    return show(request, "desk/activities/list.html", {
        "book": _book(request), "columns": columns, "narrowed": narrowed, "query": request.GET.urlencode(), "fields": _filters(reader, wanted),
        "rows": [{"href": f"{BASE}/{row.pk}", "cells": [
            row.title, kind_name(row.kind), row.held_on.isoformat(), places.get(row.region_code, str(row.region_code)), _gave(row),
            row.minutes, row.people, badge(row)]} for row in page.rows],
        "pager": {"next": page.following, "shown": len(page.rows)}, "tallies": _tallies(reader) if not narrowed and not request.GET.get("after") else [], "year": clock.today().year,
        **notes(reader, mine(reader, activities=True)), "here": request.get_full_path(),
        "tally_columns": [{"label": _("种类")}, {"label": _("登记"), "numeric": True}, {"label": _("对方已确认"), "numeric": True}],
        "empty": {"title": _("没有符合的活动"), "text": _("换个条件试试。"), "href": HERE, "link": _("清除筛选")} if narrowed else
                 {"title": _("还没有登记活动"), "text": _("登记一次，或者用模板一次导入。"), "href": f"{BASE}/new", "link": _("登记一次")},
    }, here=HERE)  # fmt: skip


def _gave(row: Activity) -> str:
    names = [taking.practitioner.name for taking in row.takings.all() if taking.part == "gave"]
    return _("、").join(names[:3]) + (_("等%(count)s人") % {"count": len(names)} if len(names) > 3 else "") or "—"


def _tallies(reader: Reader) -> list[dict[str, Any]]:
    found = queries.tallies(reader)
    return [{"href": f"{HERE}?kind={kind}", "cells": [kind_name(kind), sum(found[kind].values()), found[kind].get("confirmed", 0)]}
            for kind, _zh in Activity.KINDS if kind in found]  # fmt: skip


def _filters(reader: Reader, wanted: queries.Filter) -> list[dict[str, Any]]:
    this = clock.today().year
    return [
        {"name": "kind", "label": _("种类"), "kind": "select", "value": wanted.kind, "options": [(k.value, _word(k)) for k in Kind]},
        {"name": "topic", "label": _("主题"), "kind": "select", "value": wanted.topic, "options": [(t.value, _word(t)) for t in Topic]},
        {"name": "place", "label": _("地方"), "kind": "select", "value": str(wanted.place or ""),
         "options": records.reach_options(reader, lambda code: rights.covers(reader, queries.KEEPERS, code))},
        {"name": "state", "label": _("登记状态"), "kind": "select", "value": wanted.state, "options": [(c, _(n)) for c, n in Activity.STATES]},
        {"name": "year", "label": _("年份"), "kind": "select", "value": str(wanted.year or ""), "options": [str(y) for y in range(this, this - 10, -1)]},
        *day_fields(wanted),
        {"name": "q", "label": _("名称或编号"), "value": wanted.text, "maxlength": 60},
    ]  # fmt: skip


# --- one activity


@staff_page()
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    """An activity with who took part and its history; recording the other side's word, making it void."""
    reader = reader_of(request)
    queries.one(reader, activity_id)
    if request.method != "POST":
        return _page(request, activity_id)
    post = request.POST
    revision = number(post.get("revision", ""))
    try:
        match post.get("do"):
            case "confirm":
                actions.confirm(reader, activity_id, post.get("name", ""), post.get("office", ""), revision)
                messages.success(request, _("已记下对方的确认。"))
            case "evidence":
                _keep(request, activity_id)
                messages.success(request, _("放好了。"))
            case "void":
                actions.void(reader, activity_id, post.get("void_reason", ""), revision)
                messages.success(request, _("已作废，不再计入统计。"))
            case _other:
                raise Invalid(_("请选择要做什么。"))
    except Refusal as refusal:
        if "reason" in refusal.fields:
            refusal.fields = {"void_reason": refusal.fields["reason"]}
        return _page(request, activity_id, refusal)
    return HttpResponseRedirect(f"{BASE}/{activity_id}")


def _keep(request: HttpRequest, activity_id: int) -> None:
    given = request.FILES.get("file")
    if given is None or isinstance(given, list):
        raise Invalid(_("请选择文件。"), fields={"file": _("请选择文件")})
    if (given.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise Invalid(_("文件太大。"), fields={"file": _("请缩小后再传")})
    actions.add_evidence(reader_of(request), activity_id, str(given.name or ""), given.read())


@staff_page()
def evidence(request: HttpRequest, activity_id: int, place: int) -> HttpResponse:
    """A file that proves an activity, to save. That it was opened is written down."""
    data, mime, name = queries.evidence(reader_of(request), activity_id, place)
    return attachment(data, mime, name)


def _page(request: HttpRequest, activity_id: int, refusal: Refusal | None = None) -> HttpResponse:
    reader, post, errors = reader_of(request), request.POST if refusal else {}, refusal.fields if refusal else {}
    row = queries.one(reader, activity_id)
    about = f"activity:{row.pk}"
    kept = corrections(about)
    changed = before_and_after(queries.as_told(row), kept)
    asked = {question.key: question for question in questions(ActivityForm, language=reader.language)}
    names = records.abouts(changed, _ABOUTS)
    place, office = place_name(row.region_code), post.get("office", "")
    if not refusal and row.kind in VISITS:
        office = _("%(village)s村（居）委会") % {"village": names_of([row.region_code]).get(row.region_code, "")}
    return show(request, "desk/activities/activity.html", {
        "activity": row, "kind": kind_name(row.kind), "base": BASE, "state": badge(row)["badge"], "day": clock.today(), "live": row.state != "void",
        "who": desk.names([row.entered_by]).get(row.entered_by or 0, _("导入")), "facts": _facts(row, asked, place), "errors": summary(refusal),
        "takings": [_taking(taking) for taking in sorted(row.takings.all(), key=lambda t: (t.part != "gave", t.practitioner.licence))],
        "taking_columns": [{"label": _("谁")}, {"label": _("怎么参加")}, {"label": _("分钟"), "numeric": True}],
        "history": records.timeline(reader, history(about), changed, kept, lambda name: _label(name, asked), lambda name, value: _told(name, value, asked, names)),
        "confirm_fields": [
            {**why_field("name", _("对方谁确认的"), post, errors), "maxlength": 30},
            {**why_field("office", _("单位和职务"), {"office": office}, errors), "maxlength": 40,
             "hint": _("顾问现场服务写村（居）委会的职务") if row.kind in VISITS else _("例如：城北小学办公室主任")},
        ],
        "evidence": [{"href": f"{BASE}/{row.pk}/evidence/{place}", "name": one["name"]} for place, one in enumerate(row.evidence)],
        "file_field": {"name": "file", "label": _("加一份证明"), "kind": "file", "required": True, "accept": ".jpg,.jpeg,.png,.pdf,.docx,.xlsx",
                       "hint": _("照片、签到表、记录；拍人要征得同意"), "error": errors.get("file", "")},
        "void_field": why_field("void_reason", _("为什么作废"), post, errors),
    }, here=HERE, status=refusal.status if refusal else 200)  # fmt: skip


def _taking(taking: Taking) -> dict[str, Any]:
    return {"cells": [label_of(taking.practitioner), _(dict(Taking.PARTS)[taking.part]), taking.minutes]}


def _facts(row: Activity, asked: dict[str, Question], place: str) -> list[dict[str, Any]]:
    """The activity as questions and answers; people stand in a table of their own."""
    found = []
    for key, question in asked.items():
        if key in ("gave", "attended"):
            continue
        value = getattr(row, key)
        if key == "region_code":
            value = place
        elif key in ("site", "organiser", "guest"):
            value = label_of(value)
        elif question.options:
            value = tables.words_of(question, value)
        if value not in (None, ""):
            found.append({"label": question.label, "value": value.isoformat() if key == "held_on" else str(value)})
    if row.confirmed_at:
        found.append({"label": _("对方确认"), "value": f"{row.confirmed_by} · {row.confirmed_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"})
    return found


def _label(name: str, asked: dict[str, Question]) -> str:
    question = asked.get(name) or asked.get(name.removesuffix("_id"))
    return question.label if question else name


def _told(name: str, value: Any, asked: dict[str, Question], about: dict[tuple[str, int], str]) -> str:
    """A value of the past in words."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, int) and (name, value) in about:
        return about[name, value]
    question = asked.get(name)
    if question and question.options:
        return tables.words_of(question, value)
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)


@staff_page()
def add(request: HttpRequest) -> HttpResponse:
    """Enter one."""
    reader, refusal = reader_of(request), None
    rights.must_keep(reader, queries.KEEPERS)
    asked = place_of(request.GET.get("place", ""))
    codes = [asked] if asked else [post.region_code for post in reader.posts if post.role in queries.KEEPERS]
    given: dict[str, Any] = {"kind": request.GET.get("kind", ""), "region_code": place_labels(codes[:1]).get(codes[0], "") if codes else ""}
    if request.method == "POST":
        given = from_post(ActivityForm, request.POST)
        try:
            made = actions.add(reader, given)
            messages.success(request, _("登记好了。请对方确认后记下来。"))
            return HttpResponseRedirect(f"{BASE}/{made.pk}")
        except Refusal as refused:
            refusal = refused
    return _form(request, given, refusal, _("登记一次"), HERE)


@staff_page()
def correct(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Say it right, with the reason."""
    reader = reader_of(request)
    row = queries.one(reader, activity_id)
    given, refusal, revision = answers_of(row), None, row.revision
    if request.method == "POST":
        given, revision = from_post(ActivityForm, request.POST), number(request.POST.get("revision", "")) or 0
        try:
            actions.correct(reader, activity_id, given, request.POST.get("reason", ""), revision)
            messages.success(request, _("更正好了，原来的内容留在历史里。"))
            return HttpResponseRedirect(f"{BASE}/{activity_id}")
        except Refusal as refused:
            refusal = refused
    return _form(request, given, refusal, _("更正"), f"{BASE}/{activity_id}", revision)


def _form(request: HttpRequest, given: dict[str, Any], refusal: Refusal | None, title: str, back: str, revision: int = 0) -> HttpResponse:
    reader, errors = reader_of(request), refusal.fields if refusal else {}
    reason = records.reason_field(request.POST.get("reason", ""), errors.get("reason", "")) if revision else None
    return show(request, "desk/registers/form.html", {
        "name": _("活动"), "title": title, "back": back, "revision": revision, "reason": reason, "errors": summary(refusal),
        "about": _("写明什么时候、在哪里、谁提供、多少人受益。不记轨迹，不打卡，不积分。"),
        "fields": records.fields(ActivityForm, given, errors, reader.language, {name: f"{BASE}/choices?field={name}" for name in _LOOKED_UP}),
    }, here=HERE, status=refusal.status if refusal else 200)  # fmt: skip


@staff_page()
def choices(request: HttpRequest) -> JsonResponse:
    """What may be meant by what was typed so far into a field."""
    rights.must_keep(reader_of(request), queries.KEEPERS)
    what = _LOOKED_UP.get(request.GET.get("field", ""))
    if what is None:
        raise Missing(_("没有这个栏目。"))
    return offer(what, request.GET.get("q", ""))


# --- files


def _book(request: HttpRequest) -> Book:
    return activity_book(reader_of(request), request.GET)


@staff_page()
def template(request: HttpRequest) -> HttpResponse:
    """The table to fill in."""
    return records.template_file(request, _book(request))


@staff_page()
def bring(request: HttpRequest) -> HttpResponse:
    """Import a table."""
    return import_page(request, _book(request))


@staff_page()
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, as a file."""
    return ask_page(request, _book(request))
