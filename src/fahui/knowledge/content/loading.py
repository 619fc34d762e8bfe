"""The curated answers that ship, read and checked."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter

from fahui.knowledge.words import Part, Steps, Words

FILE = Path(__file__).parent / "data" / "answers.yaml"


class Shipped(Part):
    """One shipped answer. Unknown keys are errors."""

    slug: str = Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")
    topic: str
    question: Words
    asks: list[list[str]] = Field(min_length=1)
    unless: list[str] = []
    answer: Words
    steps: Steps
    citations: list[str] = Field(min_length=1)

    @property
    def digest(self) -> str:
        """Of everything it says."""
        told = json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


@cache
def shipped() -> tuple[Shipped, ...]:
    """Every shipped answer. Raises pydantic.ValidationError."""
    rows = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple(TypeAdapter(list[Shipped]).validate_python(rows))
