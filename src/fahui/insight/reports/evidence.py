"""What stands behind a policy clause by clause: each demand in its words, what the platform has for it, and the figures that show it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from fahui.insight.reports.content import Chapter, Line, Proof
from fahui.standards.policies.definitions import answer, demands
from fahui.standards.policies.schema import Demand, State

STATE_ZH: dict[State, str] = {"answered": "平台能做", "partly": "做了一部分", "not_yet": "还没有", "outside": "软件之外"}


def evidence(city_id: str, lines: tuple[Line, ...]) -> tuple[Chapter, ...]:
    """The whole policy of a city, with the figures of a report. Raises BadPolicy for data that does not fit together."""
    known = {line.id: line for line in lines}
    return tuple(
        Chapter(clause.id, clause.heading.zh, tuple(_proof(city_id, demand, known) for _clause, demand in inside))
        for clause, inside in groupby(demands(city_id), key=lambda pair: pair[0])
    )


def _proof(city_id: str, demand: Demand, known: Mapping[str, Line]) -> Proof:
    found = answer(demand, city_id)
    return Proof(
        demand.id, demand.quote, "、".join(demand.responsible), STATE_ZH[found.state],
        tuple(part.zh for part in found.parts if part.by != "indicator"),
        "；".join(words.zh for words in (found.not_yet, found.outside) if words),
        tuple(known[name] for name in demand.indicators if name in known),
    )  # fmt: skip
