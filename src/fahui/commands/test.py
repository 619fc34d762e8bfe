"""`fahui test`: the whole test suite, on both cores. Arguments go to pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(arguments: list[str]) -> int:
    """pytest from the repository's root; its exit code, as 0 or 1."""
    root = Path(__file__).resolve().parents[3]
    # The kill tests load the machine on purpose, so they run after the others, alone.
    runs = [arguments] if arguments else [["-n", "2", "-m", "not kill"], ["-m", "kill"]]
    codes = [subprocess.run([sys.executable, "-m", "pytest", *chosen], cwd=root).returncode for chosen in runs]
    return 1 if any(codes) else 0
