"""A whole running Fahui for tests that need real processes: database, web server and worker, as `fahui up` starts them.

One is started for a test module and stopped after it. Nothing is shared with the other tests.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """A data directory and the processes on it."""

    home: Path
    demo: int = 0
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    accounts: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes, free of the test run's own."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("FAHUI_") and k != "DATABASE_URL"}
        return own | {"PYTHONPATH": str(ROOT / "src"), "FAHUI_LOG_LEVEL": "WARNING"} | self.settings

    def start(self, *, patience: float = 120) -> None:
        """`fahui up`, until it is ready."""
        command = [sys.executable, "-m", "fahui", "up", "--city", "leshan", "--port", str(self.port),
                   "--data-dir", str(self.home), "--workers", str(self.workers)]  # fmt: skip
        if self.demo:
            command += ["--demo", str(self.demo)]
        self.home.mkdir(parents=True, exist_ok=True)
        log = (self.home / "up.log").open("a", encoding="utf-8")
        self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, text=True)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"fahui up ended: {self.log()[-2000:]}")
            if "Ctrl-C stops everything" in self.log().rsplit("making", 1)[-1] and self.ready():
                self._read_accounts()
                return
            time.sleep(0.1)
        raise RuntimeError(f"fahui up was not ready: {self.log()[-2000:]}")

    def ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=3) as answer:
                return bool(json.loads(answer.read())["ready"])
        except OSError:
            return False

    def log(self) -> str:
        """Everything it printed."""
        return (self.home / "up.log").read_text(encoding="utf-8")

    def _read_accounts(self) -> None:
        for name, password in re.findall(r"^  (\w+)\s+([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}) ", self.log(), re.M):
            self.accounts[name] = password

    def stop(self) -> int:
        """Ctrl-C, and wait; its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        self.process = None
        return code

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "fahui", *arguments, "--data-dir", str(self.home)], env=self.environment,
            capture_output=True, text=True,
        )  # fmt: skip

    def children(self, name: str) -> list[int]:
        """Process ids of a part, the oldest first: "granian", "worker" or "postgres" (the postmaster)."""
        patterns = {"granian": "granian", "worker": "fahui\0worker", "postgres": f"-D\0{self.home}/postgres"}
        found: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes().decode(errors="replace")
                    environ = (entry / "environ").read_bytes().decode(errors="replace")
                    # In ticks since the machine began; process numbers begin anew after the last one.
                    began = int((entry / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[19])
                except OSError:
                    continue
                if patterns[name] in command and (name == "postgres" or f"FAHUI_DATA_DIR={self.home}" in environ):
                    found[int(entry.name)] = began
        return sorted(found, key=found.__getitem__)

    def last_text(self, phone: str, patience: float = 20) -> str:
        """The last text message sent to a phone; waits for the worker to send one."""
        path, deadline = self.home / "sms.log", time.monotonic() + patience
        while True:
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
            found = next((line["text"] for line in reversed(lines) if line["to"] == phone), "")
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.3)
