"""What people say of an article, saying by saying: 修车不给钱扣车 and 干洗店扣衣服 are two stories of one article. Pure numpy.

An article is found by the one saying that the question comes nearest to; words strewn over several count for little. That a text
is found by what would be asked about it is after Nogueira and Lin, "From doc2query to docTTTTTquery", 2019.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fahui.knowledge.search.meaning import Bags, Vectors, flattened, nearness
from fahui.knowledge.search.text import pairs
from fahui.knowledge.search.worth import Posting, rarity

KIND = "sp"  # sayings, by pairs
FEATURES = ("part", "most", "fit", "near")
_SHORT = 3.0  # added to what a saying says in all, so that one of two characters is not said by accident
_UNSAID = 10.0  # the same for a question


def weigh(sayings: Sequence[Sequence[str]]) -> tuple[dict[str, Posting], np.ndarray]:
    """The pairs of all sayings, numbered through, each worth its rarity among articles; and what each saying says in all."""
    held: defaultdict[str, list[int]] = defaultdict(list)
    articles: defaultdict[str, set[int]] = defaultdict(set)
    number = 0
    for article, own in enumerate(sayings):
        for saying in own:
            for pair in set(pairs(saying)):
                held[pair].append(number)
                articles[pair].add(article)
            number += 1
    spoken = sum(map(bool, sayings))
    mass = np.zeros(number, np.float32)
    terms: dict[str, Posting] = {}
    for pair, numbers in held.items():
        units = np.array(numbers, np.int32)
        rare = np.float16(rarity(spoken, len(articles[pair])))
        terms[pair] = units, np.full(len(units), rare, np.float16)
        mass[units] += np.float32(rare)
    return terms, mass


def columns(sayings: Sequence[Sequence[str]], mass: np.ndarray, vectors: Vectors) -> dict[str, np.ndarray]:
    """Where each article's sayings begin, what each says in all, and its words to compare by meaning."""
    start = np.cumsum([0, *map(len, sayings)]).astype(np.int32)
    flat = [saying for own in sayings for saying in own]
    return {"spoken": start, "spoken_mass": mass} | Bags.build(flat, vectors).columns("saying")


def fit(held: Mapping[str, np.ndarray]) -> bool:
    """Whether an index knows of sayings: one of an earlier edition does not."""
    return "spoken" in held


@dataclass(frozen=True, slots=True)
class Heard:
    """One question beside all sayings of an index."""

    over: np.ndarray  # how much of each saying the question says
    whole: float  # how much the question says in all
    columns: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, terms: Sequence[str], postings: Mapping[str, Posting], held: Mapping[str, np.ndarray]) -> Heard:
        """A question by its pairs, over an index that knows of sayings or not."""
        if not fit(held):
            return cls(np.zeros(0, np.float32), _UNSAID, {"spoken": np.zeros(len(held["law"]) + 1, np.int32)})
        over = np.zeros(len(held["spoken_mass"]), np.float32)
        whole = _UNSAID
        for units, weights in (postings[term] for term in terms if term in postings):
            over[units] += weights
            whole += float(weights[0])
        return cls(over, whole, held)

    def best(self) -> np.ndarray:
        """The best fit of any saying of each article of the index."""
        start = self.columns["spoken"]
        out = np.zeros(len(start) - 1, np.float32)
        full = np.flatnonzero(np.diff(start))
        if len(full):
            out[full] = np.maximum.reduceat(self._fit(slice(None)), start[full])
        return out

    def describe(self, asked: np.ndarray, places: np.ndarray, vectors: Vectors) -> dict[str, np.ndarray]:
        """Of the articles at these places, what their best saying is worth: the part of it that is asked, how much that is, how well

        both cover each other, and how near they are in meaning (a cosine). Zeros without sayings.
        """
        known = {name: np.zeros(len(places), np.float32) for name in FEATURES}
        numbers, first, full = flattened(self.columns["spoken"], places)
        if not len(full):
            return known
        said = self.over[numbers]
        worth = {"part": said / (self.columns["spoken_mass"][numbers] + _SHORT), "most": said, "fit": self._fit(numbers)}
        if vectors.fit(self.columns):
            worth["near"] = nearness(asked, Bags.of(self.columns, "saying"), numbers, vectors)
        for name, each in worth.items():
            known[name][full] = np.maximum.reduceat(each, first)
        return known

    def _fit(self, numbers: np.ndarray | slice) -> np.ndarray:
        """How well question and saying cover each other, from 0 to 1."""
        covered: np.ndarray = self.over[numbers] ** 2 / ((self.columns["spoken_mass"][numbers] + _SHORT) * self.whole)
        return covered
