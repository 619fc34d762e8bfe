"""The law at the side of a case: what the service's rules say of it now, step by step. Advice; a person decides.

A service may offer `explain(facts)` in its rules module (or `assess(facts)`): an object with the sentences `zh`, `en` and
`steps`, each with `ok` (True, False, None), `zh`, `en` and `basis`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import facts
from fahui.casework.definitions.loader import service
from fahui.casework.definitions.queries import definition_of
from fahui.foundation import clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader


@dataclass(frozen=True)
class Line:
    """One step: `met`, `not` or `open`, in words, with its basis."""

    level: str
    text: str
    basis: str


@dataclass(frozen=True)
class Explanation:
    """The advice and the steps that led to it."""

    advice: str
    lines: list[Line]


def explanation(case: Case, reader: Reader) -> Explanation | None:
    """What the rules of the case's service say, or None when they say nothing of this matter."""
    home, definition = service(case.service), definition_of(case.version_id)
    rules = home.rules
    tell = getattr(rules, "explain", None)
    if tell is None:
        start = definition.state(definition.matter(case.matter).start)
        # Help that a duty lawyer gives at once is not reviewed.
        tell = None if start.owner == Role.DUTY_LAWYER else getattr(rules, "assess", None)
    found = tell(facts(case, reader, {}, clock.now())) if tell else None
    if found is None:
        return None
    english = reader.language.startswith("en")
    lines = [
        Line({True: "met", False: "not"}.get(step.ok, "open"), step.en if english else step.zh, "、".join(step.basis))
        for step in found.steps
    ]
    return Explanation(found.en if english else found.zh, lines)
