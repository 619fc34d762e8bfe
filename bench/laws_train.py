"""Learn the order of articles from open questions: `python -m bench.laws_train`, with FAHUI_DATA naming the data.

Reads `retrieval/corpus.jsonl.gz` and `retrieval/open_queries.jsonl`, reports how well it does on whole blocks of questions
it did not see, and with `--write` learns from all of them and writes `priors.json` and `trees.npz`: numbers only. Needs
lightgbm (MIT), which Fahui itself does not.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from bench.laws_data import Question, measure, read
from fahui.knowledge.laws.texts import Passage
from fahui.knowledge.search import rank
from fahui.knowledge.search.postings import Built, Priors, build
from fahui.knowledge.search.text import chapter_words, law_key
from fahui.knowledge.search.vocabulary import DATA, Topics, help_words, vectors

FOLDS = 5
LAST = frozenset((4, 11, 19, 26, 34, 41, 49, 56))  # blocks kept for one look at the end
SETTINGS = {
    "objective": "lambdarank", "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": 40, "feature_fraction": 0.3,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "lambdarank_truncation_level": 20, "max_bin": 127,
    "verbose": -1, "num_threads": 1, "deterministic": True,
}  # fmt: skip
ROUNDS = 300
SEEDS = (7, 8)  # a forest each; their mean is steadier than one


def count(questions: Iterable[Question], passages: list[Passage]) -> Priors:
    """How often these questions are about a law and a chapter; a question counts once, however many articles it has."""
    laws: defaultdict[str, float] = defaultdict(float)
    chapters: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for question in questions:
        for gold in question.gold:
            law = law_key(passages[gold].law)
            laws[law] += 1 / len(question.gold)
            chapters[law][chapter_words(passages[gold].chapter)] += 1 / len(question.gold)
    return Priors(
        {k: round(v, 3) for k, v in laws.items()},
        {k: {c: round(n, 3) for c, n in v.items()} for k, v in chapters.items()},
    )


class Bench:
    """The index with the questions, described once for each set of questions the priors may know of."""

    def __init__(self, folder: Path) -> None:
        self.passages, self.questions = read(folder)
        self.index = build(self.passages, Topics(), Priors({}, {}), vectors())

    def describe(self, wanted: Iterable[Question], known: Iterable[Question]) -> list[tuple[Question, rank.Scored]]:
        """The candidates of the wanted questions, when only the known ones have been counted."""
        law, chapter = count(known, self.passages).of(self.index)
        index = Built(
            self.index.terms, self.index.columns | {"law_prior": law, "chapter_prior": chapter}, self.index.laws
        )
        found = ((q, rank.candidates(q.text, help_words(q.text), index, vectors())) for q in wanted)
        return [(q, scored) for q, scored in found if scored is not None]

    def examples(self, known: list[Question], fold: Callable[[Question], int]) -> list[tuple[Question, rank.Scored]]:
        """Examples to learn from, each counted blind to its own fold."""
        out: list[tuple[Question, rank.Scored]] = []
        for part in sorted({fold(q) for q in known}):
            out += self.describe([q for q in known if fold(q) == part], [q for q in known if fold(q) != part])
        return out


def learn(examples: list[tuple[Question, rank.Scored]]) -> list[lightgbm.Booster]:
    """The forests that order these examples best."""
    useful = [(s, np.isin(s.places, list(q.gold)).astype(int)) for q, s in examples]
    useful = [(scored, right) for scored, right in useful if right.any()]
    rows, right = np.concatenate([s.rows for s, _right in useful]), np.concatenate([right for _s, right in useful])
    group = [len(right) for _s, right in useful]
    return [
        lightgbm.train(
            SETTINGS | {"seed": seed},
            lightgbm.Dataset(rows, right, group=group, feature_name=list(rank.NAMES)),
            ROUNDS,
        )
        for seed in SEEDS
    ]


def flatten(boosters: list[lightgbm.Booster]) -> rank.Trees:
    """The forests as one whose scores are their mean, in the arrays that `rank.Trees` walks."""
    feature: list[int] = []
    limit: list[float] = []
    mask: list[int] = []
    start: list[int] = []
    leaves: list[list[float]] = []

    def walk(node: dict[str, Any], values: list[float]) -> int:
        """Adds a subtree; returns its leaves as bits."""
        if "leaf_value" in node:
            values.append(node["leaf_value"] / len(boosters))
            return 1 << (len(values) - 1)
        at = len(feature)
        feature.append(node["split_feature"])
        limit.append(node["threshold"])
        mask.append(0)
        left = walk(node["left_child"], values)
        mask[at] = int(rank.ALL_LEAVES) & ~left
        return left | walk(node["right_child"], values)

    for tree in (tree for booster in boosters for tree in booster.dump_model()["tree_info"]):
        if "split_feature" in tree["tree_structure"]:
            start.append(len(feature))
            leaves.append([])
            walk(tree["tree_structure"], leaves[-1])
    wide = max(map(len, leaves))
    return rank.Trees(
        np.array(feature, np.int16), np.array(limit, np.float32), np.array(mask, np.uint16), np.array(start, np.int32),
        np.array([row + [0.0] * (wide - len(row)) for row in leaves], np.float32), rank.NAMES,
    )  # fmt: skip


def show(name: str, figures: dict[str, float]) -> None:
    """One line."""
    print(f"{name:44}" + "  ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)


def judge(
    bench: Bench, known: list[Question], asked: list[Question], fold: Callable[[Question], int]
) -> list[tuple[Question, np.ndarray, np.ndarray]]:
    """Learn from the known questions alone and rank the asked ones: by the plain score, and by the forest."""
    trees = flatten(learn(bench.examples(known, fold)))
    out = []
    for question, scored in bench.describe(asked, known):
        plain = scored.places[np.lexsort((scored.places, -scored.plain))]
        out.append((question, plain, rank.ranked(scored, trees)[0]))
    missing = [q for q in asked if q not in {o[0] for o in out}]
    return out + [(q, np.array([], int), np.array([], int)) for q in missing]


def folds(questions: list[Question], *, apart: bool) -> Callable[[Question], int]:
    """Fold of a question: five stretches of neighbouring blocks (`apart`: blind to topics), or every fifth block."""
    blocks = sorted({q.block for q in questions})
    if apart:
        parts = np.array_split(blocks, FOLDS)
        where = {int(block): fold for fold, part in enumerate(parts) for block in part}
    else:
        where = {block: i % FOLDS for i, block in enumerate(blocks)}
    return lambda question: where[question.block]


def main() -> int:
    """Report, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("FAHUI_DATA", ".")) / "retrieval")
    parser.add_argument("--last", action="store_true", help="also look at the blocks kept for the end")
    parser.add_argument("--write", action="store_true", help="learn from all open questions and write the data files")
    parser.add_argument("--skip-folds", action="store_true")
    chosen = parser.parse_args()
    bench = Bench(chosen.data)
    print(f"{len(bench.passages)} articles, {len(bench.questions)} questions", flush=True)
    known = [q for q in bench.questions if q.block not in LAST]
    for name, apart in (
        () if chosen.skip_folds else (("five stretches, blind to topics", True), ("every fifth block", False))
    ):
        fold = folds(known, apart=apart)
        found = []
        for part in range(FOLDS):
            found += judge(bench, [q for q in known if fold(q) != part], [q for q in known if fold(q) == part], fold)
        show(f"{name}: plain", measure((q, plain) for q, plain, _best in found))
        show(f"{name}: learned", measure((q, best) for q, _plain, best in found))
    every = folds(bench.questions, apart=False)
    if chosen.last:
        found = judge(bench, known, [q for q in bench.questions if q.block in LAST], every)
        show("the blocks kept for the end: plain", measure((q, plain) for q, plain, _best in found))
        show("the blocks kept for the end: learned", measure((q, best) for q, _plain, best in found))
    if chosen.write:
        trees = flatten(learn(bench.examples(bench.questions, every)))
        np.savez_compressed(
            DATA / "trees.npz",
            **{name: getattr(trees, name) for name in ("feature", "limit", "mask", "start", "leaf", "names")},
        )
        priors = count(bench.questions, bench.passages)
        (DATA / "priors.json").write_text(
            json.dumps({"laws": priors.laws, "chapters": priors.chapters}, ensure_ascii=False, indent=1, sort_keys=True)
            + "\n",
            encoding="utf-8",
        )
        print(f"written to {DATA}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
