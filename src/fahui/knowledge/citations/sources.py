"""Where citations are looked up: the law store of an installation, or the package's file where there is no database."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple, Protocol

from fahui.knowledge.citations.reading import Citation
from fahui.knowledge.laws import queries as store
from fahui.knowledge.laws.models import Article, ArticleLink, LawVersion
from fahui.knowledge.laws.sources import package
from fahui.knowledge.laws.texts import Law, PlainArticle
from fahui.knowledge.laws.titles import normal_title


class Moved(NamedTuple):
    """The article that an earlier one became."""

    law: Law
    article: PlainArticle


class Repealed(NamedTuple):
    """The article that repeals a law, of which law it is, and from when."""

    law: Law
    article: PlainArticle
    since: date


class Held(Protocol):
    """What a source holds for some citations, ready to be asked without further reading."""

    def versions(self, title: str) -> Sequence[Law]:
        """Every version of a title or other name, newest first; none if it is unknown."""
        ...

    def article(self, law: Law, number: int, sub: int) -> PlainArticle | None:
        """The article of this number in a version."""
        ...

    def later(self, article: PlainArticle) -> Moved | None:
        """Where an article of an earlier version stands in the next one under another number."""
        ...

    def repealed(self, title: str) -> Repealed | None:
        """What repealed a law of which no text is held; None if nothing is known of it."""
        ...


class Source(Protocol):
    """A place to look citations up."""

    def titles(self) -> Container[str]:
        """Normal titles and other names that may be cited without 《》."""
        ...

    def held(self, citations: Iterable[Citation]) -> Held:
        """What is needed to look these up, read at once."""
        ...


class PackageSource:
    """The package's file: national laws, no other names, no links. Needs no database."""

    def titles(self) -> Container[str]:
        """Normal titles of every law."""
        return package.titles()

    def held(self, citations: Iterable[Citation]) -> Held:
        """The file is read law by law as it is asked."""
        return self

    def versions(self, title: str) -> Sequence[Law]:
        """Every version of a title, newest first."""
        return package.versions(title)

    def article(self, law: Law, number: int, sub: int) -> PlainArticle | None:
        """The article of this number."""
        return package.article(law, number, sub)

    def later(self, article: PlainArticle) -> Moved | None:
        """The file knows of none."""
        return None

    def repealed(self, title: str) -> Repealed | None:
        """The first article of the file that repeals it."""
        found = package.repealing(normal_title(title))
        return Repealed(found[0], found[1], found[0].since) if found and found[0].since else None


class StoreSource:
    """The law store. Reads six times at most for any number of citations."""

    def titles(self) -> Container[str]:
        """Normal titles and other names of every law."""
        return store.titles_held()

    def held(self, citations: Iterable[Citation]) -> Held:
        """Works, versions, articles and links that these citations may lead to."""
        cited = list(citations)
        works = store.find_all(list({citation.title for citation in cited}))
        held = store.versions([work.pk for work in works.values()])
        numbers = sorted({n for c in cited if c.number for n in ((c.number, c.number - 1) if c.before else (c.number,))})
        found = store.numbered_all([version.pk for version in held], numbers) if numbers and held else []
        links = store.links([row.pk for row in found]) if found else []
        unknown = {citation.title for citation in cited} - set(works)
        ended = store.repealing({normal_title(title) for title in unknown}) if unknown else {}
        return _Read({title: work.pk for title, work in works.items()}, held, found, links, ended)


class _Read:
    def __init__(
        self, works: dict[str, int], versions: list[LawVersion], articles: list[Article], links: list[ArticleLink], ended: dict[str, Article]
    ) -> None:
        self._works = works
        self._ended = ended
        self._versions: dict[int, list[Law]] = {}
        for version in versions:
            self._versions.setdefault(version.work_id, []).append(version.plain())
        self._articles = {(a.version_id, a.number, a.sub): a.plain() for a in articles}
        self._later = {link.earlier_id: Moved(link.later.version.plain(), link.later.plain()) for link in links}

    def versions(self, title: str) -> Sequence[Law]:
        work = self._works.get(title)
        return self._versions.get(work, ()) if work else ()

    def article(self, law: Law, number: int, sub: int) -> PlainArticle | None:
        return self._articles.get((law.id or 0, number, sub))

    def later(self, article: PlainArticle) -> Moved | None:
        return self._later.get(article.id or 0)

    def repealed(self, title: str) -> Repealed | None:
        row = self._ended.get(normal_title(title))
        return Repealed(row.version.plain(), row.plain(), row.version.in_force_from) if row and row.version.in_force_from else None


@cache
def package_source() -> Source:
    """The package's file."""
    return PackageSource()


def best_source() -> Source:
    """The law store where it holds anything, else the package's file."""
    return package_source() if store.empty() else StoreSource()


def in_force(versions: Sequence[Law], day: date) -> Law | None:
    """The version that is in force on a day."""
    return next((law for law in versions if law.governs(day)), None)
