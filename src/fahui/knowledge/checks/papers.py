"""The check on papers: grown from what the services list themselves, so that a changed list needs no change here. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from fahui.foundation.data import Words
from fahui.knowledge.checks.schema import Branch, Condition, Graph, Matter, Node, Option, Papers, Result


@dataclass(frozen=True)
class Paper:
    """A paper as its service lists it. `when` names the condition under which it is wanted."""

    id: str
    name: Words
    plain: Words
    required: bool
    when: str | None
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """A matter residents may bring, with the papers of its service."""

    service: str
    service_name: Words
    matter: str
    name: Words
    plain: Words
    papers: tuple[Paper, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A paper somebody should bring; `sure` False: only if it applies, which nobody asked."""

    paper: Paper
    sure: bool


def expand(graph: Graph, offers: Sequence[Offer]) -> Graph:
    """The whole graph: which service, which matter, what decides on papers, and a result for each matter."""
    if graph.papers is None or not offers:
        return graph
    services = list(dict.fromkeys(offer.service for offer in offers))
    nodes, results = [], []
    choices = []
    for service in services:
        own = [offer for offer in offers if offer.service == service]
        firsts = []
        for offer in own:
            first, asked = _conditions(graph.papers, offer)
            nodes += asked
            results.append(_result(offer))
            firsts.append(first)
        start = firsts[0]
        if len(own) > 1:
            start = f"matter_{service}"
            options = [Option(id=o.matter, name=o.name, hint=o.plain, next=to) for o, to in zip(own, firsts, strict=True)]
            nodes.insert(0, Node(id=start, ask=graph.papers.matter, options=options))
        choices.append(Option(id=service, name=own[0].service_name, next=start))
    nodes.insert(0, Node(id=graph.start, ask=graph.papers.service, options=choices))
    return graph.model_copy(update={"nodes": nodes, "results": results})


def _conditions(papers: Papers, offer: Offer) -> tuple[str, list[Node]]:
    """(where the matter's questions begin, the questions)."""
    names = {paper.when for paper in brought(papers, offer) if paper.when}
    asked = [condition for condition in papers.conditions if names & set(condition.covers)]
    ids = [f"{condition.id}_{offer.service}_{offer.matter}" for condition in asked]
    places = [*ids, _result_id(offer)]
    return places[0], [_node(i, c, to) for i, c, to in zip(ids, asked, places[1:], strict=True)]


def _node(node_id: str, condition: Condition, to: str) -> Node:
    options = [Option(id=o.id, name=o.name, meets=o.meets, next=[Branch(to=to)]) for o in condition.options]
    return Node(id=node_id, ask=condition.ask, help=condition.help, options=options)


def _result_id(offer: Offer) -> str:
    return f"papers_{offer.service}_{offer.matter}"


def _result(offer: Offer) -> Result:
    where = Matter(service=offer.service, matter=offer.matter)
    if not offer.papers:
        answer = Words(zh="什么都不用带", en="You need to bring nothing")
        reason = Words(zh="这件事不看材料，说清楚就行。手里有的，拍照留着。",
                       en="No papers are asked for. Just tell us; keep photos of what you have.")  # fmt: skip
    else:
        answer = Words(zh="带这几样，缺了也能先办", en="Bring these; you may begin without them")
        reason = Words(zh="材料按这项服务现在的清单列出。没有的不用去开证明，以后再补。",
                       en="As this service lists them today. Never fetch a certificate first; papers can follow.")  # fmt: skip
    return Result(id=_result_id(offer), answer=answer, reason=reason, articles=list(offer.basis), start=where, papers=where)


def brought(papers: Papers, offer: Offer) -> list[Paper]:
    """The papers an applicant may bring at all."""
    return [paper for paper in offer.papers if f"{offer.service}.{paper.id}" not in papers.left_out]


def wanted(papers: Papers, offer: Offer, meets: Set[str]) -> list[Wanted]:
    """What to bring, given the conditions that hold; a paper under a condition nobody asks about is named with an `if`."""
    asked = {name for condition in papers.conditions for name in condition.covers}
    found = []
    for paper in brought(papers, offer):
        if paper.when is None or paper.when in meets:
            found.append(Wanted(paper, True))
        elif paper.when not in asked:
            found.append(Wanted(paper, False))
    return found
