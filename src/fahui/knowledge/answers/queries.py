"""Reading what was asked, for those who answer for the answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from fahui.foundation.accounts.scope import Reader
from fahui.knowledge.answers.models import AskedQuestion
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
    count = lambda name: dict(rows.values_list(name).annotate(n=Count("id")).order_by())  # noqa: E731 - two uses
    return Tally(count("kind"), count("rating"))
