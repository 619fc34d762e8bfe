"""The installation a benchmark runs on: `fahui up` on a data directory of its own, filled to size, with a machine key."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.data import fill
from fahui.config.postgres import Cluster, binary, running

ROOT = Path(__file__).resolve().parents[1]
Say = Callable[[str], None]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A data directory, the processes on it, and the key of the restricted county user."""

    home: Path
    workers: int = 2
    port: int = field(default_factory=free_port)
    user: int = 0
    key: str = ""
    process: subprocess.Popen[bytes] | None = None
    _began_at: int = 0  # of the log, at the last start

    @property
    def _log(self) -> Path:
        return self.home / "up.log"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes, free of ours."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("FAHUI_") and k != "DATABASE_URL"}
        return own | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "FAHUI_LOG_LEVEL": "ERROR", "FAHUI_CITY": "leshan",
                      "FAHUI_DATA_DIR": str(self.home), "FAHUI_AS_OWNER": "0"}  # fmt: skip

    @property
    def url(self) -> str:
        """The database, as the owner of its tables."""
        return Cluster(self.home).url()

    def prepare(self, cases: int, events: int, say: Say) -> None:
        """Make and fill the installation, unless it has been filled to this size before."""
        marker = self.home / "bench.json"
        wanted = {"cases": cases, "events": events}
        if marker.exists():
            if json.loads(marker.read_text(encoding="utf-8")) != wanted:
                raise SystemExit(f"fahui bench: {self.home} holds another size. Remove it, or choose another --data-dir.")
            say(f"{self.home} is filled already")
            return
        if (self.home / "postgres").exists():
            raise SystemExit(
                f"fahui bench: {self.home} holds an installation that is not a benchmark's. It is never filled with "
                "bench data; choose an empty --data-dir."
            )
        with running(self.home) as cluster:
            owner = self.environment | {"FAHUI_AS_OWNER": "1"}
            subprocess.run([sys.executable, "-m", "fahui", "migrate"], env=owner, check=True, stdout=subprocess.DEVNULL)
            self._make_key(owner)
            began = time.monotonic()
            fill(cluster.url(), cases, events, self.user, say)
            say(f"filled in {time.monotonic() - began:.0f} s")
        marker.write_text(json.dumps(wanted), encoding="utf-8")

    def start(self) -> float:
        """`fahui up`, until its first page is there; how many seconds that took. Raises SystemExit when it ends."""
        command = [sys.executable, "-m", "fahui", "up", "--city", "leshan", "--port", str(self.port),
                   "--data-dir", str(self.home), "--workers", str(self.workers)]  # fmt: skip
        self.home.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._began_at = log.tell()
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        while self.process.poll() is None:
            if self._first_page():
                return time.monotonic() - began
            time.sleep(0.02)
        raise SystemExit(f"fahui bench: `fahui up` ended; see {self._log}")

    def deaths(self) -> int:
        """How often one of its processes ended by itself since the last start. Figures taken beside that are worth nothing."""
        with self._log.open("rb") as log:
            log.seek(self._began_at)
            return log.read().count(b"stopped by itself")

    def ready(self) -> None:
        """Start, and make a key."""
        self.start()
        self._make_key(self.environment)

    def stop(self) -> None:
        """Ctrl-C, and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=120)
        self.process = None

    def sql(self, query: str) -> list[list[str]]:
        """The rows a query returns, as text, asked as the owner."""
        done = subprocess.run(
            [binary("psql"), "-XAtq", "-F", "\t", "-c", query, self.url], capture_output=True, text=True, check=True
        )
        return [line.split("\t") for line in done.stdout.splitlines()]

    def _first_page(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as link:
                link.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                return link.recv(64).startswith((b"HTTP/1.1 200", b"HTTP/1.1 302"))
        except OSError:
            return False

    def _make_key(self, environment: dict[str, str]) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "bench.people"], env=environment, check=True, capture_output=True, text=True
        )
        user, self.key = done.stdout.split()
        self.user = int(user)
