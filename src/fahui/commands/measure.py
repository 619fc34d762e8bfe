"""`fahui measure`: every target of the city's policy, counted as of a day from the records, or from a foreign data set."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from django.db import transaction

from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Refusal
from fahui.foundation.regions.models import Region
from fahui.insight.figures.plain import whole
from fahui.insight.figures.queries import Board, Result, place
from fahui.insight.figures.units import made_of
from fahui.insight.reports.actions import compose
from fahui.insight.reports.excel import workbook
from fahui.insight.reports.word import document
from fahui.standards.actions import ENGINES, measure, measure_folder
from fahui.standards.models import Run


def run(arguments: list[str]) -> int:
    """0 done; 1 refused with the reason."""
    parser = argparse.ArgumentParser(prog="fahui measure")
    parser.add_argument("--city", help="the city of this installation (another is refused)")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, default=None, metavar="DATE", help="the day (default today)"
    )
    parser.add_argument("--region", type=int, metavar="CODE", help="a place inside the city (default the city)")
    parser.add_argument("--engine", choices=ENGINES, default="duckdb")
    parser.add_argument("--format", choices=("json", "text", "docx", "xlsx"), default="text")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of printing")
    parser.add_argument(
        "--from",
        dest="folder",
        type=Path,
        metavar="FOLDER",
        help="count the CSV files there instead; nothing is stored",
    )
    chosen = parser.parse_args(arguments)
    if chosen.folder and (chosen.format in ("docx", "xlsx") or chosen.engine != "duckdb"):
        parser.error(
            "--from counts with duckdb and prints text or json; reports are made from this installation's own records"
        )
    city = cities.current()
    if chosen.city and chosen.city != city.id:
        print(f"fahui measure: this installation serves {city.id}, not {chosen.city}.", file=sys.stderr)
        return 1
    try:
        as_of, measured = chosen.as_of or clock.today(), None
        with transaction.atomic(), as_system():
            place(SYSTEM, chosen.region)  # refused before the counting and not after it
        if chosen.folder:
            done, measured = measure_folder(chosen.folder, as_of, _progress)
        else:
            done = measure(as_of, chosen.engine, _progress)
        with transaction.atomic(), as_system():
            region = place(SYSTEM, chosen.region)
            if chosen.format in ("docx", "xlsx"):
                return _file(chosen.format, region, done, chosen.out)
            results = Board(done, measured).results(region.code)
    except Refusal as refusal:
        print(f"fahui measure: {refusal.message}", file=sys.stderr)
        return 1
    told = (
        json.dumps([whole(r) for r in results], ensure_ascii=False, indent=1, default=str)
        if chosen.format == "json"
        else _text(results)
    )
    if chosen.out:
        chosen.out.write_text(told + "\n", encoding="utf-8")
    else:
        print(told)
    return 0


def _file(kind: str, region: Region, done: Run, out: Path | None) -> int:
    content = compose("assessment", region, done, None, "")
    path = out or Path(f"{content.title}-{content.as_of}.{kind}")
    path.write_bytes(document(content) if kind == "docx" else workbook(content))
    print(path)
    return 0


def _text(results: list[Result]) -> str:
    lines = []
    for result in results:
        upper, lower = made_of(result.indicator.use, result.numbers)
        made = f"{upper}/{lower}" if lower else upper or "–"
        aim = f"{result.target.op}{result.target.value}" if result.target.value is not None else result.target.words
        lines.append(
            f"{result.indicator.id}\t{result.status}\t{result.told} {result.indicator.unit}\t{made}\t{aim}\t{result.target.by}\t{result.indicator.name.zh}"
        )
    return "\n".join(lines)


def _progress(done: int, total: int, name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total} {name[:40]:<40}", end="" if done < total else "\n", file=sys.stderr)
