"""The shape of this room's data on topics. Unknown keys are errors."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from fahui.foundation.data import Data, Words
from fahui.knowledge.words import Steps

DATA = Path(__file__).parent / "data"


class Subject(Data):
    """What a bureau may keep from machine answers: a topic or a kind."""

    id: str
    name: Words


class Topic(Subject):
    """What a question can be about, and who helps. With `only`, the matter
    (and `only_limits` instead of `limits`) is for questions with one of these words."""

    words: list[str] = []
    laws: list[str] = []
    chapters: list[str] = []
    service: str
    matter: str
    only: list[str] = []
    limits: list[str] = []
    only_limits: list[str] = []
    steps: Steps


class Kind(Subject):
    """A kind of question across topics, known by its words: one that says any of them is of this kind."""

    words: list[str]


class Topics(Data):
    """Every topic; the last one is for whatever fits none. `kinds` are what a bureau may want to keep from machine answers."""

    owner: Words
    reviewed_on: date
    review_by: date
    topics: list[Topic]
    kinds: list[Kind] = []

    @property
    def subjects(self) -> list[Subject]:
        """Every topic and kind."""
        return [*self.topics, *self.kinds]


@cache
def topics() -> Topics:
    """The shipped topics."""
    return Topics.model_validate(yaml.safe_load((DATA / "topics.yaml").read_text(encoding="utf-8")))


def topic(topic_id: str) -> Topic:
    """A topic by id; the last one for an unknown id."""
    known = topics().topics
    return next((one for one in known if one.id == topic_id), known[-1])
