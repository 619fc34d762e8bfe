"""Asking the index."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock

import numpy as np

from fahui.foundation import clock
from fahui.knowledge.laws.models import Article
from fahui.knowledge.laws.queries import articles_by_key
from fahui.knowledge.search import rank, sayings
from fahui.knowledge.search.index import StoredIndex
from fahui.knowledge.search.models import SearchIndex
from fahui.knowledge.search.text import characters, law_key, pairs, words
from fahui.knowledge.search.vocabulary import help_words, trees, vectors

LAW, INTERPRETATION, REGULATION = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found: its id in the store, the title of its law, and how well it fits beside the other hits."""

    id: int
    law: str
    score: float


@dataclass(frozen=True, slots=True)
class Filters:
    """Only articles of these laws (titles, full or short) and these kinds: LAW, INTERPRETATION, REGULATION."""

    laws: Collection[str] = ()
    kinds: Collection[int] = ()


def find(text: str, limit: int = 10, as_of: date | None = None, filters: Filters | None = None) -> list[Hit]:
    """The articles that govern what the text asks, best first, of the law in force on a day (today).

    The same text over the same index gives the same hits. Nothing in common with any article: no hits.
    """
    index = current()
    if index is None:
        return []
    question = text[: rank.LONGEST]
    extra = help_words(question)
    index.read(_terms(question, extra))
    allowed = _allowed(index, as_of or clock.today(), filters or Filters())
    scored = rank.candidates(question, extra, index, vectors(), allowed)
    if scored is None:
        return []
    places, scores = rank.ranked(scored, trees())
    ids, law = index.columns["id"], index.columns["law"]
    best = zip(places[:limit].tolist(), scores[:limit].tolist(), strict=True)
    return [Hit(int(ids[place]), index.laws[law[place]], score) for place, score in best]


@dataclass(frozen=True, slots=True)
class Found:
    """One article found, with its text, version and law, and how well it fits."""

    article: Article
    score: float


def search(text: str, limit: int = 10, as_of: date | None = None, filters: Filters | None = None) -> list[Found]:
    """What `find` finds, read from the store."""
    scores = {hit.id: hit.score for hit in find(text, limit, as_of, filters)}
    return [Found(article, scores[article.pk]) for article in articles_by_key(list(scores))]


_lock = Lock()
_open: StoredIndex | None = None


def current() -> StoredIndex | None:
    """The newest index that is ready, or None before the first import of laws."""
    global _open  # one a process, so that what it read stays read
    newest = SearchIndex.objects.filter(ready=True).order_by("-id").values_list("pk", flat=True).first()
    if newest is None:
        return None
    with _lock:
        if _open is None or _open.id != newest:
            _open = StoredIndex(SearchIndex.objects.get(pk=newest))
            _masks.cache_clear()
        return _open


def outdated() -> bool:
    """Whether the index was built with other word vectors than those shipped now, or before sayings: it answers, but less well."""
    index = current()
    return index is not None and not (vectors().fit(index.columns) and sayings.fit(index.columns))


def _terms(question: str, extra: str) -> dict[str, list[str]]:
    """Everything ranking will ask for, so that one query brings it."""
    own = {"p": list(dict.fromkeys(pairs(question))), "w": list(dict.fromkeys(words(question)))}
    added = {"p": pairs(extra), "w": words(extra)}
    wanted = {f"{field}{cut}": own[cut] for cut in "pw" for field in "tlc"}
    wanted |= {f"b{cut}": list(dict.fromkeys(own[cut] + added[cut])) for cut in "pw"}
    return wanted | {sayings.KIND: own["p"], "bc": list(dict.fromkeys(characters(question)))}


def _allowed(index: StoredIndex, day: date, filters: Filters) -> np.ndarray | None:
    """Which articles may be found, or None if all."""
    wanted = frozenset(map(law_key, filters.laws))
    return _masks(index, day.toordinal(), wanted, frozenset(filters.kinds))


@lru_cache(maxsize=64)
def _masks(index: StoredIndex, day: int, laws: frozenset[str], kinds: frozenset[int]) -> np.ndarray | None:
    columns = index.columns
    mask = (columns["since"] <= day) & (day <= columns["until"])
    if laws:
        mask &= np.isin(columns["law"], [i for i, title in enumerate(index.laws) if law_key(title) in laws])
    if kinds:
        mask &= np.isin(columns["kind"], list(kinds))
    return None if mask.all() else mask
