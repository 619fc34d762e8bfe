"""The shape of this room's data: danger words and topics. Unknown keys are errors."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import yaml
from pydantic import Field

from fahui.knowledge.content.words import Part, Steps, Words

DATA = Path(__file__).parent / "data"


class Phone(Part):
    """A number to call, and whose it is."""

    number: str = Field(pattern=r"^\d{3,5}$")
    name: Words


class Danger(Part):
    """A kind of danger: what is heard, what is said at once, whom to call. `private`: whoever hurts may look on."""

    id: str
    name: Words
    private: bool = False
    say: Words
    phones: list[Phone] = Field(min_length=1)
    basis: list[str] = []
    heard: list[str] = Field(min_length=1)

    @cached_property
    def patterns(self) -> list[re.Pattern[str]]:
        """The words as patterns."""
        return [re.compile(pattern) for pattern in self.heard]


class Dangers(Part):
    """Every kind, most urgent first, with who answers for the words."""

    owner: Words
    source: str
    reviewed_on: date
    review_by: date
    kinds: list[Danger]


class Topic(Part):
    """What a question can be about, and who helps. With `only`, the matter
    (and `only_limits` instead of `limits`) is for questions with one of these words."""

    id: str
    name: Words
    words: list[str] = []
    laws: list[str] = []
    chapters: list[str] = []
    service: str
    matter: str
    only: list[str] = []
    limits: list[str] = []
    only_limits: list[str] = []
    steps: Steps


class Topics(Part):
    """Every topic; the last one is for whatever fits none."""

    owner: Words
    reviewed_on: date
    review_by: date
    topics: list[Topic]


@cache
def dangers() -> Dangers:
    """The shipped danger words."""
    return Dangers.model_validate(yaml.safe_load((DATA / "danger.yaml").read_text(encoding="utf-8")))


@cache
def topics() -> Topics:
    """The shipped topics."""
    return Topics.model_validate(yaml.safe_load((DATA / "topics.yaml").read_text(encoding="utf-8")))


def topic(topic_id: str) -> Topic:
    """A topic by id; the last one for an unknown id."""
    known = topics().topics
    return next((one for one in known if one.id == topic_id), known[-1])
