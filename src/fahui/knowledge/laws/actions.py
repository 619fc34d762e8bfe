"""Bringing laws into the store: all of a source or nothing, the same again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

import yaml
from django.db import transaction
from django.db.models import Q

from fahui.foundation import clock
from fahui.foundation.locks import hold
from fahui.knowledge.laws.models import Article, ArticleLink, LawAlias, LawVersion, LawWork
from fahui.knowledge.laws.rules import ends, renumbered, repealed_titles, text_digest
from fahui.knowledge.laws.texts import BadSource, Law, PlainLaw
from fahui.knowledge.laws.titles import normal_title

_ALIASES = Path(__file__).with_name("aliases.yaml")
_LOCK = "imports of laws"
_BATCH = 2000
# How a renumbered article is looked for grows with the square of the articles that changed.
_MOST_LINKED = 2000

Progress = Callable[[int], None]


@dataclass(slots=True)
class Imported:
    """What an import did. `kept` names the texts that differ from the ones of the same day in the store, which stayed."""

    works: int = 0
    versions: int = 0
    articles: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def import_laws(laws: Iterable[PlainLaw], *, keep: bool = False, progress: Progress = lambda done: None) -> Imported:
    """Bring laws into the store in one transaction.

    Raises BadSource, also where a text claims the day of another one that is there already; with `keep` that one stays
    and is named in the report. A text without a day is kept out by any that has one. `progress` hears how many are done.
    """
    hold(_LOCK)
    store = _Store(keep)
    for done, law in enumerate(laws, start=1):
        store.take(law)
        progress(done)
    store.finish()
    settle()
    for work in store.touched:
        _link(work)
    return store.report


class _Store:
    """What is there, read once, and what this import adds."""

    def __init__(self, keep: bool) -> None:
        self.keep = keep
        self.report = Imported()
        self.touched: set[int] = set()
        self._works = {work.key: work for work in LawWork.objects.all()}
        self._versions = {(v.work_id, v.issued_on): v for v in LawVersion.objects.all()}
        self._dated = {v.work_id for v in self._versions.values()}
        self._aliases = set(LawAlias.objects.values_list("work_id", "key"))
        self._waiting: list[Article] = []

    def take(self, plain: PlainLaw) -> None:
        """One version of one law."""
        key, law = normal_title(plain.law.title), plain.law
        if not key or not plain.articles:
            raise BadSource(plain.source, plain.place, "没有标题或没有条文")
        work = self._works.get(key) or self._new_work(key, plain)
        self._name(work, (*plain.aliases, *_usual_aliases().get(key, ())))
        digest = text_digest(plain.articles)
        held = self._versions.get((work.pk, law.issued_on))
        if held is None and law.issued_on is None and self.keep and work.pk in self._dated:
            self.report.kept.append(str(plain.law.title))
        elif held is None:
            self._add(work, plain, digest)
        elif held.digest == digest:
            if self._judged_anew(held, plain):
                self.report.versions += 1
            else:
                self.report.unchanged += 1
        elif self.keep:
            self.report.kept.append(str(held))
        else:
            raise BadSource(plain.source, plain.place if plain.place != plain.source else "", _differs(held, plain))

    def _new_work(self, key: str, plain: PlainLaw) -> LawWork:
        work = LawWork.objects.create(
            title=plain.law.title, key=key, rank=plain.rank, issuer=plain.law.issuer, region_code=plain.region_code
        )
        self._works[key] = work
        self.report.works += 1
        return work

    def _name(self, work: LawWork, names: Iterable[str]) -> None:
        for name in names:
            pair = (work.pk, normal_title(name))
            if pair not in self._aliases and pair[1] != work.key:
                LawAlias.objects.create(work=work, key=pair[1])
                self._aliases.add(pair)

    def _add(self, work: LawWork, plain: PlainLaw, digest: str) -> None:
        law = plain.law
        version = LawVersion.objects.create(
            work=work, title=law.title, issued_on=law.issued_on, in_force_from=law.since, stated=law.stated,
            in_force_to=law.until, said_to=law.until, standing=law.standing, document_number=plain.document_number,
            source=plain.source[:200], digest=digest, imported_at=clock.now(),
        )  # fmt: skip
        self._versions[work.pk, law.issued_on] = version
        self._dated.add(work.pk)
        self.touched.add(work.pk)
        self._waiting += [
            Article(version=version, position=position, number=a.number, sub=a.sub, printed=a.printed,
                    chapter=list(a.chapter), text=a.text)
            for position, a in enumerate(plain.articles, start=1)
        ]  # fmt: skip
        self.report.versions += 1
        self.report.articles += len(plain.articles)
        self._title(work, law)
        if len(self._waiting) >= _BATCH:
            self.finish()

    def _judged_anew(self, held: LawVersion, plain: PlainLaw) -> bool:
        """Whether the source that gave this text now says something else of its standing, which is taken over."""
        if held.standing == plain.law.standing or held.source != plain.source[:200]:
            return False
        held.standing = plain.law.standing
        held.save(update_fields=["standing"])
        self.touched.add(held.work_id)
        return True

    def _title(self, work: LawWork, law: Law) -> None:
        """A work is called what its newest version is called, and made by whoever the first source names."""
        newest = max((v.issued_on or date.min for (w, _day), v in self._versions.items() if w == work.pk))
        changed = (law.issued_on or date.min) >= newest and work.title != law.title
        if changed or (law.issuer and not work.issuer):
            work.title = law.title if changed else work.title
            work.issuer = work.issuer or law.issuer
            work.save(update_fields=["title", "issuer"])

    def finish(self) -> None:
        """Write the articles that wait."""
        Article.objects.bulk_create(self._waiting, batch_size=_BATCH)
        self._waiting = []


def _differs(held: LawVersion, plain: PlainLaw) -> str:
    """Which article is the first that differs from the text in the store."""
    there = {(a.number, a.sub, a.printed): a.text for a in held.articles.all()}
    here = {(a.number, a.sub, a.printed): a.text for a in plain.articles}
    keys = [*here, *(key for key in there if key not in here)]
    first = next((key[2] for key in keys if here.get(key) != there.get(key)), "")
    day = held.issued_on.isoformat() if held.issued_on else "没有日期"
    return (
        f"《{held.title}》（{day}）与库中来自 {held.source} 的文本不同，从{first}开始。同一日期只能有一个文本："
        "请核对官方文本；如果这是另一次修订，请写明它的日期"
    )


@cache
def _usual_aliases() -> Mapping[str, tuple[str, ...]]:
    held = yaml.safe_load(_ALIASES.read_text(encoding="utf-8"))
    return {normal_title(title): tuple(names) for title, names in held.items()}


def settle() -> int:
    """Tell anew when each version ends: when the next one begins, or when another law repeals it. Returns how many changed."""
    works: dict[int, list[LawVersion]] = defaultdict(list)
    for version in LawVersion.objects.select_related("work").order_by("work_id", "id"):
        works[version.work_id].append(version)
    repeals = _repeals()
    changed = []
    for held in works.values():
        last = ends([replace(v.plain(), until=None) for v in held])
        for place, version in enumerate(held):
            until, by = _end(version, last[place], repeals)
            if (version.in_force_to, version.ended_by) != (until, by):
                version.in_force_to, version.ended_by = until, by
                changed.append(version)
    LawVersion.objects.bulk_update(changed, ["in_force_to", "ended_by"], batch_size=500)
    return len(changed)


def _repeals() -> dict[str, list[tuple[date, date, int, str]]]:
    """For each title that is repealed somewhere: since when, by a text of what day, of which work, called what."""
    found: dict[str, list[tuple[date, date, int, str]]] = defaultdict(list)
    rows = Article.objects.filter(Q(text__contains="同时废止") | Q(text__contains="即行废止")).values_list(
        "text", "version__in_force_from", "version__issued_on", "version__work_id", "version__title"
    )
    for text, since, issued, work, title in rows:
        if since and issued:
            for key in repealed_titles(text):
                found[key].append((since, issued, work, title))
    return found


def _end(
    version: LawVersion, last: date | None, repeals: Mapping[str, list[tuple[date, date, int, str]]]
) -> tuple[date | None, str]:
    until, by = min((day for day in (last, version.said_to) if day), default=None), ""
    for since, issued, work, title in sorted(repeals.get(version.work.key, ())):
        later = version.issued_on is None or version.issued_on < issued
        if work != version.work_id and later and (until is None or since <= until):
            until, by = since - timedelta(days=1), title
    return until, by


def _link(work_id: int) -> None:
    """Find anew which article of each version is which of the next, where the number changed."""
    versions = list(LawVersion.objects.filter(work_id=work_id))
    versions.sort(key=lambda v: (v.in_force_from or date.min, v.issued_on or date.min))
    if len(versions) < 2:
        return
    held = [list(version.articles.order_by("position")) for version in versions]
    # By their keys: a database without statistics yet would read all links for each work.
    ArticleLink.objects.filter(earlier_id__in=[article.pk for articles in held for article in articles]).delete()
    for old, new in zip(held, islice(held, 1, None), strict=False):
        if max(len(old), len(new)) <= _MOST_LINKED:
            pairs = renumbered([a.plain() for a in old], [a.plain() for a in new])
            ArticleLink.objects.bulk_create(ArticleLink(earlier=old[i], later=new[j]) for i, j in pairs)
