"""Who suits a case: pure scoring of candidates, every point explained.

No candidate is ranked as a person; the score is of this match at this moment and is kept only with this assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fahui.foundation.regions.rules import parent


@dataclass(frozen=True)
class Candidate:
    """What is known of a practitioner, as plain values."""

    id: int
    name: str
    kind: str
    firm: str
    region: int
    serves: tuple[int, ...]
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    # Full years; None where the day it began is not on record.
    practice_years: int | None
    criminal_years: int | None
    load: int
    # Names of the other side they or their firm acted for or against before.
    conflicts: tuple[str, ...] = ()
    declined_this: bool = False

    def as_facts(self) -> Mapping[str, Any]:
        """As guards read it (`Facts.candidate`)."""
        return {
            "kind": self.kind, "practice_years": self.practice_years, "criminal_years": self.criminal_years,
            "tags": list(self.tags), "fields": list(self.fields), "conflicts": list(self.conflicts),
            "regions": [self.region, *self.serves], "load": self.load, "languages": list(self.languages),
        }  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One factor with its points, in words."""

    points: int
    zh: str
    en: str


@dataclass(frozen=True)
class Suggestion:
    """A candidate with the score and why; `barred` holds the rules that exclude them."""

    candidate: Candidate
    score: int
    reasons: tuple[Reason, ...]
    barred: tuple[str, ...] = field(default=())


def score(candidate: Candidate, wanted_field: str, region: int, languages: Sequence[str]) -> tuple[Reason, ...]:
    """The factors: field of practice, distance, load, language. Higher is better."""
    reasons = []
    if wanted_field and wanted_field in candidate.fields:
        reasons.append(Reason(40, f"专长{wanted_field}", f"Practises {wanted_field}"))
    elif wanted_field:
        reasons.append(Reason(0, f"没有登记{wanted_field}专长", f"{wanted_field} is not a registered field"))
    reasons.append(_distance(candidate, region))
    points = max(0, 30 - 5 * candidate.load)
    reasons.append(Reason(points, f"手上{candidate.load}件在办", f"{candidate.load} open cases"))
    shared = [language for language in languages if language in candidate.languages]
    if shared:
        reasons.append(Reason(15, f"会说{'、'.join(shared)}", f"Speaks {', '.join(shared)}"))
    return tuple(reasons)


def _distance(candidate: Candidate, region: int) -> Reason:
    county, own = _county(region), _county(candidate.region)
    if own == county or any(_county(code) == county for code in candidate.serves):
        return Reason(20, "在本县（区）执业", "Practises in this county")
    if own // 10**8 == county // 10**8:
        return Reason(8, "在本市其他县（区）执业", "Practises elsewhere in the city")
    return Reason(0, "在外市执业", "Practises outside the city")


def _county(code: int) -> int:
    while code % 10**6:
        above = parent(code)
        if above is None:
            break
        code = above
    return code


def ranked(suggestions: Sequence[Suggestion], count: int) -> list[Suggestion]:
    """The best matches that no rule bars; equal scores go to the lighter load, then by id so the order is stable."""
    fit = [s for s in suggestions if not s.barred]
    return sorted(fit, key=lambda s: (-s.score, s.candidate.load, s.candidate.id))[:count]
