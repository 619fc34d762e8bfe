"""From a question to ranked articles: first scores over all, then a learned order of the best few hundred. Pure numpy.

Trees were learned by `bench/laws_train.py` (LambdaMART) and are walked here as bit masks, after Lucchese and others,
"QuickScorer", SIGIR 2015. The same question over the same index gives the same order, always.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from fahui.knowledge.search import sayings
from fahui.knowledge.search.meaning import Bags, Vectors, likeness
from fahui.knowledge.search.sayings import Heard
from fahui.knowledge.search.text import characters, pairs, words
from fahui.knowledge.search.worth import Posting, rarity

LONGEST = 300  # characters of a question that are read
POOL, MORE = 200, 30
HELP = 0.35  # what a word that the vocabulary added is worth beside the resident's own
_NEAR = ("near", "said", "meant")  # the three numbers of `likeness`
_STATIC = ("length", "place", "penal", "means", "term", "items", "frame", "topics", "kind", "size")


ALL_LEAVES = np.uint16(0xFFFF)
_AT_ONCE = 50  # trees: what they need then stays in the processor's cache
# The number of the lowest bit of every mask: the leaf a row falls into.
_LOWEST = np.array([max((i & -i).bit_length() - 1, 0) for i in range(0x10000)], np.uint8)


class Index(Protocol):
    """What ranking needs of an index, wherever it is kept."""

    @property
    def columns(self) -> Mapping[str, np.ndarray]:
        """One array a fact, in the order of the passages."""

    def postings(self, kind: str, terms: Sequence[str]) -> Mapping[str, Posting]:
        """Those of the terms that the index knows."""


@dataclass(frozen=True, slots=True)
class Trees:
    """A forest of small regression trees, flattened: the inner nodes of all trees side by side."""

    feature: np.ndarray  # of each inner node
    limit: np.ndarray  # goes left at or below it
    mask: np.ndarray  # uint16: the leaves that remain when it goes right, so 16 leaves a tree at most
    start: np.ndarray  # first inner node of each tree
    leaf: np.ndarray  # value of each leaf, a row a tree
    names: tuple[str, ...]  # of the features, in order

    @classmethod
    def load(cls, path: Path) -> Trees:
        """From the file that the trainer wrote."""
        with np.load(path) as held:
            names = tuple(str(name) for name in held["names"])
            return cls(held["feature"], held["limit"], held["mask"], held["start"], held["leaf"], names)

    def score(self, rows: np.ndarray) -> np.ndarray:
        """One number a row; more is better."""
        columns = np.ascontiguousarray(rows.T)
        total = np.zeros(len(rows), np.float32)
        ends = np.append(self.start, len(self.feature))
        for first in range(0, len(self.start), _AT_ONCE):
            start = self.start[first : first + _AT_ONCE]
            nodes = slice(start[0], ends[first + len(start)])
            right = columns[self.feature[nodes]] > self.limit[nodes, None]
            gone = np.bitwise_or.reduceat(right * ~self.mask[nodes, None], start - start[0], axis=0)
            trees = np.arange(first, first + len(start))[:, None]
            total += self.leaf[trees, _LOWEST[~gone]].sum(axis=0)
        return total


@dataclass(frozen=True, slots=True)
class Scored:
    """The candidates of one question: their places in the index, what is known of each, and the plain score."""

    places: np.ndarray
    rows: np.ndarray
    plain: np.ndarray


def candidates(
    question: str, help_words: str, index: Index, vectors: Vectors, allowed: np.ndarray | None = None
) -> Scored | None:
    """The articles worth a closer look, described. None if the question has not one word in common with any."""
    question = question[:LONGEST]
    columns = index.columns
    law, chapter = columns["law"], columns["chapter"]
    own = {"p": list(dict.fromkeys(pairs(question))), "w": list(dict.fromkeys(words(question)))}
    added = {"p": list(dict.fromkeys(pairs(help_words))), "w": list(dict.fromkeys(words(help_words)))}
    held = {cut: index.postings(f"b{cut}", own[cut] + added[cut]) for cut in "pw"}
    body = {cut: _sum(held[cut], own[cut], len(law)) for cut in "pw"}
    helped = {cut: _sum(held[cut], added[cut], len(law)) for cut in "pw"}
    topic = {cut: _sum(index.postings(f"t{cut}", own[cut]), own[cut], len(law)) for cut in "pw"}
    in_law = {cut: index.postings(f"l{cut}", own[cut]) for cut in "pw"}
    in_chapter = {cut: index.postings(f"c{cut}", own[cut]) for cut in "pw"}
    laws = {cut: _sum(in_law[cut], own[cut], int(law.max(initial=0)) + 1) for cut in "pw"}
    chapters = {cut: _sum(in_chapter[cut], own[cut], len(columns["chapter_law"])) for cut in "pw"}
    words_found = body["p"] + 0.7 * body["w"] + HELP * (helped["p"] + 0.7 * helped["w"])
    base = words_found + (0.5 * laws["p"] + 0.2 * laws["w"])[law] + (0.6 * chapters["p"] + 0.2 * chapters["w"])[chapter]
    plain = base + 2.0 * columns["law_prior"] + 0.7 * columns["chapter_prior"]
    lawful = body["p"] + columns["law_prior"]
    if allowed is not None:
        plain, lawful = np.where(allowed, plain, -np.inf), np.where(allowed, lawful, -np.inf)
        topic = {cut: np.where(allowed, score, 0) for cut, score in topic.items()}
    heard = Heard.of(own["p"], index.postings(sayings.KIND, own["p"]), columns)
    said = heard.best()
    if allowed is not None:
        said = np.where(allowed, said, 0)
    first = (_best(plain, POOL), _best(topic["p"], MORE), _best(lawful, MORE), _best(said, MORE))
    places = functools.reduce(np.union1d, first)
    places = places[np.isfinite(plain[places]) & ((base[places] > 0) | (said[places] > 0))]
    if not len(places):
        return None
    at_law, at_chapter = law[places], chapter[places]
    known: dict[str, np.ndarray] = {}

    def tell(name: str, here: np.ndarray, top: float) -> None:
        known[name], known[f"{name}_n"] = here, here / (top + 1e-6)
        known[f"{name}_r"] = np.argsort(np.argsort(-here, kind="stable"), kind="stable")

    for cut in "pw":
        tell(f"body_{cut}", body[cut][places], body[cut].max())
        tell(f"topic_{cut}", topic[cut][places], topic[cut].max(initial=0))
        for name, score in (
            ("help", helped[cut][places]),
            ("law", laws[cut][at_law]),
            ("chapter", chapters[cut][at_chapter]),
        ):
            known[f"{name}_{cut}"], known[f"{name}_{cut}_n"] = score, score / (score.max() + 1e-6)
    known["topic_share"] = topic["p"][places] / (columns["topic_mass"][places] + 10)
    single = list(dict.fromkeys(characters(question)))
    by_character = _look_up(index.postings("bc", single), single, places)
    tell("body_c", by_character, by_character.max(initial=0))
    share, said = _covered(own["p"], held["p"], in_law["p"], in_chapter["p"], places, at_law, at_chapter, len(law))
    known["cover"], known["cover_doc"] = share, said / (columns["mass"][places] + 10)
    lowest = plain[places].min()
    tell("plain", plain[places] - lowest, plain[places].max() - lowest)
    tell("base", base[places], base.max())
    asked = vectors.of(question)
    known |= _meaning(asked, columns, places, at_chapter, vectors)
    for name, here in heard.describe(asked, places, vectors).items():
        known[f"said_{name}"], known[f"said_{name}_n"] = here, here - here.max()
        known[f"said_{name}_r"] = np.argsort(np.argsort(-here, kind="stable"), kind="stable")
    known |= _company(places, base, plain, at_law, at_chapter, law)
    known["law_prior"], known["chapter_prior"] = columns["law_prior"][places], columns["chapter_prior"][places]
    known |= {name: columns[name][places] for name in _STATIC}
    known["along"] = columns["place"][places] / columns["size"][places]
    known["asked"] = np.full(len(places), len(question))
    rows = np.stack([np.asarray(known[name], np.float32) for name in NAMES], axis=1)
    return Scored(places, rows, plain[places])


def ranked(scored: Scored, trees: Trees) -> tuple[np.ndarray, np.ndarray]:
    """The candidates, best first, with their scores; equal ones in the order of the index."""
    score = trees.score(scored.rows)
    order = np.lexsort((scored.places, -score))
    return scored.places[order], score[order]


def _sum(postings: Mapping[str, Posting], terms: Sequence[str], size: int) -> np.ndarray:
    total = np.zeros(size, np.float32)
    for term in terms:
        if term in postings:
            units, weights = postings[term]
            total[units] += weights
    return total


def _best(score: np.ndarray, count: int) -> np.ndarray:
    found = np.flatnonzero(score > 0) if not (score < 0).any() else np.flatnonzero(np.isfinite(score))
    if len(found) <= count:
        return found
    part = score[found]
    least = np.partition(part, len(part) - count)[len(part) - count]
    above, equal = found[part > least], found[part == least]
    return np.union1d(above, equal[: count - len(above)])


def _holds(units: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Which of the places stand among the units, which ascend."""
    among: np.ndarray = units[np.minimum(np.searchsorted(units, places), len(units) - 1)] == places
    return among


