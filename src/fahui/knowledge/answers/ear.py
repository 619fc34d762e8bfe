"""An ear that learned: danger in words that nobody thought of when the patterns were written. Pure.

A linear model over runs of one to three characters, learned by `bench/danger_ear.py` from the tellings beside it
(`data/tellings`): which runs speak of danger, of which kind, and which of its look-alikes. The weights are data.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fahui.knowledge.search.text import half_width

FILE = Path(__file__).parent / "data" / "ear.npz"
NONE = "none"
_BITS = 16  # of a character in the packed number of a run; the basic plane
_WINDOW, _STEP = 60, 30  # characters: one sentence of danger in a long story is heard by itself
_MORE_CHANCES = 0.4  # of a long text to sound like danger somewhere
_SPACES = re.compile(r"\s+")
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

    def known(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Which of the runs stand in a text that is `plain`, and how much each weighs there: of length one together."""
        found = runs_of(text)
        at = self.runs.searchsorted(found)
        rows, counts = np.unique(at[self.runs.take(at, mode="clip") == found], return_counts=True)
        values = (1 + np.log(counts)) * self.rarity[rows]
        return rows, values / (math.sqrt(values @ values) or 1)

    def logits(self, text: str) -> np.ndarray:
        """How much speaks for each kind."""
        rows, values = self.known(text)
        summed: np.ndarray = values @ self.weights[rows] + self.start
        return summed

    def odds(self, text: str) -> float:
        """How likely a text tells of danger: the logarithm of the odds. A long one by the whole and by its likeliest stretch."""
        if not _WORDS.search(text):
            return -math.inf
        whole, best = self._parts(text)
        return self.odds_of_window(whole) if best is whole else (self.odds_of_window(whole) + self.odds_of_window(best)) / 2 - _MORE_CHANCES

    def odds_of_window(self, window: str) -> float:
        """The same of one stretch, as `windows` gives it."""
        return odds_of(self.logits(window), self.kinds)

    def hear(self, text: str, bar: float) -> Told | None:
        """What a text tells, and where; None below the bar."""
        odds = self.odds(text)
        if odds < bar:
            return None
        _whole, best = self._parts(text)
        logits = self.logits(best)
        kind = max((one for one in self.kinds if one != NONE), key=lambda one: logits[self.kinds.index(one)])
        return Told(kind, odds, self._piece(best, kind))

    def _parts(self, text: str) -> tuple[str, str]:
        """The whole, and of a long text the stretch of it that tells most; of a short one the whole again."""
        whole, *stretches = windows(plain(text))
        return whole, max(stretches, key=self.odds_of_window) if stretches else whole

    def _piece(self, window: str, kind: str) -> str:
        """The part of a window that speaks most for a kind and against no danger."""
        rows, values = self.known(window)
        speaks = values * (self.weights[rows, self.kinds.index(kind)] - self.weights[rows, self.kinds.index(NONE)])

        def said(piece: str) -> float:
            return float(speaks[np.isin(self.runs[rows], runs_of(piece))].sum())

        return max(_PIECE.findall(window) or [window], key=said).strip()


def odds_of(logits: np.ndarray, kinds: tuple[str, ...]) -> float:
    """The log-odds of danger of any kind against none."""
    given = dict(zip(kinds, logits.tolist(), strict=True))
    none = given.pop(NONE)
    top = max(given.values())
    return top + math.log(sum(math.exp(one - top) for one in given.values())) - none


def plain(text: str) -> str:
    """As it is learned and heard: small letters, every figure alike, no blanks between Chinese characters."""
    lowered = _FIGURES.sub("0", half_width(text).lower())
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", _SPACES.sub(" ", lowered)).strip()


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


def runs_of(text: str) -> np.ndarray:
    """Every run of one to three characters, packed into a number each; characters beyond the basic plane count as one."""
    codes = np.minimum(np.frombuffer(f" {text} ".encode("utf-32-le", "replace"), np.uint32), 0xFFFF).astype(np.int64)
    pairs = (codes[:-1] << _BITS) | codes[1:]
    return np.concatenate([codes[1:-1], pairs, (pairs[:-1] << _BITS) | codes[2:]])


@cache
def ear() -> Ear:
    """The shipped one."""
    return Ear.load()
