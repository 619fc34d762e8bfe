"""The law as JSON: works and their versions, articles as of a day, and citations checked. Public, no key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import BaseModel, Field, StringConstraints

from fahui.channels.api.schemas import Problem
from fahui.foundation import clock
from fahui.foundation.errors import Invalid, Missing
from fahui.knowledge.citations.linking import Cited, link
from fahui.knowledge.citations.resolving import Resolution, Status
from fahui.knowledge.laws import queries
from fahui.knowledge.laws.models import Article, LawVersion, LawWork

router = Router(tags=["laws"])
PAGE = 50
LONGEST_TEXT = 4000  # characters of a text whose citations are asked for
ERRORS: dict[int, Any] = dict.fromkeys((400, 404, 422), Problem)
_RANKS = dict(LawWork.RANKS)
_NUMBER = re.compile(r"(?P<number>[1-9][0-9]{0,3})(?:-(?P<sub>[1-9][0-9]{0,2}))?")

Id = Annotated[int, Field(ge=1, le=9_223_372_036_854_775_807)]
After = Annotated[int, Field(ge=0, le=9_223_372_036_854_775_807)]
Day = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", max_length=10), Field(description="ISO day; empty: today")
]  # fmt: skip
Rank = Annotated[
    str, StringConstraints(max_length=20, pattern=r"^[a-z_]*$"), Field(description="One of: " + ", ".join(_RANKS))
]


class VersionOut(BaseModel):
    """One version. `in_force_to` is the last day; null is open. `stated`: whether the source states the first day, which
    otherwise is the day of issue. `doubted`: held to be in force although the source calls it repealed, with neither day nor reason."""

    id: int
    title: str
    issued_on: date | None
    in_force_from: date | None
    in_force_to: date | None
    stated: bool
    in_force: bool
    doubted: bool
    ended_by: str
    document_number: str
    source: str


class LawOut(BaseModel):
    """A work; `version` is the one in force on the day asked for, null if none is."""

    id: int
    title: str
    short_title: str
    kind: str
    kind_name: str
    issuer: str
    region_code: int | None
    version: VersionOut | None


class LawPage(BaseModel):
    """A page of works; `next` is the `after` of the next page."""

    items: list[LawOut]
    next: int | None


class LawDetailOut(LawOut):
    """A work with all its versions, newest first."""

    versions: list[VersionOut]


class ArticleOut(BaseModel):
    """An article, its text byte for byte as imported. `number` is 0 where the text has no 条."""

    id: int
    label: str
    number: int
    sub: int
    chapter: list[str]
    text: str


class ArticlePage(BaseModel):
    """A page of the articles of the version in force; `next` is the `after` of the next page."""

    law_id: int
    version: VersionOut
    items: list[ArticleOut]
    next: int | None


class LinkedOut(BaseModel):
    """The same article under another number in the version before or after."""

    article_id: int
    label: str
    issued_on: date | None


class ArticleDetailOut(ArticleOut):
    """An article with its law, its version, and where it stands in the neighbouring versions if its number changed."""

    law: LawOut
    version: VersionOut
    earlier: list[LinkedOut]
    later: list[LinkedOut]


class ResolutionOut(BaseModel):
    """What a citation leads to. `reason` says why it must be corrected, or what is known of a document outside the store."""

    cited: str
    status: Status
    failing: bool
    reason: str
    law_id: int | None
    law: str
    article_id: int | None
    issued_on: date | None
    now: str


class CitedOut(BaseModel):
    """A place in the text (characters from 0, `end` excluded) with the citations in it."""

    start: int
    end: int
    text: str
    failing: bool
    reasons: list[str]
    citations: list[ResolutionOut]


class CitationsOut(BaseModel):
    """Every citation of a text."""

    as_of: date
    failing: int
    items: list[CitedOut]


@router.get("/laws", response={200: LawPage, **ERRORS}, auth=None, summary="Laws")
def list_laws(
    request: HttpRequest, kind: Rank = Query(""),
    name: Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")] = Query(""),
    after: After = Query(0), as_of: Day = Query(""),
) -> Any:  # fmt: skip
    """A keyset page of works of a kind, or whose name or other name contains these characters."""
    day = day_of(as_of)
    page = queries.works(rank=kind, name=name, after=after, size=PAGE)
    held = _by_work(queries.versions([work.pk for work in page.rows]))
    return LawPage(items=[_law(work, held.get(work.pk, []), day) for work in page.rows], next=page.following)


@router.get("/laws/{law_id}", response={200: LawDetailOut, **ERRORS}, auth=None, summary="One law")
def read_law(request: HttpRequest, law_id: Annotated[Id, Path()], as_of: Day = Query("")) -> Any:
    """A work with its versions."""
    day = day_of(as_of)
    work = _work(law_id)
    held = queries.versions([work.pk])
    return LawDetailOut(**dict(_law(work, held, day)), versions=[_version(v, day) for v in held])


@router.get("/laws/{law_id}/articles", response={200: ArticlePage, **ERRORS}, auth=None, summary="Articles of a law")
def list_articles(
    request: HttpRequest, law_id: Annotated[Id, Path()], as_of: Day = Query(""),
    after: Annotated[int, Field(ge=0, le=100_000)] = Query(0),
) -> Any:  # fmt: skip
    """A page of the articles of the version in force on a day, in order. 404 also if none is in force."""
    day = day_of(as_of)
    version = _in_force(law_id, day)
    found = queries.articles(version.pk, after, PAGE + 1)
    following = found[PAGE - 1].position if len(found) > PAGE else None
    return ArticlePage(
        law_id=law_id, version=_version(version, day), items=[ArticleOut(**_article(a)) for a in found[:PAGE]],
        next=following,
    )  # fmt: skip


@router.get(
    "/laws/{law_id}/articles/{number}", response={200: ArticleDetailOut, **ERRORS}, auth=None, summary="An article by its number",
)  # fmt: skip
def read_numbered(
    request: HttpRequest, law_id: Annotated[Id, Path()],
    number: Annotated[str, StringConstraints(max_length=10, pattern=r"^[1-9][0-9]{0,3}(-[1-9][0-9]{0,2})?$"), Path()],
    as_of: Day = Query(""),
) -> Any:  # fmt: skip
    """Article 1076, or 290-1 for 第二百九十条之一, of the version in force on a day."""
    day = day_of(as_of)
    version = _in_force(law_id, day)
    found = _NUMBER.fullmatch(number)
    row = queries.numbered(version.pk, int(found["number"]), int(found["sub"] or 0)) if found else None
    if row is None:
        raise Missing(_("《%(law)s》没有这一条。") % {"law": version.title})
    return _detail(row, day)


@router.get("/articles/{article_id}", response={200: ArticleDetailOut, **ERRORS}, auth=None, summary="One article")
def read_article(request: HttpRequest, article_id: Annotated[Id, Path()], as_of: Day = Query("")) -> Any:
    """An article of any version, also one no longer in force: see `version.in_force`."""
    day = day_of(as_of)
    row = queries.article(article_id)
    if row is None:
        raise Missing(_("法律库中没有这一条。"))
    return _detail(row, day)


@router.get("/citations", response={200: CitationsOut, **ERRORS}, auth=None, summary="Check the citations of a text")
def check_text(
    request: HttpRequest,
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$")] = Query(""),
    as_of: Day = Query(""),
) -> Any:  # fmt: skip
    """Every citation in a text: where it stands, and the article it leads to as of a day, or why it leads nowhere."""
    day = day_of(as_of)
    return checked(link(text, day), day)


def checked(places: Iterable[Cited], day: date) -> CitationsOut:
    """Places that cite, as JSON."""
    found = [_cited(cited) for cited in places]
    return CitationsOut(as_of=day, failing=sum(cited.failing for cited in found), items=found)


def day_of(text: str) -> date:
    """The day asked for, or today. Raises Invalid."""
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("没有这个日期，请写成2026-01-31这样。"), fields={"as_of": _("没有这个日期")}) from error


def _work(law_id: int) -> LawWork:
    work = queries.work(law_id)
    if work is None:
        raise Missing(_("法律库中没有这部法律。"))
    return work


def _in_force(law_id: int, day: date) -> LawVersion:
    work = _work(law_id)
    version = queries.version_on(queries.versions([work.pk]), day)
    if version is None:
        raise Missing(_("《%(law)s》在%(day)s没有施行中的版本。") % {"law": work.title, "day": day.isoformat()})
    return version


def _by_work(versions: list[LawVersion]) -> dict[int, list[LawVersion]]:
    held: dict[int, list[LawVersion]] = {}
    for version in versions:
        held.setdefault(version.work_id, []).append(version)
    return held


def _version(version: LawVersion, day: date) -> VersionOut:
    return VersionOut(
        id=version.pk, title=version.title, issued_on=version.issued_on, in_force_from=version.in_force_from,
        in_force_to=version.in_force_to, stated=version.stated, in_force=version.plain().governs(day),
        doubted=version.doubted, ended_by=version.ended_by, document_number=version.document_number, source=version.source,
    )  # fmt: skip


def _law(work: LawWork, held: list[LawVersion], day: date) -> LawOut:
    version = queries.version_on(held, day)
    return LawOut(
        id=work.pk, title=work.title, short_title=work.short, kind=work.rank, kind_name=_RANKS[work.rank],
        issuer=work.issuer, region_code=work.region_code, version=_version(version, day) if version else None,
    )  # fmt: skip


def _article(row: Article) -> dict[str, Any]:
    return {"id": row.pk, "label": row.label, "number": row.number, "sub": row.sub, "chapter": row.chapter, "text": row.text}


def _detail(row: Article, day: date) -> ArticleDetailOut:
    version = row.version
    links = queries.links([row.pk])
    return ArticleDetailOut(
        **_article(row), law=_law(version.work, queries.versions([version.work_id]), day), version=_version(version, day),
        earlier=[_linked(one.earlier) for one in links if one.later_id == row.pk],
        later=[_linked(one.later) for one in links if one.earlier_id == row.pk],
    )  # fmt: skip


def _linked(row: Article) -> LinkedOut:
    return LinkedOut(article_id=row.pk, label=row.label, issued_on=row.version.issued_on)


def _cited(cited: Cited) -> CitedOut:
    return CitedOut(
        start=cited.start, end=cited.end, text=cited.text, failing=cited.failing, reasons=cited.reasons,
        citations=[_resolution(one) for one in cited.resolutions],
    )  # fmt: skip


def _resolution(one: Resolution) -> ResolutionOut:
    return ResolutionOut(
        cited=str(one.citation), status=one.status, failing=one.failing, reason=one.reason,
        law_id=one.law.work_id if one.law else None, law=one.law.title if one.law else "",
        article_id=one.article.id if one.article else None, issued_on=one.law.issued_on if one.law else None,
        now=one.now.label if one.now else "",
    )  # fmt: skip


