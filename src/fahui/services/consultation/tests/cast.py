"""The fixed cast of the consultation tests, as plain facts: the worker of Saturday evening, the village woman, a caller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fahui.casework.definitions.plugin import Facts
from fahui.foundation.worktime.rules import BUSINESS_ZONE

MABIAN = 511133000000
WORKER = {
    "who_owes": "B劳务公司", "owed_fen": 8_640_000, "work_site": "滨江二期", "people": 8, "left_on": "2025-06-18",
    "own_fen": 1_260_000,
}  # fmt: skip


def at(text: str) -> datetime:
    """A moment in business time."""
    return datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE)


def facts(details: dict[str, Any] | None = None, *, now: str = "2026-06-13T19:42", **more: Any) -> Facts:
    """Facts of a case; unless said otherwise a question by phone on Saturday 2026-06-13, 19:42, in Mabian."""
    moment = at(now)
    values: dict[str, Any] = {
        "service": "consultation", "matter": "question", "state": "registered", "region": MABIAN, "now": moment,
        "today": moment.date(), "opened_at": moment, "details": details or {}, "payload": {}, "flags": frozenset(),
        "sealed": False, "actor_party": None, "parties": {}, "papers": {}, "channel": "hotline", "actor_user": 7,
    }  # fmt: skip
    return Facts(**(values | more))
