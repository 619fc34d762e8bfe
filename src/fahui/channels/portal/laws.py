"""The law to read: works by kind and name, a work with its versions and contents, one article with its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fahui.casework.definitions.checks import citations
from fahui.casework.definitions.loader import services
from fahui.channels.pages import reader_of, scoped
from fahui.foundation import clock
from fahui.foundation.errors import Invalid, Missing
from fahui.knowledge.citations.linking import link
from fahui.knowledge.citations.reading import parse
from fahui.knowledge.citations.resolving import Resolution
from fahui.knowledge.laws import queries
from fahui.knowledge.laws.models import Article, LawVersion, LawWork
from fahui.knowledge.laws.numerals import to_int
from fahui.knowledge.laws.sources import package
from fahui.knowledge.laws.titles import normal_title

LONGEST_NAME = 100
_NUMBER = re.compile(r"(?P<number>[1-9][0-9]{0,3})(?:-(?P<sub>[1-9][0-9]{0,2}))?")
_PLACE = re.compile(r"p(?P<position>[1-9][0-9]{0,4})")
_TYPED = re.compile(r"\s*第?\s*(?P<number>[^条之\s]+)\s*条?(?:之\s*(?P<sub>\S+))?\s*")


@dataclass(frozen=True)
class Row:
    """A version for a page: what became of it by today, in words and colour."""

    version: LawVersion
    state: str
    tone: str


@scoped
def laws(request: HttpRequest) -> HttpResponse:
    """Works of a kind, or found by their name."""
    name = request.GET.get("name", "").replace("\x00", "")[:LONGEST_NAME].strip()
    kind = request.GET.get("kind", "")
    ranks = dict(LawWork.RANKS)
    kind = kind if kind in ranks else ""
    after = request.GET.get("after", "")
    page = queries.works(rank=kind, name=name, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    held: dict[int, list[LawVersion]] = {}
    for version in queries.versions([work.pk for work in page.rows]):
        held.setdefault(version.work_id, []).append(version)
    day = clock.today()
    return render(request, "portal/laws/list.html", {
        "rows": [{"work": work, "kind": _(ranks[work.rank]), **_standing(held.get(work.pk, []), day)} for work in page.rows],
        "tabs": _tabs(kind, name), "name": name, "kind": kind, "empty": not page.rows and queries.empty(),
        "pager": {"next": page.following, "shown": len(page.rows) if page.following or after else None},
    })  # fmt: skip


def _tabs(kind: str, name: str) -> list[dict[str, Any]]:
    ranks = dict(LawWork.RANKS)

    def href(code: str) -> str:
        query = urlencode({k: v for k, v in (("kind", code), ("name", name)) if v})
        return "/laws/" + (f"?{query}" if query else "")

    return [{"label": _("全部"), "href": href(""), "current": not kind}] + [
        {"label": _(ranks[code]), "href": href(code), "current": code == kind} for code in queries.ranks_held()
    ]


@scoped
def law(request: HttpRequest, law_id: int) -> HttpResponse:
    """A work: the version in force (or the one asked for), its contents, all its versions."""
    work = _work(law_id)
    day = _day(request)
    held = queries.versions([work.pk])
    version = _chosen(request, held, day)
    wanted = request.GET.get("article", "")
    if wanted:
        number = _typed(wanted)
        if number is not None:
            return HttpResponseRedirect(f"/laws/{work.pk}/{number}{_same(request)}")
    found = queries.contents(version.pk) if version else []
    return render(request, "portal/laws/law.html", {
        "work": work, "kind": _(dict(LawWork.RANKS)[work.rank]), "version": version, "wanted": wanted,
        "row": _row(version, clock.today()) if version else None, "on": request.GET.get("on", ""),
        "versions": [_row(v, clock.today()) for v in held], "chapters": _chapters(found), "count": len(found),
        "same": _same(request),
    })  # fmt: skip


@scoped
def article(request: HttpRequest, law_id: int, article_number: str) -> HttpResponse:
    """One article, byte for byte, with its version and dates, its neighbours, and the services that cite it."""
    work = _work(law_id)
    held = queries.versions([work.pk])
    version = _chosen(request, held, _day(request))
    row = _find(version, article_number) if version else None
    if version is None or row is None:
        raise Missing(_("《%(law)s》没有这一条。") % {"law": work.title})
    before, after = queries.neighbours(row)
    links = queries.links([row.pk])
    return render(request, "portal/laws/article.html", {
        "work": work, "version": version, "article": row, "row": _row(version, clock.today()),
        "pieces": linked(row, work, _day(request), _same(request)),
        "before": before and (before, address(before)), "after": after and (after, address(after)),
        "earlier": [(one.earlier, address(one.earlier)) for one in links if one.later_id == row.pk],
        "later": [(one.later, address(one.later)) for one in links if one.earlier_id == row.pk],
        "services": _citing(work, row, reader_of(request).language), "same": _same(request),
    })  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """Some words of an article, and where they lead, if they cite another one."""

    text: str
    href: str = ""


def linked(row: Article, work: LawWork, day: date, same: str) -> list[Piece]:
    """The text of an article, word for word, cut where it cites: its own law in the same version, others as of a day."""
    found = link(row.text, day, own=work.title) if "条" in row.text else []
    numbers = {(one.citation.number, one.citation.sub or 0) for place in found for one in place.resolutions if one.citation.title == work.title}
    own = queries.numbers_among(row.version_id, numbers)
    wanted = [one.article.id for place in found for one in place.resolutions if one.article and one.citation.title != work.title]
    others = {held.pk: f"/laws/{held.version.work_id}/{address(held)}" for held in queries.articles_by_key([key for key in wanted if key])}
    pieces, at = [], 0
    for place in found:
        href = next((to for one in place.resolutions if (to := _leads_to(one, work, own, others, same))), "")
        if href and place.start >= at:
            pieces += [Piece(row.text[at : place.start]), Piece(place.text, href)]
            at = place.end
    return [*pieces, Piece(row.text[at:])]


def _leads_to(one: Resolution, work: LawWork, own: set[tuple[int, int]], others: dict[int, str], same: str) -> str:
    cited = one.citation
    if cited.title != work.title:
        return others.get(one.article.id or 0, "") if one.article else ""
    place = (cited.number or 0, cited.sub or 0)
    return f"/laws/{work.pk}/{place[0]}{f'-{place[1]}' if place[1] else ''}{same}" if place in own else ""


def address(row: Article) -> str:
    """The last part of an article's address: 1076, 290-1, or p3 where there is no number."""
    if not row.number:
        return f"p{row.position}"
    return f"{row.number}-{row.sub}" if row.sub else str(row.number)


