"""Tellings that judge what the ear has learned, and taught it nothing."""

from __future__ import annotations

from pathlib import Path

from bench.danger_data import read

from fahui.knowledge.answers.danger import danger_in
from fahui.knowledge.answers.ear import NONE

JUDGE = read(Path(__file__).with_name("tellings.txt"))
DANGER = [(kind, text) for kind, text in JUDGE if kind != NONE]
OTHER = [text for kind, text in JUDGE if kind == NONE]


def unsure() -> str:
    """A text that may tell of danger, not surely enough for an alarm."""
    return next(text for _kind, text in JUDGE if (heard := danger_in(text)) and not heard.sure)
