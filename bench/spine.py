"""The spine under load: intake, action, tracking and work-lists through the public API, against PostgreSQL's ceiling.

Each round runs, for every operation, pgbench and then Fahui, so that whatever else the machine does falls on both;
what is printed is the median of the rounds. The reader is a user of one county.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from bench import ceiling
from bench.load import Outcome, cycle, drive
from bench.requests import intake_body, request
from bench.site import ROOT, Site
from fahui.config.process import memory

OPERATIONS = ("intake", "action", "track", "list")
NAMES = {"intake": "POST /api/v1/cases", "action": "POST …/actions/take", "track": "GET /api/v1/track/…",
         "list": "GET /api/v1/cases?order=due"}  # fmt: skip
# p50, p95, p99 in milliseconds at a million cases, ten million events and 16 clients.
READS, WRITES = (40, 120, 250), (80, 250, 400)


@dataclass
class Line:
    """One operation: medians over the rounds. Share is that of pgbench's rate; times in milliseconds."""

    operation: str
    rate: float
    ceiling: float
    share: float
    p50: float
    p95: float
    p99: float
    refused: int
    rounds: int

    @property
    def holds(self) -> bool:
        """Whether the times are within the contract."""
        limits = WRITES if self.operation in ("intake", "action") else READS
        return all(seen <= limit for seen, limit in zip((self.p50, self.p95, self.p99), limits, strict=True))


def run(site: Site, clients: int, seconds: float, rounds: int) -> dict[str, Any]:
    """All rounds; the report as plain values."""
    site.ready()
    try:
        site.sql(ceiling.PREPARE)
        open_cases = int(site.sql("SELECT count(*) FROM bench_open")[0][0])
        numbers = [row[0] for row in site.sql("SELECT tracking_number FROM bench_open ORDER BY random() LIMIT 5000")]
        _warm(site, numbers)
        seen: dict[str, list[tuple[float, Outcome]]] = {name: [] for name in OPERATIONS}
        for _round in range(rounds):
            made: list[int] = []
            for name in OPERATIONS:
                highest = ceiling.run(site.url, name, clients, seconds, site.user, open_cases)
                outcome = drive(site.port, _requests(site, name, made, numbers), clients, seconds, keep=name == "intake")
                if name == "intake":
                    made += [json.loads(body)["id"] for body in outcome.bodies]
                seen[name].append((highest.rate, outcome))
        lines = [_line(name, rounds_of) for name, rounds_of in seen.items()]
        size = site.sql("SELECT (SELECT count(*) FROM casework_case), (SELECT count(*) FROM foundation_event)")[0]
        queries = _queries_a_page(site)
        deaths = site.deaths()
    finally:
        site.stop()
    return {
        "bench": "spine", "at": time.strftime("%FT%T%z"), "machine": machine(), "clients": clients, "seconds": seconds,
        "rounds": rounds, "cases": int(size[0]), "events": int(size[1]), "lines": [asdict(line) for line in lines],
        "within_contract": {line.operation: line.holds for line in lines}, "statements_a_page": queries,
        "deaths": deaths,
    }  # fmt: skip


def show(report: dict[str, Any]) -> None:
    """The report as a table."""
    print(f"\n{report['cases']:,} cases, {report['events']:,} events; {report['clients']} clients, median of {report['rounds']} "
          f"rounds of {report['seconds']:g} s; {report['machine']}\n")  # fmt: skip
    print(f"{'operation':<30}{'req/s':>8}{'pgbench':>9}{'share':>7}{'p50 ms':>8}{'p95':>7}{'p99':>7}  contract")
    for line in report["lines"]:
        limits = WRITES if line["operation"] in ("intake", "action") else READS
        holds = "holds" if report["within_contract"][line["operation"]] else "MISSED"
        print(f"{NAMES[line['operation']]:<30}{line['rate']:>8.0f}{line['ceiling']:>9.0f}{line['share']:>7.3f}{line['p50']:>8.1f}"
              f"{line['p95']:>7.1f}{line['p99']:>7.1f}  {holds} ({'/'.join(map(str, limits))})"
              + (f", {line['refused']} refused" if line["refused"] else ""))  # fmt: skip
    print("\nstatements a page: " + ", ".join(f"{size} rows {number}" for size, number in report["statements_a_page"].items()))
    if report["deaths"]:
        print(f"\nNOT VALID: web server, worker or database ended by itself {report['deaths']} times meanwhile; see up.log.")


def machine() -> str:
    """The machine in one line, with what else it was doing."""
    return f"{os.cpu_count()} cores, {memory() / 2**30:.0f} GiB, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def save(report: dict[str, Any], folder: Path) -> Path:
    """Write the report beside the others, by name and moment."""
    path = folder / f"{report['bench']}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _requests(site: Site, name: str, made: list[int], numbers: list[str]) -> Any:
    if name == "intake":
        return (request("POST", "/api/v1/cases", site.key, intake_body(n), idempotent=True) for n in count())
    if name == "action":
        return (request("POST", f"/api/v1/cases/{case}/actions/take", site.key, b"{}", idempotent=True) for case in made)
    if name == "track":
        return cycle([request("GET", f"/api/v1/track/{number}") for number in numbers])
    return cycle([request("GET", "/api/v1/cases?order=due", site.key)])


def _warm(site: Site, numbers: list[str]) -> None:
    """Every worker process has answered everything once: no first-time work is timed."""
    made: list[int] = []
    for name in OPERATIONS:
        outcome = drive(site.port, _requests(site, name, made, numbers), 16, 1.5, keep=name == "intake")
        if not outcome.times:
            raise SystemExit(f"fahui bench: {NAMES[name]} answers {outcome.refused}; nothing to measure.")
        made += [json.loads(body)["id"] for body in outcome.bodies] if name == "intake" else []


def _line(name: str, rounds: list[tuple[float, Outcome]]) -> Line:
    outcomes = [outcome for _highest, outcome in rounds]
    p50, p95, p99 = (median(o.percentile(p) for o in outcomes) for p in (0.5, 0.95, 0.99))
    return Line(
        name, median(o.rate for o in outcomes), median(highest for highest, _o in rounds),
        median(o.rate / highest for highest, o in rounds), p50, p95, p99,
        sum(sum(o.refused.values()) for o in outcomes), len(rounds),
    )  # fmt: skip


def _queries_a_page(site: Site) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.profiling", "--pages"], env=site.environment, cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))
