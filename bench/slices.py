"""The process of one source tree in `bench.compare`: so many requests of a kind whenever it is told, and what they cost.

Run as a file, with the tree's own `src` and folder as PYTHONPATH: what is imported is that tree's. It reads lines
`intake 30` and answers with the milliseconds of processor time in Python, of processor time in PostgreSQL, and of the clock,
for one request.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from bench.people import county_key
from bench.profiling import InProcess
from bench.ready import connection
from bench.requests import intake_body

Call = Callable[[], object]


class Slices:
    """One connection, and the requests to choose from."""

    def __init__(self) -> None:
        self._app = InProcess(county_key()[1])
        self._number = count()
        self._known = self._open()["tracking_number"]
        with connection.pool.connection() as link:
            self._backend = link.info.backend_pid

    def run(self, kind: str, size: int) -> tuple[float, float, float]:
        """So many requests of a kind; Python, PostgreSQL and wall, milliseconds a request."""
        calls = [self._call(kind) for _ in range(size)]
        began, used, there = time.perf_counter(), time.process_time(), self._there()
        for call in calls:
            call()
        python, postgres, wall = time.process_time() - used, self._there() - there, time.perf_counter() - began
        each = 1000 / size
        return python * each, postgres * each, wall * each

    def _call(self, kind: str) -> Call:
        if kind == "intake":
            body, token = intake_body(next(self._number)), f"slice-{time.time_ns()}"
            return lambda: self._app.call("POST", "/api/v1/cases", body, token)
        if kind == "action":
            case = self._open()["id"]
            return lambda: self._app.call("POST", f"/api/v1/cases/{case}/actions/take", b"{}", f"take-{case}")
        path = f"/api/v1/track/{self._known}" if kind == "track" else "/api/v1/cases?order=due"
        return lambda: self._app.call("GET", path)

    def _open(self) -> dict[str, object]:
        return self._app.call("POST", "/api/v1/cases", intake_body(next(self._number)), f"open-{time.time_ns()}")

    def _there(self) -> float:
        """Seconds of processor time the server's process of this connection has used (Linux)."""
        return int(Path(f"/proc/{self._backend}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def main() -> None:
    """Until the lines end."""
    slices = Slices()
    print("ready", flush=True)
    for line in sys.stdin:
        kind, size = line.split()
        print(*slices.run(kind, int(size)), flush=True)


if __name__ == "__main__":
    main()
