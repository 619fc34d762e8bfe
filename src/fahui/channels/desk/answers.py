"""The editors' desk: curated answers, their review by a second person, and what use says of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.channels.desk import forms
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.foundation.regions.queries import children, names_of
from fahui.knowledge.answers import queries as answers
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.answers.schema import topic, topics
from fahui.knowledge.content import actions, queries
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.roles import EDITORS, covers

_TONES = {"draft": "neutral", "review": "warn", "published": "ok", "expired": "neutral"}
_STEPS = {"hand_in": actions.hand_in, "publish": actions.publish, "send_back": actions.send_back, "expire": actions.expire}
_BY_LINE = ("steps_zh", "steps_en", "citations", "unless")


@staff_page(*sorted(EDITORS))
def listed(request: HttpRequest) -> HttpResponse:
    """Every curated answer, what waits for review first, with how it was used."""
    reader = reader_of(request)
    english, states, today = reader.language.startswith("en"), dict(CuratedAnswer.STATES), clock.today()
    found = queries.listed(reader)
    places = names_of(row.region_code for row in found if row.region_code)

    def line(row: Any) -> dict[str, Any]:
        name = row.question_en if english and row.question_en else row.question_zh
        late = row.state == "published" and row.review_by < today
        badge = {"label": _("复核日期已过，不再显示"), "tone": "error"} if late else {
            "label": _(states[row.state]), "tone": _TONES[row.state]}  # fmt: skip
        return {"cells": [{"href": f"/desk/answers/{row.pk}", "text": name}, {"badge": badge}, topic(row.topic).name.text(reader.language),
                          places.get(row.region_code, _("全市")), row.review_by.isoformat(), row.shown, row.useful, row.not_useful]}  # fmt: skip

    columns = [_("问题"), _("状态"), _("主题"), _("哪里用"), _("复核期限"), _("显示过"), _("有用"), _("没用")]
    context = {"columns": [{"label": c, "numeric": i > 4} for i, c in enumerate(columns)],
               "rows": [line(row) for row in found], "empty": {"title": _("还没有问答")}}  # fmt: skip
    return show(request, "desk/answers/list.html", context, here="/desk/answers/")


@staff_page(*sorted(EDITORS))
def asked(request: HttpRequest) -> HttpResponse:
    """What was asked, without names, and how it was answered and rated; newest first."""
    reader, get = reader_of(request), request.GET
    kind = get.get("kind", "") if get.get("kind") in dict(AskedQuestion.KINDS) else ""
    rating = get.get("rating", "") if get.get("rating") in dict(AskedQuestion.RATINGS) else ""
    before = int(get["after"]) if get.get("after", "").isdigit() else 0
    found = answers.asked(reader, kind=kind, rating=rating, before=min(before, 2**63 - 1))
    rows, more = found[: answers.PAGE], len(found) > answers.PAGE
    kinds, ratings, reasons = dict(AskedQuestion.KINDS), dict(AskedQuestion.RATINGS), dict(AskedQuestion.REASONS)

    def told(row: AskedQuestion) -> str:
        words = [_(ratings[row.rating])] if row.rating else []
        return " · ".join(words + ([_(reasons[row.reason])] if row.reason else [])) or "—"

    columns = [_("什么时候"), _("问的话"), _("结果"), _("主题"), _("评价")]
    tally = answers.tally(reader)
    context = {
        "columns": [{"label": c} for c in columns],
        "rows": [{"cells": [f"{r.asked_at.astimezone(clock.SHANGHAI):%m-%d %H:%M}", r.question[:200], _(kinds[r.kind]),
                            topic(r.topic).name.text(reader.language), told(r)]} for r in rows],
        "pager": {"next": rows[-1].pk if more else "", "shown": len(rows)}, "empty": {"title": _("还没有人问过")},
        "tally": [(_(kinds[k]), tally.kinds.get(k, 0)) for k in kinds] + [(_(ratings[k]), tally.ratings.get(k, 0)) for k in ratings],
        "fields": [
            {"name": "kind", "label": _("结果"), "kind": "select", "value": kind, "options": [(k, _(v)) for k, v in AskedQuestion.KINDS]},
            {"name": "rating", "label": _("评价"), "kind": "select", "value": rating, "options": [(k, _(v)) for k, v in AskedQuestion.RATINGS]},
        ],
    }  # fmt: skip
    return show(request, "desk/answers/asked.html", context, here="/desk/answers/")


@staff_page(*sorted(EDITORS))
def edit(request: HttpRequest, answer_id: int | None = None) -> HttpResponse:
    """Write or change an answer; saving makes it a draft that somebody else has to publish."""
    reader = reader_of(request)
    row = queries.one(reader, answer_id) if answer_id else None
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            saved = actions.write(reader, _writing(request.POST), answer_id, _revision(request.POST))
            messages.success(request, _("存成草稿了。送审后由另一个人发布。"))
            return HttpResponseRedirect(f"/desk/answers/{saved.pk}")
        except Refusal as refused:
            refusal = refused
    return _page(request, row, refusal, request.POST if request.method == "POST" else None)


@require_POST
@staff_page(*sorted(EDITORS))
def move(request: HttpRequest, answer_id: int, step: str) -> HttpResponse:
    """Hand in, publish, send back, stop."""
    reader = reader_of(request)
    if step not in _STEPS:
        raise Missing(_("没有这个步骤。"))
    try:
        _STEPS[step](reader, answer_id, _revision(request.POST))
    except Invalid as refused:
        return _page(request, queries.one(reader, answer_id), refused, None)
    messages.success(request, _("办好了。"))
    return HttpResponseRedirect(f"/desk/answers/{answer_id}")


def _revision(post: Any) -> int:
    text = post.get("revision", "")
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _page(request: HttpRequest, row: CuratedAnswer | None, refusal: Refusal | None, post: Any) -> HttpResponse:
    reader = reader_of(request)
    offered: list[tuple[str, str]] = []
    own_place = row is None or covers(reader, row.region_code)
    if row and post is None and own_place:
        offered = {"draft": [("hand_in", _("送审"))], "published": [("expire", _("停用"))], "expired": [],
                   "review": [("send_back", _("退回修改"))] + ([] if row.author_id == reader.user_id else [("publish", _("审核通过，发布"))])}[row.state]  # fmt: skip
    context = {
        "row": row, "offered": offered, "errors": forms.summary(refusal), "editable": own_place,
        "fields": _fields(row, refusal, post, reader),
        "state": _(dict(CuratedAnswer.STATES)[row.state]) if row else "", "tone": _TONES[row.state] if row else "",
        "own": bool(row and row.state == "review" and row.author_id == reader.user_id),
    }  # fmt: skip
    return show(request, "desk/answers/edit.html", context, here="/desk/answers/", status=refusal.status if refusal else 200)


def _writing(post: Any) -> actions.Writing:
    lines: dict[str, Any] = {name: [one.strip() for one in post.get(name, "").splitlines() if one.strip()][:20] for name in _BY_LINE}
    groups = [line.replace("，", " ").replace("、", " ").replace(",", " ").split() for line in post.get("asks", "").splitlines()]
    try:
        until = date.fromisoformat(post.get("review_by", ""))
    except ValueError as error:
        raise Invalid(_("有几处要改。"), fields={"review_by": _("例如：2027-06-30")}) from error
    place = post.get("region_code", "")
    if not (place.isascii() and place.isdigit() and len(place) == 12):
        raise Invalid(_("有几处要改。"), fields={"region_code": _("请从列表里选")})
    region = int(place) if int(place) != cities.current().region else None
    values: dict[str, Any] = {name: " ".join(post.get(name, "").replace("\x00", "").split())
            for name in ("topic", "question_zh", "question_en", "answer_zh", "answer_en", "owner")}  # fmt: skip
    return actions.Writing(**values, **lines, asks=[group for group in groups if group][:6], review_by=until, region_code=region)


def _fields(row: CuratedAnswer | None, refusal: Refusal | None, post: Any, reader: Reader) -> list[dict[str, Any]]:
    language, places = reader.language, place_options(reader)
    errors = refusal.fields if refusal else {}

    def value(name: str) -> str:
        if post is not None:
            return str(post.get(name, ""))
        if row is None:
            first = {"review_by": (clock.today() + timedelta(days=365)).isoformat(), "region_code": places[0][0] if places else ""}
            return first.get(name, "")
        held = getattr(row, name)
        if name == "region_code":
            return str(held or cities.current().region)
        if name == "asks":
            return "\n".join(" ".join(group) for group in held)
        return "\n".join(held) if isinstance(held, list) else str(held)

    def field(name: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
        return {"name": name, "label": label, "kind": kind, "value": value(name), "error": errors.get(name, ""), **more}

    return [
        field("question_zh", _("居民会怎么问"), required=True, maxlength=120),
        field("asks", _("什么话算问到这条"), "textarea", hint=_("一行一组词，用空格分开；每组至少说到一个才算"), required=True),
        field("unless", _("说到这些词就不算"), "textarea", hint=_("一行一个")),
        field("answer_zh", _("简单回答"), "textarea", hint=_("最多120字，只说下面条文里有的"), required=True, maxlength=160),
        field("steps_zh", _("怎么办"), "textarea", hint=_("一行一步"), required=True),
        field("citations", _("依据的条文"), "textarea", hint=_("一行一条，例如：民法典第六百七十五条"), required=True),
        field("question_en", _("问题（英文）"), required=True, maxlength=200),
        field("answer_en", _("回答（英文）"), "textarea", required=True, maxlength=400),
        field("steps_en", _("步骤（英文）"), "textarea", hint=_("一行一步"), required=True),
        field("topic", _("主题"), "select", options=[(t.id, t.name.text(language)) for t in topics().topics], required=True),
        field("region_code", _("哪里用"), "select", options=places, required=True, hint=_("选一个区县，就只给那里的人看")),
        field("owner", _("谁负责"), required=True, maxlength=60),
        field("review_by", _("复核期限"), "date", hint=_("过了这天没有复核就不再显示"), required=True),
    ]


def place_options(reader: Reader) -> list[tuple[str, str]]:
    """The places an editor may write for: the whole city if their post covers it, and the counties in reach."""
    city = cities.current().region
    options = [(str(city), _("全市"))] if covers(reader, None) else []
    return options + [(str(one.code), one.name) for one in children(city) if covers(reader, one.code)]
