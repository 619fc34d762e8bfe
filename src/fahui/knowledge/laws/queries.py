"""Reading the law store. Law is public, so no reader is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from fahui.knowledge.laws.models import Article, ArticleLink, LawAlias, LawImport, LawVersion, LawWork
from fahui.knowledge.laws.rules import repealed_titles
from fahui.knowledge.laws.texts import IN_FORCE, Passage
from fahui.knowledge.laws.titles import normal_title, without_edition

PAGE = 30
_MOST_TITLES = 40  # unknown titles of one text that are looked for among what was repealed
_STREAMED = 4000  # articles read at a time


@dataclass(frozen=True)
class Page:
    """One keyset page of works; `following` is the key to go on after, None at the end."""

    rows: list[LawWork]
    following: int | None


def governing(day: date) -> Q:
    """The condition on versions that are in force on a day (as `texts.Law.governs`)."""
    begun = Q(in_force_from=None) | Q(in_force_from__lte=day)
    return begun & (Q(in_force_to__gte=day) | Q(in_force_to=None, standing__in=IN_FORCE))


def passages(as_of: date | None = None) -> Iterator[Passage]:
    """Every article of the versions in force on a day (without one: of every version), law by law, in order.

    Streams: holds a few thousand articles at a time, whatever the store holds.
    """
    chosen = LawVersion.objects.filter(governing(as_of)) if as_of else LawVersion.objects.all()
    ranks = dict(LawWork.RANKS)
    versions = list(chosen.select_related("work").order_by("work_id", "in_force_from", "id"))
    for batch in _batches(versions):
        known = {version.pk: version for version in batch}
        rows = Article.objects.filter(version_id__in=list(known)).order_by("position")
        held: dict[int, list[Article]] = {pk: [] for pk in known}
        for row in rows:
            held[row.version_id].append(row)
        for pk, articles in held.items():
            v = known[pk]
            # What no day is known for that it governed is in no answer as of a day.
            since = v.in_force_from if v.standing in IN_FORCE or v.in_force_to else date.max
            for a in articles:
                yield Passage(
                    a.pk, v.title, " ".join(a.chapter), a.printed, a.text, ranks[v.work.rank], since, v.in_force_to
                )


def _batches(versions: list[LawVersion]) -> Iterator[list[LawVersion]]:
    """Versions in runs of about `_STREAMED` articles."""
    counted = Article.objects.values_list("version_id").annotate(n=Count("id")).order_by()
    sizes: dict[int, int] = dict(counted)
    batch: list[LawVersion] = []
    held = 0
    for version in versions:
        batch.append(version)
        held += sizes.get(version.pk, 0)
        if held >= _STREAMED:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def works(*, rank: str = "", name: str = "", after: int = 0, size: int = PAGE) -> Page:
    """A keyset page of works of a rank, and with a name (or other name) that contains these characters."""
    rows = LawWork.objects.filter(id__gt=after)
    if rank:
        rows = rows.filter(rank=rank)
    if wanted := normal_title(name):
        rows = rows.filter(
            Q(key__icontains=wanted) | Q(pk__in=LawAlias.objects.filter(key__icontains=wanted).values("work"))
        )
    found = list(rows.order_by("id")[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def ranks_held() -> list[str]:
    """The ranks of which the store holds a law."""
    held = set(LawWork.objects.values_list("rank", flat=True).distinct())
    return [code for code, _name in LawWork.RANKS if code in held]


def empty() -> bool:
    """Whether no law was imported yet."""
    return not LawWork.objects.exists()


def work(pk: int) -> LawWork | None:
    """One work by its key."""
    return LawWork.objects.filter(pk=pk).first()


def find(title: str) -> LawWork | None:
    """The work of a title or other name, or None; also None if a name means several."""
    return find_all([title]).get(title)


def find_all(titles: list[str]) -> dict[str, LawWork]:
    """The works of titles or other names, by what was asked. Two queries, however many."""
    spelt = {title: (normal_title(title), without_edition(normal_title(title))) for title in titles}
    keys = {key for pair in spelt.values() for key in pair}
    known = {row.key: row for row in LawWork.objects.filter(key__in=keys)}
    other: dict[str, list[LawWork]] = {}
    for alias in LawAlias.objects.filter(key__in=keys).select_related("work"):
        other.setdefault(alias.key, []).append(alias.work)
    known = {key: rows[0] for key, rows in other.items() if len(rows) == 1} | known
    return {title: known[key] for title, pair in spelt.items() for key in reversed(pair) if key in known}


def versions(work_ids: list[int]) -> list[LawVersion]:
    """The versions of works with their work, newest first."""
    rows = LawVersion.objects.filter(work_id__in=work_ids).select_related("work")
    return sorted(rows, key=lambda v: (v.in_force_from or date.min, v.issued_on or date.min), reverse=True)


def version_on(held: list[LawVersion], day: date) -> LawVersion | None:
    """The one of a work's versions that is in force on a day."""
    return next((v for v in held if v.plain().governs(day)), None)


