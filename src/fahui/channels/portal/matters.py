"""办事指南: a page for every matter, made from the service's own definition when it is asked for, so that it cannot rot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fahui.casework.cases.queries import parameters
from fahui.casework.deadlines.actions import local_length
from fahui.casework.definitions.diagram import length_words
from fahui.casework.definitions.loader import Service
from fahui.casework.definitions.plugin import registry_of
from fahui.casework.definitions.schema import Deadline, Definition, Matter
from fahui.channels import guided
from fahui.channels.cited import cited
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import plans
from fahui.channels.portal.interview import matter_of
from fahui.foundation import cities, clock
from fahui.foundation.people.queries import institutions
from fahui.knowledge.checks.papers import Condition, brought

_NOT_OURS = ("applicant", "case_organ")
_OFFICES = 3
_NONE = "none"  # the option that says none of the others


@scoped
def matter(request: HttpRequest, service_id: str, matter_id: str) -> HttpResponse:
    """Who may apply, with which papers, in what time, at what price, where; and the button to begin."""
    home, spec = matter_of(service_id, matter_id)
    definition, language = home.definition, reader_of(request).language
    limits = _limits(home, spec, language)
    return render(request, "portal/matter.html", {
        "definition": definition, "matter": spec, "service_name": definition.name.text(language), "name": spec.name.text(language),
        "plain": spec.plain.text(language), "named": service_id not in plans.ANONYMOUS, "papers": _papers(service_id, matter_id, language),
        "limits": limits, "offices": institutions(cities.current().region, definition.handled_by)[:_OFFICES],
        "articles": cited([*definition.basis, *(text for limit in limits for text in limit["cited"])]),
        "today": clock.today(), "private": definition.quick_exit and matter_id == "family",
    })  # fmt: skip


def _papers(service_id: str, matter_id: str, language: str) -> list[dict[str, Any]]:
    """The papers of the matter, each with the case in which it is wanted, in the words of the check on papers."""
    papers = guided.graph_of("bring").papers
    offer = next(o for o in guided.offers() if (o.service, o.matter) == (service_id, matter_id))
    if papers is None:
        return []
    return [
        {"name": paper.name.text(language), "plain": paper.plain.text(language), "basis": "、".join(paper.basis),
         **(_case(papers.conditions, paper.when, language) if paper.when else {}),
         "must": paper.required and not paper.when}
        for paper in brought(papers, offer)
    ]  # fmt: skip


def _case(conditions: list[Condition], when: str, language: str) -> dict[str, str]:
    """When a paper is wanted (`when`); or, where that is “none of these”, when it is not (`unless`)."""
    options = [o for c in conditions if when in c.covers for o in c.options]
    wanted, other = [o for o in options if when in o.meets], [o for o in options if when not in o.meets]
    key, named = ("unless", other) if any(o.id == _NONE for o in wanted) else ("when", wanted)
    return {key: " / ".join(option.name.text(language) for option in named)}


def _limits(home: Service, matter: Matter, language: str) -> list[dict[str, Any]]:
    """Every limit on us that this matter can meet, as the law or the city sets it today; what nobody set is not there."""
    definition, guards = home.definition, registry_of(home.package).guards
    short = "en" if language.startswith("en") else "zh"
    local, reached = parameters(definition.id, clock.now()), _reached(definition, matter)
    found: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for spec in definition.deadlines:
        length = local_length(spec, local)
        ours = spec.local_parameter and length != spec.length
        if spec.owner in _NOT_OURS or not length or (spec.proposed and not ours) or not _started(spec, definition, reached, matter):
            continue
        basis = (local[spec.local_parameter].source,) if ours and spec.local_parameter else tuple(spec.basis)
        told = guards[spec.when] if spec.when and not ours else None
        if (length, basis) in found:  # two clocks of which one runs at a time read as one
            found[length, basis]["when"] = ""
        else:
            found[length, basis] = {"label": spec.name.text(language), "value": length_words(length, short), "basis": "、".join(basis),
                                    "cited": [] if ours else spec.basis, "when": getattr(told, short, "")}  # fmt: skip
    return list(found.values())


def _reached(definition: Definition, matter: Matter) -> set[str]:
    """The states this matter can come to."""
    reached, waiting = {matter.start}, [matter.start]
    while waiting:
        state = waiting.pop()
        for action in definition.actions:
            follows = state in action.from_ and (not action.matters or matter.id in action.matters)
            if follows and action.to and action.to not in reached:
                reached.add(action.to)
                waiting.append(action.to)
    return reached


def _started(spec: Deadline, definition: Definition, reached: set[str], matter: Matter) -> bool:
    if spec.starts:
        return bool(reached & set(spec.starts))
    return any(
        spec.id in action.starts and reached & set(action.from_) and (not action.matters or matter.id in action.matters)
        for action in definition.actions
    )
