"""What a request costs in two source trees, in one process each without a web server, in short slices turn by turn.

Whatever else the machine does falls on both, so that a difference of some hundredths shows where runs one after another
differ by a third. `--with DIR` is the other tree, a clone at another commit, say; both work on the same filled installation, so their
tables must be alike.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.site import ROOT, Site
from bench.spine import NAMES, OPERATIONS, machine
from fahui.config.postgres import running

_SLICE = {"intake": 30, "action": 15, "track": 60, "list": 30}
Cost = tuple[float, ...]
"""Milliseconds a request: Python, PostgreSQL, wall."""


class _Tree:
    def __init__(self, site: Site, root: Path) -> None:
        environment = site.environment | {"PYTHONPATH": f"{root / 'src'}:{root}"}
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(ROOT / "bench" / "slices.py")], env=environment, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._line() != "ready":
            raise SystemExit(f"fahui bench: {root} does not run on this installation; see above.")

    def run(self, kind: str, size: int) -> Cost:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kind} {size}\n")
        self.process.stdin.flush()
        return tuple(map(float, self._line().split()))

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)


def run(site: Site, other: Path, rounds: int) -> dict[str, Any]:
    """So many slices of each operation in each tree; the report as plain values."""
    seen: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in OPERATIONS}
    with running(site.home):
        here, there = _Tree(site, ROOT), _Tree(site, other.resolve())
        for name in OPERATIONS:
            for tree in (here, there):
                tree.run(name, _SLICE[name])  # nothing is timed the first time
            seen[name] = [_pair(here, there, name, turn) for turn in range(rounds)]
        here.stop()
        there.stop()
    return {
        "bench": "compare", "at": time.strftime("%FT%T%z"), "machine": machine(), "with": str(other), "rounds": rounds,
        "lines": {name: _line(pairs) for name, pairs in seen.items()},
    }  # fmt: skip


def _pair(here: _Tree, there: _Tree, name: str, turn: int) -> tuple[Cost, Cost]:
    """A slice in each tree; the one that begins changes, since what comes first finds other caches than what comes second."""
    first, second = (here, there) if turn % 2 else (there, here)
    costs = {tree: tree.run(name, _SLICE[name]) for tree in (first, second)}
    return costs[here], costs[there]


def _line(pairs: list[tuple[Cost, Cost]]) -> dict[str, list[float]]:
    """Medians: this tree's milliseconds, the other's, and this one's part of it in the same round."""
    here, there = zip(*pairs, strict=True)
    return {
        "here": [median(part) for part in zip(*here, strict=True)], "there": [median(part) for part in zip(*there, strict=True)],
        "ratio": [median(mine / theirs for mine, theirs in zip(a, b, strict=True)) for a, b in zip(zip(*here, strict=True), zip(*there, strict=True), strict=True)],
    }  # fmt: skip


def show(report: dict[str, Any]) -> None:
    """The report as a table."""
    print(f"\nthis tree against {report['with']}; median of {report['rounds']} slices; {report['machine']}\n")
    print(f"{'a request, ms':<30}" + "".join(f"{name:^27}" for name in ("Python", "PostgreSQL", "wall")))
    for name, line in report["lines"].items():
        costs = zip(line["here"], line["there"], line["ratio"], strict=True)
        print(f"{NAMES[name]:<30}" + "".join(f"{mine:8.2f} /{theirs:6.2f} ={ratio:6.3f}   " for mine, theirs, ratio in costs))
