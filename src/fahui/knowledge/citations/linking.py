"""A text with its citations: where each stands, whether it holds, and what it leads to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fahui.knowledge.citations.reading import Citation, Found, read
from fahui.knowledge.citations.resolving import Resolution, resolve_all
from fahui.knowledge.citations.sources import Source, best_source
from fahui.knowledge.laws.numerals import NotANumber

LONGEST_TEXT = 20_000  # characters; longer ones are cut into pieces by whoever asks
_BARE_NUMBER = re.compile(r"[一-鿿》]\s*[0-9０-９]{1,4}(?:[-－][0-9０-９]{1,2})?\s*$")


@dataclass(frozen=True, slots=True)
class Cited:
    """A place in a text, its words, and what each citation in it leads to. `unreadable` says which number is none."""

    start: int
    end: int
    text: str
    resolutions: tuple[Resolution, ...]
    unreadable: str = ""

    @property
    def failing(self) -> bool:
        """Whether something here must be corrected."""
        return bool(self.unreadable) or any(resolution.failing for resolution in self.resolutions)

    @property
    def reasons(self) -> list[str]:
        """Why it fails."""
        return [self.unreadable] if self.unreadable else [r.reason for r in self.resolutions if r.failing]


def link(text: str, day: date | None = None, source: Source | None = None, own: str = "") -> list[Cited]:
    """Every citation of a text with its place and what it leads to as of a day (today), looked up in the best source.

    `own`: the law the text is part of, as `read` takes it. A line with a number that cannot be read is one place that fails; the other lines are read all the same.
    """
    where = source or best_source()
    titles = where.titles()
    places: list[tuple[Found, str]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        try:
            found = read(line, titles, own)
            places += [(Found(f.start + start, f.end + start, f.citations), "") for f in found]
        except NotANumber as error:
            end = start + len(line.rstrip())
            places.append((Found(start, end, ()), _("引文中的数字无法识别（%(number)s），请改正") % {"number": error.text}))
        start += len(line)
    resolved = iter(resolve_all(_all(places), where, day))
    return [
        Cited(f.start, f.end, text[f.start : f.end], tuple(next(resolved) for _one in f.citations), unreadable)
        for f, unreadable in places
    ]


def looked_up(text: str, day: date | None = None, source: Source | None = None) -> list[Cited]:
    """As `link`, for what somebody typed to be led to an article: 民法典1076 and 刑法 290-1 are meant as one, without the 条."""
    if _BARE_NUMBER.search(text):
        number, _dash, sub = text.rstrip().replace("－", "-").partition("-")
        return link(f"{number}条" + (f"之{sub}" if sub else ""), day, source)
    return link(text, day, source)


def _all(places: Sequence[tuple[Found, str]]) -> list[Citation]:
    return [citation for found, _unreadable in places for citation in found.citations]
