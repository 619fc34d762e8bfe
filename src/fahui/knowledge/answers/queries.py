"""Reading what was asked, for those who answer for the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from fahui.foundation.accounts.scope import Reader
from fahui.foundation.regions.rules import ancestors
from fahui.knowledge.answers.models import AskedQuestion, TopicSwitch
from fahui.knowledge.content.roles import in_reach, may_edit

PAGE = 50


@dataclass(frozen=True)
class Tally:
    """How often questions were answered, raised an alarm, were declined; and how answers were rated."""

    kinds: dict[str, int]
    ratings: dict[str, int]


def asked(
    reader: Reader, *, kind: str = "", rating: str = "", curated: int = 0, before: int = 0
) -> list[AskedQuestion]:
    """Questions from the editor's places as they were answered, newest first: a page and one more. Raises Forbidden."""
    may_edit(reader)
    rows = AskedQuestion.objects.filter(in_reach(reader)).select_related("curated").order_by("-id")
    chosen = {name: value for name, value in (("kind", kind), ("rating", rating), ("curated_id", curated)) if value}
    rows = rows.filter(**chosen)
    return list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])


def tally(reader: Reader) -> Tally:
    """Counts over everything asked in the editor's places. Raises Forbidden."""
    may_edit(reader)
    rows = AskedQuestion.objects.filter(in_reach(reader))
    kinds, ratings = (dict(rows.values_list(name).annotate(n=Count("id")).order_by()) for name in ("kind", "rating"))
    return Tally(kinds, ratings)


def switched_off(subjects: Sequence[str], region_code: int | None) -> set[str]:
    """Which of these topics and kinds the machine does not answer here."""
    around = [region_code, *ancestors(region_code)] if region_code else []
    rows = TopicSwitch.objects.filter(
        Q(region_code__isnull=True) | Q(region_code__in=around), subject__in=subjects, off=True
    )
    return set(rows.values_list("subject", flat=True))


def switches(reader: Reader) -> list[TopicSwitch]:
    """The switches of the editor's places and those of the whole city, newest change first. Raises Forbidden."""
    may_edit(reader)
    rows = TopicSwitch.objects.filter(in_reach(reader) | Q(region_code__isnull=True)).select_related("changed_by")
    return list(rows.order_by("-changed_at", "-pk"))
