"""Tellings that judge what the ear has learned, and taught it nothing: three writers' lists."""

from __future__ import annotations

from pathlib import Path

from bench.danger_data import read

from fahui.knowledge.answers.danger import danger_in

JUDGING = {path.stem: read(path) for path in sorted((Path(__file__).parent / "judging").glob("*.txt"))}


def unsure() -> str:
    """A text that may tell of danger, not surely enough for an alarm."""
    return next(text for _kind, text in JUDGING["first"] if (heard := danger_in(text)) and not heard.sure)
