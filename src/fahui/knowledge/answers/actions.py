"""Asking and rating. Whatever is answered stands on articles that were just verified against the store."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Invalid, Missing
from fahui.knowledge.answers import rules
from fahui.knowledge.answers.composing import BuiltIn, Composer, Draft, Quoted, Unwritten, unsupported
from fahui.knowledge.answers.danger import Danger, danger_in
from fahui.knowledge.answers.models import AskedQuestion, TopicSwitch
from fahui.knowledge.answers.outside import composer
from fahui.knowledge.answers.queries import switched_off
from fahui.knowledge.answers.schema import Subject, Topic, topics
from fahui.knowledge.answers.schema import topic as topic_named
from fahui.knowledge.citations.reading import Citation, parse
from fahui.knowledge.citations.resolving import Resolution, Status, resolve_all
from fahui.knowledge.citations.sources import StoreSource
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.queries import published, whole
from fahui.knowledge.content.roles import may_edit_in
from fahui.knowledge.content.rules import fitting, holds_in
from fahui.knowledge.laws.queries import articles_by_key
from fahui.knowledge.laws.titles import normal_title
from fahui.knowledge.search.queries import Found, search

_LOOKED_AT = rules.FAR
_RATINGS = 5000  # gathered at once; what is beyond waits for the next day
_WEIGHED = 5  # curated answers that fit by their words, at most
_BUILT_IN = BuiltIn()


@dataclass(frozen=True)
class Answer:
    """What is said to a question. `kind`: `answer`, `alarm` (call first; `danger` says whom) or `declined` (no reliable basis).
    With a `danger` that is no alarm, whom to call stands beside what is said.

    `articles` are the store's words; `also` were found besides (of a curated answer) or may
    have to do with it (where it is declined), `related` are curated answers (without their words) that may be meant instead. `service` and `matter` help further;
    `token` rates it. `off`: it is declined because the bureau keeps this topic or kind from machine answers.
    """

    kind: Literal["answer", "alarm", "declined"]
    token: str
    topic: Topic
    service: str
    matter: str
    plain: str = ""
    steps: tuple[str, ...] = ()
    articles: tuple[Quoted, ...] = ()
    danger: Danger | None = None
    curated: CuratedAnswer | None = field(default=None, compare=False)
    composer: str = ""
    off: bool = False
    also: tuple[Quoted, ...] = ()
    related: tuple[CuratedAnswer, ...] = field(default=(), compare=False)


@transaction.atomic
def ask(
    question: str, reader: Reader, *, channel: str, region_code: int | None = None, writer: Composer | None = None, calm: bool = False
) -> Answer:
    """Answer a question in the law in force today, raise the alarm, or decline; keep it, masked, for review. `calm`: whoever
    asks has seen the alarm and says that nobody is in danger.

    Raises Invalid for an empty question.
    """
    text = question.replace("\x00", "").strip()[: rules.LONGEST]
    if not text:
        raise Invalid(_("请先写下您的问题。"), fields={"question": _("请用自己的话写一句")})
    answer = _kept_to_people(
        text, answer_to(text, reader.language, region_code, writer or composer(), calm), reader.language, region_code
    )
    row = AskedQuestion(
        token=answer.token, asked_at=clock.now(), channel=channel, language=reader.language[:10], region_code=region_code,
        question=rules.masked(text), kind="off" if answer.off else answer.kind, danger=answer.danger.id if answer.danger else "", topic=answer.topic.id,
        curated=answer.curated, curated_revision=answer.curated.revision if answer.curated else None,
        composer=answer.composer, answer=answer.plain, articles=[one.article.pk for one in (*answer.articles, *answer.also)],
    )  # fmt: skip
    with as_system():
        row.save()
    return answer


@transaction.atomic
def rate(token: str, rating: str, reason: str = "") -> AskedQuestion:
    """What whoever asked thinks of the answer; the last word counts. Raises Invalid, Missing."""
    if rating not in dict(AskedQuestion.RATINGS) or (reason and reason not in dict(AskedQuestion.REASONS)):
        raise Invalid(_("请选“有用”或者“没用”。"), fields={"rating": _("请选一个")})
    with as_system():
        row = AskedQuestion.objects.select_for_update().filter(token=token).first() if token else None
        if row is None:
            raise Missing(_("没有这次回答。"))
        row.rating, row.reason, row.rated_at = rating, reason if rating == "not_useful" else "", clock.now()
        row.save(update_fields=["rating", "reason", "rated_at"])
    return row


@transaction.atomic
def switch(reader: Reader, subject: str, off: bool, reason: str, region_code: int | None = None) -> TopicSwitch:
    """Keep a topic or kind from machine answers in a place, or give it back. Raises Forbidden elsewhere, Invalid without a reason."""
    may_edit_in(reader, region_code)
    fields: dict[str, str] = {}
    if subject not in {one.id for one in topics().subjects}:
        fields["subject"] = _("请从列表里选")
    if not 4 <= len(reason.strip()) <= 200:
        fields["reason"] = _("请写明原因（4到200个字）")
    if fields:
        raise Invalid(_("有几处要改。"), fields=fields)
    row, _made = TopicSwitch.objects.update_or_create(
        subject=subject, region_code=region_code,
        defaults={"off": off, "reason": reason.strip(), "changed_by_id": reader.user_id, "changed_at": clock.now()},
    )  # fmt: skip
    data = {"subject": subject, "region": region_code or 0, "reason": reason.strip()}
    append(reader, Entry("topic.switched_off" if off else "topic.switched_on", about=f"topic:{subject}", data=data))
    return row


def answer_to(text: str, language: str, region_code: int | None = None, writer: Composer = _BUILT_IN, calm: bool = False) -> Answer:
    """What would be said, whatever is switched off; nothing is kept. `text` is a question that is not empty; `calm` as `ask` has it."""
    heard = danger_in(text)
    if heard and heard.sure and not calm:
        return _alarm(text, heard.danger, language)
    answer = _answered(rules.asked_about(text), language, region_code, writer)
    return replace(answer, danger=heard.danger) if heard else answer


def _kept_to_people(text: str, answer: Answer, language: str, region_code: int | None) -> Answer:
    """The answer; of a topic that is switched off only what editors wrote ahead, else that people answer this. A kind that
    is switched off is people's whatever was written. An alarm is never kept back."""
    if answer.kind == "alarm":
        return answer
    kinds = rules.kinds_of(text, topics().kinds)
    subjects: list[Subject] = [answer.topic, *kinds]
    off = switched_off([one.id for one in subjects], region_code)
    if not off:
        return answer
    if answer.curated and off.isdisjoint(one.id for one in kinds):
        return replace(answer, also=())
    name = next(one.name.text(language) for one in subjects if one.id in off)
    plain = _("“%(name)s”的问题，这里不由机器回答，由工作人员看过再告诉您。请转人工，免费。") % {"name": name}
    return Answer("declined", _token(), answer.topic, answer.service, answer.matter, plain, danger=answer.danger, off=True)


