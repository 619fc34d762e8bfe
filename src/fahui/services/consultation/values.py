"""What a consultation reads out of its details in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fahui.casework.definitions.values import text_of


def spoken(details: Mapping[str, Any]) -> str:
    """Everything the person said in their own words, for the alarm to look through."""
    return "\n".join(filter(None, (text_of(details, name) for name in ("facts", "wanted", "safe_words"))))


def chinese_day(day: date) -> str:
    """`2026年6月18日`."""
    return f"{day.year}年{day.month}月{day.day}日"
