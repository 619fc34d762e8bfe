"""An ear that learned: danger in words that nobody thought of when the patterns were written. Pure.

A linear model over runs of one to three characters, learned by `bench/danger_ear.py` from the tellings beside it
(`data/tellings`): which runs speak of danger, of which kind, and which of its look-alikes. The weights are data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fahui.knowledge.search.text import half_width

FILE = Path(__file__).parent / "data" / "ear.npz"
NONE = "none"
_BITS = 16  # of a character in the packed number of a run; the basic plane
_RUN_BITS = 3 * _BITS
_FIRST = np.zeros(1, np.int64)
_MOST_TEXTS = 1 << (63 - _RUN_BITS)
_WINDOW, _STEP = 60, 30  # characters: one sentence of danger in a long story is heard by itself
_MORE_CHANCES = 0.4  # of a long text to sound like danger somewhere
_SPACES = re.compile(r"\s+")
_BESIDE_CHINESE = re.compile(r" (?:(?=[^\x00-\x7f])|(?<=[^\x00-\x7f] ))")
_FIGURES = re.compile(r"[0-9]+")
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;\n]*|[。！？；!?;\n]+")
_WORDS = re.compile(r"[^\W\d_]")
_PIECE = re.compile(r"[^，。；！？,;!?\n]+")


class Told(NamedTuple):
    """What the ear makes of a text: the likeliest kind, the log-odds that it tells of danger at all, and the piece that says so most."""

    kind: str
    odds: float
    words: str


@dataclass(frozen=True, slots=True)
class Ear:
    """What was learned. `runs` are packed runs of characters, ascending; `rarity` and `weights` belong to them, a column a kind."""

    kinds: tuple[str, ...]
    runs: np.ndarray  # int64
    rarity: np.ndarray  # float32
    weights: np.ndarray  # float32
    start: np.ndarray  # float32, a kind

    @classmethod
    def load(cls, path: Path = FILE) -> Ear:
        """From the file that `bench/danger_ear.py` wrote."""
        with np.load(path) as held:
            weights = held["weights"].astype(np.float32) * held["scale"].astype(np.float32)
            return cls(tuple(bytes(held["kinds"]).decode().split()), held["runs"], held["rarity"].astype(np.float32), weights, held["start"])

    def known(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which of the runs stand in texts that are `plain`: the number of the text, the run's row, and how much it weighs there, a
        text's together of length one. In the order of the texts."""
        found = np.sort(runs_of(*texts))
        starts, counts = _alike(found)
        found = found[starts]
        of, runs = found >> _RUN_BITS, found & (1 << _RUN_BITS) - 1
        rows = self.runs.searchsorted(runs)
        held = self.runs.take(rows, mode="clip") == runs
        of, rows = of[held], rows[held]
        values = (1 + np.log(counts[held])) * self.rarity[rows]
        lengths = np.sqrt(np.bincount(of, values**2, len(texts)))
        return of, rows, values / lengths[of]

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """How much speaks for each kind, a row a text."""
        of, rows, values = self.known(texts)
        speaks = values[:, None] * self.weights[rows]
        found = np.empty((len(texts), len(self.kinds)))
        found[:] = self.start
        if len(of):
            starts, _counts = _alike(of)
            found[of[starts]] += np.add.reduceat(speaks, starts)
        return found

    def odds(self, text: str) -> float:
        """How likely a text tells of danger: the logarithm of the odds. A long one by the whole and by its likeliest stretch."""
        return self._weighed(text)[0]

    def hear(self, text: str, bar: float) -> Told | None:
        """What a text tells, and where; None below the bar."""
        odds, best, logits = self._weighed(text)
        if odds < bar:
            return None
        kind = max((one for one in self.kinds if one != NONE), key=lambda one: logits[self.kinds.index(one)])
        return Told(kind, odds, self._piece(text, best, kind))

    def odds_of_window(self, window: str) -> float:
        """The odds of one stretch, as `windows` gives it."""
        return float(odds_of(self.logits([window]), self.kinds)[0])

    def _weighed(self, text: str) -> tuple[float, str, np.ndarray]:
        """The odds, the stretch that tells most (of a short text the whole), and what speaks for each kind in it."""
        if not _WORDS.search(text):
            return -math.inf, text, np.zeros(len(self.kinds))
        parts = windows(plain(text))
        logits = self.logits(parts)
        whole, *stretches = odds_of(logits, self.kinds).tolist()
        if not stretches:
            return whole, parts[0], logits[0]
        best = stretches.index(max(stretches))
        return (whole + stretches[best]) / 2 - _MORE_CHANCES, parts[best + 1], logits[best + 1]

    def _piece(self, text: str, window: str, kind: str) -> str:
        """The part of a text, as it was written, that in its stretch speaks most for a kind and against no danger; of one without
        marks the stretch."""
        _of, rows, values = self.known([window])
        speaks = values * (self.weights[rows, self.kinds.index(kind)] - self.weights[rows, self.kinds.index(NONE)])

        def said(piece: str) -> float:
            return float(speaks[np.isin(self.runs[rows], runs_of(plain(piece)))].sum())

        best = max(_PIECE.findall(text), key=said).strip()
        return best if len(best) <= _WINDOW else window


