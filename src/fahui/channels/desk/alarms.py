"""What staff read first on a matter where somebody may be in danger: what was heard, and what to do."""

from __future__ import annotations

from typing import Any

from fahui.casework.cases.models import Case
from fahui.casework.definitions.loader import service
from fahui.knowledge.content.queries import script


def alarms(case: Case, language: str) -> list[dict[str, Any]]:
    """The alarms that stand, each with the bureau's own script where it has published one, else the one that ships."""
    standing = getattr(service(case.service).rules, "alarms_standing", None)
    return [_shown(alarm, language) for alarm in standing(case.flags, case.details)] if standing and case.open else []


def _shown(alarm: Any, language: str) -> dict[str, Any]:
    own, english = script(alarm.slug), language.startswith("en")
    lines, basis = (own.lines, own.citations) if own else (alarm.script, alarm.basis)
    if english and list(lines) == list(alarm.script):  # what the bureau changed is only in its own words
        lines = alarm.script_en
    return {"text": alarm.en if english else alarm.zh, "script": lines, "basis": "、".join(basis)}
