"""What an answer from the floor of knowledge means here: who helps, in what time, and which limitation may run.

Answers know no service; this is the one place that brings both together, for the portal, the desk and the API.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fahui.casework.definitions.loader import services
from fahui.casework.definitions.schema import Deadline, Matter
from fahui.channels.templatetags.fahui import full_day
from fahui.knowledge.answers.actions import Answer
from fahui.knowledge.answers.composing import Quoted
from fahui.knowledge.checks.loader import limits
from fahui.knowledge.content.models import CuratedAnswer

_BY_MESSAGE = "by_message"  # how a question from the web arrives


@dataclass(frozen=True)
class Help:
    """The matter that helps: its names, and the time limit its service sets itself once the matter is registered."""

    service: str
    matter: str
    of: str
    title: str
    plain: str
    limit_name: str
    limit: str


@dataclass(frozen=True)
class Period:
    """A period the law sets the person: how long, from when, by which articles."""

    name: str
    length: str
    starts: str
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """An article with what a reader needs to judge it. `address` is its page."""

    label: str
    law: str
    text: str
    issued_on: str
    since: str
    address: str
    article_id: int
    doubted: bool


def helping(answer: Answer, language: str) -> Help:
    """Who helps with this answer's matter."""
    definition = services()[answer.service].definition
    matter = definition.matter(answer.matter)
    first = _first_limit(definition.deadlines, matter)
    return Help(
        answer.service, answer.matter, definition.name.text(language), matter.name.text(language), matter.plain.text(language),
        first.name.text(language) if first else "", _length(first.length or "", language) if first else "",
    )  # fmt: skip


def _first_limit(deadlines: list[Deadline], matter: Matter) -> Deadline | None:
    running = [d for d in deadlines if matter.start in d.starts and d.length and d.when in (None, _BY_MESSAGE)]
    return running[0] if running else None


def questions(rows: Iterable[CuratedAnswer], language: str) -> list[dict[str, str]]:
    """Questions that have a curated answer, each with the address of its page."""
    return [{"slug": row.slug, "question": question_of(row, language)} for row in rows]


def question_of(row: CuratedAnswer, language: str) -> str:
    """A question in the reader's language."""
    return row.question_en if language.startswith("en") else row.question_zh


def periods(answer: Answer, language: str) -> list[Period]:
    """The periods that may run against the person."""
    topic = answer.topic
    running = topic.only_limits if topic.only_limits and answer.matter == topic.matter else topic.limits
    found = (limits()[one] for one in running)
    return [Period(one.name.text(language), _length(one.length, language), one.starts.text(language), tuple(one.basis)) for one in found]


_UNITS = {"natural days": "天", "working days": "个工作日", "hours": "小时", "hour": "小时", "months": "个月", "month": "个月",
          "years": "年", "year": "年"}  # fmt: skip


def _length(length: str, language: str) -> str:
    """15 working days → 15个工作日."""
    number, _, unit = length.partition(" ")
    return length if language.startswith("en") else f"{number}{_UNITS.get(unit, unit)}"


def shown(quoted: Quoted) -> Shown:
    """An article ready for a page."""
    article, version = quoted.article, quoted.article.version
    number = f"{article.number}-{article.sub}" if article.sub else str(article.number)
    return Shown(
        quoted.cited, version.title, article.text, full_day(version.issued_on) if version.issued_on else "",
        full_day(version.in_force_from) if version.in_force_from else "", f"/laws/{version.work_id}/{number}", article.pk, version.doubted,
    )  # fmt: skip
