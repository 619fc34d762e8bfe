"""Questions with the articles that govern them, and how well a ranking finds those."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fahui.knowledge.laws.texts import Passage

BLOCK = 25  # questions that stand together; near twins are neighbours


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the places in the index of the articles that govern it."""

    number: int
    text: str
    gold: frozenset[int]

    @property
    def block(self) -> int:
        """Whole blocks, because near twins stand side by side."""
        return self.number // BLOCK


def read(folder: Path, questions: Path | None = None) -> tuple[list[Passage], list[Question]]:
    """The corpus of a folder, and its open questions or those of another file."""
    source = questions or folder / "open_queries.jsonl"
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    place = {row["id"]: i for i, row in enumerate(rows)}
    passages = [Passage(r["id"], r["law"], r["chapter"] or "", r["article"], r["text"], r["cat"]) for r in rows]
    asked = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    return passages, [Question(a["id"], a["question"], frozenset(place[g] for g in a["gold"])) for a in asked]


def measure(ranked: Iterable[tuple[Question, np.ndarray]]) -> dict[str, float]:
    """Recall at 5, 10, 20 and 100, MRR at 10 and NDCG at 10, mean over the questions."""
    total: Counter[str] = Counter()
    for question, places in ranked:
        right = np.isin(places, list(question.gold))
        for cut in (5, 10, 20, 100):
            total[f"R@{cut}"] += right[:cut].sum() / len(question.gold)
        hits = np.flatnonzero(right[:10])
        total["MRR@10"] += 1 / (hits[0] + 1) if len(hits) else 0
        ideal = (1 / np.log2(np.arange(min(len(question.gold), 10)) + 2)).sum()
        total["NDCG@10"] += (1 / np.log2(hits + 2)).sum() / ideal
        total["n"] += 1
    return {name: value / total["n"] for name, value in total.items() if name != "n"}
