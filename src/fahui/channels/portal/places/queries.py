"""What the directory counts from other floors: the service record of a person or an institution. Never typed, never a score."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from fahui.casework.cases.models import Assignment
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.people.models import Institution, Posting, Practitioner
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import within

LEAST = 5  # a smaller count could point at somebody's matter
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Served:
    """Finished assignments in the last twelve months; None stands for one to four, which is not told more exactly."""

    matters: int | None
    postings: int


def served(people: Collection[int], now: datetime) -> Served:
    """The service record of these practitioners. Sealed matters are never counted. Two queries."""
    today = now.date()
    with as_system():
        matters = Assignment.objects.filter(
            practitioner_id__in=people, status="done", ended_at__gte=now - YEAR, case__sealed=False
        ).count()
    holding = Posting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), practitioner_id__in=people, valid_from__lte=today
    ).count()
    return Served(matters if matters == 0 or matters >= LEAST else None, holding)


def languages_spoken() -> list[str]:
    """Languages that active practitioners and institutions have on record, for the choice."""
    found: set[str] = set()
    for model in (Institution, Practitioner):
        for held in model.objects.filter(active=True).exclude(languages=[]).values_list("languages", flat=True).distinct()[:200]:
            found.update(held)
    return sorted(found)


def fields_of_work() -> list[str]:
    """Fields of practice on record, the commonest first."""
    counts: dict[str, int] = {}
    rows = Practitioner.objects.filter(active=True).exclude(fields=[]).values_list("fields").annotate(n=Count("id"))
    for held, number in rows[:500]:
        for name in held:
            counts[name] = counts.get(name, 0) + number
    return sorted(counts, key=lambda name: (-counts[name], name))[:30]


def region(code: int, city: int) -> Region | None:
    """A region of the city, or None."""
    return within(city).filter(pk=code).first()
