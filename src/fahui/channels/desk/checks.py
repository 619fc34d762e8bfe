"""The guided checks at the desk: the whole way on one page, every answer changeable, the finer questions as well.

Nothing is kept until the agent writes the result as a note into a consultation they are in charge of.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.companions.actions import write_message
from fahui.casework.worklists.queries import mine
from fahui.channels import guided
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid
from fahui.knowledge.checks.rules import Walk, wrong
from fahui.knowledge.checks.schema import UNKNOWN, Graph, Node

PREFIX = "a-"
HERE = "/desk/checks/"
SERVICE = "consultation"


@staff_page()
def checks(request: HttpRequest) -> HttpResponse:
    """The first check."""
    chosen = request.GET.get("case", "")
    first = next(iter(guided.graphs()))
    return HttpResponseRedirect(f"{HERE}{first}/" + (f"?case={chosen}" if chosen.isdecimal() else ""))


@staff_page()
def check(request: HttpRequest, graph_id: str) -> HttpResponse:
    """One check: what is answered, what to ask now, and the result beside it."""
    return _page(request, guided.graph_of(graph_id))


@require_POST
@staff_page()
def note(request: HttpRequest, graph_id: str) -> HttpResponse:
    """Write the result into a consultation, for the colleagues alone."""
    graph, reader = guided.graph_of(graph_id), reader_of(request)
    reached = guided.follow(graph, posted(request), guided.local_words(reader.language), desk=True)
    chosen = request.POST.get("case", "")
    if reached.result is None:
        return _page(request, graph, _("还没有结果，请先答完。"))
    if not chosen.isdecimal():
        return _page(request, graph, _("请选要记到哪件咨询。"))
    try:
        write_message(reader, int(chosen), note_of(graph, reached), "internal")
    except Invalid as refusal:
        return _page(request, graph, refusal.message)
    messages.success(request, _("结果已记进这件咨询，只有工作人员看得到。"))
    return HttpResponseRedirect(f"/desk/cases/{chosen}")


def posted(request: HttpRequest) -> dict[str, str]:
    """The answers on the page; a day ticked as not remembered counts as that."""
    found = {key.removeprefix(PREFIX): str(value)[:80]
             for key, value in request.POST.items() if key.startswith(PREFIX)}  # fmt: skip
    return found | {str(key): UNKNOWN for key in request.POST.getlist("unknown")}


def note_of(graph: Graph, reached: Walk) -> str:
    """The result as a note, in Chinese as the file is kept: questions and answers with the permanent ids, days, articles."""
    with translation.override("zh-hans"):
        return "\n".join(_note_lines(graph, reached))


def _note_lines(graph: Graph, reached: Walk) -> list[str]:
    shown = guided.view_of(graph, reached, "zh-hans")
    local = guided.local_words("zh-hans")
    lines = [f"【{graph.name.zh}】{shown['answer']}（{graph.id} {graph.version}，{shown['result'].id}）"]
    lines += [f"· {guided.asked(a.node, local, 'zh-hans')} {guided.answer_text(a.node, a.value, 'zh-hans')}" for a in reached.answered]
    for day in shown["days"]:
        until = day["counted"].until
        lines.append(f"{day['name']}：{until.isoformat()}，剩{day['counted'].days_left}天" if until else f"{day['name']}：日子待问清")
    return [*lines, "依据：" + "、".join(article.name for article in shown["articles"])]


def _page(request: HttpRequest, graph: Graph, error: str = "") -> HttpResponse:
    reader, language = reader_of(request), reader_of(request).language
    local, answers = guided.local_words(language), posted(request)
    reached = guided.follow(graph, answers, local, desk=True)
    shown = guided.view_of(graph, reached, language)
    asked = [_drawn(a.node, local, language, a.value) for a in reached.answered]
    if reached.node:
        given = answers.get(reached.node.id, "")
        fault = wrong(reached.node, given, clock.today()) if given else ""
        asked.append(_drawn(reached.node, local, language, given, now=True, fault=fault))
    chosen = request.POST.get("case") or request.GET.get("case", "")
    return show(request, "desk/checks/check.html", {
        **shown, "graph": graph, "title": graph.name.text(language), "asked": asked, "reached": reached,
        "tabs": [{"label": g.name.text(language), "href": f"{HERE}{g.id}/" + (f"?case={chosen}" if chosen else ""),
                  "current": g.id == graph.id} for g in guided.graphs().values()],
        "reviewed": {"owner": graph.owner.text(language), "on": graph.reviewed_on, "version": graph.version},
        "known": [(PREFIX + a.node.id, a.value) for a in reached.answered], "error": error,
        "cases": _consultations(reader) if reached.result else [], "chosen": chosen,
    }, here=HERE, status=422 if error else 200)  # fmt: skip


def _drawn(
    node: Node, local: dict[str, str], language: str, value: str, *, now: bool = False, fault: str = ""
) -> dict[str, Any]:
    """A question for the page; the one to be answered now has its options numbered for the keyboard."""
    keys = "123456789abcdefgh"
    return {
        "id": node.id, "name": PREFIX + node.id, "ask": guided.asked(node, local, language), "kind": node.kind, "now": now,
        "help": node.help.text(language) if node.help else "", "desk_only": node.desk_only, "fault": fault,
        "value": "" if value == UNKNOWN else value, "unknown": value == UNKNOWN,
        "options": [{"id": o.id, "name": o.name.text(language), "chosen": o.id == value, "key": key if now else ""}
                    for o, key in zip(node.options, keys.ljust(len(node.options)), strict=False)],
    }  # fmt: skip


def _consultations(reader: Reader) -> list[dict[str, Any]]:
    """The open consultations this agent is in charge of."""
    rows = [case for case in mine(reader).rows if case.service == SERVICE]
    return [{"id": case.pk, "number": case.tracking_number, "title": case.title} for case in rows]
