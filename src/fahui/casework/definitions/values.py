"""Reading plain values out of Facts, details and forms. Pure; every service's rules read them so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fahui.foundation.worktime.rules import BUSINESS_ZONE


def day_of(values: Mapping[str, Any], name: str) -> date | None:
    """A date answer, from ISO text or a date; None when empty."""
    value = values.get(name)
    if not value:
        return None
    if isinstance(value, datetime):
        return value.astimezone(BUSINESS_ZONE).date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def moment_of(values: Mapping[str, Any], name: str) -> datetime | None:
    """A moment, aware; a text without a zone is business time. None when empty."""
    value = values.get(name)
    if not value:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)


def text_of(values: Mapping[str, Any], name: str) -> str:
    """A text answer, trimmed; empty when there is none."""
    return str(values.get(name) or "").strip()
