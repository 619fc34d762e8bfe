"""Which curated answer fits a question, and what an answer needs before it may be published. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from fahui.foundation.regions.rules import contains


class Fitting(Protocol):
    """What is asked of a curated answer to tell whether it fits."""

    slug: str
    asks: list[list[str]]
    unless: list[str]
    region_code: int | None


F = TypeVar("F", bound=Fitting)


def fit(text: str, asks: Sequence[Sequence[str]], unless: Sequence[str]) -> int:
    """How well a question fits: 0 unless it says one word of every group and none of `unless`; else how much it says."""
    if not asks or any(word in text for word in unless):
        return 0
    longest = [max((len(word) for word in group if word in text), default=0) for group in asks]
    return sum(longest) + len(longest) if all(longest) else 0


def holds_in(answer: Fitting, region_code: int | None) -> bool:
    """Whether an answer is for a place: it holds everywhere, or around it."""
    return answer.region_code is None or bool(region_code and contains(answer.region_code, region_code))


def fitting(text: str, answers: Iterable[F], region_code: int | None = None) -> list[tuple[int, F]]:
    """The answers that fit by their words with how much the question says of each, best first; one of the region before one of
    everywhere. The same for the same question."""
    plain = "".join(text.lower().split())
    scored = []
    for answer in answers:
        if holds_in(answer, region_code) and (score := fit(plain, answer.asks, answer.unless)):
            scored.append((-score, answer.region_code is None, answer.slug, answer))
    return [(-score, answer) for score, _local, _slug, answer in sorted(scored, key=lambda row: row[:3])]


def missing(*, question: str, answer: str, steps: Sequence[str], asks: Sequence[Sequence[str]], citations: Sequence[str],
            english: Sequence[str], review_by: date, today: date) -> list[str]:  # fmt: skip
    """What an answer lacks before it may be reviewed: names of fields."""
    lacks = [name for name, value in (("question_zh", question), ("answer_zh", answer), ("steps_zh", steps), ("asks", asks),
                                      ("citations", citations)) if not value]  # fmt: skip
    if not all(english):
        lacks.append("answer_en")
    if review_by <= today:
        lacks.append("review_by")
    return lacks


def missing_in_reference(*, kind: str, title: str, facts: str, lines: Sequence[str], citations: Sequence[str], source: str,
                         issuer: str, number: str, decided_on: date | None, review_by: date, today: date) -> list[str]:  # fmt: skip
    """What a precedent or a script lacks before it may be reviewed: names of fields. A precedent can be found again by its
    source, issuer, number and day, and its day has come."""
    wanted: list[tuple[str, object]] = [("title", title), ("lines", lines), ("citations", citations), ("source", source)]
    if kind == "precedent":
        wanted += [("facts", facts), ("issuer", issuer), ("number", number), ("decided_on", decided_on)]
    lacks = [name for name, value in wanted if not value]
    if decided_on and decided_on > today:
        lacks.append("decided_on")
    return lacks + ["review_by"] * (review_by <= today)


def found_by(words: Sequence[str], title: str, told: Iterable[str]) -> int:
    """How well something is found by words, all of which it must say: 0 if it does not; those in its title count more."""
    whole = title + "\n" + "\n".join(told)
    if not words or not all(word in whole for word in words):
        return 0
    return sum(len(word) * (3 if word in title else 1) for word in words)
