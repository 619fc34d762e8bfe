"""The embedded server takes its share of the memory there is."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from fahui.config import process
from fahui.config.postgres import Cluster, caches
from fahui.config.process import memory

GB = 2**30
WHOLE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.parametrize(("gigabytes", "own", "both"), [(1, 128, 512), (4, 512, 2048), (24, 3072, 12288), (256, 4096, 131072)])
def test_an_eighth_is_the_servers_own_within_bounds(gigabytes: int, own: int, both: int):
    assert caches(gigabytes * GB) == {"shared_buffers": f"'{own}MB'", "effective_cache_size": f"'{both}MB'"}


@pytest.mark.parametrize(("limit", "there"), [("max\n", WHOLE), (f"{GB}\n", GB), (f"{WHOLE * 2}\n", WHOLE), (None, WHOLE)])
def test_a_control_groups_limit_counts_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str | None, there: int):
    file = tmp_path / "memory.max"
    if limit is not None:
        file.write_text(limit, encoding="ascii")
    monkeypatch.setattr(process, "_GROUP_LIMIT", file)
    assert memory() == there


def test_the_server_runs_with_it(tmp_path: Path):
    cluster = Cluster(tmp_path)
    cluster.initialise()
    cluster.start()
    try:
        with psycopg.connect(cluster.url()) as connection:
            seen = {name: connection.execute(f"SELECT setting::bigint * 8192 / 1048576 FROM pg_settings WHERE name = '{name}'").fetchone()
                    for name in caches(memory())}  # fmt: skip
        assert {name: f"'{value[0]}MB'" for name, value in seen.items() if value} == caches(memory())
    finally:
        cluster.stop()
