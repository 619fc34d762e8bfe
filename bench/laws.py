"""Statute search measured: how well it finds, how long it takes, how many at once, how much memory.

`python -m bench.laws --data FOLDER`: the folder holds `corpus.jsonl.gz` (id, law, chapter, article, text, cat) and
questions (`--questions`, JSON lines with question and gold, a list of corpus ids). It indexes the corpus into a database of
its own below `--home`. The shipped order of articles has learned from the open questions; how well it does on questions
that it has not seen is what `bench.laws_train` reports.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]


def ready(home: Path) -> None:
    """Point Django at the database below `home`."""
    os.environ |= {
        "FAHUI_DATA_DIR": str(home),
        "FAHUI_AS_OWNER": "1",
        "DJANGO_SETTINGS_MODULE": "fahui.config.settings",
    }
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import django  # noqa: PLC0415  (settings are read from the environment above)

    django.setup()


def tables() -> None:
    """Make the tables of the index if they are not there."""
    from django.db import connection  # noqa: PLC0415  (after django.setup)

    from fahui.knowledge.search.models import SearchColumn, SearchIndex, SearchTerm  # noqa: PLC0415

    there = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        for model in (SearchIndex, SearchTerm, SearchColumn):
            if model._meta.db_table not in there:
                editor.create_model(model)


def memory() -> float:
    """The most this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def hammer(home: Path, questions: list[str], threads: int, seconds: float, gate: Any, out: Any) -> None:
    """One server process: warm up, then search with several threads until time is up."""
    ready(home)
    from django.db import connection  # noqa: PLC0415

    from fahui.knowledge.search.queries import find  # noqa: PLC0415

    def client(offset: int) -> list[float]:
        took = []
        gate.wait()
        until = time.perf_counter() + seconds
        for text in islice(cycle(questions), offset, None):
            began = time.perf_counter()
            if began >= until:
                break
            find(text)
            took.append(time.perf_counter() - began)
        connection.close()
        return took

    for text in questions:
        find(text)
    with ThreadPoolExecutor(threads) as pool:
        took = [t for part in pool.map(client, range(0, threads * 37, 37)) for t in part]
    out.put((took, memory()))


def together(home: Path, questions: list[str], clients: int, processes: int, seconds: float) -> dict[str, float]:
    """Searches a second and their times with many clients."""
    context = multiprocessing.get_context("spawn")
    threads = clients // processes
    gate, out = context.Barrier(clients), context.Queue()
    workers = [
        context.Process(target=hammer, args=(home, questions, threads, seconds, gate, out)) for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    results = [out.get() for _worker in workers]
    for worker in workers:
        worker.join()
    took = np.array([t for part, _memory in results for t in part]) * 1000
    return {"per_second": len(took) / seconds, "p50_ms": float(np.median(took)), "p95_ms": float(np.quantile(took, 0.95)),
            "memory_mib": sum(held for _part, held in results)}  # fmt: skip


def run(home: Path, data: Path, questions: Path, clients: int, processes: int, seconds: float) -> dict[str, Any]:
    """Index, ask, and report."""
    from bench.laws_data import measure, read  # noqa: PLC0415
    from fahui.knowledge.search.index import rebuild  # noqa: PLC0415
    from fahui.knowledge.search.queries import find  # noqa: PLC0415

    tables()
    passages, asked = read(data, questions)
    began = time.perf_counter()
    rebuild(passages)
    report: dict[str, Any] = {
        "articles": len(passages),
        "questions": len(asked),
        "index_s": time.perf_counter() - began,
    }
    place = {passage.id: i for i, passage in enumerate(passages)}
    for question in asked[:200]:
        find(question.text)
    took, cpu, found = [], [], []
    for question in asked:
        began, used = time.perf_counter(), time.process_time()
        hits = find(question.text, limit=100)
        took.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
        found.append((question, np.array([place[h.id] for h in hits], int)))
    report |= {"p50_ms": float(np.median(took)) * 1000, "p95_ms": float(np.quantile(took, 0.95)) * 1000,
               "cpu_ms": float(np.mean(cpu)) * 1000, "quality": measure(found)}  # fmt: skip
    report["together"] = together(home, [q.text for q in asked[:300]], clients, processes, seconds)
    return report


def main() -> int:
    """Parse, run, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("FAHUI_DATA", ".")) / "retrieval")
    parser.add_argument("--questions", type=Path, help="default: open_queries.jsonl of the data folder")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench" / "laws")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=20)
    chosen = parser.parse_args()
    from fahui.config.postgres import running  # noqa: PLC0415  (before Django: it starts the database)

    home = chosen.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with running(home, durable=False):
        ready(home)
        questions = chosen.questions or chosen.data / "open_queries.jsonl"
        report = run(home, chosen.data, questions, chosen.clients, chosen.processes, chosen.seconds)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
