"""Words of danger: what answers, consultations and the portal hear by. Pure.

Two ears: a reviewed list of patterns, and one that learned from tellings what no list names (`ear`). Too many alarms cost a
minute each; one too few may cost a life. So both are wide, a person always decides, and the alarm says which words it heard.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

import yaml
from pydantic import Field, model_validator

from fahui.foundation.data import Data, Words
from fahui.knowledge.answers.ear import ear
from fahui.knowledge.answers.hearing import Needs, marks_of, needs_of
from fahui.knowledge.answers.rules import asked_about
from fahui.knowledge.search.text import half_width
from fahui.knowledge.words import Phone

FILE = Path(__file__).parent / "data" / "danger.yaml"
# The odds (logarithms) from which what was learned raises an alarm, from which it only says whom to call beside an answer,
# and below which even what a pattern names is only said beside it. Measured: docs/explanation/danger.md.
SURE, WORRIED, UNLIKELY = 1.0, -0.5, -1.5
_BLANKS = re.compile(r"[ \t\u3000]+(?=[\u4e00-\u9fff])")
_PART = re.compile(r"\{([a-z]+)\}")  # {near}; a quantifier such as {0,8} has no letters


class Danger(Data):
    """A kind of danger: what is heard, what is said at once, whom to call. `private`: whoever hurts may look on."""

    id: str
    name: Words
    private: bool = False
    say: Words
    phones: list[Phone] = Field(min_length=1)
    basis: list[str] = []
    heard: list[str] = Field(min_length=1)


class Dangers(Data):
    """Every kind, most urgent first, with who answers for the words. `parts` are words that several patterns name."""

    owner: Words
    source: str
    reviewed_on: date
    review_by: date
    parts: dict[str, str] = {}
    kinds: list[Danger]

    @model_validator(mode="after")
    def _patterns_read(self) -> Self:
        for kind in self.kinds:
            patterns_of(self, kind)
        return self


class Heard(NamedTuple):
    """A danger, and the words in which it was heard. Not `sure`: whom to call is said, but beside what was asked for."""

    danger: Danger
    words: str
    sure: bool = True


def patterns_of(known: Dangers, kind: Danger) -> list[re.Pattern[str]]:
    """The patterns of a kind, its parts put in. Raises ValueError for an unknown part or a pattern that cannot be read."""
    try:
        return [re.compile(_PART.sub(lambda part: f"(?:{known.parts[part[1]]})", text)) for text in kind.heard]
    except (KeyError, re.error) as error:
        raise ValueError(f"{kind.id}: a pattern cannot be read: {error}") from error


@cache
def dangers() -> Dangers:
    """The shipped list. Raises pydantic.ValidationError."""
    return Dangers.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@cache
def _listened_for() -> tuple[tuple[Danger, re.Pattern[str], Needs], ...]:
    return tuple((kind, one, needs_of(one)) for kind in dangers().kinds for one in patterns_of(dangers(), kind))


def danger_in(text: str) -> Heard | None:
    """The most urgent danger in these words, with the words heard; None when there is none."""
    marks = _marks_of(text)
    about = asked_about(text, marks)  # who somebody is, their papers and their phone tell of no danger
    if named := named_in(text, marks):
        return named if ear().odds(about) >= UNLIKELY else named._replace(sure=False)
    told = ear().hear(about, WORRIED)
    if told is None:
        return None
    kind = next(kind for kind in dangers().kinds if kind.id == told.kind)
    return Heard(kind, told.words, told.odds >= SURE)


def alarm_in(text: str) -> Heard | None:
    """The danger in these words that is sure enough for an alarm; None when there is none."""
    heard = danger_in(text)
    return heard if heard and heard.sure else None


def named_in(text: str, marks: frozenset[str] = frozenset()) -> Heard | None:
    """The most urgent danger that a pattern names in these words (of these marks, if they are known); None when there is none."""
    marks = marks or _marks_of(text)
    written = dict.fromkeys((_closed(text), text))  # often the same
    for kind, pattern, needs in _listened_for():
        if needs.may_hold(marks) and (found := next(filter(None, map(pattern.search, written)), None)):
            return Heard(kind, found[0])
    return None


def _closed(text: str) -> str:
    """The text without the blanks in front of Chinese characters, which part what belongs together."""
    return _BLANKS.sub("", text)


def _marks_of(text: str) -> frozenset[str]:
    """Of all the ways in which a text is searched."""
    return marks_of(*dict.fromkeys((text, _closed(text), half_width(text))))