def _work(law_id: int) -> LawWork:
    work = queries.work(law_id)
    if work is None:
        raise Missing(_("法律库中没有这部法律。"))
    return work


def _day(request: HttpRequest) -> date:
    given = request.GET.get("on", "")
    try:
        return date.fromisoformat(given) if given else clock.today()
    except ValueError as error:
        raise Invalid(_("没有这个日期，请写成2026-01-31这样。")) from error


def _chosen(request: HttpRequest, held: list[LawVersion], day: date) -> LawVersion | None:
    """The version asked for by its key; else the one in force on the day; else, asked for no day, the newest."""
    wanted = request.GET.get("version", "")
    if wanted:
        return next((v for v in held if str(v.pk) == wanted), None)
    found = queries.version_on(held, day)
    return found or (held[0] if held and not request.GET.get("on") else None)


def _same(request: HttpRequest) -> str:
    """The version or day asked for, as it goes on in links."""
    kept = {key: request.GET[key][:20] for key in ("version", "on") if request.GET.get(key)}
    return f"?{urlencode(kept)}" if kept else ""


def _typed(text: str) -> str | None:
    """第二百九十条之一, 290之1 or 290 as the last part of an address; None if it is no number."""
    found = _TYPED.fullmatch(text)
    try:
        return f"{to_int(found['number'])}" + (f"-{to_int(found['sub'])}" if found["sub"] else "") if found else None
    except ValueError:
        return None


def _find(version: LawVersion, number: str) -> Article | None:
    if found := _NUMBER.fullmatch(number):
        return queries.numbered(version.pk, int(found["number"]), int(found["sub"] or 0))
    found = _PLACE.fullmatch(number)
    return queries.at(version.pk, int(found["position"])) if found else None


def _row(version: LawVersion, today: date) -> Row:
    if version.plain().governs(today):
        return Row(version, _("施行中，待核"), "warn") if version.doubted else Row(version, _("施行中"), "ok")
    if version.in_force_from and version.in_force_from > today:
        return Row(version, _("尚未施行"), "progress")
    if version.ended_by or version.standing == "repealed":
        return Row(version, _("已废止"), "error")
    return Row(version, _("已被新的版本取代"), "warn")


def _standing(held: list[LawVersion], today: date) -> dict[str, Any]:
    """The version in force, or the newest where none is; and its state."""
    version = queries.version_on(held, today) or (held[0] if held else None)
    return {"row": _row(version, today) if version else None}


def _chapters(found: list[Article]) -> list[dict[str, Any]]:
    """The articles under their headings, in the order of the law."""
    return [
        {"name": " › ".join(path), "articles": [(row, address(row)) for row in rows]}
        for path, rows in ((path, list(rows)) for path, rows in groupby(found, key=lambda row: tuple(row.chapter)))
    ]


def _citing(work: LawWork, row: Article, language: str) -> list[dict[str, str]]:
    """The services whose definition cites this article."""
    found = _cited().get((work.key, row.number, row.sub), ())
    return [{"id": id_, "name": services()[id_].definition.name.text(language)} for id_ in found]


@cache
def _cited() -> dict[tuple[str, int, int], tuple[str, ...]]:
    """For each article that a service cites: the services, each once."""
    held: dict[tuple[str, int, int], dict[str, None]] = {}
    for id_, service in services().items():
        for _place, text in citations(service):
            for citation in parse(text, package.titles()):
                key = (normal_title(citation.title), citation.number or 0, citation.sub or 0)
                held.setdefault(key, {})[id_] = None
    return {key: tuple(ids) for key, ids in held.items()}
