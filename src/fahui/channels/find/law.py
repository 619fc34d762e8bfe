"""Laws: those whose name is typed, the article that is cited, and the articles that govern the question."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from fahui.channels.find.hits import Filters, Hit, Page, Place, cursor
from fahui.channels.find.marks import excerpt
from fahui.channels.find.reading import Asked
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader
from fahui.knowledge.citations.linking import looked_up
from fahui.knowledge.laws.models import Article, LawWork
from fahui.knowledge.laws.queries import articles_by_key, works
from fahui.knowledge.search import queries as search
from fahui.knowledge.search.text import pairs

KINDS = {"law": search.LAW, "interpretation": search.INTERPRETATION, "regulation": search.REGULATION}
RANKS = {"law": ("law", "constitution"), "interpretation": ("judicial",), "regulation": ("regulation",)}
FARTHEST = 200  # articles that are ranked at all
_NAMED = 3
_NUMBERED = re.compile(r"[0-9〇零一二三四五六七八九十百千]\s*条|[\u4e00-\u9fff]\s*[0-9]{1,4}(?:-[0-9]{1,2})?\s*$|\b[Aa]rt|§")
# Something is always best: below SURE one of those shown must say a word of the question. So far below the best nothing helps.
SURE, TAIL = 0.5, 5.0


def laws(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """A page of articles in force on a day, best first; the first page begins with the law that is named. A citation finds
    its article alone."""
    if _NUMBERED.search(asked.meant) and (cited := _cited(asked, filters)):
        return Page(cited)
    first = [] if after else _named(asked, filters)
    kinds = search.Filters(kinds=[KINDS[filters.law]] if filters.law in KINDS else ())
    found = search.find(asked.meant, FARTHEST, filters.day or clock.today(), kinds)
    best = found[0].score if found else 0.0
    found = [hit for hit in found if hit.score > best - TAIL]
    if after is not None:
        found = [hit for hit in found if (-hit.score, hit.id) > (-after[0], after[1])]
    shown = found[:size]
    scores = {hit.id: hit.score for hit in shown}
    rows = articles_by_key(list(scores))
    said = {pair for word in (*asked.words, *asked.legal) for pair in pairs(word)}
    if found and best < SURE and not any(pair in row.text for row in rows for pair in said):
        return Page(first)
    following = cursor(shown[-1].score, shown[-1].id) if len(found) > size else ""
    return Page([*first, *(article_hit(row, scores[row.pk], asked) for row in rows)], following)


def _cited(asked: Asked, filters: Filters) -> list[Hit]:
    """The articles a text cites."""
    keys = [one.article.id for place in looked_up(asked.meant, filters.day) for one in place.resolutions if one.article]
    return [article_hit(row, float("inf"), asked) for row in articles_by_key([key for key in keys if key][:_NAMED])]


def _named(asked: Asked, filters: Filters) -> list[Hit]:
    """The laws whose title or other name the text is part of."""
    text = asked.meant
    if text.isascii() or not 2 <= len(text) <= 40:
        return []
    ranks = RANKS.get(filters.law, ())
    found = [row for row in works(name=text).rows if not ranks or row.rank in ranks]
    return [_work_hit(row) for row in sorted(found, key=lambda row: (len(row.title), row.pk))[:_NAMED]]


def _work_hit(row: LawWork) -> Hit:
    return Hit(row.pk, float("inf"), row.title, f"/laws/{row.pk}/", _(dict(LawWork.RANKS)[row.rank]), of=row)


def article_hit(row: Article, score: float, asked: Asked) -> Hit:
    """An article as a hit."""
    number = f"{row.number}-{row.sub}" if row.sub else str(row.number) if row.number else f"p{row.position}"
    version = row.version
    return Hit(
        row.pk, score, f"《{version.work.short}》{row.label}", f"/laws/{version.work_id}/{number}",
        " › ".join(row.chapter[-2:]), excerpt(row.text, asked), of=row,
    )  # fmt: skip
