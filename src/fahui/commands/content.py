"""`fahui content import`: precedents and scripts from a table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.db import transaction

from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Refusal
from fahui.knowledge.content import importing
from fahui.knowledge.content.actions import import_drafts


def run(arguments: list[str]) -> int:
    """0 done; 1 refused with the reason."""
    parser = argparse.ArgumentParser(prog="fahui content")
    parts = parser.add_subparsers(required=True, metavar="import")
    bring = parts.add_parser("import", help="bring precedents or scripts in as drafts: all rows or none")
    bring.add_argument("file", type=Path, help=".csv, .xlsx, .json or .yaml")
    bring.add_argument("--kind", choices=importing.KINDS, default=importing.KINDS[0], help="default: precedent")
    bring.set_defaults(do=_import)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.do(chosen))
    except Refusal as refusal:
        print(f"fahui content: {refusal.message}", file=sys.stderr)
        return 1


def _import(chosen: argparse.Namespace) -> int:
    with transaction.atomic(), as_system():
        writings = importing.read(chosen.file, chosen.kind)
        new = import_drafts(SYSTEM, writings)
    print(f"{new} drafts; {len(writings) - new} were there already. An editor hands each in, another publishes it.")
    return 0
