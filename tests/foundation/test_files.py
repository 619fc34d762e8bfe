"""Files that several threads and processes make or change at the same moment."""

from __future__ import annotations

import multiprocessing
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fahui.casework.documents import storage
from fahui.foundation.files import locked, write_once
from fahui.foundation.vault import crypto


def _make(path: Path, number: int, barrier: threading.Barrier) -> tuple[bool, bytes]:
    barrier.wait()
    made = write_once(path, str(number).encode() * 40_000)
    return made, path.read_bytes()


@pytest.mark.parametrize("attempt", range(20))
def test_of_many_makers_one_wins_and_everybody_reads_its_file(tmp_path: Path, attempt: int):
    path, makers = tmp_path / "keys" / "master", 8
    barrier = threading.Barrier(makers)
    with ThreadPoolExecutor(makers) as pool:
        results = list(pool.map(lambda number: _make(path, number, barrier), range(makers)))
    assert [made for made, _read in results].count(True) == 1
    assert {read for _made, read in results} == {path.read_bytes()} and len(path.read_bytes()) == 40_000
    assert list(path.parent.iterdir()) == [path], "drafts are taken away"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not write_once(path, b"another") and path.read_bytes() != b"another"


def test_threads_that_encrypt_first_share_one_key(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("FAHUI_MASTER_KEY", raising=False)
    settings.DATA_DIR = tmp_path
    stored: list[bytes] = []
    try:
        for _time in range(10):
            _forget(tmp_path)
            barrier = threading.Barrier(6)
            with ThreadPoolExecutor(6) as pool:
                stored = list(pool.map(lambda _n, b=barrier: (b.wait(), crypto.encrypt("x", "a.b:1"))[1], range(6)))
            crypto._master.cache_clear()
            crypto._derived.cache_clear()
            assert [crypto.decrypt(value, "a.b:1") for value in stored] == ["x"] * 6
    finally:
        crypto._master.cache_clear()
        crypto._derived.cache_clear()


def _forget(home: Path) -> None:
    (home / "keys" / "master").unlink(missing_ok=True)
    crypto._master.cache_clear()
    crypto._derived.cache_clear()


def test_one_file_uploaded_by_many_at_once_is_stored_whole(tmp_path: Path, settings):
    settings.FILES_DIR = tmp_path
    picture = b"\x89PNG\r\n\x1a\n" + bytes(300_000)
    barrier = threading.Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(lambda _n: (barrier.wait(), storage.keep(picture))[1], range(8)))
    ((digest, _mime),) = kept
    assert storage.read(digest) == picture
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def _hold(path: Path, told: Path, seconds: float) -> None:
    with locked(path):
        told.touch()
        time.sleep(seconds)
        told.unlink()


def test_a_lock_keeps_other_processes_out_and_ends_with_its_holder(tmp_path: Path):
    lock, held = tmp_path / ".lock", tmp_path / "held"
    spawn = multiprocessing.get_context("spawn")
    for killed in (False, True):
        other = spawn.Process(target=_hold, args=(lock, held, 60 if killed else 0.5))
        other.start()
        while not held.exists():
            assert other.is_alive() or held.exists()
            time.sleep(0.01)
        if killed:
            other.kill()
        with locked(lock, shared=True), locked(lock, shared=True):
            assert killed or not held.exists()
        other.join()
