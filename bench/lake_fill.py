"""One filling of the lake, as the worker does it, in a process of its own that prints JSON.

`python -m bench.lake_fill` fills `bench-lake` in the data directory that the environment names.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from bench.ready import settings
from fahui.standards.actions import lake_url
from fahui.standards.lake.export import fill


def main() -> None:
    """Fill it from that installation's database."""
    began = time.monotonic()
    done = fill(Path(settings.DATA_DIR) / "bench-lake", lake_url(), lambda text: print(text, file=sys.stderr))
    print(json.dumps({"seconds": time.monotonic() - began, "months": done.months, "rows": sum(done.rows.values()),
                      "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))  # fmt: skip


if __name__ == "__main__":
    main()
