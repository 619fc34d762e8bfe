"""Guided checks where they meet the services and the city: what may be brought, which papers, the city's own limit.

The graphs stand in `knowledge.checks` and know no service; this is the one place that brings both together, for the
portal, the desk and `fahui check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from fahui.casework.cases.queries import parameters
from fahui.casework.definitions.loader import Service, services
from fahui.casework.forms.validation import clean
from fahui.casework.forms.web import from_post
from fahui.channels.cited import Cited, cited
from fahui.channels.templatetags.fahui import full_day
from fahui.foundation import cities, clock
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.people.models import Institution
from fahui.foundation.people.queries import institutions
from fahui.foundation.worktime.queries import calendar
from fahui.knowledge.checks import checking, loader
from fahui.knowledge.checks.papers import Offer, Paper, Wanted, expand, wanted
from fahui.knowledge.checks.rules import LastDay, Walk, last_day, walk
from fahui.knowledge.checks.schema import UNKNOWN, Graph, Matter, Node, Result
from fahui.knowledge.citations.check import CitedPlace
from fahui.services.legal_aid.means import income_limit
from fahui.services.legal_aid.values import yuan, yuan_en

INCOME_LIMIT = "income_limit"
PLACES_SHOWN = 2


@cache
def offers() -> tuple[Offer, ...]:
    """Every matter residents may bring, with the papers its service lists today."""
    return tuple(
        _offer(service, matter.id) for service in services().values() for matter in service.definition.matters if matter.public
    )


def _offer(service: Service, matter_id: str) -> Offer:
    d = service.definition
    matter = d.matter(matter_id)
    listed = tuple(Paper(m.id, m.name, m.plain, m.required, m.when, tuple(m.basis)) for m in d.materials)
    return Offer(d.id, d.name, matter.id, matter.name, matter.plain, listed, tuple(d.basis))


@cache
def graphs() -> Mapping[str, Graph]:
    """Every guided check, whole, in the order of their doors."""
    return MappingProxyType({name: expand(graph, offers()) for name, graph in loader.graphs().items()})


def graph_of(graph_id: str) -> Graph:
    """A guided check by id. Raises Missing."""
    if graph_id not in graphs():
        raise Missing(_("没有这个小测。请从“先判断一下”里选一个。"))
    return graphs()[graph_id]


def local_words(language: str) -> dict[str, str]:
    """What the city set, in words, by the name graphs use. What nobody set is not there, so it is never asked about."""
    found = income_limit(parameters("legal_aid", clock.now()))
    if isinstance(found, str):
        return {}
    return {INCOME_LIMIT: yuan_en(found[0]) if language.startswith("en") else yuan(found[0])}


def follow(graph: Graph, answers: Mapping[str, str], local: Mapping[str, str], *, desk: bool = False) -> Walk:
    """How far these answers lead today."""
    return walk(graph, answers, clock.today(), desk=desk, values=local.keys())


def asked(node: Node, local: Mapping[str, str], language: str) -> str:
    """A question in words, with the city's own value where it stands in it."""
    text = node.ask.text(language)
    for name, value in local.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def answer_text(node: Node, value: str, language: str) -> str:
    """An answer in words."""
    option = node.option(value)
    if option:
        return option.name.text(language)
    return _("记不清") if value == UNKNOWN else full_day(date.fromisoformat(value))


def articles(result: Result, wanted_papers: list[Wanted]) -> list[Cited]:
    """The articles behind a result and its periods, each once, with their words as they stand today."""
    limits = loader.limits()
    named = [*result.articles, *(b for name in result.limits for b in limits[name].basis)]
    named += [basis for w in wanted_papers for basis in w.paper.basis]
    return cited(named)


def last_days(reached: Walk) -> list[LastDay]:
    """The periods of a result, counted from the days that were given; the nearest first."""
    known, today = loader.limits(), clock.today()
    names = reached.result.limits if reached.result else []
    counted = [last_day(known[name], reached.days, today, calendar()) for name in names]
    return sorted(counted, key=lambda x: x.until or date.max)


def papers(graph: Graph, reached: Walk) -> list[Wanted]:
    """What to bring, for a result that says so."""
    where = reached.result.papers if reached.result else None
    if where is None or graph.papers is None:
        return []
    offer = next(o for o in offers() if (o.service, o.matter) == (where.service, where.matter))
    return wanted(graph.papers, offer, reached.meets)


def carried(reached: Walk, where: Matter) -> list[tuple[str, str]]:
    """The answers that the form of a matter knows how to take, as its page posts them."""
    model = services()[where.service].details_form(where.matter)
    return [(name, value) for name, value in reached.fills.items() if name in model.model_fields]


