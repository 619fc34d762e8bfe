"""The content that ships, read and checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter

from fahui.foundation.data import Data, Words
from fahui.knowledge.words import Steps

FOLDER = Path(__file__).parent / "data" / "answers"


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Shipped(Data):
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
        return _digest(self.model_dump())


@dataclass(frozen=True)
class ShippedScript:
    """A script a service brings along: the kind of call, what to say in order, and its articles."""

    slug: str
    topic: str
    title: str
    title_en: str
    lines: tuple[str, ...]
    citations: tuple[str, ...]
    owner: str
    source: str

    @property
    def digest(self) -> str:
        """Of everything it says."""
        return _digest(asdict(self))


@cache
def shipped() -> tuple[Shipped, ...]:
    """Every shipped answer, a file for each topic. Raises pydantic.ValidationError."""
    rows = [row for file in sorted(FOLDER.glob("*.yaml")) for row in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)]
    return tuple(TypeAdapter(list[Shipped]).validate_python(rows))
