"""Statute search measured: how well it finds, how long it takes, how many at once, how much memory.

`python -m bench.laws --data FOLDER`: the folder holds `corpus.jsonl.gz` (id, law, chapter, article, text, cat) and
questions (`--questions`, JSON lines with question and gold, a list of corpus ids). It indexes the corpus into a database of
its own below `--home`. The shipped order of articles has learned from the open questions; how well it does on questions
that it has not seen is what `bench.laws_train` reports.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from fahui.config.postgres import running

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Make the database below `--home`, then ask in a process that finds Django ready."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("FAHUI_DATA", ".")) / "retrieval")
    parser.add_argument("--questions", type=Path, help="default: open_queries.jsonl of the data folder")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench" / "laws")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=20)
    chosen = parser.parse_args()
    home = chosen.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "FAHUI_DATA_DIR": str(home), "FAHUI_AS_OWNER": "1", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    asking = [
        chosen.data,
        chosen.questions or chosen.data / "open_queries.jsonl",
        chosen.clients,
        chosen.processes,
        chosen.seconds,
    ]
    with running(home, durable=False):
        for module, *more in (["fahui", "migrate"], ["bench.laws_ask", *map(str, asking)]):
            done = subprocess.run(
                [sys.executable, "-m", module, *more],
                env=environment,
                stdout=None if "laws" in module else subprocess.DEVNULL,
            )
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
