"""A plain question answered with the law's own words, an alarm, or a plain "no reliable basis". Public, no key."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fahui.channels import limits
from fahui.channels.answering import answered, helping, office, periods, questions
from fahui.channels.api.directory import PlaceOut, place_out
from fahui.channels.api.schemas import Problem
from fahui.channels.pages import reader_of
from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import reading_as
from fahui.knowledge.answers import actions
from fahui.knowledge.answers.composing import Quoted
from fahui.knowledge.answers.rules import LONGEST

router = Router(tags=["public"])
ERRORS: dict[int, Any] = dict.fromkeys((400, 404, 422, 429), Problem)
Token = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class AskIn(BaseModel):
    """A question in everyday words; `region_code` prefers what is said for that place. `calm`: whoever asks has seen the alarm
    and says that nobody is in danger."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")]
    region_code: Annotated[int, Field(ge=110_000_000_000, le=659_999_999_999)] | None = None
    calm: bool = False


class CitedArticleOut(BaseModel):
    """An article, its text byte for byte as the store has it, the version it is of and from when that is in force.
    `doubted`: its source calls the law repealed, with neither day nor reason."""

    article_id: int
    cited: str
    law_id: int
    law: str
    label: str
    text: str
    issued_on: date | None
    in_force_from: date | None
    doubted: bool


class LineOut(BaseModel):
    """A number to call."""

    number: str
    name: str


class DangerOut(BaseModel):
    """What was heard, and whom to call first."""

    kind: str
    name: str
    private: bool
    phones: list[LineOut]


class HelpOut(BaseModel):
    """Who helps, and in what time: the service and matter to open a case for, the phone of a person, and the door to go to: one that is
    open now, in the region asked for if there is one; by distance see /institutions and /sites with `near`. None with an alarm."""

    service: str
    matter: str
    name: str
    limit_name: str
    limit: str
    phone: str
    office: PlaceOut | None


class PeriodOut(BaseModel):
    """A limitation that may run against whoever asks."""

    name: str
    length: str
    starts: str
    basis: list[str]


class RelatedOut(BaseModel):
    """A question that has an answer of its own, written ahead: it may be the one that was meant. `href` is its page here."""

    slug: str
    question: str
    href: str


class AnswerOut(BaseModel):
    """`kind` answer: `plain`, `steps` and the articles they stand on; `also` were found besides, the words do not stand on them. alarm: show `danger` first. `danger` with another kind: it may be, show it beside. declined: no reliable basis;
    `human` helps, `related` may be what was meant; `kept_to_people`: the bureau keeps this topic or kind from machine answers. `reviewed`: the words were reviewed by two people. The same question cites the same articles."""

    kind: Literal["answer", "alarm", "declined"]
    kept_to_people: bool
    token: str
    topic: str
    topic_name: str
    reviewed: bool
    plain: str
    steps: list[str]
    articles: list[CitedArticleOut]
    also: list[CitedArticleOut]
    related: list[RelatedOut]
    limits: list[PeriodOut]
    danger: DangerOut | None
    human: HelpOut


class RatingIn(BaseModel):
    """Whether an answer helped."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rating: Literal["useful", "not_useful"]
    reason: Literal["", "unclear", "wrong_matter", "incomplete", "wrong", "other"] = ""


class RatedOut(BaseModel):
    """What was kept."""

    rating: str
    reason: str


@router.post("/ask", response={200: AnswerOut, **ERRORS}, auth=None, summary="Ask a question")
def ask(request: HttpRequest, body: AskIn) -> Any:
    """An answer built only from articles verified against the store when it is given; with words of danger an alarm; without
    a reliable basis it declines. Kept for review without names and numbers. 429 when this address asked too often, but never
    for words of danger."""
    reader = reader_of(request)
    with reading_as(reader):
        answer = answered(request, body.question, reader, "api", body.region_code, body.calm)
    language, help_ = reader.language, helping(answer, reader.language)
    danger, now = answer.danger, clock.now()
    door = office(answer, body.region_code, now) if answer.kind != "alarm" else None
    return AnswerOut(
        kind=answer.kind, kept_to_people=answer.off, token=answer.token, topic=answer.topic.id, topic_name=answer.topic.name.text(language),
        reviewed=bool(answer.curated and answer.curated.reviewer_id), plain=answer.plain, steps=list(answer.steps),
        articles=[_article(one) for one in answer.articles], also=[_article(one) for one in answer.also],
        related=[RelatedOut(**one, href=f"/answers/{one['slug']}") for one in questions(answer.related, language)],
        limits=[PeriodOut(name=p.name, length=p.length, starts=p.starts, basis=list(p.basis)) for p in periods(answer, language)]
        if answer.kind == "answer" else [],
        danger=DangerOut(kind=danger.id, name=danger.name.text(language), private=danger.private,
                         phones=[LineOut(number=p.number, name=p.name.text(language)) for p in danger.phones]) if danger else None,
        human=HelpOut(service=help_.service, matter=help_.matter, name=help_.title, limit_name=help_.limit_name,
                      limit=help_.limit, phone=cities.current().hotline,
                      office=place_out(door, None, now) if door else None),
    )  # fmt: skip


@router.post("/ask/{token}/rating", response={200: RatedOut, **ERRORS}, auth=None, summary="Rate an answer")
def rate(request: HttpRequest, token: Token, body: RatingIn) -> Any:
    """Say whether an answer helped, and why not; may be said again. 404 for an unknown token."""
    with reading_as(reader_of(request)):
        limits.spend(request, "rate")
        row = actions.rate(token, body.rating, body.reason)
    return RatedOut(rating=row.rating, reason=row.reason)


def _article(quoted: Quoted) -> CitedArticleOut:
    article, version = quoted.article, quoted.article.version
    return CitedArticleOut(
        article_id=article.pk, cited=quoted.cited, law_id=version.work_id, law=version.title, label=article.label,
        text=article.text, issued_on=version.issued_on, in_force_from=version.in_force_from,
        doubted=version.doubted,
    )  # fmt: skip
