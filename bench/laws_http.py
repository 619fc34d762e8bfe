"""Statute search over HTTP, as machines ask it: times with one client, searches a second with many, memory of the server.

`python -m bench.laws_http --port PORT`: asks the installation that runs there (import the law first, with `./fahui laws
import`), each question of `--questions` (JSON lines with `question`) in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import median
from urllib.parse import quote

import psutil

from bench.load import Outcome, cycle, drive
from bench.requests import request


def main() -> int:
    """Warm up, ask, print JSON: medians over the rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--questions", type=Path, default=Path(os.environ.get("FAHUI_DATA", ".")) / "retrieval" / "open_queries.jsonl")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    asked = [json.loads(line)["question"] for line in chosen.questions.read_text(encoding="utf-8").splitlines()]
    paths = cycle([request("GET", f"/api/v1/search/laws?limit=10&q={quote(text)}") for text in asked])

    def load(clients: int, seconds: float) -> Outcome:
        return drive(chosen.port, paths, clients, seconds)

    load(chosen.clients, 5)
    rounds = [(load(1, chosen.seconds), load(chosen.clients, chosen.seconds)) for _round in range(chosen.rounds)]
    report = {
        "questions": len(asked),
        "one_client": {f"p{part * 100:.0f}_ms": median(one.percentile(part) for one, _many in rounds) for part in (0.5, 0.95)},
        f"{chosen.clients}_clients": {
            "per_second": median(many.rate for _one, many in rounds),
            "p50_ms": median(many.percentile(0.5) for _one, many in rounds),
            "p95_ms": median(many.percentile(0.95) for _one, many in rounds),
        },
        "refused": sum(sum(outcome.refused.values()) for both in rounds for outcome in both),
        "memory_mib": _memory(chosen.port),
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


def _memory(port: int) -> dict[str, float]:
    """What the processes behind a port hold: all together (shared pages once, by their share), and the largest."""
    listening = {link.pid for link in psutil.net_connections("tcp") if link.laddr and link.laddr.port == port and link.pid}
    held = [psutil.Process(pid).memory_full_info().pss / 2**20 for pid in listening]
    return {"together": sum(held), "largest": max(held, default=0)}


if __name__ == "__main__":
    sys.exit(main())
