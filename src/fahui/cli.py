"""The `fahui` command. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

from fahui import __version__
from fahui.config.environment import BadSetting
from fahui.config.postgres import ServerError

# Command → module under fahui.commands and what it is for. Modules load only when asked for.
COMMANDS = {
    "up": "start everything: database, tables, city, web server, worker",
    "test": "run the whole test suite (pytest arguments may follow)",
    "demo": "make deterministic synthetic operations for a city",
    "import": "import regions, institutions, practitioners, postings, sites or cases from CSV or Excel",
    "check": "check every service folder, city folder and citation",
    "audit": "verify the audit chain",
    "backup": "write everything into one file",
    "restore": "read a backup into an empty data directory",
    "docs": "write the generated reference pages",
    "worker": "run the job worker alone (up does it already)",
    "migrate": "create or update the tables (up does it already)",
    "bench": "run a benchmark",
}


def main(arguments: list[str] | None = None) -> None:
    """Parse the command, run it, exit with its code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="fahui", description="Fahui 法惠, the open public legal services platform", add_help=True,
        epilog="\n".join(f"  {name:<9} {what}" for name, what in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"fahui {__version__}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fahui.config.settings")
    module = importlib.import_module(f"fahui.commands.{chosen.command}_" if chosen.command == "import" else f"fahui.commands.{chosen.command}")
    try:
        sys.exit(module.run(chosen.rest))
    except (BadSetting, ServerError) as error:
        print(f"fahui {chosen.command}: {error}", file=sys.stderr)
        sys.exit(1)


def repository() -> Path:
    """The folder that holds `src/`."""
    return Path(__file__).resolve().parents[2]
