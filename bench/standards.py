"""A policy's targets at size: `python -m bench.standards`, the whole city against hand-written SQL, in one run on the same lake.

Makes a lake of its own with DuckDB (cases, activities and their takings over four years, every township of Leshan, skewed), then counts every
target of the policy as `fahui measure` does, and a dozen of them again in SQL written by hand. What is compared is those dozen;
what is told besides is the whole refresh and the memory. No database is needed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Count in a process that finds Django ready."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench" / "standards")
    parser.add_argument("--cases", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "DATABASE_URL": "postgresql://nobody@localhost/none", "FAHUI_CITY": "leshan",
    }  # fmt: skip
    asked = [str(chosen.home.resolve()), str(chosen.cases), str(chosen.rounds)]
    return subprocess.run([sys.executable, "-m", "bench.standards_count", *asked], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
