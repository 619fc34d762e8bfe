"""Cells of tables that people open in a spreadsheet."""

from __future__ import annotations

from typing import Any


def safe(value: Any) -> str:
    """A cell that a spreadsheet shows and never computes."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
