"""`fahui content import | proof`: precedents and scripts from a table; the gold set asked now."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from django.db import transaction

from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Refusal
from fahui.knowledge.content import importing
from fahui.knowledge.content.actions import import_drafts
from fahui.knowledge.proof.actions import prove


def run(arguments: list[str]) -> int:
    """0 done; 1 refused with the reason."""
    parser = argparse.ArgumentParser(prog="fahui content")
    parts = parser.add_subparsers(required=True, metavar="import|proof")
    bring = parts.add_parser("import", help="bring precedents or scripts in as drafts: all rows or none")
    bring.add_argument("file", type=Path, help=".csv, .xlsx, .json or .yaml")
    bring.add_argument("--kind", choices=importing.KINDS, default=importing.KINDS[0], help="default: precedent")
    bring.set_defaults(do=_import)
    ask = parts.add_parser("proof", help="ask the gold set now and keep the report; 1 when it is worse than the accepted one")
    ask.add_argument("--json", action="store_true", help="the report as JSON")
    ask.set_defaults(do=_proof)
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


def _proof(chosen: argparse.Namespace) -> int:
    with transaction.atomic(), as_system():
        report = prove()
    right = len(report.asked) - len(report.faults)
    if chosen.json:
        told = {"asked": len(report.asked), "right": right, "worse": report.worse, "faults": report.faults, "milliseconds": report.milliseconds}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"{right} of {len(report.asked)} right in {report.milliseconds} ms, {len(report.worse)} worse than the accepted report")
        for fault in report.faults:
            print(f"  {'! ' if fault['id'] in report.worse else '  '}{fault['id']}: {', '.join(fault['wrong'])}: {fault['ask']}")
    return 1 if report.worse else 0
