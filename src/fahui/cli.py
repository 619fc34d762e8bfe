"""The `fahui` command. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage."""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import io
import os
import sys
from dataclasses import dataclass

from django.db.utils import OperationalError

from fahui import __version__
from fahui.commands.session import database, ready_without_database
from fahui.config.environment import BadSetting
from fahui.config.postgres import ServerError


@dataclass(frozen=True)
class Command:
    """A command: what it is for, and what must be ready before its module is loaded.

    needs: "nothing"; "files" (Django without a database); "app" or "owner" (the installation's database, as the
    application's role or as the owner of the tables).
    """

    what: str
    needs: str


COMMANDS = {
    "up": Command("start everything: database, tables, city, web server, worker", "nothing"),
    "test": Command("run the whole test suite (pytest arguments may follow)", "nothing"),
    "lint": Command("run linters, types and the import contract", "nothing"),
    "bench": Command("run a benchmark: fahui bench NAME", "nothing"),
    "check": Command("check every service folder, city folder and citation", "files"),
    "docs": Command("write the generated reference pages", "files"),
    "demo": Command("make deterministic synthetic operations", "owner"),
    "migrate": Command("create or update the tables (up does it already)", "owner"),
    "import": Command("import regions, institutions, practitioners, postings, sites or cases", "app"),
    "laws": Command("import laws, show an article as of a day", "app"),
    "content": Command("import precedents and scripts, ask the gold set", "app"),
    "measure": Command("measure the city's targets from its records", "app"),
    "key": Command("make an API key for a machine", "app"),
    "account": Command("help an account that lost its password or second factor", "app"),
    "audit": Command("verify the audit chain", "app"),
    "worker": Command("run the job worker alone (up does it already)", "app"),
    "backup": Command("write everything into one file", "owner"),
    "restore": Command("read a backup into an empty data directory", "nothing"),
}


def main(arguments: list[str] | None = None) -> None:
    """Parse the command, run it, exit with its code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no Chinese is no reason to stop
    parser = argparse.ArgumentParser(
        prog="fahui", description="Fahui 法惠, the open public legal services platform",
        epilog="commands:\n" + "\n".join(f"  {name:<9} {command.what}" for name, command in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"fahui {__version__}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fahui.config.settings")
    try:
        sys.exit(_run(chosen.command, chosen.rest))
    except (BadSetting, ServerError) as error:
        print(f"fahui {chosen.command}: {error}", file=sys.stderr)
        sys.exit(1)
    except OperationalError as error:
        print(f"fahui {chosen.command}: the database cannot be used: {str(error).strip()}", file=sys.stderr)
        print("Look at DATABASE_URL, or at postgres.log in the data directory.", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if not error.filename and error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        place = f"{error.filename}: " if error.filename else ""
        print(f"fahui {chosen.command}: {place}{error.strerror}. Give it what it lacks, or name another place.", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(name: str, rest: list[str]) -> int:
    needs = COMMANDS[name].needs
    with contextlib.ExitStack() as stack:
        if needs == "files":
            ready_without_database()
        elif needs != "nothing":
            stack.enter_context(database(_data_dir_in(rest), as_owner=needs == "owner"))
        # Modules load models, so they load only now that Django is ready.
        module = importlib.import_module(f"fahui.commands.{name}" + ("_" if name == "import" else ""))
        return int(module.run(rest))


def _data_dir_in(rest: list[str]) -> str | None:
    """The value of --data-dir, which every command on an installation understands (and which is then taken out)."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, usage="fahui COMMAND [--data-dir DIR] …")
    parser.add_argument("--data-dir")
    found, rest[:] = parser.parse_known_args(rest)
    return None if found.data_dir is None else str(found.data_dir)