def _token() -> str:
    return secrets.token_urlsafe(16)


def _alarm(text: str, danger: Danger, language: str) -> Answer:
    topic = rules.topic_of(text, [], topics().topics)
    service, matter = rules.matter_of(text, topic)
    articles = _cited([danger.basis])[0] or ()
    return Answer(
        "alarm", _token(), topic, service, matter, danger.say.text(language), articles=articles, danger=danger
    )


def _answered(text: str, language: str, region_code: int | None, writer: Composer) -> Answer:
    found = search(text, _LOOKED_AT)
    curated, quoted, related = _curated(text, found, region_code)
    others = _reliable(found)
    topic = topic_named(curated.topic) if curated else _topic(text, found)
    service, matter = rules.matter_of(text, topic)
    if quoted := quoted or others:
        draft, name = _composed(writer, rules.masked(text), language, topic, quoted, curated)
        if not unsupported(draft, quoted):
            shown = {one.article.pk for one in quoted}
            also = tuple(one for one in others if one.article.pk not in shown)[: rules.ALSO]
            return Answer(
                "answer", _token(), topic, service, matter, draft.plain, draft.steps, quoted, None, curated, name, also=also, related=related
            )
    draft = Draft(_("您的问题，我没有可靠的法律依据可以回答。请转人工，有人免费帮您看。"), ())
    also = tuple(_shown(found)[: rules.ALSO]) if found and found[0].score >= rules.HINT else ()
    return Answer("declined", _token(), topic, service, matter, draft.plain, also=also, related=related)


def _curated(
    text: str, found: Sequence[Found], region_code: int | None
) -> tuple[CuratedAnswer | None, tuple[Quoted, ...], tuple[CuratedAnswer, ...]]:
    """The curated answer that is given, with its articles, and others that may be meant; none whose citations fail today."""
    known = published(words=False)
    fits = fitting(text, known, region_code)[:_WEIGHED]
    held = [(said, one, quoted) for (said, one), quoted in zip(fits, _cited([one.citations for _said, one in fits]), strict=True) if quoted]
    places = {one.article.pk: place for place, one in enumerate(found)}
    weighed = [
        rules.Fit(said, min((places[q.article.pk] for q in quoted if q.article.pk in places), default=None), one.reviewer_id is not None)
        for said, one, quoted in held
    ]  # fmt: skip
    which = rules.borne_out(weighed, rules.reliable([one.score for one in found]), bool(found))
    given = held[which] if which is not None else None
    others = [one for _said, one, _quoted in held] + _citing(known, found[: rules.NEAR], region_code)
    related = list(dict.fromkeys(one for one in others if given is None or one.pk != given[1].pk))[: rules.RELATED]
    return (whole(given[1].pk), given[2], tuple(related)) if given else (None, (), tuple(related))


