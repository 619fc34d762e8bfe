"""The editors' desk for precedents and agents' scripts: the same two people, the same steps as for answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fahui.channels.desk import contents
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.foundation.regions.queries import names_of
from fahui.knowledge.answers.schema import topic
from fahui.knowledge.content import actions, queries
from fahui.knowledge.content.models import Reference
from fahui.knowledge.content.roles import EDITORS

EMPTY: dict[str, dict[str, str | Promise]] = {
    "precedent": {"title": gettext_lazy("还没有案例"),
                  "text": gettext_lazy("案例要写明法院或者发布机关、编号、日期和来源。可以写一条，也可以用 fahui content import 文件 成批导入（栏目见《写问答、案例和话术》）。")},
    "script": {"title": gettext_lazy("还没有话术")},
}  # fmt: skip
_NEW = {"precedent": gettext_lazy("写一个案例"), "script": gettext_lazy("写一条话术")}
_TEXTS = ("topic", "title", "title_en", "owner", "source", "issuer", "number")


def lines(reader: Reader, kind: str) -> tuple[list[str], list[dict[str, Any]], int]:
    """Columns, rows and the first column of figures of the list of a kind."""
    found = queries.references_listed(reader, kind)
    places = names_of(row.region_code for row in found if row.region_code)

    def line(row: Reference) -> dict[str, Any]:
        name = row.title_en if reader.language.startswith("en") and row.title_en else row.title
        of = [" ".join(filter(None, [row.issuer, row.number]))] if kind == "precedent" else []
        return {"cells": [{"href": f"/desk/answers/reference/{row.pk}", "text": name}, *of, contents.state_badge(row),
                          topic(row.topic).name.text(reader.language), places.get(row.region_code or 0, _("全市")), row.owner,
                          row.review_by.isoformat()]}  # fmt: skip

    of = [_("哪里来的")] if kind == "precedent" else []
    columns = [_("标题") if kind == "precedent" else _("什么来电"), *of, _("状态"), _("主题"), _("哪里用"), _("谁负责"), _("复核期限")]
    return columns, [line(row) for row in found], 9


@staff_page(*sorted(EDITORS))
def new(request: HttpRequest, content_kind: str) -> HttpResponse:
    """Write a precedent or a script."""
    if content_kind not in _NEW:
        raise Missing(_("没有这种内容。"))
    return _edit(request, None, content_kind)


@staff_page(*sorted(EDITORS))
def edit(request: HttpRequest, reference_id: int) -> HttpResponse:
    """Change one; saving makes it a draft that somebody else has to publish."""
    row = queries.reference(reader_of(request), reference_id)
    return _edit(request, row, row.kind)


@require_POST
@staff_page(*sorted(EDITORS))
def move(request: HttpRequest, reference_id: int, step: str) -> HttpResponse:
    """Hand in, publish, send back, stop."""
    reader = reader_of(request)
    if step not in contents.STEPS:
        raise Missing(_("没有这个步骤。"))
    try:
        contents.STEPS[step](reader, reference_id, contents.revision_of(request.POST), Reference)
    except Invalid as refused:
        row = queries.reference(reader, reference_id)
        return _page(request, row, row.kind, refused, None)
    messages.success(request, _("办好了。"))
    return HttpResponseRedirect(f"/desk/answers/reference/{reference_id}")


def _edit(request: HttpRequest, row: Reference | None, kind: str) -> HttpResponse:
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            writing, reader = _writing(request.POST, kind), reader_of(request)
            saved = actions.write_reference(reader, writing, row.pk if row else None, contents.revision_of(request.POST))
            messages.success(request, _("存成草稿了。送审后由另一个人发布。"))
            return HttpResponseRedirect(f"/desk/answers/reference/{saved.pk}")
        except Refusal as refused:
            refusal = refused
    return _page(request, row, kind, refusal, request.POST if request.method == "POST" else None)


def _page(request: HttpRequest, row: Reference | None, kind: str, refusal: Refusal | None, post: Any) -> HttpResponse:
    return contents.page(
        request, row, refusal, post, _fields(row, kind, refusal, post, reader_of(request)), heading=row.title if row else str(_NEW[kind]),
        base=f"/desk/answers/reference/{row.pk}" if row else f"/desk/answers/new/{kind}", back=f"/desk/answers/?kind={kind}",
    )  # fmt: skip


def _writing(post: Any, kind: str) -> actions.ReferenceWriting:
    texts: dict[str, Any] = {name: contents.line_of(post, name) for name in _TEXTS}
    return actions.ReferenceWriting(
        kind=kind, **texts, review_by=contents.day_of(post, "review_by"), region_code=contents.place_of(post),
        facts=post.get("facts", "").strip(), lines=contents.lines_of(post, "lines"),
        citations=contents.lines_of(post, "citations"),
        decided_on=contents.day_of(post, "decided_on") if post.get("decided_on") else None,
    )  # fmt: skip


def _fields(row: Reference | None, kind: str, refusal: Refusal | None, post: Any, reader: Reader) -> list[contents.Field]:
    field = contents.field_maker(row, refusal, post, reader)
    cited = field("citations", _("依据的条文"), "textarea", hint=_("一行一条，例如：民法典第六百七十五条"), required=True)
    if kind == "script":
        own = [
            field("title", _("什么来电"), required=True, maxlength=120),
            field("lines", _("怎么说"), "textarea", hint=_("一行一句，照着念"), required=True),
            cited, field("source", _("来源"), required=True, maxlength=120),
        ]  # fmt: skip
    else:
        own = [
            field("title", _("标题"), required=True, maxlength=120),
            field("facts", _("案情"), "textarea", hint=_("隐去姓名、住址"), required=True, maxlength=3000),
            field("lines", _("裁判要旨"), "textarea", hint=_("一行一点"), required=True),
            cited,
            field("issuer", _("法院或者发布机关"), required=True, maxlength=80),
            field("number", _("案号或者编号"), hint=_("例如：（2023）川11民终5号、指导案例24号"), required=True, maxlength=80),
            field("decided_on", _("裁判或者发布的日期"), "date", required=True),
            field("source", _("来源"), hint=_("在哪里能查到，例如：人民法院案例库"), required=True, maxlength=120),
        ]  # fmt: skip
    return [*own, field("title_en", _("标题（英文）"), maxlength=200), *contents.common_fields(field, reader)]


def as_shown(row: Reference, english: bool) -> dict[str, Any]:
    """A script or precedent as it stands beside a call."""
    return {"title": row.title_en if english and row.title_en else row.title, "kind": row.kind, "lines": row.lines, "facts": row.facts,
            "citations": row.citations, "reviewed": row.reviewer_id is not None,
            "of": " · ".join(filter(None, [row.issuer, row.number, row.decided_on.isoformat() if row.decided_on else "", row.source]))}  # fmt: skip


