"""What a question of the gold set got wrong, and whether a report is worse than another. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fahui.knowledge.proof.loader import Gold


@dataclass(frozen=True)
class Given:
    """What was said to a question: keys of the articles shown, and the danger heard."""

    kind: str
    topic: str
    danger: str
    articles: frozenset[int]


@dataclass(frozen=True)
class Fault:
    """A question that did not get what it must: codes of what is wrong (`kind`, `topic`, `danger`, `articles`, `unknown`)."""

    id: str
    ask: str
    wrong: tuple[str, ...]


def judge(one: Gold, given: Given, wanted: Collection[int | None]) -> Fault | None:
    """What is wrong with what was given; None if nothing is. `wanted`: the keys of the expected articles, None for one that
    the store does not have; with none of them there the question cannot be judged (`unknown`)."""
    wrong = []
    if given.kind != one.kind:
        wrong.append("kind")
    elif one.kind == "alarm" and given.danger != one.danger:
        wrong.append("danger")
    elif one.kind == "answer":
        held = {key for key in wanted if key is not None}
        if not given.articles & held:
            wrong.append("articles" if held else "unknown")
    if one.kind != "alarm" and one.topic and given.topic != one.topic:
        wrong.append("topic")
    return Fault(one.id, one.ask, tuple(wrong)) if wrong else None


def worse(now: Iterable[str], before: Iterable[str], known: Collection[str]) -> list[str]:
    """The questions that fail now and did not before, among those that both reports asked (`known` is what was asked before)."""
    failed_before = set(before)
    return sorted(one for one in now if one in known and one not in failed_before)
