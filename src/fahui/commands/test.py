"""`fahui test`: the whole test suite, on both cores. Arguments go to pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(arguments: list[str]) -> int:
    """pytest from the repository's root; its exit code, as 0 or 1."""
    root = Path(__file__).resolve().parents[3]
    chosen = arguments or ["-n", "2"]
    return 1 if subprocess.run([sys.executable, "-m", "pytest", *chosen], cwd=root).returncode else 0
