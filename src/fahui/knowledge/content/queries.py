"""Reading content. What is published is public; the rest is for the editors' desk."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing
from fahui.foundation.regions.rules import ancestors
from fahui.knowledge.content.models import CuratedAnswer, Reference
from fahui.knowledge.content.roles import in_reach, may_edit, shown_to
from fahui.knowledge.content.rules import found_by

_ORDER = ["review", "draft", "published", "expired"]
PAGE = 20
QUESTIONS = 60  # on a page of a topic: a line each
_READ = 2000  # references looked through for words


def published(*, words: bool = True) -> list[CuratedAnswer]:
    """Every answer residents may be shown today; without `words`, what tells whether it fits and what it stands on (`whole` has the rest)."""
    rows = CuratedAnswer.objects.filter(state="published", review_by__gte=clock.today()).order_by("slug")
    return list(rows if words else rows.only("slug", "asks", "unless", "region_code", "citations", "reviewer", "question_zh", "question_en"))


def whole(pk: int) -> CuratedAnswer:
    """One of those that are `published`, with its words."""
    return CuratedAnswer.objects.get(pk=pk)


def whole_of(slug: str, region_code: int | None = None) -> CuratedAnswer:
    """A published answer that holds in a place, by its address. Raises Missing."""
    found = _shown_in(region_code).filter(slug=slug).first()
    if found is None:
        raise Missing(_("没有这个问题，或者已经不再展示。"))
    return found


def questions_about(topic: str, region_code: int | None = None, after: str = "") -> list[CuratedAnswer]:
    """The questions of a topic that are answered in a place, by their addresses: a page and one more."""
    return list(_shown_in(region_code).filter(topic=topic, slug__gt=after).only("slug", "question_zh", "question_en").order_by("slug")[: QUESTIONS + 1])


def topics_answered(region_code: int | None = None) -> dict[str, int]:
    """How many questions of each topic are answered in a place."""
    return dict(_shown_in(region_code).values_list("topic").annotate(n=Count("id")).order_by())


def _shown_in(region_code: int | None) -> QuerySet[CuratedAnswer]:
    return CuratedAnswer.objects.filter(_holding_for(region_code), state="published", review_by__gte=clock.today())


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
    return sorted(rows, key=lambda row: (_ORDER.index(row.state), row.slug))


def one(reader: Reader, pk: int) -> CuratedAnswer:
    """One answer for its editors; whoever only reads it there has no post that `roles.covers` its place. Raises Forbidden, Missing."""
    may_edit(reader)
    found = CuratedAnswer.objects.select_related("author", "reviewer").filter(shown_to(reader), pk=pk).first()
    if found is None:
        raise Missing(_("没有这条问答。"))
    return found


def references_listed(reader: Reader, kind: str) -> list[Reference]:
    """The precedents or scripts of the editor's places, what waits for review first; others' drafts are left out. Raises Forbidden."""
    may_edit(reader)
    rows = Reference.objects.filter(shown_to(reader), kind=kind).select_related("author", "reviewer")
    return sorted(rows, key=lambda row: (_ORDER.index(row.state), row.title, row.pk))


def reference(reader: Reader, pk: int) -> Reference:
    """One precedent or script for its editors. Raises Forbidden, Missing."""
    may_edit(reader)
    found = Reference.objects.filter(shown_to(reader), pk=pk).select_related("author", "reviewer").first()
    if found is None:
        raise Missing(_("没有这条内容。"))
    return found


def _holding_for(region_code: int | None) -> Q:
    """What holds everywhere, or for a place around this one."""
    around = [region_code, *ancestors(region_code)] if region_code else []
    return Q(region_code__isnull=True) | Q(region_code__in=around)


def precedents(topic: str = "", region_code: int | None = None, before: int = 0) -> list[Reference]:
    """Published precedents, newest first: a page and one more."""
    rows = Reference.objects.filter(_holding_for(region_code), kind="precedent", state="published", review_by__gte=clock.today())
    rows = rows.filter(topic=topic) if topic else rows
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def precedent(pk: int) -> Reference:
    """A published precedent. Raises Missing."""
    found = Reference.objects.filter(pk=pk, kind="precedent", state="published", review_by__gte=clock.today()).first()
    if found is None:
        raise Missing(_("没有这个案例，或者已经不再展示。"))
    return found


def script(slug: str) -> Reference | None:
    """A published script, as its editors last wrote it."""
    return Reference.objects.filter(slug=slug, kind="script", state="published", review_by__gte=clock.today()).first()


def references_saying(text: str, ranges: Sequence[tuple[int, int]], limit: int = 3) -> list[Reference]:
    """Published scripts and precedents that say all of the words, those named so first; of the whole city and of the places
    in these ranges of region codes."""
    words = [word for word in text.split() if word][:6]
    if not words:
        return []
    there = Q(region_code__isnull=True)
    for low, high in ranges:
        there |= Q(region_code__gte=low, region_code__lt=high)
    rows = Reference.objects.filter(there, state="published", review_by__gte=clock.today()).order_by("-pk")[:_READ]
    scored = [(-found_by(words, row.title, [row.facts, *row.lines, *row.citations]), row.kind != "script", row.pk, row) for row in rows]
    return [row for score, _other, _pk, row in sorted(scored, key=lambda one: one[:3]) if score][:limit]
