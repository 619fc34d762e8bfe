"""常见问题: the curated answers, to be leafed through by topic, each on a page of its own with the articles it stands on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fahui.channels.answering import question_of, questions
from fahui.channels.cited import cited
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal.ask import county_of
from fahui.knowledge.answers.rules import matter_of
from fahui.knowledge.answers.schema import topic, topics
from fahui.knowledge.content.queries import QUESTIONS, questions_about, topics_answered, whole_of


@scoped
def listed(request: HttpRequest) -> HttpResponse:
    """The topics with how many questions each has; of a chosen one the questions, by their addresses."""
    reader, get = reader_of(request), request.GET
    known = {one.id: one.name.text(reader.language) for one in topics().topics}
    about = get.get("topic", "") if get.get("topic") in known else ""
    where = county_of(request, reader)
    found = questions_about(about, where, get.get("after", "").replace("\x00", "")[:60]) if about else []
    rows = found[:QUESTIONS]
    counts = topics_answered(where)
    return render(request, "portal/everyday/list.html", {
        "about": about, "name": known.get(about, ""), "rows": questions(rows, reader.language),
        "topics": [{"id": key, "name": name, "count": counts[key]} for key, name in known.items() if counts.get(key)],
        "pager": {"next": rows[-1].slug if len(found) > QUESTIONS else "", "shown": len(rows)}, "private": about == "family",
    })  # fmt: skip


@scoped
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One question: the short answer, what to do in order, and the law's own words."""
    reader = reader_of(request)
    row, english = whole_of(slug, county_of(request, reader)), reader.language.startswith("en")
    about = topic(row.topic)
    service, matter = matter_of(row.question_zh, about)
    return render(request, "portal/everyday/one.html", {
        "row": row, "question": question_of(row, reader.language), "plain": row.answer_en if english else row.answer_zh,
        "steps": row.steps_en if english else row.steps_zh, "articles": cited(row.citations), "about": about.id,
        "name": about.name.text(reader.language), "apply": f"/apply/{service}/{matter}", "private": about.id == "family",
    })  # fmt: skip
