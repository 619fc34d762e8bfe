"""Reading curated answers. What is published is public; the rest is for the editors' desk."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.roles import in_reach, may_edit, shown_to
from fahui.knowledge.content.rules import best


def published() -> list[CuratedAnswer]:
    """Every answer residents may be shown today."""
    return list(CuratedAnswer.objects.filter(state="published", review_by__gte=clock.today()).order_by("slug"))


def listed(reader: Reader) -> list[CuratedAnswer]:
    """The answers of the editor's places with how often they were shown and rated there (`shown`, `useful`, `not_useful`),
    what waits for review first; also what is published for a wider place. Drafts of other places are left out.

    Raises Forbidden.
    """
    may_edit(reader)
    there = in_reach(reader, "uses__region_code") & Q(uses__isnull=False)
    rated = {name: Count("uses", filter=there & Q(uses__rating=name)) for name in ("useful", "not_useful")}
    rows = CuratedAnswer.objects.filter(shown_to(reader)).select_related("author", "reviewer")
    rows = rows.annotate(shown=Count("uses", filter=there), **rated)
    order = ["review", "draft", "published", "expired"]
    return sorted(rows, key=lambda row: (order.index(row.state), row.slug))


def one(reader: Reader, pk: int) -> CuratedAnswer:
    """One answer for its editors; whoever only reads it there has no post that `roles.covers` its place. Raises Forbidden, Missing."""
    may_edit(reader)
    found = CuratedAnswer.objects.select_related("author", "reviewer").filter(shown_to(reader), pk=pk).first()
    if found is None:
        raise Missing(_("没有这条问答。"))
    return found


def fitting(text: str, region_code: int | None = None) -> CuratedAnswer | None:
    """The published answer that fits these words best, else the first that says all of them itself."""
    held = published()
    words = text.split()
    told = [row for row in held if words and all(word in row.question_zh + row.answer_zh for word in words)]
    return best(text, held, region_code) or (told[0] if told else None)
