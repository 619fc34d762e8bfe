"""When to answer and when to decline, measured: `python -m bench.answers --data FOLDER` (the folder of `bench.laws`).

Every open question is ranked by an order that has learned from the other blocks only. For each bar on the best article's
score this says how often the bar is passed, how often one of the first three articles is a gold one when it is, and how
often sentences that no law governs pass it. docs/explanation/answers.md gives the figures behind the shipped bar.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from bench.laws_data import Question
from bench.laws_train import FOLDS, LAST, Bench, flatten, folds, learn
from fahui.knowledge.answers.rules import BAR, confidence
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


def asked(bench: Bench) -> list[tuple[frozenset[int], np.ndarray, float]]:
    """Of every open question not kept for the end: gold, places best first, confidence; ranked blind to its block."""
    known = [q for q in bench.questions if q.block not in LAST]
    fold, out = folds(known, apart=False), []
    for part in range(FOLDS):
        seen = [q for q in known if fold(q) != part]
        forest = flatten(learn(bench.examples(seen, fold)))
        for question, scored in bench.describe([q for q in known if fold(q) == part], seen):
            places, scores = rank.ranked(scored, forest)
            out.append((question.gold, places, confidence(scores[:10].tolist())))
    return out


def outside(bench: Bench) -> list[float]:
    """Confidence of sentences that no law governs; none where nothing in the corpus has a word in common."""
    known = [q for q in bench.questions if q.block not in LAST]
    strange = [Question(-1 - number, text, frozenset()) for number, text in enumerate(OUTSIDE)]
    found = [confidence(rank.ranked(scored, trees())[1][:10].tolist()) for _q, scored in bench.describe(strange, known)]
    return found + [confidence([])] * (len(strange) - len(found))


def main() -> int:
    """Print one line for each bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("FAHUI_DATA", ".")) / "retrieval")
    bench = Bench(parser.parse_args().data)
    held, strange = asked(bench), np.array(outside(bench))
    sure = np.array([confident for _gold, _places, confident in held])
    right = np.array([bool(gold & set(places[:3].tolist())) for gold, places, _confident in held])
    first = np.array([bool(gold & set(places[:1].tolist())) for gold, places, _confident in held])
    print(
        f"{len(held)} questions; first three hold a gold article: {right.mean():.3f}; {len(strange)} sentences of no law"
    )
    for bar in sorted({BAR, *np.quantile(sure, np.arange(0, 1, 0.05)).round(2).tolist()}):
        passed = sure >= bar
        print(f"bar {bar:6.2f}{'*' if bar == BAR else ' '} answered {passed.mean():.3f}  gold in three {right[passed].mean():.3f}"
              f"  gold first {first[passed].mean():.3f}  of no law, answered {(strange >= bar).mean():.3f}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
