"""How near a question is in meaning to a text that shares no word with it: by vectors of single words. Pure numpy.

Each word has a vector, made once from a language model (`bench/laws_words.py`); no model runs here. Words weigh by how rare they
are in common Chinese, after Arora and others, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", ICLR 2017. That
each word looks for the likest of the other side is after Khattab and Zaharia, "ColBERT", SIGIR 2020.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fahui.knowledge.search.text import words


@dataclass(frozen=True, slots=True)
class Vectors:
    """The words that have a vector, numbered, with how much each weighs."""

    numbers: Mapping[str, int]
    rows: np.ndarray  # int8, one row a word
    lengths: np.ndarray  # float32, of the rows
    weights: np.ndarray  # float32: near 1 for a rare word, near 0 for one that stands everywhere
    edition: int  # of the words and their order, which an index must have been built with

    @classmethod
    def load(cls, path: Path) -> Vectors:
        """From the file that `bench/laws_words.py` wrote."""
        with np.load(path) as held:
            rows, weights = held["rows"], held["weights"].astype(np.float32)
            text = bytes(held["words"])
        lengths = np.linalg.norm(rows.astype(np.float32), axis=1) + np.float32(1e-6)
        numbers = {word: number for number, word in enumerate(text.decode().split("\n"))}
        edition = zlib.crc32(rows.tobytes(), zlib.crc32(text)) & 0x7FFFFFFF
        return cls(numbers, rows, lengths, weights, edition)

    def fit(self, columns: Mapping[str, np.ndarray]) -> bool:
        """Whether an index was built with these words: one of an earlier edition numbers others, or none."""
        return "vectors" in columns and int(columns["vectors"][0]) == self.edition

    def of(self, text: str) -> np.ndarray:
        """The numbers of a text's distinct words, ascending; a word without a vector counts as its characters."""
        found: set[int] = set()
        for word in words(text):
            if word in self.numbers:
                found.add(self.numbers[word])
            else:
                found.update(self.numbers[c] for c in word if c in self.numbers)
        return np.array(sorted(found), np.int32)

    def total(self, numbers: np.ndarray) -> np.ndarray:
        """The weighted sum of these words' vectors."""
        summed: np.ndarray = self.weights[numbers] @ self.rows[numbers].astype(np.float32)
        return summed


@dataclass(frozen=True, slots=True)
class Bags:
    """The distinct words of many texts, side by side: text i has those from `start[i]` to `start[i + 1]`."""

    words: np.ndarray  # int32
    start: np.ndarray  # int32
    length: np.ndarray  # float32: of the weighted sum of each text's vectors

    @classmethod
    def build(cls, texts: Sequence[str], vectors: Vectors) -> Bags:
        """Of these texts, in their order."""
        held = [vectors.of(text) for text in texts]
        start = np.cumsum([0, *map(len, held)]).astype(np.int32)
        length = np.array([np.linalg.norm(vectors.total(numbers)) for numbers in held], np.float32)
        return cls(np.concatenate([np.array([], np.int32), *held]), start, length)

    @classmethod
    def of(cls, columns: Mapping[str, np.ndarray], name: str) -> Bags:
        """As an index keeps them."""
        return cls(columns[f"{name}_words"], columns[f"{name}_start"], columns[f"{name}_sum"])

    def columns(self, name: str) -> dict[str, np.ndarray]:
        """As an index keeps them."""
        return {f"{name}_words": self.words, f"{name}_start": self.start, f"{name}_sum": self.length}


def flattened(start: np.ndarray, units: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the units hold, where unit i holds the numbers from `start[i]` to `start[i + 1]`: those numbers side by side, where each

    unit's begin among them, and which of the units hold any.
    """
    sizes = start[units + 1] - start[units]
    full = np.flatnonzero(sizes)
    sizes = sizes[full]
    first = np.cumsum(sizes) - sizes
    numbers = np.arange(sizes.sum()) + np.repeat(start[units[full]] - first, sizes)
    return numbers, first, full


def likeness(asked: np.ndarray, bags: Bags, units: np.ndarray, vectors: Vectors) -> np.ndarray:
    """Three rows over the texts named by `units`, each from -1 or 0 to 1: the cosine of the two sums; how well each word that

    is asked finds a like one in the text; and how well each word of the text finds a like one among those asked.
    """
    out = np.zeros((3, len(units)), np.float32)
    at, first, full = flattened(bags.start, units)
    if not len(asked) or not len(full):
        return out
    numbers = bags.words[at]
    seen, where = _distinct(numbers, len(vectors.rows))
    theirs = vectors.rows[seen].astype(np.float32)
    mine = vectors.rows[asked] / vectors.lengths[asked, None]
    alike = np.maximum(mine @ theirs.T / vectors.lengths[seen], 0)
    weight, heavy = vectors.weights[asked], vectors.weights[numbers]
    out[0, full] = _along(asked, theirs, vectors, where, heavy, first) / (bags.length[units[full]] + np.float32(1e-6))
    out[1, full] = weight @ np.maximum.reduceat(alike[:, where], first, axis=1) / weight.sum()
    out[2, full] = np.add.reduceat(alike.max(axis=0)[where] * heavy, first) / np.add.reduceat(heavy, first)
    return out


def nearness(asked: np.ndarray, bags: Bags, units: np.ndarray, vectors: Vectors) -> np.ndarray:
    """The first row of `likeness` alone, which is quicker for many short texts."""
    out = np.zeros(len(units), np.float32)
    at, first, full = flattened(bags.start, units)
    if len(asked) and len(full):
        numbers = bags.words[at]
        seen, where = _distinct(numbers, len(vectors.rows))
        summed = _along(asked, vectors.rows[seen].astype(np.float32), vectors, where, vectors.weights[numbers], first)
        out[full] = summed / (bags.length[units[full]] + np.float32(1e-6))
    return out


def _distinct(numbers: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The distinct numbers below `size`, ascending, and where among them each number is: quicker than sorting them."""
    held = np.zeros(size, bool)
    held[numbers] = True
    return np.flatnonzero(held), (np.cumsum(held, dtype=np.int32) - 1)[numbers]


def _along(
    asked: np.ndarray, theirs: np.ndarray, vectors: Vectors, where: np.ndarray, heavy: np.ndarray, first: np.ndarray
) -> np.ndarray:
    """How far the sum of each text's vectors goes into the direction of the question's."""
    total = vectors.total(asked)
    along = theirs @ (total / (np.linalg.norm(total) + np.float32(1e-6)))
    summed: np.ndarray = np.add.reduceat(along[where] * heavy, first)
    return summed
