"""The asking half of `bench.laws`: a process of its own on the installation that the environment names."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from bench.laws_data import measure, read
from bench.ready import connection
from fahui.knowledge.search.index import rebuild
from fahui.knowledge.search.queries import find


def memory() -> float:
    """The most this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def hammer(questions: list[str], threads: int, seconds: float, gate: Any, out: Any) -> None:
    """One server process: warm up, then search with several threads until time is up."""

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


def together(questions: list[str], clients: int, processes: int, seconds: float) -> dict[str, float]:
    """Searches a second and their times with many clients."""
    context = multiprocessing.get_context("spawn")
    threads = clients // processes
    gate, out = context.Barrier(clients), context.Queue()
    workers = [context.Process(target=hammer, args=(questions, threads, seconds, gate, out)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    results = [out.get() for _worker in workers]
    for worker in workers:
        worker.join()
    took = np.array([t for part, _memory in results for t in part]) * 1000
    return {"per_second": len(took) / seconds, "p50_ms": float(np.median(took)), "p95_ms": float(np.quantile(took, 0.95)),
            "memory_mib": sum(held for _part, held in results)}  # fmt: skip


def run(data: Path, questions: Path, clients: int, processes: int, seconds: float) -> dict[str, Any]:
    """Index, ask, and report."""
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
    report["together"] = together([q.text for q in asked[:300]], clients, processes, seconds)
    return report


def main() -> int:
    """Ask, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path)
    for name, kind in (("clients", int), ("processes", int), ("seconds", float)):
        parser.add_argument(name, type=kind)
    chosen = parser.parse_args()
    report = run(chosen.data, chosen.questions, chosen.clients, chosen.processes, chosen.seconds)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
