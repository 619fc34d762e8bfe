"""`python -m bench NAME`, called by `./fahui bench NAME`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from bench import compare, spine, start
from bench.site import ROOT, Site


def main() -> int:
    """Parse, run, print, write JSON. 0 when it ran; the numbers decide nothing by themselves."""
    parser = argparse.ArgumentParser(prog="fahui bench", description="Benchmarks; see docs/operations/performance.md.")
    parser.add_argument("name", choices=["spine", "start", "compare", "all"])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=0, help="default: ten a case")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2, help="web server processes")
    parser.add_argument("--data-dir", type=Path, default=ROOT / "var" / "bench", help="its own; kept and used again")
    parser.add_argument("--profile", action="store_true", help="also show where a request's time goes (spine)")
    parser.add_argument("--with", type=Path, dest="other", help="another source tree (compare)")
    chosen = parser.parse_args()
    if (chosen.name == "compare") != bool(chosen.other):
        parser.error("compare needs --with DIR, a source tree at another commit; nothing else takes it")
    home = chosen.data_dir.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    if chosen.name in ("start", "all"):
        report = start.run(home, chosen.rounds)
        start.show(report)
        print(f"written to {spine.save(report, home)}")
    if chosen.name in ("spine", "compare", "all"):
        site = Site(home / "spine", chosen.workers)
        site.prepare(chosen.cases, chosen.events or chosen.cases * 10, lambda text: print(f"· {text}", flush=True))
        if chosen.profile:
            site.start()
            try:
                subprocess.run([sys.executable, "-m", "bench.profiling"], env=site.environment, cwd=ROOT, check=True)
            finally:
                site.stop()
        if chosen.other:
            report = compare.run(site, chosen.other, chosen.rounds)
            compare.show(report)
            print(f"written to {spine.save(report, home)}")
            return 0
        report = spine.run(site, chosen.clients, chosen.seconds, chosen.rounds)
        spine.show(report)
        print(f"written to {spine.save(report, home)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
