"""案例: what courts and offices decided in matters like one's own, with number, day and source."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.channels.cited import cited
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal.ask import county_of
from fahui.channels.templatetags.fahui import full_day
from fahui.channels.typed import number
from fahui.knowledge.answers.schema import topic, topics
from fahui.knowledge.content.models import Reference
from fahui.knowledge.content.queries import PAGE, precedent, precedents


@scoped
def listed(request: HttpRequest) -> HttpResponse:
    """Published precedents, newest first, by topic."""
    reader, get = reader_of(request), request.GET
    known = {one.id for one in topics().topics}
    about = get.get("topic", "") if get.get("topic") in known else ""
    before = number(get.get("after", "")) or 0
    found = precedents(about, county_of(request, reader), before)
    rows = found[:PAGE]
    return render(request, "portal/precedents/list.html", {
        "rows": [_row(row, reader.language) for row in rows], "about": about,
        "pager": {"next": rows[-1].pk if len(found) > PAGE else "", "shown": len(rows)},
        "field": {"name": "topic", "label": _("关于什么"), "kind": "select", "value": about,
                  "options": [(one.id, one.name.text(reader.language)) for one in topics().topics]},
    })  # fmt: skip


@scoped
def one(request: HttpRequest, precedent_id: int) -> HttpResponse:
    """One precedent: what happened, what was held, by which articles, and where it can be read."""
    row, language = precedent(precedent_id), reader_of(request).language
    return render(request, "portal/precedents/one.html", {
        "row": row, "articles": cited(row.citations), "private": row.topic == "family", **_row(row, language),
    })  # fmt: skip


def _row(row: Reference, language: str) -> dict[str, Any]:
    english = language.startswith("en") and row.title_en
    return {"pk": row.pk, "title": row.title_en if english else row.title, "title_lang": "en" if english else "zh",
            "topic": topic(row.topic).name.text(language), "of": " ".join(filter(None, [row.issuer, row.number])),
            "day": full_day(row.decided_on) if row.decided_on else ""}  # fmt: skip
