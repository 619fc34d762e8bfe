"""One filling of the lake, as the worker does it, in a process of its own: `python -m bench.lake_fill FOLDER` prints JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import bench.ready  # noqa: F401 # sets Django up
from fahui.standards.lake.export import fill


def main() -> None:
    """Fill the lake from the database that the environment names."""
    began = time.monotonic()
    done = fill(Path(sys.argv[1]), sys.argv[2], lambda text: print(text, file=sys.stderr))
    print(json.dumps({"seconds": time.monotonic() - began, "months": done.months, "rows": sum(done.rows.values()),
                      "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))  # fmt: skip


if __name__ == "__main__":
    main()
