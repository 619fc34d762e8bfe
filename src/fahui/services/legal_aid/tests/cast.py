"""The fixed cast of the scenarios, as plain facts: the worker of J1, the detained boy of J4, and lawyers to choose from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fahui.casework.definitions.plugin import Facts, Parameter
from fahui.foundation.worktime.rules import BUSINESS_ZONE

MABIAN = 511133000000
SHIZHONG = 511102000000
JIANGBEI = 500105000000

WORKER = {
    "applies_for": "self", "own_lawyer": False, "matter_kind": "wages", "stage": "not_started", "cause_region": MABIAN,
    "still_working": False, "left_on": "2025-06-18", "waiver_ground": "none", "exempt_group": "migrant_worker",
    "claim_fen": 1_260_000, "other_side": "A建设\nB劳务", "group_matter": True, "group_size": 8,
}  # fmt: skip
TENANT = {
    "applies_for": "self", "own_lawyer": False, "matter_kind": "support", "stage": "not_started", "cause_region": MABIAN,
    "waiver_ground": "none", "exempt_group": "none", "household_members": 3, "household_income_fen": 540_000,
    "savings_fen": 1_000_000, "commitment_signed": True,
}  # fmt: skip
BOY = {
    "organ": "police", "ground": "minor", "birth_date": "2009-03-02", "detained": True, "own_lawyer": False,
    "notice_received_at": "2026-06-11T16:00:00+08:00", "situation_found_on": "2026-06-10", "criminal_stage": "investigation",
}  # fmt: skip
LYU = {"kind": "lawyer", "practice_years": 12, "criminal_years": 5, "tags": ["juvenile_skilled"], "fields": ["劳动"],
       "conflicts": [], "regions": [MABIAN], "load": 2}  # fmt: skip
LIMITS = {
    "means_income_limit_fen_per_month": Parameter(200_000, "fen", "省府〔2025〕1号"),
    "means_property_limit_fen": Parameter(5_000_000, "fen", "省府〔2025〕1号"),
}


def at(text: str) -> datetime:
    """A moment in business time."""
    return datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE)


def facts(details: dict[str, Any], *, now: str = "2026-06-13T19:42", matter: str = "civil", **more: Any) -> Facts:
    """Facts of a case; unless said otherwise it is Saturday 2026-06-13, 19:42, in Mabian, with the local limits set."""
    moment = at(now)
    values: dict[str, Any] = {
        "service": "legal_aid", "matter": matter, "state": "submitted", "region": MABIAN, "now": moment,
        "today": moment.date(), "opened_at": moment, "details": details, "payload": {}, "flags": frozenset(),
        "sealed": False, "actor_party": None, "parties": {}, "papers": {}, "parameters": LIMITS, "history": (),
        "candidate": None,
    }  # fmt: skip
    return Facts(**(values | more))
