"""The editors' desk: curated answers, their review by a second person, and what use says of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from fahui.channels.desk import contents, references
from fahui.channels.desk.contents import revision_of, state_badge
from fahui.channels.desk.frame import show
from fahui.channels.guided import offers
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.foundation.regions.queries import names_of
from fahui.knowledge.answers import queries as answers
from fahui.knowledge.answers.danger import dangers
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.answers.schema import topic
from fahui.knowledge.content import actions, queries
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.roles import EDITORS

KINDS = {"answer": gettext_noop("问答"), "precedent": gettext_noop("案例"), "script": gettext_noop("话术"), "guide": gettext_noop("办事指南")}
_BY_LINE = ("steps_zh", "steps_en", "citations", "unless")
_TEXTS = ("topic", "question_zh", "question_en", "answer_zh", "answer_en", "owner", "source")


@staff_page(*sorted(EDITORS))
def listed(request: HttpRequest) -> HttpResponse:
    """Every piece of content of a kind, what waits for review first; answers with how they were used."""
    reader = reader_of(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "answer"
    columns, rows, numeric = _answers(reader) if kind == "answer" else _guides(reader) if kind == "guide" else references.lines(reader, kind)
    context = {
        "columns": [{"label": c, "numeric": i >= numeric} for i, c in enumerate(columns)], "rows": rows, "kind": kind,
        "tabs": [{"label": _(name), "href": f"/desk/answers/?kind={code}", "current": code == kind} for code, name in KINDS.items()],
        "empty": references.EMPTY.get(kind) or {"title": _("还没有问答")},
    }  # fmt: skip
    return show(request, "desk/answers/list.html", context, here="/desk/answers/")


def _answers(reader: Reader) -> tuple[list[str], list[dict[str, Any]], int]:
    english, found = reader.language.startswith("en"), queries.listed(reader)
    places = names_of(row.region_code for row in found if row.region_code)

    def line(row: Any) -> dict[str, Any]:
        name = row.question_en if english and row.question_en else row.question_zh
        return {"cells": [{"href": f"/desk/answers/{row.pk}", "text": name}, state_badge(row), topic(row.topic).name.text(reader.language),
                          places.get(row.region_code, _("全市")), row.review_by.isoformat(), row.shown, row.useful, row.not_useful]}  # fmt: skip

    columns = [_("问题"), _("状态"), _("主题"), _("哪里用"), _("复核期限"), _("显示过"), _("有用"), _("没用")]
    return columns, [line(row) for row in found], 5


def _guides(reader: Reader) -> tuple[list[str], list[dict[str, Any]], int]:
    """The guides as they are made today from the services' own definitions: nobody writes them, so nothing here is late."""
    rows = [
        {"cells": [{"href": f"/guide/{one.service}/{one.matter}", "text": one.name.text(reader.language)},
                   one.service_name.text(reader.language), {"badge": {"label": _("随服务定义生成"), "tone": "ok"}}]}
        for one in offers()
    ]  # fmt: skip
    return [_("办什么"), _("服务"), _("状态")], rows, 9


@staff_page(*sorted(EDITORS))
def asked(request: HttpRequest) -> HttpResponse:
    """What was asked, without names, and how it was answered and rated; newest first."""
    reader, get = reader_of(request), request.GET
    kind = get.get("kind", "") if get.get("kind") in dict(AskedQuestion.KINDS) else ""
    rating = get.get("rating", "") if get.get("rating") in dict(AskedQuestion.RATINGS) else ""
    before = number(get.get("after", "")) or 0
    found = answers.asked(reader, kind=kind, rating=rating, before=before)
    rows, more = found[: answers.PAGE], len(found) > answers.PAGE
    kinds, ratings, reasons = dict(AskedQuestion.KINDS), dict(AskedQuestion.RATINGS), dict(AskedQuestion.REASONS)

    def told(row: AskedQuestion) -> str:
        words = [_(ratings[row.rating])] if row.rating else []
        return " · ".join(words + ([_(reasons[row.reason])] if row.reason else [])) or "—"

    def result(row: AskedQuestion) -> str:
        return " · ".join([_(kinds[row.kind]), *([names[row.danger]] if row.danger in names else [])])

    names = {kind.id: kind.name.text(reader.language) for kind in dangers().kinds}
    columns = [_("什么时候"), _("问的话"), _("结果"), _("主题"), _("评价")]
    tally = answers.tally(reader)
    context = {
        "columns": [{"label": c} for c in columns],
        "rows": [{"cells": [f"{r.asked_at.astimezone(clock.SHANGHAI):%m-%d %H:%M}", r.question[:200], result(r),
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
            saved = actions.write(reader, _writing(request.POST), answer_id, revision_of(request.POST))
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
    if step not in contents.STEPS:
        raise Missing(_("没有这个步骤。"))
    try:
        contents.STEPS[step](reader, answer_id, revision_of(request.POST), CuratedAnswer)
    except Invalid as refused:
        return _page(request, queries.one(reader, answer_id), refused, None)
    messages.success(request, _("办好了。"))
    return HttpResponseRedirect(f"/desk/answers/{answer_id}")


def _page(request: HttpRequest, row: CuratedAnswer | None, refusal: Refusal | None, post: Any) -> HttpResponse:
    return contents.page(
        request, row, refusal, post, _fields(row, refusal, post, reader_of(request)), heading=row.question_zh if row else _("写一条问答"),
        base=f"/desk/answers/{row.pk}" if row else "/desk/answers/new", back="/desk/answers/",
    )  # fmt: skip


def _writing(post: Any) -> actions.Writing:
    lines: dict[str, Any] = {name: contents.lines_of(post, name) for name in _BY_LINE}
    groups = [line.replace("，", " ").replace("、", " ").replace(",", " ").split() for line in post.get("asks", "").splitlines()]
    values: dict[str, Any] = {name: contents.line_of(post, name) for name in _TEXTS}
    return actions.Writing(**values, **lines, asks=[group for group in groups if group][:6],
                           review_by=contents.day_of(post, "review_by"), region_code=contents.place_of(post))  # fmt: skip


def _fields(row: CuratedAnswer | None, refusal: Refusal | None, post: Any, reader: Reader) -> list[contents.Field]:
    field = contents.field_maker(row, refusal, post, reader)
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
        field("source", _("来源"), maxlength=120, hint=_("除了条文以外，从哪里来的")),
        *contents.common_fields(field, reader),
    ]
