"""Counters for Prometheus, added up over the web processes of a machine.

With PROMETHEUS_MULTIPROC_DIR set, which `fahui up` does, each process keeps its figures in that folder; without, in itself.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REGISTRY = CollectorRegistry()
REQUESTS = Counter("fahui_requests", "Requests by method, route and status.", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "fahui_request_seconds", "Time to answer, by route.", ["route"], registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip


def text() -> bytes:
    """The figures of all processes in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return generate_latest(together)