def articles(version_id: int, after: int = 0, size: int | None = None) -> list[Article]:
    """The articles of a version in order, from the one after a position."""
    rows = Article.objects.filter(version_id=version_id, position__gt=after).order_by("position")
    return list(rows[:size] if size else rows)


def contents(version_id: int) -> list[Article]:
    """The articles of a version without their text."""
    return list(Article.objects.filter(version_id=version_id).defer("text").order_by("position"))


def article(pk: int) -> Article | None:
    """One article by its key, with version and work."""
    return Article.objects.select_related("version__work").filter(pk=pk).first()


def articles_by_key(keys: Sequence[int]) -> list[Article]:
    """These articles with their versions and works, in the order asked for."""
    found = Article.objects.select_related("version__work").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def numbered(version_id: int, number: int, sub: int = 0) -> Article | None:
    """The article of this number in a version."""
    rows = Article.objects.select_related("version__work").filter(version_id=version_id, number=number, sub=sub)
    return rows.order_by("position").first()


def numbered_all(version_ids: list[int], numbers: list[int]) -> list[Article]:
    """The articles of these numbers in these versions."""
    return list(Article.objects.filter(version_id__in=version_ids, number__in=numbers).order_by("-position"))


def numbers_among(version_id: int, wanted: Iterable[tuple[int | None, int]]) -> set[tuple[int, int]]:
    """Which of these numbers (with the number after 之, 0 without) a version has."""
    numbers = [number for number, _sub in wanted if number]
    rows = Article.objects.filter(version_id=version_id, number__in=numbers).values_list("number", "sub") if numbers else ()
    return set(rows) & set(wanted)


def at(version_id: int, position: int) -> Article | None:
    """The article at a place in a version."""
    return Article.objects.filter(version_id=version_id, position=position).first()


def neighbours(row: Article) -> tuple[Article | None, Article | None]:
    """The articles before and after one."""
    near = Article.objects.filter(version_id=row.version_id, position__in=[row.position - 1, row.position + 1])
    found = {a.position: a for a in near}
    return found.get(row.position - 1), found.get(row.position + 1)


def links(article_ids: list[int]) -> list[ArticleLink]:
    """The links that begin or end at these articles, with both ends and their versions."""
    rows = list(ArticleLink.objects.filter(Q(earlier_id__in=article_ids) | Q(later_id__in=article_ids)))
    # The ends by their keys: joined to the links, a database that has no statistics yet (right after an import) read every article.
    ends = Article.objects.select_related("version__work").in_bulk({key for row in rows for key in (row.earlier_id, row.later_id)})
    for row in rows:
        row.earlier, row.later = ends[row.earlier_id], ends[row.later_id]
    return rows


def titles_held() -> frozenset[str]:
    """The normal titles and other names of every work."""
    return frozenset(LawWork.objects.values_list("key", flat=True)) | frozenset(
        LawAlias.objects.values_list("key", flat=True)
    )


def repealing(keys: Collection[str]) -> dict[str, Article]:
    """By normal title: the article, of the version in force earliest, that repeals a law. One query."""
    said = Q(text__contains="同时废止") | Q(text__contains="即行废止")
    named = reduce(or_, (Q(text__contains=f"{key}》") for key in sorted(keys)[:_MOST_TITLES]), Q())
    if not named:
        return {}
    rows = Article.objects.filter(said & named, version__in_force_from__isnull=False).select_related("version__work")
    found: dict[str, Article] = {}
    for row in rows.order_by("version__in_force_from", "pk"):
        for key in set(repealed_titles(row.text)) & set(keys):
            found.setdefault(key, row)
    return found


def last_import() -> LawImport | None:
    """The newest import, under way or done."""
    return LawImport.objects.order_by("-id").first()


def import_of(source: str) -> LawImport | None:
    """The newest import of a source."""
    return LawImport.objects.filter(source=source).order_by("-id").first()
