"""`fahui import KIND FILE`: all rows or none; errors name row, column, value and the fix."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext

from fahui.casework.activities.actions import import_activities
from fahui.casework.oldcases.actions import import_cases
from fahui.casework.registers.actions import import_entries
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Refusal
from fahui.foundation.tables.actions import KINDS, import_table


def run(arguments: list[str]) -> int:
    """0 imported, 1 refused with the reasons."""
    parser = argparse.ArgumentParser(prog="fahui import")
    parser.add_argument("kind", choices=[*KINDS, "cases", "entries", "activities"])
    parser.add_argument("register", nargs="?", help="for entries: the register, e.g. honour")
    parser.add_argument("file", type=Path)
    parser.add_argument("--reason", help="for entries and activities: why those that are there already are corrected")
    parser.add_argument("--service", help="for cases: the service, e.g. legal_aid")
    parser.add_argument("--matter", help="for cases: the matter, e.g. civil")
    chosen = parser.parse_args(arguments)
    if (chosen.kind == "entries") != bool(chosen.register):
        parser.error("a register is named for entries, and only for entries: fahui import entries REGISTER FILE")
    try:
        with transaction.atomic(), as_system():
            if chosen.kind == "cases":
                count = import_cases(SYSTEM, chosen.service or "", chosen.matter or "", chosen.file)
            elif chosen.kind in {"entries", "activities"}:
                return _records(chosen)
            else:
                count = import_table(SYSTEM, chosen.kind, chosen.file)
    except KeyError as error:
        print(f"fahui import: 没有这种服务或事项：{error}", file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(f"fahui import: {refusal.message}", file=sys.stderr)
        return 1
    print(f"{count} rows imported")
    return 0


def _records(chosen: argparse.Namespace) -> int:
    """Entries of a register, or activities; those that are there already are corrected by their number."""
    why = chosen.reason or gettext("导入 %(name)s") % {"name": chosen.file.name}
    if chosen.kind == "entries":
        done = import_entries(SYSTEM, chosen.register, chosen.file, why)
    else:
        done = import_activities(SYSTEM, chosen.file, why)
    print(f"{done.added} added, {done.corrected} corrected, {done.same} unchanged")
    return 0
