"""Articles behind something said, for a page: as cited, with their words from the law store and the address of their page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from fahui.foundation import clock
from fahui.knowledge.citations.linking import link


@dataclass(frozen=True)
class Cited:
    """An article: as cited, its words from the law store, and its own page if there is one."""

    name: str
    text: str
    href: str


def cited(texts: Iterable[str]) -> list[Cited]:
    """The articles that these citations name, each once, with their words as they stand today."""
    found = []
    for place in link("\n".join(dict.fromkeys(texts)), clock.today()):
        for resolution in place.resolutions:
            article, law = resolution.article, resolution.law
            href = _page(law.work_id, article.number, article.sub) if law and law.work_id and article else ""
            found.append(Cited(str(resolution.citation), article.text if article else "", href))
    return found


def _page(work_id: int, number: int, sub: int) -> str:
    try:
        return reverse("article", args=[work_id, f"{number}-{sub}" if sub else str(number)])
    except NoReverseMatch:
        return ""
