"""What people said did not help, gathered for those who answer for it. Each is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from fahui.foundation import clock
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.content.models import CuratedAnswer

MOST = 5000  # ratings gathered at once; what is beyond waits for the next day


@dataclass(frozen=True)
class Unhelpful:
    """An answer that did not help: how often, why, and who is to be told. `pk` None: answers nobody wrote ahead, of one place."""

    pk: int | None
    title: str
    owner: str
    region_code: int | None
    user_ids: tuple[int, ...]
    count: int
    reasons: Mapping[str, int]


@transaction.atomic
def unhelpful() -> list[Unhelpful]:
    """What was rated as no use and nobody heard of yet, by answer, the most often rated first; from now on it counts as heard. To be
    run as the system."""
    rows = list(
        AskedQuestion.objects.select_for_update(of=("self",)).filter(rating="not_useful", told_at=None).order_by("id")[:MOST]
    )
    held: dict[tuple[int | None, int | None], list[AskedQuestion]] = {}
    for row in rows:
        held.setdefault((row.curated_id, None if row.curated_id else row.region_code), []).append(row)
    known = CuratedAnswer.objects.in_bulk([pk for pk, _region in held if pk])
    AskedQuestion.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=clock.now())
    found = [_told(known.get(pk or 0), region, group) for (pk, region), group in held.items()]
    return sorted(found, key=lambda one: (-one.count, one.pk or 0))


def _told(answer: CuratedAnswer | None, region: int | None, rows: list[AskedQuestion]) -> Unhelpful:
    reasons = Counter(row.reason for row in rows if row.reason)
    if answer is None:
        return Unhelpful(None, "", "", region, (), len(rows), reasons)
    users = tuple(user for user in (answer.author_id, answer.reviewer_id) if user)
    return Unhelpful(answer.pk, str(answer), answer.owner, answer.region_code, users, len(rows), reasons)
