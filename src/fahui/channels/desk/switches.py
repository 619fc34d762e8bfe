"""Topics and kinds of questions that people answer, not the machine: an editor switches them, says why, and it is on record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fahui.channels.desk import contents
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.refusals import summary
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Refusal
from fahui.foundation.regions.queries import names_of
from fahui.knowledge.answers import actions, queries
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.content.roles import EDITORS


@staff_page(*sorted(EDITORS))
def switches(request: HttpRequest) -> HttpResponse:
    """What is switched off, since when, by whom and why; and the form to switch."""
    reader, refusal = reader_of(request), None
    if request.method == "POST":
        post = request.POST
        try:
            if post.get("to") not in ("off", "on"):
                raise Invalid(_("有几处要改。"), fields={"to": _("请选一个")})
            actions.switch(reader, post.get("subject", ""), post["to"] == "off", contents.line_of(post, "reason"), contents.place_of(post))
            messages.success(request, _("办好了。"))
            return HttpResponseRedirect("/desk/answers/topics")
        except Refusal as refused:
            refusal = refused
    context = {**_table(reader), "errors": summary(refusal), "fields": _fields(request, reader, refusal)}
    return show(request, "desk/answers/topics.html", context, here="/desk/answers/", status=refusal.status if refusal else 200)


def _names(language: str) -> dict[str, str]:
    return {one.id: one.name.text(language) for one in topics().subjects}


def _table(reader: Reader) -> dict[str, Any]:
    found, names = queries.switches(reader), _names(reader.language)
    places = names_of(row.region_code for row in found if row.region_code)
    columns = [_("主题或者种类"), _("现在"), _("哪里"), _("原因"), _("谁改的"), _("什么时候")]
    rows = [
        {"cells": [names.get(row.subject, row.subject), {"badge": {"label": _("转人工"), "tone": "warn"} if row.off else {"label": _("机器回答"), "tone": "ok"}},
                   places.get(row.region_code or 0, _("全市")), row.reason, row.changed_by.name if row.changed_by else _("系统"),
                   f"{row.changed_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"]}
        for row in found
    ]  # fmt: skip
    return {"columns": [{"label": c} for c in columns], "rows": rows,
            "empty": {"title": _("都由机器先回答"), "text": _("没有关掉的主题。报警的话始终先报警，不受这里影响。")}}  # fmt: skip


def _fields(request: HttpRequest, reader: Reader, refusal: Refusal | None) -> list[contents.Field]:
    field = contents.field_maker(None, refusal, request.POST if request.method == "POST" else None, reader)
    return [
        field("subject", _("主题或者种类"), "select", options=list(_names(reader.language).items()), required=True),
        field("to", _("改成"), "radio", options=[("off", _("转人工")), ("on", _("机器回答"))], required=True),
        field("region_code", _("哪里"), "select", options=contents.place_options(reader), required=True),
        field("reason", _("原因"), required=True, maxlength=200, hint=_("会记入审计")),
    ]
