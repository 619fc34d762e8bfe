"""Writing, reviewing, publishing and stopping curated answers. Whoever wrote the words does not publish them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.identifiers import new_id
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import contains
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.citations.check import CitedPlace, check_citations
from fahui.knowledge.citations.sources import best_source
from fahui.knowledge.content.loading import shipped
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.roles import may_edit, may_edit_in, shown_to
from fahui.knowledge.content.rules import missing

SHIPPED_FOR = timedelta(days=365)
_TEXTS = {"question_zh": 120, "question_en": 200, "answer_zh": 160, "answer_en": 400, "owner": 60}


@dataclass(frozen=True)
class Writing:
    """What an editor writes. `asks`: groups of words of which a question says one each."""

    topic: str
    question_zh: str
    answer_zh: str
    owner: str
    review_by: date
    question_en: str = ""
    answer_en: str = ""
    asks: list[list[str]] = field(default_factory=list)
    unless: list[str] = field(default_factory=list)
    steps_zh: list[str] = field(default_factory=list)
    steps_en: list[str] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    region_code: int | None = None  # None: the whole city


@transaction.atomic
def write(reader: Reader, writing: Writing, pk: int | None = None, revision: int | None = None) -> CuratedAnswer:
    """Save a draft, new or changed. A published answer that is changed is a draft again until it was reviewed.

    Raises Forbidden if the place it holds in, or held in before, is not the editor's; Invalid, Missing; Conflict if somebody
    else changed it meanwhile.
    """
    may_edit(reader)
    _check_shape(writing)
    may_edit_in(reader, writing.region_code)
    row = _locked(reader, pk, revision) if pk else CuratedAnswer(slug=f"a-{new_id():x}", revision=0)
    for name in writing.__dataclass_fields__:
        setattr(row, name, getattr(writing, name))
    row.state, row.author_id, row.reviewer_id = "draft", reader.user_id, None
    return _saved(reader, row, "written")


@transaction.atomic
def hand_in(reader: Reader, pk: int, revision: int) -> CuratedAnswer:
    """Ask for review. Everything must be there, and every citation must lead to an article in force. Raises Invalid, Conflict."""
    row = _locked(reader, pk, revision, "draft")
    _check_whole(row)
    row.state = "review"
    return _saved(reader, row, "handed_in")


@transaction.atomic
def publish(reader: Reader, pk: int, revision: int) -> CuratedAnswer:
    """Publish what somebody else wrote. Raises Forbidden for the writer, Invalid if a citation fails now, Conflict."""
    row = _locked(reader, pk, revision, "review")
    if row.author_id == reader.user_id:
        raise Forbidden(_("自己写的问答要由另一个人审核发布。"))
    _check_whole(row)
    row.state, row.reviewer_id, row.published_at = "published", reader.user_id, clock.now()
    return _saved(reader, row, "published")


@transaction.atomic
def send_back(reader: Reader, pk: int, revision: int) -> CuratedAnswer:
    """Give it back to its writer. Raises Conflict."""
    row = _locked(reader, pk, revision, "review")
    row.state = "draft"
    return _saved(reader, row, "sent_back")


@transaction.atomic
def expire(reader: Reader, pk: int, revision: int) -> CuratedAnswer:
    """Stop showing an answer, at once. Raises Conflict."""
    row = _locked(reader, pk, revision, "published")
    row.state = "expired"
    return _saved(reader, row, "expired")


def load_shipped() -> int:
    """Bring in the shipped answers that are new or came with other words. What the bureau changed itself stays as it is.

    An answer whose citations do not hold is left out. Returns how many changed. To be run as the system.
    """
    held = {row.slug: row for row in CuratedAnswer.objects.exclude(shipped="")}
    wanted = [one for one in shipped() if one.slug not in held or _outdated(held[one.slug], one.digest)]
    if not wanted:
        return 0
    now, source, changed = clock.now(), best_source(), 0
    for one in wanted:
        if not check_citations([CitedPlace(one.slug, text) for text in one.citations], source).ok:
            continue
        row = held.get(one.slug) or CuratedAnswer(slug=one.slug, revision=0)
        row.topic, row.asks, row.unless, row.citations = one.topic, one.asks, one.unless, one.citations
        row.question_zh, row.question_en = one.question.zh, one.question.en
        row.answer_zh, row.answer_en, row.steps_zh, row.steps_en = (
            one.answer.zh,
            one.answer.en,
            one.steps.zh,
            one.steps.en,
        )
        row.owner, row.review_by = topics().owner.zh, clock.today() + SHIPPED_FOR
        row.state, row.shipped, row.published_at, row.changed_at = "published", one.digest, now, now
        row.revision += 1
        row.save()
        changed += 1
    return changed


def _outdated(row: CuratedAnswer, digest: str) -> bool:
    return row.author_id is None and row.state == "published" and row.shipped != digest


def _locked(reader: Reader, pk: int, revision: int | None, state: str = "") -> CuratedAnswer:
    may_edit(reader)
    row = CuratedAnswer.objects.select_for_update().filter(shown_to(reader), pk=pk).first()
    if row is None:
        raise Missing(_("没有这条问答。"))
    may_edit_in(reader, row.region_code)
    if row.revision != revision or (state and row.state != state):
        raise Conflict(_("别人刚改过这条问答，请看过新的内容再决定。"))
    return row


def _saved(reader: Reader, row: CuratedAnswer, what: str) -> CuratedAnswer:
    row.revision += 1
    row.changed_at = clock.now()
    row.save()
    append(reader, Entry(f"answer.{what}", about=f"answer:{row.pk}", data={"revision": row.revision}))
    return row


def _check_shape(writing: Writing) -> None:
    fields: dict[str, str] = {}
    for name, longest in _TEXTS.items():
        if len(getattr(writing, name)) > longest:
            fields[name] = _("最多%(count)d个字") % {"count": longest}
    if not writing.question_zh:
        fields["question_zh"] = _("请写居民会怎么问")
    if writing.topic not in {topic.id for topic in topics().topics}:
        fields["topic"] = _("请从列表里选")
    if writing.region_code is not None and not _in_this_city(writing.region_code):
        fields["region_code"] = _("请从列表里选")
    if fields:
        raise Invalid(_("有几处要改。"), fields=fields)


def _in_this_city(code: int) -> bool:
    city = cities.current().region
    return code != city and Region.objects.filter(pk=code).exists() and contains(city, code)


def _check_whole(row: CuratedAnswer) -> None:
    lacks = missing(
        question=row.question_zh, answer=row.answer_zh, steps=row.steps_zh, asks=row.asks, citations=row.citations,
        english=[row.question_en, row.answer_en, *row.steps_en], review_by=row.review_by, today=clock.today(),
    )  # fmt: skip
    fields: dict[str, Any] = {name: _("还没有填，或者日期已过") for name in lacks}
    report = check_citations([CitedPlace("", text) for text in row.citations], best_source())
    bad = [str(one).removeprefix(": ") for one in report.failing + report.outside]
    if bad:
        fields["citations"] = "；".join(bad)
    if fields:
        raise Invalid(_("还不能送审或者发布。"), fields=fields)
