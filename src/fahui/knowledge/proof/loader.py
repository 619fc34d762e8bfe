"""The questions of the gold set, as `gold/<topic>.yaml` holds them. Unknown keys are errors."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, TypeAdapter, model_validator

from fahui.foundation.data import Data

FOLDER = Path(__file__).parent / "gold"


class Gold(Data):
    """A question in everyday words, and what must come of it. Ids are permanent: reports are compared by them.

    `articles`: one of them at least must be among the articles shown. `danger`: the kind of alarm.
    """

    id: str = Field(pattern=r"^[a-z]+-[a-z0-9-]{2,40}$")
    ask: str = Field(min_length=2, max_length=200)
    kind: Literal["answer", "alarm", "declined"] = "answer"
    topic: str = ""
    danger: str = ""
    articles: list[str] = []

    @model_validator(mode="after")
    def _says_what_is_expected(self) -> Self:
        if self.kind == "answer" and not self.articles:
            raise ValueError(f"{self.id}: an answer names the articles it must show")
        if (self.kind == "alarm") != bool(self.danger):
            raise ValueError(f"{self.id}: an alarm, and only an alarm, names its danger")
        return self


@cache
def gold() -> tuple[Gold, ...]:
    """Every question, in order of files and lines. Raises pydantic.ValidationError, ValueError if an id stands twice."""
    found: list[Gold] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        found += TypeAdapter(list[Gold]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    ids = [one.id for one in found]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"these stand twice: {', '.join(twice)}")
    return tuple(found)