def _look_up(postings: Mapping[str, Posting], terms: Sequence[str], places: np.ndarray) -> np.ndarray:
    """The sum of `_sum` at a few places only, which is quicker for terms that stand nearly everywhere."""
    total = np.zeros(len(places), np.float32)
    for term in terms:
        if term in postings:
            units, weights = postings[term]
            at = np.minimum(np.searchsorted(units, places), len(units) - 1)
            total += np.where(units[at] == places, weights[at], 0)
    return total


def _covered(
    terms: Sequence[str], body: Mapping[str, Posting], in_law: Mapping[str, Posting], in_chapter: Mapping[str, Posting],
    places: np.ndarray, at_law: np.ndarray, at_chapter: np.ndarray, size: int,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """How much of what the question says each article says, with its law's and chapter's name: as a share, and in all."""
    whole, said = 0.0, np.zeros(len(places), np.float32)
    for term in terms:
        weight = rarity(size, len(body[term][0])) if term in body else 10.0
        whole += weight
        here = np.zeros(len(places), bool)
        for postings, at in ((body, places), (in_law, at_law), (in_chapter, at_chapter)):
            if term in postings:
                here |= _holds(postings[term][0], at)
        said += weight * here
    return said / max(whole, 1e-6), said


def _meaning(
    asked: np.ndarray, columns: Mapping[str, np.ndarray], places: np.ndarray, at_chapter: np.ndarray, vectors: Vectors
) -> dict[str, np.ndarray]:
    """How near the question is in meaning to each article, to its topics and to the heading above it."""
    heads, group = np.unique(at_chapter, return_inverse=True)
    each = np.arange(len(places))
    fits = vectors.fit(columns)
    known: dict[str, np.ndarray] = {}
    for text, units, back in (("whole", places, each), ("topic", places, each), ("head", heads, group)):
        nothing = np.zeros((len(_NEAR), len(units)), np.float32)
        near = likeness(asked, Bags.of(columns, text), units, vectors) if fits else nothing
        for name, here in zip(_NEAR, near[:, back], strict=True):
            known[f"{text}_{name}"], known[f"{text}_{name}_n"] = here, here - here.max()
            known[f"{text}_{name}_r"] = np.argsort(np.argsort(-here, kind="stable"), kind="stable")
    return known


def _company(
    places: np.ndarray, base: np.ndarray, plain: np.ndarray, at_law: np.ndarray, at_chapter: np.ndarray, law: np.ndarray
) -> dict[str, np.ndarray]:
    """What stands around an article: how its law, its chapter and its neighbours do."""
    highest = base.max() + 1e-6
    first = places[np.argsort(-plain[places], kind="stable")[:50]]
    known: dict[str, np.ndarray] = {}
    for name, at, in_first in (("law", at_law, law[first]), ("chapter", at_chapter, None)):
        values, group = np.unique(at, return_inverse=True)
        top = np.full(len(values), -np.inf)
        np.maximum.at(top, group, base[places])
        known[f"{name}_top"] = top[group] / highest
        among = in_first if in_first is not None else at_chapter[np.isin(places, first)]
        known[f"{name}_count"] = np.array([np.count_nonzero(among == value) for value in values])[group]

    def beside(step: int) -> np.ndarray:
        there = np.clip(places + step, 0, len(base) - 1)
        return np.where((there == places + step) & (law[there] == at_law), base[there], 0)

    before = beside(-1)
    known["before"] = before
    known["beside"] = (before + beside(1)) / 2
    known["near"] = (beside(-2) + beside(2)) / 2
    return known


def _names() -> tuple[str, ...]:
    ranks = ("", "_n", "_r")
    names = [f"{name}_{cut}{s}" for cut in "pw" for name in ("body", "topic") for s in ranks]
    names += [f"{name}_{cut}{s}" for cut in "pw" for name in ("help", "law", "chapter") for s in ("", "_n")]
    names += [f"{name}{s}" for name in ("body_c", "plain", "base") for s in ranks]
    names += [
        "cover",
        "cover_doc",
        "topic_share",
        "law_top",
        "law_count",
        "chapter_top",
        "chapter_count",
        "before",
        "beside",
        "near",
    ]
    names += [f"{text}_{name}{s}" for text in ("whole", "topic", "head") for name in _NEAR for s in ranks]
    names += [f"said_{name}{s}" for name in sayings.FEATURES for s in ranks]
    names += ["law_prior", "chapter_prior", *_STATIC, "along", "asked"]
    return tuple(names)


NAMES = _names()
