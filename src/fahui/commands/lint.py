"""`fahui lint`: linters, types, import contract."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STEPS = [
    ("ruff", ["-m", "ruff", "check", "."]),
    ("import contract", ["-c", "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"]),
    ("types", ["-m", "mypy"]),
]


def run(arguments: list[str]) -> int:
    """Every step; 1 when any fails."""
    root = Path(__file__).resolve().parents[3]
    env = os.environ | {
        "PYTHONPATH": str(root / "src"), "FAHUI_SECRET_KEY": "lint", "DATABASE_URL": "postgresql://nobody@localhost/none",
    }  # fmt: skip
    failed = [name for name, command in STEPS if subprocess.run([sys.executable, *command], cwd=root, env=env).returncode]
    print("lint: " + (f"failed: {', '.join(failed)}" if failed else "everything holds"))
    return 1 if failed else 0
