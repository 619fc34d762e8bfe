"""The policy as its own table of contents: every demand in its words, and what the platform has for it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from fahui.channels.cockpit.standards import frame
from fahui.channels.cockpit.views import LEADERS
from fahui.channels.pages import staff_page
from fahui.foundation import cities
from fahui.foundation.data import Words, english
from fahui.standards.policies.definitions import answer, demands, policy
from fahui.standards.policies.schema import STATES, Answer, Clause, Demand, Part, titled

TONES = {"answered": "ok", "partly": "progress", "not_yet": "warn", "outside": "neutral"}


def state_words() -> dict[str, str]:
    """What each state of a demand is called."""
    return {"answered": _("平台能做"), "partly": _("做了一部分"), "not_yet": _("还没有"), "outside": _("软件之外")}


@staff_page(*LEADERS)
def clauses(request: HttpRequest) -> HttpResponse:
    """Every clause with its demands; all, or those of one state."""
    city = cities.current()
    told = [(clause, demand, answer(demand, city.id)) for clause, demand in demands(city.id)]
    chosen = request.GET.get("state", "")
    shown = [line for line in told if not chosen or line[2].state == chosen]
    words, here = state_words(), reverse("cockpit-policy")
    return render(request, "cockpit/policy.html", frame("policy") | {
        "document": policy(city.id).document, "total": len(told), "chosen": chosen, "here": here,
        "tabs": [{"label": words[s], "count": sum(a.state == s for _c, _d, a in told), "href": f"{here}?state={s}", "current": chosen == s}
                 for s in STATES],
        "clauses": [{"title": titled(clause.id, clause.heading.zh, clause.heading.en), "original": clause.heading.zh if english() else "", "lines": [_line(demand, found) for _c, demand, found in inside]} for clause, inside in _by_clause(shown)],
    })  # fmt: skip


def _by_clause(told: list[tuple[Clause, Demand, Answer]]) -> list[tuple[Clause, list[tuple[Clause, Demand, Answer]]]]:
    return [
        (next(line[0] for line in told if line[0].id == key), list(inside))
        for key, inside in groupby(told, key=lambda line: line[0].id)
    ]


def _line(demand: Demand, found: Answer) -> dict[str, Any]:
    def said(words: Words | None) -> str:
        return words.text() if words else ""

    return {
        "demand": demand, "en": demand.en if english() else "", "state": {"label": state_words()[found.state], "tone": TONES[found.state]},
        "parts": [{"words": said(part), "href": _href(part)} for part in found.parts], "not_yet": said(found.not_yet), "outside": said(found.outside),
    }  # fmt: skip


def _href(part: Part) -> str:
    """Where the part opens, if it is a page of its own."""
    routes: dict[str, tuple[str, list[str]]] = {
        "page": (part.name, []), "register": ("desk-register", [part.name]), "indicator": ("cockpit-target", [part.name]),
        "service": ("desk-how", [part.name.partition(".")[0]]),
    }  # fmt: skip
    name, arguments = routes.get(part.by, ("", []))
    try:
        return reverse(name, args=arguments) if name else ""
    except NoReverseMatch:
        return ""
