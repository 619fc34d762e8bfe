"""What an answer from the floor of knowledge means here: who helps, in what time, behind which door, and which limitation may run.

Answers know no service; this is the one place that brings both together, for the portal, the desk and the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType

from django.http import HttpRequest

from fahui.casework.definitions.loader import services
from fahui.casework.definitions.schema import Deadline, Matter
from fahui.channels import guided
from fahui.channels import limits as limits_
from fahui.channels.portal.places.words import kinds_for
from fahui.channels.templatetags.fahui import full_day
from fahui.foundation import clock
from fahui.foundation.accounts.actions import TooMany
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.directory import queries as directory
from fahui.foundation.directory.queries import Place, Wanted
from fahui.foundation.worktime.opening import State
from fahui.knowledge.answers.actions import Answer, answer_to, ask
from fahui.knowledge.answers.composing import Quoted
from fahui.knowledge.answers.danger import alarm_in
from fahui.knowledge.checks.loader import limits
from fahui.knowledge.checks.rules import paths
from fahui.knowledge.content.models import CuratedAnswer

_BY_MESSAGE = "by_message"  # how a question from the web arrives
_LOOKED_AT = 40  # places among which the door is chosen
_ONLY_BY_PHONE = "hotline_centre"  # its number stands on every page; nobody is received there
_DAYS = "days"  # the guided check that counts periods


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


def answered(request: HttpRequest, text: str, reader: Reader, channel: str, county: int | None, calm: bool = False) -> Answer:
    """Ask, within the limit on what one address may ask. Words of danger are heard whatever was asked before: past the limit they still
    raise the alarm, which is then not kept. Raises TooMany, Invalid."""
    try:
        limits_.spend(request, "ask")
    except TooMany:
        if calm or alarm_in(text) is None:
            raise
        return answer_to(text, reader.language)
    return ask(text, reader, channel=channel, region_code=county, calm=calm)


def helping(answer: Answer, language: str) -> Help:
    """Who helps with this answer's matter."""
    definition = services()[answer.service].definition
    matter = definition.matter(answer.matter)
    first = _first_limit(definition.deadlines, matter)
    return Help(
        answer.service, answer.matter, definition.name.text(language), matter.name.text(language), matter.plain.text(language),
        first.name.text(language) if first else "", _length(first.length or "", language) if first else "",
    )  # fmt: skip


def office(answer: Answer, county: int | None, now: datetime) -> Place | None:
    """The door that helps with this answer's matter: one that is open now in the county, else one that is open in the city, else
    the county's (the city's) own. Which is nearest by metres only the reader's own place can tell: `/places/near` asks for it."""
    kinds = [kind for kind in kinds_for(f"{answer.service}.{answer.matter}") if kind != _ONLY_BY_PHONE]
    if not kinds:
        return None
    regions = dict.fromkeys((county, None)) if county else {None: None}
    for open_at in (now, None):
        for region in regions:
            found = directory.places(Wanted(kinds=tuple(kinds), region=region, open_at=open_at), limit=_LOOKED_AT).rows
            if found:
                return min(found, key=lambda place: _before(place, kinds, now))
    return None


def _before(place: Place, kinds: Sequence[str], now: datetime) -> tuple[int, bool, int, int, int]:
    """The highest level first (a county's centre before a village's room), then doors whose hours are known, then what the matter's
    own service names first."""
    level = (place.region_code % 10**8 > 0) + (place.region_code % 10**6 > 0)
    return level, place.status(now).state is State.UNKNOWN, kinds.index(place.kind), place.region_code, place.id


def begun(answer: Answer) -> str:
    """The first answer of the check that counts days, where all of these periods come after the same one; empty otherwise."""
    answers = [_first_answers().get(one, frozenset()) for one in _running(answer)]
    common = frozenset.intersection(*answers) if answers else frozenset[str]()
    return next(iter(common)) if len(common) == 1 else ""


@cache
def _first_answers() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for reached in paths(guided.graph_of(_DAYS), clock.today()):
        for limit in reached.result.limits if reached.result else ():
            found.setdefault(limit, set()).add(reached.answered[0].value)
    return MappingProxyType({limit: frozenset(values) for limit, values in found.items()})


def _running(answer: Answer) -> list[str]:
    topic = answer.topic
    return topic.only_limits if topic.only_limits and answer.matter == topic.matter else topic.limits


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
    found = (limits()[one] for one in _running(answer))
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
