"""Starting, backing up and restoring where something is wrong: a sentence with what to do, never a stack of lines of code."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest

from fahui.config.postgres import Cluster, ServerError, tool
from tests.live import ROOT, free_port


def fahui(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("FAHUI_") and k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return subprocess.run(
        [sys.executable, "-m", "fahui", *arguments], env=own | {"PYTHONPATH": str(ROOT / "src")} | settings,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode in {1, 2}, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(fahui("up", "--data-dir", str(tmp_path / "file"), "--port", str(free_port())))
    assert str(tmp_path / "file") in said and "File exists" in said


@pytest.mark.parametrize(
    "wrong", [["--port", "99999"], ["--port", "0"], ["--demo", "-3"], ["--workers", "0"], ["--host", "192.0.2.1"], ["--host", "no such host"]]
)
def test_what_no_server_can_use_is_refused_before_anything_is_made(tmp_path: Path, wrong: list[str]) -> None:
    port = [] if "--port" in wrong else ["--port", str(free_port())]
    assert wrong[0].removeprefix("--")[:4] in refused(fahui("up", "--data-dir", str(tmp_path / "var"), *port, *wrong))
    assert not (tmp_path / "var").exists()


def test_a_database_that_does_not_answer_is_said_in_two_lines(tmp_path: Path) -> None:
    url = f"postgresql://somebody:secret-word@127.0.0.1:{free_port()}/fahui"
    said = refused(fahui("up", "--data-dir", str(tmp_path / "var"), "--port", str(free_port()), DATABASE_URL=url))
    assert "the database cannot be used" in said and "DATABASE_URL" in said and "secret-word" not in said


def test_a_folder_of_somebody_else_is_not_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "thesis.txt").write_text("three years of work", encoding="utf-8")
    with pytest.raises(ServerError, match="Move it away"):
        Cluster(tmp_path, durable=False).initialise()
    assert (tmp_path / "postgres" / "thesis.txt").exists()


def test_both_ways_to_write_the_data_directory_are_understood(tmp_path: Path) -> None:
    assert str(tmp_path / "here") in refused(fahui("audit", "verify", f"--data-dir={tmp_path / 'here'}"))
    assert "expected one argument" in refused(fahui("audit", "verify", "--data-dir"))


def test_a_terminal_that_knows_no_chinese_stops_nothing() -> None:
    done = fahui("check", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("content", [b"", b"no archive at all", None])
def test_what_is_no_backup_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "backup.tar"
    if content is not None:
        file.write_bytes(content)
    said = refused(fahui("restore", str(file), "--data-dir", str(tmp_path / "var")))
    assert str(file) in said
    assert not (tmp_path / "var").exists()


def test_nothing_starts_on_half_a_restore_and_a_second_restore_ends_it(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    cluster = Cluster(source, durable=False)
    cluster.initialise()
    cluster.start()
    try:
        tool("psql", cluster.url(), "-q", "-c", "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
        tool("pg_dump", cluster.url(), "-Fc", "-f", str(tmp_path / "database.dump"))
    finally:
        cluster.stop()
    bundle, broken = tmp_path / "backup.tar", tmp_path / "broken.tar"
    with tarfile.open(bundle, "w") as archive:
        archive.add(tmp_path / "database.dump", "database.dump")
    (tmp_path / "cut.dump").write_bytes((tmp_path / "database.dump").read_bytes()[:400])
    with tarfile.open(broken, "w") as archive:
        archive.add(tmp_path / "cut.dump", "database.dump")

    assert "pg_restore failed" in refused(fahui("restore", str(broken), "--data-dir", str(target)))
    for command in (["up", "--port", str(free_port())], ["audit", "verify"]):
        assert "was cut short" in refused(fahui(*command, "--data-dir", str(target)))
    done = fahui("restore", str(bundle), "--data-dir", str(target))
    assert done.returncode == 0, done.stderr
    assert "already holds an installation" in refused(fahui("restore", str(bundle), "--data-dir", str(target)))
    restored = Cluster(target, durable=False)
    restored.start()
    try:
        with psycopg.connect(restored.url()) as connection:
            assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]
    finally:
        restored.stop()
