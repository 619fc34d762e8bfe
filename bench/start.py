"""How long until the first page: from nothing, and from a data directory that is ready."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.site import Site
from bench.spine import machine


def run(home: Path, rounds: int) -> dict[str, Any]:
    """Start a new installation once, stop it, and start it again `rounds` times."""
    place = home / "start"
    shutil.rmtree(place, ignore_errors=True)
    site = Site(place)
    try:
        first = site.start()
        site.stop()
        again = []
        for _round in range(rounds):
            again.append(site.start())
            site.stop()
    finally:
        site.stop()
    shutil.rmtree(place)
    return {"bench": "start", "at": time.strftime("%FT%T%z"), "machine": machine(), "first": first, "cold": median(again),
            "rounds": rounds}  # fmt: skip


def show(report: dict[str, Any]) -> None:
    """The report in two lines."""
    print(f"\n{report['machine']}")
    print(f"first start ever (cluster, tables, services, regions, calendar, static files) to the first page: {report['first']:.1f} s")
    print(f"start of a ready data directory to the first page: {report['cold']:.1f} s (median of {report['rounds']})")
