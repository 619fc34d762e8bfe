"""`fahui check`: every service folder, city folder, guided check and citation."""

from __future__ import annotations

import argparse
import json

from fahui.commands import checking


def run(arguments: list[str]) -> int:
    """0 when everything holds; 1 with a line for every problem."""
    parser = argparse.ArgumentParser(prog="fahui check")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
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
