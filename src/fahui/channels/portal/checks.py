"""先判断一下: four guided checks, one question a page, no sign-in. The answers travel in the form and are not kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fahui.channels import guided
from fahui.channels.pages import reader_of, scoped
from fahui.foundation import clock
from fahui.foundation.directory.queries import PUBLIC_KINDS
from fahui.knowledge.checks.rules import EARLIEST, MOST_QUESTIONS, Walk, wrong
from fahui.knowledge.checks.schema import UNKNOWN, Graph, Node

PREFIX = "a-"
_ICONS = {"where": "chat", "aid": "scale", "days": "clock", "bring": "file"}
WRONG = {
    "missing": gettext_noop("请选一个，说不清就选最像的"), "unread": gettext_noop("日期看不懂，请写成 2026-06-18 这样"),
    "future": gettext_noop("这个日子还没到，请再看一眼"), "early": gettext_noop("这个日子太早了，请再看一眼"),
    "no_day": gettext_noop("请填日子，记不清就点“记不清”"),
}  # fmt: skip


@scoped
def doors(request: HttpRequest) -> HttpResponse:
    """The four checks, one sentence each."""
    language = reader_of(request).language
    shown = [{"id": g.id, "name": g.name.text(language), "plain": g.plain.text(language), "icon": _ICONS.get(g.id, "info")}
             for g in guided.graphs().values()]  # fmt: skip
    return render(request, "portal/checks/doors.html", {"doors": shown})


@scoped
def check(request: HttpRequest, graph_id: str) -> HttpResponse:
    """One question, or the result. GET begins; POST brings the answers so far."""
    graph, language = guided.graph_of(graph_id), reader_of(request).language
    local = guided.local_words(language)
    answers = posted(request)
    now = graph.node_of.get(request.POST.get("at", ""))
    if request.method != "POST":
        return _question(request, graph, guided.follow(graph, {}, local), local)
    if request.POST.get("back"):
        return _question(request, graph, step_back(graph, answers, now, local), local)
    if now and request.POST.get("unknown") and now.kind == "date":
        answers[now.id] = UNKNOWN
    reached = guided.follow(graph, answers, local)
    if reached.result is not None:
        return _result(request, graph, reached)
    if now is None or now is not reached.node:
        return _question(request, graph, reached, local)
    given = answers.get(now.id, "")
    return _question(request, graph, reached, local, wrong(now, given, clock.today()), given)


def posted(request: HttpRequest) -> dict[str, str]:
    """The answers a page brought along."""
    found = {key.removeprefix(PREFIX): str(value)[:80] for key, value in request.POST.items() if key.startswith(PREFIX)}
    return {key: value.replace("\x00", "") for key, value in found.items()}


def step_back(graph: Graph, answers: dict[str, str], now: Node | None, local: dict[str, str]) -> Walk:
    """The walk one question shorter than where the reader is; the answer to that question is asked again."""
    answered = guided.follow(graph, {k: v for k, v in answers.items() if now is None or k != now.id}, local).answered
    return guided.follow(graph, {a.node.id: a.value for a in answered[:-1]}, local)


def field_of(node: Node, local: dict[str, str], language: str, value: str = "", error: str = "") -> dict[str, Any]:
    """A question as `ui/field.html` draws it."""
    drawn: dict[str, Any] = {
        "name": PREFIX + node.id, "label": guided.asked(node, local, language), "required": True, "value": value, "error": error,
        "hint": node.help.text(language) if node.help else "", "kind": "date" if node.kind == "date" else "radio",
    }  # fmt: skip
    if node.kind == "date":
        return drawn | {"value": "" if value == UNKNOWN else value, "min": EARLIEST.isoformat()}
    options = [(o.id, o.name.text(language), o.hint.text(language) if o.hint else "") for o in node.options]
    return drawn | {"options": options}


def _question(
    request: HttpRequest, graph: Graph, reached: Walk, local: dict[str, str], fault: str = "", value: str = ""
) -> HttpResponse:
    language, node = reader_of(request).language, reached.node
    assert node is not None  # a result is shown by _result
    told = "no_day" if fault == "missing" and node.kind == "date" else fault
    error = _(WRONG[told]) if told else ""
    drawn = field_of(node, local, language, value, error)
    return render(request, "portal/checks/question.html", {
        "graph": graph, "title": graph.name.text(language), "plain": graph.plain.text(language), "node": node, "field": drawn,
        "place": len(reached.answered) + 1, "total": max(MOST_QUESTIONS, len(reached.answered) + 1), "known": known(reached),
        "errors": [{"name": drawn["name"], "text": error}] if error else [], "private": reached.private,
        "first": not reached.answered,
    }, status=422 if error else 200)  # fmt: skip


def known(reached: Walk) -> list[tuple[str, str]]:
    """The answers so far, as the next page posts them again."""
    return [(PREFIX + a.node.id, a.value) for a in reached.answered]


def _result(request: HttpRequest, graph: Graph, reached: Walk) -> HttpResponse:
    language, local = reader_of(request).language, guided.local_words(reader_of(request).language)
    shown = guided.view_of(graph, reached, language)
    result = shown["result"]
    answers = [{"label": guided.asked(a.node, local, language), "value": guided.answer_text(a.node, a.value, language)}
               for a in reached.answered]  # fmt: skip
    return render(request, "portal/checks/result.html", {
        **shown, "graph": graph, "title": graph.name.text(language), "answers": answers, "known": known(reached),
        "private": reached.private, "danger": result.danger, "today": clock.today(),
        "places_href": f"/places/near?kind={result.office}" if result.office in PUBLIC_KINDS else "",
    })  # fmt: skip