def _citing(answers: Sequence[CuratedAnswer], found: Sequence[Found], region_code: int | None) -> list[CuratedAnswer]:
    """Curated answers that cite one of these articles, those of the best article first."""
    cited = [(one, frozenset(place for text in one.citations for place in _places(text))) for one in answers if holds_in(one, region_code)]
    wanted = [(normal_title(row.article.version.title), row.article.number, row.article.sub) for row in found]
    return [one for place in wanted for one, places in cited if place in places]


@lru_cache(maxsize=4096)
def _places(citation: str) -> tuple[tuple[str, int | None, int], ...]:
    return tuple((normal_title(one.title), one.number, one.sub or 0) for one in parse(citation))


def _composed(
    writer: Composer, text: str, language: str, topic: Topic, quoted: tuple[Quoted, ...], curated: CuratedAnswer | None
) -> tuple[Draft, str]:
    """The words and who wrote them; the built-in's where the composer has none that stand up."""
    try:
        draft = writer.compose(text, language, topic, quoted, curated)
        if not unsupported(draft, quoted):
            return draft, writer.name
    except Unwritten:
        pass
    return _BUILT_IN.compose(text, language, topic, quoted, curated), _BUILT_IN.name


def _topic(text: str, found: Sequence[Found]) -> Topic:
    places = [rules.Place(one.article.version.work.short, one.article.chapter) for one in found[:3]]
    return rules.topic_of(text, places, topics().topics)


def _cited(lists: Sequence[Sequence[str]]) -> list[tuple[Quoted, ...] | None]:
    """The articles that each list of citations leads to in the store today; None for a list of which one fails."""
    if not any(lists):
        return [()] * len(lists)
    source = StoreSource()
    titles = source.titles()
    read = [[one for text in citations for one in parse(text, titles)] for citations in lists]
    resolved = dict(zip(flat := [one for wanted in read for one in wanted], resolve_all(flat, source), strict=True))
    rows = {row.pk: row for row in articles_by_key([one.article.id for one in resolved.values() if one.article and one.article.id])}
    return [
        tuple(Quoted(rows[_article_id(resolved[one])], str(one)) for one in wanted)
        if len(wanted) >= len(citations) and all(_holds(resolved[one]) for one in wanted) else None
        for citations, wanted in zip(lists, read, strict=True)
    ]  # fmt: skip


def _article_id(one: Resolution) -> int:
    return (one.article.id if one.article else None) or 0


def _holds(one: Resolution) -> bool:
    """Whether an article may be shown; one of a law whose standing is doubted is shown with that said beside it."""
    return one.status in (Status.RESOLVED, Status.DOUBTED) and one.article is not None and one.article.id is not None


def _reliable(found: Sequence[Found]) -> tuple[Quoted, ...]:
    """The best articles, if they carry an answer."""
    return _shown(found) if rules.reliable([one.score for one in found]) else ()


def _shown(found: Sequence[Found]) -> tuple[Quoted, ...]:
    """The best articles, each resolved again by its citation to the same words."""
    rows = [one.article for one in found if one.article.number][: rules.SHOWN]
    wanted = [Citation(normal_title(row.version.title), row.number, row.sub or None) for row in rows]
    resolved = resolve_all(wanted, StoreSource())
    return tuple(
        Quoted(row, f"《{row.version.work.short}》{row.label}")
        for row, one in zip(rows, resolved, strict=True)
        if _holds(one) and one.article and one.article.id == row.pk and one.article.text == row.text
    )


# --- what did not help, gathered for those who answer for it


@dataclass(frozen=True)
class Unhelpful:
    """An answer that did not help: how often, why, and who is to be told. `pk` None: answers nobody wrote ahead, of one place."""

    pk: int | None
    title: str
    owner: str
    region_code: int | None
    user_ids: tuple[int, ...]
    count: int
    reasons: Mapping[str, int]


@transaction.atomic
def unhelpful() -> list[Unhelpful]:
    """What was rated as no use and nobody heard of yet, by answer, the most often rated first; from now on it counts as heard. To be
    run as the system."""
    rows = list(
        AskedQuestion.objects.select_for_update(of=("self",)).filter(rating="not_useful", told_at=None).order_by("id")[:_RATINGS]
    )
    held: dict[tuple[int | None, int | None], list[AskedQuestion]] = {}
    for row in rows:
        held.setdefault((row.curated_id, None if row.curated_id else row.region_code), []).append(row)
    known = CuratedAnswer.objects.in_bulk([pk for pk, _region in held if pk])
    AskedQuestion.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=clock.now())
    found = [_gathered(known.get(pk or 0), region, group) for (pk, region), group in held.items()]
    return sorted(found, key=lambda one: (-one.count, one.pk or 0))


def _gathered(answer: CuratedAnswer | None, region: int | None, rows: list[AskedQuestion]) -> Unhelpful:
    reasons = Counter(row.reason for row in rows if row.reason)
    if answer is None:
        return Unhelpful(None, "", "", region, (), len(rows), reasons)
    users = tuple(user for user in (answer.author_id, answer.reviewer_id) if user)
    return Unhelpful(answer.pk, str(answer), answer.owner, answer.region_code, users, len(rows), reasons)
