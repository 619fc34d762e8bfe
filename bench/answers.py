"""When to answer and when to decline, measured: `python -m bench.answers --data FOLDER` (the folder of `bench.laws`).

Every open question is ranked by an order that has learned from the other blocks only. For each bar on the best article's
score this says how often the bar is passed, how often one of the first three articles is a gold one when it is, and how
often sentences that no law governs pass it. docs/explanation/answers.md gives the figures behind the shipped bar.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.laws_data import Question
from bench.laws_train import FOLDS, LAST, Bench, flatten, folds, learn
from fahui.knowledge.answers.rules import BAR, FAR, Fit, borne_out, confidence
from fahui.knowledge.citations.reading import parse
from fahui.knowledge.content.loading import Shipped, shipped
from fahui.knowledge.content.rules import fitting
from fahui.knowledge.laws.numerals import to_int
from fahui.knowledge.laws.titles import normal_title
from fahui.knowledge.search import rank
from fahui.knowledge.search.vocabulary import trees

# What people type into any box and no law answers.
OUTSIDE = (
    "今天天气怎么样",
    "红烧肉怎么做好吃",
    "帮我写一首诗",
    "乐山大佛门票多少钱",
    "你好",
    "在吗",
    "谢谢",
    "你是谁",
    "手机没信号怎么办",
    "明天会下雨吗",
    "怎么减肥最快",
    "给我讲个笑话",
    "附近哪里有好吃的火锅",
    "孩子数学不好怎么提高",
    "感冒了吃什么药好得快",
    "一加一等于几",
    "电脑开不了机",
    "苹果手机怎么截屏",
    "测试",
    "哈哈哈",
    "阿斯顿发发",
    "11111",
    "abc",
    "股票明天涨不涨",
    "我家猫不吃东西",
    "去成都的高铁几点",
    "推荐一部电影",
    "怎么种西红柿",
    "我想睡觉",
    "微信密码忘了",
)


class Asked(NamedTuple):
    """An open question with the places ranked for it, best first, and how far they can be relied on."""

    text: str
    gold: frozenset[int]
    places: np.ndarray
    confident: float


def asked(bench: Bench) -> list[Asked]:
    """Every open question not kept for the end, ranked blind to its block."""
    known = [q for q in bench.questions if q.block not in LAST]
    fold, out = folds(known, apart=False), []
    for part in range(FOLDS):
        seen = [q for q in known if fold(q) != part]
        forest = flatten(learn(bench.examples(seen, fold)))
        for question, scored in bench.describe([q for q in known if fold(q) == part], seen):
            places, scores = rank.ranked(scored, forest)
            out.append(Asked(question.text, question.gold, places, confidence(scores[:10].tolist())))
    return out


def outside(bench: Bench) -> list[float]:
    """Confidence of sentences that no law governs; none where nothing in the corpus has a word in common."""
    known = [q for q in bench.questions if q.block not in LAST]
    strange = [Question(-1 - number, text, frozenset()) for number, text in enumerate(OUTSIDE)]
    found = [confidence(rank.ranked(scored, trees())[1][:10].tolist()) for _q, scored in bench.describe(strange, known)]
    return found + [confidence([])] * (len(strange) - len(found))


class _Row:
    """A shipped answer as `fitting` wants it, and the articles it cites."""

    region_code = None

    def __init__(self, one: Shipped) -> None:
        self.slug, self.asks, self.unless = one.slug, one.asks, one.unless
        self.cited = {(normal_title(c.title), c.number) for text in one.citations for c in parse(text)}


def laid_over(bench: Bench, held: Sequence[Asked]) -> Counter[tuple[str, bool]]:
    """How often a curated answer fits, by what stands behind it, and whether it cites a gold article."""
    names = [(normal_title(p.law), to_int(p.number.removeprefix("第").split("条")[0])) for p in bench.passages]
    rows, found = [_Row(one) for one in shipped()], Counter[tuple[str, bool]]()
    for one in held:
        sure = one.confident >= BAR
        top = [names[place] for place in one.places[:FAR]]
        fits = [(said, row, next((n for n, name in enumerate(top) if name in row.cited), None)) for said, row in fitting(one.text, rows)]
        if not fits:
            continue
        which = borne_out([Fit(said, near, False) for said, _row, near in fits], sure)
        row = fits[which or 0][1]
        kind = f"{'borne out' if which is not None else 'by words alone'}, {'sure' if sure else 'not sure'}"
        found[kind, bool(row.cited & {names[place] for place in one.gold})] += 1
    return found


def main() -> int:
    """Print one line for each bar, and one for each way in which a curated answer fits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("FAHUI_DATA", ".")) / "retrieval")
    bench = Bench(parser.parse_args().data)
    held, strange = asked(bench), np.array(outside(bench))
    sure = np.array([one.confident for one in held])
    right = np.array([bool(one.gold & set(one.places[:3].tolist())) for one in held])
    first = np.array([bool(one.gold & set(one.places[:1].tolist())) for one in held])
    print(
        f"{len(held)} questions; first three hold a gold article: {right.mean():.3f}; {len(strange)} sentences of no law"
    )
    for bar in sorted({BAR, *np.quantile(sure, np.arange(0, 1, 0.05)).round(2).tolist()}):
        passed = sure >= bar
        print(f"bar {bar:6.2f}{'*' if bar == BAR else ' '} answered {passed.mean():.3f}  gold in three {right[passed].mean():.3f}"
              f"  gold first {first[passed].mean():.3f}  of no law, answered {(strange >= bar).mean():.3f}")  # fmt: skip
    found = laid_over(bench, held)
    for kind in sorted({kind for kind, _right in found}):
        total = found[kind, True] + found[kind, False]
        print(f"a curated answer fits, {kind}: {total}, cites a gold article {found[kind, True] / total:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
