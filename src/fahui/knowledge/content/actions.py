"""Writing, reviewing, publishing and stopping content. Whoever wrote the words does not publish them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import SYSTEM, Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.identifiers import new_id
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import contains
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.citations.check import CitedPlace, check_citations
from fahui.knowledge.citations.sources import best_source
from fahui.knowledge.content.loading import ShippedScript, shipped
from fahui.knowledge.content.models import CuratedAnswer, Reference, Reviewed
from fahui.knowledge.content.roles import may_edit, may_edit_in, shown_to
from fahui.knowledge.content.rules import missing, missing_in_reference
from fahui.knowledge.proof.queries import in_the_way

SHIPPED_FOR = timedelta(days=365)
_TEXTS = {"question_zh": 120, "question_en": 200, "answer_zh": 160, "answer_en": 400, "owner": 60, "source": 120}
_REFERENCE_TEXTS = {"title": 120, "title_en": 200, "facts": 3000, "issuer": 80, "number": 80, "owner": 60, "source": 120}
_LONGEST_LINE = 600
R = TypeVar("R", bound=Reviewed)


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
    source: str = ""


@dataclass(frozen=True)
class ReferenceWriting:
    """A precedent or a script as it is written. `lines`: what was held, or what to say, line by line."""

    kind: str
    topic: str
    title: str
    owner: str
    review_by: date
    source: str = ""
    title_en: str = ""
    facts: str = ""
    lines: list[str] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    issuer: str = ""
    number: str = ""
    decided_on: date | None = None
    region_code: int | None = None


@dataclass(frozen=True)
class Expired:
    """What is shown no longer because its review is overdue, and who is to be told."""

    what: str
    pk: int
    title: str
    owner: str
    region_code: int | None
    user_ids: tuple[int, ...]


@transaction.atomic
def write(reader: Reader, writing: Writing, pk: int | None = None, revision: int | None = None) -> CuratedAnswer:
    """Save a draft, new or changed. A published answer that is changed is a draft again until it was reviewed.

    Raises Forbidden if the place it holds in, or held in before, is not the editor's; Invalid, Missing; Conflict if somebody
    else changed it meanwhile.
    """
    return _written(reader, CuratedAnswer, writing, pk, revision, prefix="a")


@transaction.atomic
def write_reference(reader: Reader, writing: ReferenceWriting, pk: int | None = None, revision: int | None = None) -> Reference:
    """Save a precedent or a script as a draft; raises as `write` does. The kind of what is there already does not change."""
    return _written(reader, Reference, writing, pk, revision, prefix=writing.kind[:1])


def _written(reader: Reader, model: type[R], writing: Writing | ReferenceWriting, pk: int | None, revision: int | None, *,
             prefix: str) -> R:  # fmt: skip
    may_edit(reader)
    _check_shape(writing)
    may_edit_in(reader, writing.region_code)
    row = _locked(reader, model, pk, revision) if pk else model(slug=f"{prefix}-{new_id():x}", revision=0)
    if isinstance(row, Reference) and pk and row.kind != getattr(writing, "kind", ""):
        raise Invalid(_("有几处要改。"), fields={"kind": _("种类不能改，请另写一条")})
    for name in writing.__dataclass_fields__:
        setattr(row, name, getattr(writing, name))
    row.state, row.author_id, row.reviewer_id = "draft", reader.user_id, None
    return _saved(reader, row, "written")


@transaction.atomic
def import_drafts(reader: Reader, writings: Sequence[ReferenceWriting]) -> int:
    """Bring in precedents or scripts as drafts, all or none. What is there with the same kind, title and number is left alone.

    Each is handed in by an editor and published by another. Returns how many are new. Raises Forbidden, Invalid.
    """
    held = set(Reference.objects.values_list("kind", "title", "number"))
    new = [one for one in writings if (one.kind, one.title, one.number) not in held]
    for one in new:
        row = write_reference(reader, one)
        if reader.kind == "system":
            Reference.objects.filter(pk=row.pk).update(author=None)
    return len(new)


@transaction.atomic
def hand_in(reader: Reader, pk: int, revision: int, model: type[R]) -> R:
    """Ask for review. Everything must be there, and every citation must lead to an article in force. Raises Invalid, Conflict.

    Whoever hands in what was imported answers for it as its writer.
    """
    row = _locked(reader, model, pk, revision, "draft")
    _check_whole(row)
    row.state, row.author_id = "review", row.author_id or reader.user_id
    return _saved(reader, row, "handed_in")


@transaction.atomic
def publish(reader: Reader, pk: int, revision: int, model: type[R]) -> R:
    """Publish what somebody else wrote. Raises Forbidden for the writer, Invalid if a citation fails now, Conflict; no answer is
    published while the nightly check is worse than the one accepted before."""
    row = _locked(reader, model, pk, revision, "review")
    if isinstance(row, CuratedAnswer) and (report := in_the_way()):
        told = _("每晚的检查变差了：有%(count)d道题以前答对、现在答错。请先看检查报告，改好，或者由另一位接受，再发布问答。")
        raise Conflict(told % {"count": len(report.worse)}, code="proof_worse")
    if row.author_id == reader.user_id:
        raise Forbidden(_("自己写的要由另一个人审核发布。"))
    _check_whole(row)
    row.state, row.reviewer_id, row.published_at = "published", reader.user_id, clock.now()
    return _saved(reader, row, "published")


@transaction.atomic
def send_back(reader: Reader, pk: int, revision: int, model: type[R]) -> R:
    """Give it back to its writer. Raises Conflict."""
    row = _locked(reader, model, pk, revision, "review")
    row.state = "draft"
    return _saved(reader, row, "sent_back")


@transaction.atomic
def expire(reader: Reader, pk: int, revision: int, model: type[R]) -> R:
    """Stop showing it, at once. Raises Conflict."""
    row = _locked(reader, model, pk, revision, "published")
    row.state = "expired"
    return _saved(reader, row, "expired")


@transaction.atomic
def expire_overdue() -> list[Expired]:
    """Stop showing what nobody reviewed in time. Returns what it was, for those who answer for it. To be run as the system."""
    found: list[Expired] = []
    for model in (CuratedAnswer, Reference):
        for row in model.objects.select_for_update().filter(state="published", review_by__lt=clock.today()).order_by("pk"):
            row.state = "expired"
            _saved(SYSTEM, row, "expired")
            users = tuple(user for user in (row.author_id, row.reviewer_id) if user)
            found.append(Expired(_kind(row), row.pk, str(row), row.owner, row.region_code, users))
    return found


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


def load_scripts(scripts: Iterable[ShippedScript]) -> int:
    """Bring in the scripts that services bring along, as `load_shipped` does the answers. Returns how many changed."""
    held = {row.slug: row for row in Reference.objects.exclude(shipped="")}
    wanted = [one for one in scripts if one.slug not in held or _outdated(held[one.slug], one.digest)]
    source, now, changed = best_source() if wanted else None, clock.now(), 0
    for one in wanted:
        if not check_citations([CitedPlace(one.slug, text) for text in one.citations], source).ok:
            continue
        row = held.get(one.slug) or Reference(slug=one.slug, kind="script", revision=0)
        row.topic, row.title, row.title_en, row.lines = one.topic, one.title, one.title_en, list(one.lines)
        row.citations, row.owner, row.source = list(one.citations), one.owner, one.source
        row.review_by, row.state, row.shipped = clock.today() + SHIPPED_FOR, "published", one.digest
        row.published_at = row.changed_at = now
        row.revision += 1
        row.save()
        changed += 1
    return changed


def _outdated(row: Reviewed, digest: str) -> bool:
    return row.author_id is None and row.state == "published" and row.shipped != digest


def _locked(reader: Reader, model: type[R], pk: int, revision: int | None, state: str = "") -> R:
    may_edit(reader)
    row: R | None = model._default_manager.select_for_update().filter(shown_to(reader), pk=pk).first()
    if row is None:
        raise Missing(_("没有这条内容。"))
    may_edit_in(reader, row.region_code)
    if row.revision != revision or (state and row.state != state):
        raise Conflict(_("别人刚改过这一条，请看过新的内容再决定。"))
    return row


def _saved(reader: Reader, row: R, what: str) -> R:
    row.revision += 1
    row.changed_at = clock.now()
    row.save()
    append(reader, Entry(f"{_kind(row)}.{what}", about=f"{_kind(row)}:{row.pk}", data={"revision": row.revision}))
    return row


def _kind(row: Reviewed) -> str:
    return row.kind if isinstance(row, Reference) else "answer"


def _check_shape(writing: Writing | ReferenceWriting) -> None:
    fields: dict[str, str] = {}
    texts, name_field = (_TEXTS, "question_zh") if isinstance(writing, Writing) else (_REFERENCE_TEXTS, "title")
    for name, longest in texts.items():
        if len(getattr(writing, name)) > longest:
            fields[name] = _("最多%(count)d个字") % {"count": longest}
    if not getattr(writing, name_field):
        fields[name_field] = _("请写居民会怎么问") if name_field == "question_zh" else _("请写标题")
    if isinstance(writing, ReferenceWriting):
        if writing.kind not in dict(Reference.KINDS):
            fields["kind"] = _("请从列表里选")
        if any(len(line) > _LONGEST_LINE for line in writing.lines):
            fields["lines"] = _("一行最多%(count)d个字") % {"count": _LONGEST_LINE}
    if writing.topic not in {topic.id for topic in topics().topics}:
        fields["topic"] = _("请从列表里选")
    if writing.region_code is not None and not _in_this_city(writing.region_code):
        fields["region_code"] = _("请从列表里选")
    if fields:
        raise Invalid(_("有几处要改。"), fields=fields)


def _in_this_city(code: int) -> bool:
    city = cities.current().region
    return code != city and Region.objects.filter(pk=code).exists() and contains(city, code)


def _check_whole(row: Reviewed) -> None:
    today = clock.today()
    if isinstance(row, CuratedAnswer):
        lacks = missing(
            question=row.question_zh, answer=row.answer_zh, steps=row.steps_zh, asks=row.asks, citations=row.citations,
            english=[row.question_en, row.answer_en, *row.steps_en], review_by=row.review_by, today=today,
        )  # fmt: skip
    elif isinstance(row, Reference):
        lacks = missing_in_reference(
            kind=row.kind, title=row.title, facts=row.facts, lines=row.lines, citations=row.citations, source=row.source,
            issuer=row.issuer, number=row.number, decided_on=row.decided_on, review_by=row.review_by, today=today,
        )  # fmt: skip
    else:
        raise TypeError(type(row))
    fields: dict[str, Any] = {name: _("还没有填，或者日期已过") for name in lacks}
    if "decided_on" in lacks:
        fields["decided_on"] = _("请填裁判或者发布的日期，不能晚于今天")
    report = check_citations([CitedPlace("", text) for text in row.citations], best_source())
    bad = [str(one).removeprefix(": ") for one in report.failing + report.outside]
    if bad:
        fields["citations"] = "；".join(bad)
    if fields:
        raise Invalid(_("还不能送审或者发布。"), fields=fields)
