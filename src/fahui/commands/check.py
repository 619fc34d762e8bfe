"""`fahui check`: every service folder, city folder, policy, guided check and citation."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fahui.commands import checking
from fahui.foundation import cities
from fahui.standards.policies.checks import check_quotes
from fahui.standards.policies.definitions import BadPolicy, demands


def run(arguments: list[str]) -> int:
    """0 when everything holds; 1 with a line for every problem."""
    parser = argparse.ArgumentParser(prog="fahui check")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--policy-text", nargs=2, metavar=("CITY", "FILE"),
        help="only prove that every quote of the city's policy stands in this text (UTF-8), letter by letter",
    )  # fmt: skip
    chosen = parser.parse_args(arguments)
    if chosen.policy_text:
        return _quotes(*chosen.policy_text)
    report = checking.examine()
    if chosen.json:
        print(json.dumps(report.__dict__, ensure_ascii=False, indent=1))
    else:
        for problem in report.problems:
            print(f"✗ {problem}")
        for warning in report.warnings:
            print(f"! {warning}")
        print(f"{report.services} services, {report.cities} cities, {report.citations} citations resolved")
        if report.awaited:
            print(f"{len(report.awaited)} values no source gives; the bureau sets them under 本地标准:")
            for line in report.awaited:
                print(f"  {line}")
        if report.outside:
            print(f"{len(report.outside)} citations only a document outside the law source can prove:")
            for line in report.outside:
                print(f"  {line}")
    return 1 if report.problems else 0


def _quotes(city_id: str, file: str) -> int:
    if city_id not in cities.available():
        print(f"fahui check: there is no city {city_id!r}; choose one of {', '.join(cities.available())}.", file=sys.stderr)
        return 1
    try:
        text = Path(file).read_text(encoding="utf-8")
        faults = check_quotes(city_id, text)
        total = len(demands(city_id))
    except (OSError, UnicodeDecodeError, BadPolicy) as error:
        print(f"fahui check: {error}", file=sys.stderr)
        return 1
    for fault in faults:
        print(f"✗ {fault.place}: {fault.problem}")
    print(f"{total} demands of {city_id}, {len(faults)} quotes that do not stand in {Path(file).name}")
    return 1 if faults else 0
