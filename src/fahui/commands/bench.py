"""`fahui bench NAME`: the benchmarks in bench/, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(arguments: list[str]) -> int:
    """0 when the benchmark ran, 1 when it could not, 2 for wrong usage."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "bench" / "__main__.py").exists():
        print("fahui bench: the benchmarks come with the source tree; this installation has none.", file=sys.stderr)
        return 1
    env = os.environ | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
    # A relative --data-dir means what it means where the command was typed, so the folder is not changed.
    code = subprocess.run([sys.executable, "-m", "bench", *arguments], env=env).returncode
    return code if code in (0, 2) else 1
