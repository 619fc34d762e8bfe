"""`fahui up`: from an empty folder to a running platform, and clean to the end."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fahui.commands.session import data_dir, whole
from fahui.config import environment as env
from fahui.config.postgres import Cluster, ServerError
from fahui.config.process import die_with_parent, may_listen, port_answers
from fahui.foundation import cities

# Where prometheus_client keeps the figures of several processes of one service.
FIGURES = "PROMETHEUS_MULTIPROC_DIR"


def run(arguments: list[str]) -> int:
    """Start everything and serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="fahui up")
    parser.add_argument("--city", help="city folder: " + ", ".join(cities.available()))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_whole(1, 65535), default=8000)
    parser.add_argument("--data-dir", help="where everything is kept (default ./var)")
    parser.add_argument("--demo", type=_whole(0), default=0, metavar="N", help="fill with N synthetic cases the first time")
    parser.add_argument("--workers", type=_whole(1), default=2, help="web server processes")
    parser.add_argument("--exit-when-ready", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if wrong := may_listen(chosen.host, chosen.port):
        print(f"fahui up: {chosen.host} port {chosen.port}: {wrong}. Choose another --host or --port.", file=sys.stderr)
        return 1
    if port_answers(chosen.host, chosen.port):
        print(f"fahui up: port {chosen.port} already answers. Stop what runs there, or choose another --port.", file=sys.stderr)
        return 1
    home = data_dir(chosen.data_dir)
    refuse = _city(home, chosen.city)
    if refuse:
        print(f"fahui up: {refuse}", file=sys.stderr)
        return 1
    return Supervisor(home, chosen.host, chosen.port, chosen.demo, chosen.workers, chosen.exit_when_ready).run()


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """A reader of whole numbers within these bounds, for argparse."""

    def whole_number(text: str) -> int:
        value = int(text)
        if value < least or (most is not None and value > most):
            raise ValueError(text)
        return value

    return whole_number


def _city(home: Path, wanted: str | None) -> str | None:
    """Remember the installation's city; refuse another one, since an installation is one city's."""
    remembered = home / "city"
    known = remembered.read_text(encoding="utf-8").strip() if remembered.exists() else None
    city = wanted or known or os.environ.get("FAHUI_CITY") or "leshan"
    if city not in cities.available():
        return f"there is no city folder {city!r}. Choose one of: {', '.join(cities.available())}."
    if known and known != city:
        return f"{home} holds {known}. One installation is one city: use another --data-dir for {city}."
    whole(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    remembered.write_text(city + "\n", encoding="utf-8")
    os.environ["FAHUI_CITY"] = city
    return None


@dataclass
class Supervisor:
    """Holds the database, the web server and the worker as its children, and brings back what dies."""

    home: Path
    host: str
    port: int
    demo: int
    workers: int
    exit_when_ready: bool
    cluster: Cluster | None = None
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False
    _deaths: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the pages are, as a browser wants it."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    @property
    def figures(self) -> Path:
        """The folder in which the web processes keep what /metrics says."""
        return self.home / "metrics"

    def run(self) -> int:
        """Start, watch, stop."""
        os.environ.setdefault("FAHUI_PUBLIC_URL", self.url)
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        began = time.monotonic()
        try:
            self._start_database()
            self._prepare()
            self._start_children()
            if not self._wait_ready():
                return 1
            self._greet(time.monotonic() - began)
            while not self.stopping and not self.exit_when_ready:
                time.sleep(0.2)
                self._revive()
            return 0
        except ServerError as error:
            print(f"fahui up: {error}", file=sys.stderr)
            return 1
        finally:
            self._stop()

    def _ask_to_stop(self, *_: object) -> None:
        if self.stopping:
            return
        self.stopping = True
        print("\nstopping …", flush=True)

    def _start_database(self) -> None:
        if env.text("DATABASE_URL"):
            _say("database: the server of DATABASE_URL")
            return
        self.cluster = Cluster(self.home)
        if not (self.cluster.data / "PG_VERSION").exists():
            _say(f"database: making a new PostgreSQL cluster in {self.cluster.data}")
        self.cluster.initialise()
        _say("database: starting (after a crash it first recovers, which may take a while)")
        self.cluster.start()

    def _prepare(self) -> None:
        """Tables, roles, services, city, static files, demo: in a process of its own, as the tables' owner."""
        command = [sys.executable, "-m", "fahui", "migrate"]
        if self.demo:
            command += ["--demo", str(self.demo)]
        if subprocess.run(command, env=os.environ | {"FAHUI_AS_OWNER": "1"}).returncode:
            raise ServerError("preparing the database failed; see the message above.")

    def _start_children(self) -> None:
        # The web processes add up their figures here; those of an earlier run are over.
        shutil.rmtree(self.figures, ignore_errors=True)
        self.figures.mkdir()
        self._spawn("web", [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", self.host, "--port", str(self.port),
            "--workers", str(self.workers), "--blocking-threads", "4", "--backpressure", "64", "--no-ws",
            "--respawn-failed-workers", "--workers-kill-timeout", "5s", "--log-level", "warning",
            "fahui.config.wsgi:application",
        ])  # fmt: skip
        self._spawn("worker", [sys.executable, "-m", "fahui", "worker"])

    def _spawn(self, name: str, command: list[str]) -> None:
        self.children[name] = subprocess.Popen(
            command, env=os.environ | {"FAHUI_AS_OWNER": "0", FIGURES: str(self.figures)}, start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM), stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def _wait_ready(self) -> bool:
        for _ in range(600):
            if self.stopping:
                return False
            if port_answers(self.host, self.port):
                return True
            if self.children["web"].poll() is not None:
                print("fahui up: the web server did not start; see the message above.", file=sys.stderr)
                return False
            time.sleep(0.1)
        return False

    def _revive(self) -> None:
        """What was killed comes back; what keeps dying ends the whole, so that nobody trusts a half-dead service."""
        if self.cluster is not None and not self.cluster.alive():
            self._note_death("database")
            self.cluster.start()
        for name, child in list(self.children.items()):
            if child.poll() is not None and not self.stopping:
                self._note_death(name)
                _clear_away(child)
                self._spawn(name, list(child.args))  # type: ignore[arg-type] # the list it was begun with

    def _note_death(self, name: str) -> None:
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < 60] + [now]
        _say(f"{name} stopped by itself; starting it again")
        if len(self._deaths) > 30:
            raise ServerError(f"{name} died again and again within a minute. Giving up; see the logs.")
        time.sleep(min(2.0, 0.1 * len(self._deaths)))

    def _greet(self, took: float) -> None:
        city = cities.load_city(os.environ["FAHUI_CITY"])
        print(f"\n  Fahui 法惠 · {city.bureau.zh}    ready in {took:.1f} s\n")
        print(f"  residents    {self.url}/")
        print(f"  staff        {self.url}/desk/")
        accounts = self.home / "demo-accounts.txt"
        if accounts.exists():
            print("\n  Demo sign-ins (made once, shown once; the second factor is off for this demo):\n")
            print("\n".join("  " + line for line in accounts.read_text(encoding="utf-8").splitlines()))
            accounts.unlink()
        elif (self.home / "demo").exists():
            print("\n  A demo installation. Passwords were shown at its first start; `fahui demo --passwords` makes new ones.")
        print("\n  Ctrl-C stops everything.\n", flush=True)

    def _stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _clear_away(child)
        if self.cluster is not None:
            self.cluster.stop()
        if self.stopping:
            print("stopped.", flush=True)


def _clear_away(child: subprocess.Popen[bytes]) -> None:
    """End what a child that has ended leaves behind: the web server's own workers would go on answering at its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _say(text: str) -> None:
    print(f"· {text}", flush=True)


