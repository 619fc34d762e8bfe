"""Learn to hear danger from written tellings: `python -m bench.danger_ear`; with `--write` into `ear.npz`.

`--judge FILE` asks lines that taught nothing; `--writers` each writer's lines of what the others taught (a quarter of an hour).
With FAHUI_DATA it also counts alarms over the open questions, few of which tell of any danger.
Needs scikit-learn (BSD-3-Clause), which Fahui itself does not.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.danger_data import Telling, edition, read, writers
from fahui.knowledge.answers.danger import SURE, UNLIKELY, WORRIED, dangers, named_in
from fahui.knowledge.answers.ear import FILE, NONE, Ear, Told, plain, runs_of, windows

OFTEN = 2  # texts a run must stand in
STRICTNESS = 15.0  # the inverse of the penalty on large weights
FIRM = 5.0  # what somebody has decided weighs more than what somebody has thought of
BARS = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)


def learn(told: Mapping[str, Sequence[Telling]]) -> Ear:
    """What these writers' tellings teach. Where nothing of a long text is danger, no stretch of it is; where something is, it is the
    stretch that a first ear, which learned from whole texts, hears most in. What the tests hold counts FIRM times."""
    lines = [(kind, plain(text), FIRM if writer == "tests" else 1.0) for writer, texts in told.items() for kind, text in texts]
    first = _fit([(kind, part, weight) for kind, text, weight in lines for part in (windows(text) if kind == NONE else [text])])
    return _fit([
        (kind, part, weight) for kind, text, weight in lines
        for part in (windows(text) if kind == NONE else {text, max(windows(text), key=first.odds_of_window)})
    ])  # fmt: skip


def _fit(lines: Sequence[tuple[str, str, float]]) -> Ear:
    kinds = (*(kind.id for kind in dangers().kinds), NONE)
    often = Counter(run for _kind, text, _weight in lines for run in np.unique(runs_of(text)).tolist())
    runs = np.array(sorted(run for run, count in often.items() if count >= OFTEN), np.int64)
    rarity = np.log((1 + len(lines)) / (1 + np.array([often[run] for run in runs.tolist()]))) + 1
    empty = Ear(kinds, runs, rarity.astype(np.float32), np.zeros((len(runs), len(kinds)), np.float32), np.zeros(len(kinds), np.float32))
    model = LogisticRegression(C=STRICTNESS, max_iter=2000, class_weight="balanced")
    table = _table(empty, [text for _kind, text, _weight in lines])
    model.fit(table, [kinds.index(kind) for kind, _text, _weight in lines], sample_weight=[weight for _kind, _text, weight in lines])
    weights = np.zeros((len(runs), len(kinds)), np.float32)
    start = np.full(len(kinds), -20, np.float32)  # a kind nobody told of
    weights[:, model.classes_], start[model.classes_] = model.coef_.T, model.intercept_
    return Ear(kinds, runs, empty.rarity, weights, start)


def _table(ear: Ear, texts: Sequence[str]) -> csr_matrix:
    of, rows, values = ear.known(texts)
    return csr_matrix((values, (of, rows)), shape=(len(texts), len(ear.runs)))


def write(ear: Ear, told: Mapping[str, list[Telling]], path: Path = FILE) -> Ear:
    """Rounded to a byte a weight, as it is shipped; returns it as it will be read."""
    scale = np.maximum(np.abs(ear.weights).max(axis=0), 1e-6) / 127
    np.savez_compressed(
        path, kinds=np.frombuffer(" ".join(ear.kinds).encode(), np.uint8), runs=ear.runs, rarity=ear.rarity.astype(np.float16),
        weights=np.rint(ear.weights / scale).astype(np.int8), scale=scale.astype(np.float32), start=ear.start, edition=np.array([edition(told)]),
    )  # fmt: skip
    return Ear.load(path)


def _heard(ear: Ear, text: str) -> Told:
    """What the ear makes of a text, however little."""
    found = ear.hear(text, float("-inf"))
    assert found is not None
    return found


def _alarm(named: bool, told: Told, bar: float) -> bool:
    """Whether there is an alarm where the bar for what was learned is this one."""
    return told.odds >= (UNLIKELY if named else bar)


def report(name: str, told: Sequence[Telling], ear: Ear, curve: bool = False) -> None:
    """How many tellings of danger are heard, and how many of the others raise an alarm: by patterns, by the ear, by both."""
    rows = [(kind, named_in(text) is not None, _heard(ear, text)) for kind, text in told]
    for danger in (True, False):
        of = [row for row in rows if (row[0] != NONE) is danger]
        if not of:
            continue
        shares = {
            "patterns": [named for _kind, named, _told in of], "ear": [one.odds >= SURE for _kind, _named, one in of],
            "alarm": [_alarm(named, one, SURE) for _kind, named, one in of], "or worried": [named or one.odds >= WORRIED for _kind, named, one in of],
        }  # fmt: skip
        if danger:
            shares["kind right"] = [kind == one.kind for kind, _named, one in of]
        print(f"{name:>10} {'danger' if danger else 'none':>7} {len(of):5}", *(f"{what} {np.mean(hits):.3f}" for what, hits in shares.items()), sep="  ")
        by = {kind: [_alarm(named, one, SURE) for k, named, one in of if k == kind] for kind in sorted({row[0] for row in of})} if danger else {}
        if by:
            print(f"{'':>10} heard by kind", *(f"{kind} {np.mean(hits):.3f} of {len(hits)}" for kind, hits in by.items()), sep="  ")
        if curve:
            print(f"{'':>10} by bar      ", *(f"{bar:+.1f}: {np.mean([_alarm(named, one, bar) for _k, named, one in of]):.3f}" for bar in BARS), sep="  ")


def main() -> None:
    """As the module says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--writers", action="store_true", help="report first how each writer's tellings are heard by what the others taught")
    parser.add_argument("--judge", type=Path, action="append", default=[])
    parser.add_argument("--curve", action="store_true", help="what each bar would hear and cost")
    asked = parser.parse_args()
    told = writers()
    for left in told if asked.writers else ():
        report(left, told[left], learn({writer: lines for writer, lines in told.items() if writer != left}), asked.curve)
    ear = learn(told)
    print(f"{sum(map(len, told.values()))} tellings, {len(ear.runs)} runs")
    if asked.write:
        ear = write(ear, told)
        print(f"{FILE.name}: {FILE.stat().st_size} bytes")
    for path in asked.judge:
        report(path.stem, read(path), ear, asked.curve)
    if os.environ.get("FAHUI_DATA"):
        lines = (Path(os.environ["FAHUI_DATA"]) / "retrieval" / "open_queries.jsonl").read_text(encoding="utf-8").splitlines()
        report("open", [(NONE, json.loads(line)["question"]) for line in lines], ear, asked.curve)


if __name__ == "__main__":
    main()
