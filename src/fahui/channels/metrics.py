"""Counters for Prometheus. In several processes each has its own; the page says which process answered."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
REQUESTS = Counter("fahui_requests", "Requests by method, route and status.", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "fahui_request_seconds", "Time to answer, by route.", ["route"], registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
