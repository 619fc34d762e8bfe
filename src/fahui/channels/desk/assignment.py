"""Choosing a provider: three suggestions with their reasons, and those whom a rule bars with why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fahui.casework.assignment.queries import suggestions
from fahui.casework.assignment.rules import Suggestion, ranked
from fahui.casework.cases.models import Case
from fahui.casework.definitions.schema import Action
from fahui.foundation.people.models import Practitioner

EFFECT = "offer_assignment"
KINDS = dict(Practitioner.KINDS)


@dataclass(frozen=True)
class Choice:
    """What the assignment section shows."""

    first: list[dict[str, Any]]
    others: list[dict[str, Any]]
    barred: list[dict[str, Any]]


def chooses_provider(action: Action) -> bool:
    """Whether this action offers the case to somebody."""
    return EFFECT in action.effects


def choice(case: Case, language: str, chosen: str = "") -> Choice:
    """The suggestions, best first; the others that no rule bars; and the barred."""
    everyone = suggestions(case, everyone=True)
    fit = ranked(everyone, len(everyone))
    return Choice(
        [_card(s, language, chosen) for s in fit[:3]], [_card(s, language, chosen) for s in fit[3:]],
        [_card(s, language, chosen) for s in everyone if s.barred],
    )  # fmt: skip


def _card(found: Suggestion, language: str, chosen: str) -> dict[str, Any]:
    candidate, english = found.candidate, language.startswith("en")
    kind = KINDS.get(candidate.kind, "")
    return {
        "id": candidate.id, "name": candidate.name, "firm": candidate.firm, "kind": _(kind),
        "load": candidate.load, "years": candidate.practice_years, "score": found.score,
        "reasons": [r.en if english else r.zh for r in found.reasons], "barred": found.barred,
        "conflicts": _("曾代理对方：%(names)s") % {"names": "、".join(candidate.conflicts)} if candidate.conflicts else "",
        "chosen": str(candidate.id) == chosen,
    }  # fmt: skip
