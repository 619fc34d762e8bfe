"""What `fahui check` says of guided checks: every way ends, nothing is unreachable, every code and article is real. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from itertools import chain

from fahui.knowledge.checks.rules import MOST_QUESTIONS, paths
from fahui.knowledge.checks.schema import Graph, Limit, Matter, Result

MOST_AT_THE_DESK = 8
EMERGENCY = frozenset({"110", "12348"})


@dataclass(frozen=True)
class Codes:
    """What graphs may name: matters residents can bring, kinds of offices, values a city may set, other graphs."""

    matters: Set[tuple[str, str]]
    offices: Set[str]
    values: Set[str]
    graphs: Set[str]


def problems(graph: Graph, codes: Codes, limits: Mapping[str, Limit]) -> list[str]:
    """Everything that is wrong with a graph, each as a sentence that begins with its id."""
    found = list(chain(_ids(graph), _targets(graph)))
    if not found:
        found = list(chain(_circles(graph), _names(graph, codes, limits)))
    if not found:
        found = list(chain(_reached(graph), _lengths(graph), _counted(graph, limits)))
    return [f"check {graph.id}: {line}" for line in found]


def due_for_review(graph: Graph, today: date) -> list[str]:
    """Whether somebody must look at it again."""
    if graph.review_by >= today:
        return []
    return [f"check {graph.id}: the review was due by {graph.review_by} ({graph.owner.en})"]


def citations(graph: Graph) -> list[tuple[str, str]]:
    """(place, citation) of every article a graph names."""
    return [(f"check {graph.id}: result {r.id}", text) for r in graph.results for text in r.articles]


def limit_citations(limits: Mapping[str, Limit]) -> list[tuple[str, str]]:
    """(place, citation) of every article a period names."""
    return [(f"checks: limit {x.id}", text) for x in limits.values() for text in [*x.basis, *([x.rolls_by] if x.rolls_by else [])]]


def _ids(graph: Graph) -> Iterator[str]:
    if graph.review_by <= graph.reviewed_on:
        yield "review_by is not after reviewed_on"
    seen: set[str] = set()
    for place in [*(n.id for n in graph.nodes), *(r.id for r in graph.results)]:
        if place in seen:
            yield f"{place} is the id of two places"
        seen.add(place)
    for node in graph.nodes:
        for twice in {o.id for o in node.options if [x.id for x in node.options].count(o.id) > 1}:
            yield f"{node.id}: option {twice} stands there twice"


def _targets(graph: Graph) -> Iterator[str]:
    known = graph.node_of.keys() | graph.result_of.keys()
    if graph.start not in graph.node_of:
        yield f"begins at {graph.start}, which is no question"
    for node in graph.nodes:
        for place in sorted(set(node.leads_to) - known):
            yield f"{node.id} leads to {place}, which is not there"
        for option in node.options:
            for other, among in (pair for b in option.branches for pair in b.when.items()):
                asked = graph.node_of.get(other)
                if asked is None:
                    yield f"{node.id}.{option.id} looks at {other}, which is no question"
                elif unknown := set(among) - {o.id for o in asked.options}:
                    yield f"{node.id}.{option.id} looks at {other} for {', '.join(sorted(unknown))}, which is no option of it"


def _circles(graph: Graph) -> Iterator[str]:
    """A question that can come again: the way would never end."""
    done: set[str] = set()

    def visit(place: str, above: tuple[str, ...]) -> Iterator[str]:
        if place in above:
            yield f"goes in a circle: {' → '.join([*above[above.index(place):], place])}"
        elif place in graph.node_of and place not in done:
            for following in graph.node_of[place].leads_to:
                yield from visit(following, (*above, place))
            done.add(place)

    yield from visit(graph.start, ())


def _names(graph: Graph, codes: Codes, limits: Mapping[str, Limit]) -> Iterator[str]:
    for node in graph.nodes:
        if node.needs and node.needs not in codes.values:
            yield f"{node.id} needs {node.needs}, which no city can set"
    for result in graph.results:
        for where in (result.start, result.papers):
            if where and (where.service, where.matter) not in codes.matters:
                yield f"{result.id} names {_said(where)}, which residents cannot bring"
        if result.office and result.office not in codes.offices:
            yield f"{result.id} names the office {result.office}, which is no kind of institution"
        if result.check and (result.check not in codes.graphs or result.check == graph.id):
            yield f"{result.id} leads to the check {result.check}, which is not there"
        for name in sorted(set(result.limits) - limits.keys()):
            yield f"{result.id} counts {name}, which limits.yaml does not hold"
        yield from _useful(result)


def _useful(result: Result) -> Iterator[str]:
    if result.danger:
        if not {p.number for p in result.phones} >= EMERGENCY:
            yield f"{result.id} is a danger and must show 110 and 12348"
        if result.start or result.check:
            yield f"{result.id} is a danger: no form before the phone"
    elif not (result.start or result.check or result.office or result.phones):
        yield f"{result.id} says nothing to do"
    if not result.articles and not result.limits:
        yield f"{result.id} names no article"


def _said(where: Matter) -> str:
    return f"{where.service}/{where.matter}"


def _worlds(graph: Graph) -> Iterator[tuple[bool, frozenset[str]]]:
    """Whoever may ask (resident, agent), in a city that set nothing and in one that set everything."""
    everything = frozenset(node.needs for node in graph.nodes if node.needs)
    return ((desk, values) for desk in (False, True) for values in {frozenset[str](), everything})


def _reached(graph: Graph) -> Iterator[str]:
    seen: set[str] = set()
    for desk, values in _worlds(graph):
        for path in paths(graph, graph.reviewed_on, desk=desk, values=values):
            seen |= {a.node.id for a in path.answered} | ({path.result.id} if path.result else set())
    for place in [*graph.node_of, *graph.result_of]:
        if place not in seen:
            yield f"nobody ever comes to {place}"


def _lengths(graph: Graph) -> Iterator[str]:
    for desk, values in _worlds(graph):
        most = MOST_AT_THE_DESK if desk else MOST_QUESTIONS
        for path in paths(graph, graph.reviewed_on, desk=desk, values=values):
            if len(path.answered) > most:
                yield f"{len(path.answered)} questions on one way: {' → '.join(a.node.id for a in path.answered)}"


def _counted(graph: Graph, limits: Mapping[str, Limit]) -> Iterator[str]:
    """A period is counted only where the day it runs from was asked."""
    for desk, values in _worlds(graph):
        for path in paths(graph, graph.reviewed_on, desk=desk, values=values):
            asked = {a.node.day or a.node.id for a in path.answered if a.node.kind == "date"}
            for name in path.result.limits if path.result else ():
                if limits[name].day not in asked:
                    yield f"{path.result and path.result.id} counts {name} without asking {limits[name].day}"
