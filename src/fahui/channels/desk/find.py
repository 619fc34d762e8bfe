"""The law beside a call: two words, and the scripts, articles, precedents and the curated answer that fit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from fahui.channels.answering import shown
from fahui.channels.desk.frame import show
from fahui.channels.desk.references import as_shown
from fahui.channels.pages import reader_of, staff_page
from fahui.knowledge.answers.composing import Quoted
from fahui.knowledge.content.queries import fitting, references_saying
from fahui.knowledge.search.queries import search

_SHOWN = 8


@staff_page()
def find(request: HttpRequest) -> HttpResponse:
    """What the words find, for whoever is on the phone. Nothing is kept."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    reader = reader_of(request)
    english = reader.language.startswith("en")
    curated = fitting(asked) if asked else None
    rows = [one.article for one in search(asked, _SHOWN)] if asked else []
    context = {
        "q": asked, "articles": [shown(Quoted(row, f"《{row.version.work.short}》{row.label}")) for row in rows],
        "references": [as_shown(row, english) for row in references_saying(asked, reader.regions)] if asked else [],
        "curated": {"question": curated.question_en if english else curated.question_zh, "citations": curated.citations,
                    "answer": curated.answer_en if english else curated.answer_zh,
                    "steps": curated.steps_en if english else curated.steps_zh} if curated else None,
    }  # fmt: skip
    return show(request, "desk/answers/find.html", context, here="/desk/hotline")
