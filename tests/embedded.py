"""A pytest plugin (`-p tests.embedded`) that starts the test run's PostgreSQL before Django reads its settings."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from fahui.config.postgres import Cluster  # noqa: E402

_home = Path(tempfile.mkdtemp(prefix="fahui-test-"))
os.environ |= {
    "FAHUI_DATA_DIR": str(_home), "FAHUI_AS_OWNER": "1", "FAHUI_TESTING": "1", "FAHUI_CITY": "leshan",
    "DJANGO_SETTINGS_MODULE": "fahui.config.settings",
}  # fmt: skip
_cluster = Cluster(_home, durable=False)
_cluster.initialise()
_cluster.start()


def _stop() -> None:
    _cluster.stop()
    shutil.rmtree(_home, ignore_errors=True)


atexit.register(_stop)
