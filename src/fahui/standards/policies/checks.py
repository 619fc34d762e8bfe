"""Whether what a policy's data says is true: references lead somewhere, demands stand once, quotes are the document's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from typing import NamedTuple

from fahui.foundation import cities
from fahui.standards.indicators.definitions import indicators
from fahui.standards.policies.definitions import BadPolicy, answer, capabilities, demands, parts, policy


class Fault(NamedTuple):
    """What is wrong, and where."""

    place: str
    problem: str


def check_parts(known: Mapping[str, Set[str]]) -> list[Fault]:
    """References of `parts.yaml` to what is not there, and parts and capabilities nobody names.

    `known` holds by kind (page, register …) the names that exist; a kind it does not hold is not checked.
    """
    faults = [
        Fault("parts.yaml", f"{part.ref}: there is no {part.by} {part.name!r}")
        for part in parts().values() if part.by in known and part.name not in known[part.by]
    ]  # fmt: skip
    named = {ref for capability in capabilities().values() for ref in capability.answered}
    asked = set()
    for city in cities.available():
        for _clause, demand in demands(city):
            named.update(demand.answered)
            asked.add(demand.capability)
    faults += [Fault("parts.yaml", f"{ref}: nothing names it; remove it") for ref in sorted(parts().keys() - named)]
    return faults + [
        Fault("capabilities.yaml", f"{name}: no policy asks for it; remove it")
        for name in sorted(capabilities().keys() - asked)
    ]


def check_city(city_id: str) -> list[Fault]:
    """Everything wrong with a city's policy that needs no other text."""
    place = f"cities/{city_id}/policy.yaml"
    faults = []
    told = policy(city_id)
    if told.document != cities.load_city(city_id).policy:
        faults.append(Fault(place, "document is not what city.yaml says; write the same in both"))
    for kind, names in (
        ("clause", [clause.id for clause in told.clauses]),
        ("demand", [demand.id for _clause, demand in demands(city_id)]),
    ):
        faults += [
            Fault(place, f"{kind} {name!r} stands {count} times; keep one")
            for name, count in Counter(names).items()
            if count > 1
        ]
    for _clause, demand in demands(city_id):
        try:
            answer(demand, city_id)
        except BadPolicy as error:
            faults.append(Fault(place, str(error)))
    return faults + _targets(city_id, place)


def _targets(city_id: str, place: str) -> list[Fault]:
    """Targets and demands must name each other."""
    measured = {(name, demand.id) for _clause, demand in demands(city_id) for name in demand.indicators}
    counted = {(indicator.id, name) for indicator in indicators(city_id).indicators for name in indicator.demands}
    if not policy(city_id).clauses:
        return []
    return [
        *(
            Fault(place, f"demand {demand} names target {name}, which does not name it; add it to its `demands`")
            for name, demand in sorted(measured - counted)
        ),
        *(
            Fault(place, f"target {name} names demand {demand}, which does not name it; add it to its `indicators`")
            for name, demand in sorted(counted - measured)
        ),
    ]


def check_quotes(city_id: str, text: str) -> list[Fault]:
    """Quotes and headings that are not, letter by letter, in the document's text."""
    return [
        *(
            Fault(demand.id, f"not in the text: {demand.quote[:60]!r}")
            for _clause, demand in demands(city_id)
            if demand.quote not in text
        ),
        *(
            Fault(clause.id, f"heading not in the text: {clause.heading.zh!r}")
            for clause in policy(city_id).clauses
            if clause.heading.zh not in text
        ),
        *(
            Fault(i.id, f"not in the text: {i.quote[:60]!r}")
            for i in indicators(city_id).indicators
            if i.quote not in text
        ),
    ]