def odds_of(logits: np.ndarray, kinds: tuple[str, ...]) -> np.ndarray:
    """The log-odds of danger of any kind against none, of each row."""
    none = kinds.index(NONE)
    danger = logits[:, [place for place in range(len(kinds)) if place != none]]
    top = danger.max(axis=1)
    return top + np.log(np.exp(danger - top[:, None]).sum(axis=1)) - logits[:, none]


def _alike(ordered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each value begins among ordered ones, and how often it stands there."""
    starts = np.concatenate([_FIRST, np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])
    ends = np.append(starts[1:], len(ordered))
    return starts, ends - starts


def plain(text: str) -> str:
    """As it is learned and heard: small letters, every figure alike, no blanks between Chinese characters."""
    lowered = _FIGURES.sub("0", half_width(text).lower())
    return _BESIDE_CHINESE.sub("", _SPACES.sub(" ", lowered)).strip()


def windows(text: str) -> list[str]:
    """A text whole, and if it is long its sentences too, short ones together and long ones in overlapping stretches."""
    if len(text) <= _WINDOW:
        return [text]
    found, held = [text], ""
    for sentence in _SENTENCE.findall(text):
        if len(held) + len(sentence) > _WINDOW and held:
            found.append(held)
            held = ""
        held += sentence
        if len(held) > _WINDOW:
            found += [held[start : start + _WINDOW] for start in range(0, len(held) - _STEP, _STEP)]
            held = ""
    return [*found, held] if held else found


def runs_of(*texts: str) -> np.ndarray:
    """Every run of one to three characters in each text, with a blank around it, packed into a number each, above it the number of the
    text; characters beyond the basic plane count as one. Raises ValueError for more texts than a number has room for."""
    if len(texts) > _MOST_TEXTS:
        raise ValueError(f"{len(texts)} texts; at most {_MOST_TEXTS} are read at once")
    lengths = np.array([len(text) + 2 for text in texts])
    around = "".join([f" {text} " for text in texts]).encode("utf-32-le", "replace")
    codes = np.minimum(np.frombuffer(around, np.uint32), 0xFFFF).astype(np.int64)
    number = np.repeat(np.arange(len(texts)) << _RUN_BITS, lengths)
    goes_on = np.ones(len(codes), bool)  # to the next character, in the same text
    goes_on[lengths.cumsum() - 1] = False
    twice = goes_on[:-2] & goes_on[1:-1]
    pairs = codes[:-1] << _BITS | codes[1:]
    threes = pairs[:-1] << _BITS | codes[2:]
    return np.concatenate([
        (codes | number)[1:-1][twice], (pairs | number[:-1])[goes_on[:-1]], (threes | number[:-2])[twice],
    ])  # fmt: skip


@cache
def ear() -> Ear:
    """The shipped one."""
    return Ear.load()