def places(kind: str) -> list[Institution]:
    """The first offices of a kind in this city."""
    return list(institutions(cities.current().region, kind).order_by("region_code", "name")[:PLACES_SHOWN])


def view_of(graph: Graph, reached: Walk, language: str) -> dict[str, Any]:
    """A result for a page: in words, with its days, papers, articles, office and phones."""
    result = reached.result
    if result is None:
        return {}
    bring = papers(graph, reached)
    start = result.start
    matter = services()[start.service].definition.matter(start.matter) if start else None
    other = graphs().get(result.check or "")
    days = last_days(reached)
    return {
        "result": result, "answer": result.answer.text(language), "reason": result.reason.text(language),
        "steps": [s.text(language) for s in result.steps], "days": [_day(x, language) for x in days],
        "pressing": any(x.pressing for x in days),
        "papers": [{"name": w.paper.name.text(language), "plain": w.paper.plain.text(language), "sure": w.sure} for w in bring],
        "articles": articles(result, bring), "start": start, "carried": carried(reached, start) if start else [],
        "matter": matter.name.text(language) if matter else "",
        "office": result.office, "office_name": _(dict(Institution.KINDS)[result.office]) if result.office else "",
         "places": places(result.office) if result.office else [],
        "phones": [{"number": p.number, "name": p.name.text(language)} for p in result.phones],
        "other": {"id": other.id, "name": other.name.text(language)} if other else None,
    }  # fmt: skip


def _day(counted: LastDay, language: str) -> dict[str, Any]:
    limit = counted.limit
    return {
        "name": limit.name.text(language), "starts": limit.starts.text(language), "counted": counted,
        "interrupted": limit.interrupted.text(language), "suspended": limit.suspended.text(language), "rolls_by": limit.rolls_by,
        "past": -counted.days_left if counted.days_left is not None and counted.over else 0,
    }  # fmt: skip


@dataclass
class Examination:
    """What `fahui check` finds: faults, what is due for review, and the citations to look up."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    cited: list[CitedPlace] = field(default_factory=list)


def examine() -> Examination:
    """Check every graph against the services, offices and forms of this installation. Needs no database."""
    report = Examination()
    try:
        known, limits = graphs(), loader.limits()
    except loader.BadGraph as error:
        return Examination([str(error)])
    codes = checking.Codes(
        matters=frozenset((o.service, o.matter) for o in offers()), offices=frozenset(k for k, _name in Institution.KINDS),
        values=frozenset({INCOME_LIMIT}), graphs=frozenset(known),
    )  # fmt: skip
    for graph in known.values():
        report.problems += checking.problems(graph, codes, limits)
        report.problems += [f"check {graph.id}: {line}" for line in (*_misfits(graph), *_no_papers(graph))]
        report.warnings += checking.due_for_review(graph, clock.today())
        report.cited += [CitedPlace(*pair) for pair in checking.citations(graph)]
    counted = {name for graph in known.values() for result in graph.results for name in result.limits}
    report.problems += [f"checks: no result counts the limit {name}" for name in limits if name not in counted]
    report.cited += [CitedPlace(*pair) for pair in checking.limit_citations(limits)]
    return report


def _misfits(graph: Graph) -> Iterator[str]:
    """Answers carried over that no application's form takes."""
    forms = [services()[o.service].details_form(o.matter) for o in offers()]
    for node in graph.nodes:
        pairs = [(f"{node.id}.{o.id}", n, v) for o in node.options for n, v in o.fills.items()]
        pairs += [(node.id, node.fills, "2026-01-05")] if node.fills else []
        for place, name, value in pairs:
            if not any(_takes(form, name, value) for form in forms if name in form.model_fields):
                yield f"{place} fills {name} with {value!r}, which no form of an application takes"


def _takes(form: Any, name: str, value: str) -> bool:
    posted = QueryDict(mutable=True)
    posted[name] = value
    try:
        clean(form, from_post(form, posted), "zh-hans")
    except Invalid as error:
        return not any(key.split(".")[0] == name for key in error.fields)
    return True


def _no_papers(graph: Graph) -> Iterator[str]:
    """Papers and conditions named that no service has."""
    if graph.papers is None:
        return
    listed = {f"{o.service}.{p.id}" for o in offers() for p in o.papers}
    conditions = {p.when for o in offers() for p in o.papers}
    yield from (f"leaves out {name}, which no service lists" for name in graph.papers.left_out if name not in listed)
    named = [name for c in graph.papers.conditions for name in c.covers]
    yield from (f"asks about {name}, on which no paper depends" for name in named if name not in conditions)
    met = {name for c in graph.papers.conditions for o in c.options for name in o.meets}
    yield from (f"an answer meets {name}, which its question does not cover" for name in sorted(met - set(named)))
