"""A law as plain values: what every reader of a source gives, and what a citation leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from fahui.foundation.errors import Invalid
from fahui.knowledge.laws.numerals import to_chinese, to_int
from fahui.knowledge.laws.titles import short_title

# What a source says of a text: in force, replaced by a later version, repealed, amended by a text it does not hold; or
# repealed, but without a day or a law that did it, and against what is known: in force here, and every page says so.
Standing = Literal["current", "superseded", "repealed", "amended", "doubted"]
IN_FORCE: tuple[Standing, ...] = ("current", "doubted")

_ITEM = re.compile(r"\s*[（(](?P<number>[一二三四五六七八九十百]+)[）)]")


class BadSource(Invalid):
    """A source cannot be read as law. Says the file, the place in it, and what is wrong; nothing was changed."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        self.file, self.place, self.reason = file, place, reason
        super().__init__("，".join(part for part in (file, place) if part) + f"：{reason}", code="bad_source")


@dataclass(frozen=True, slots=True)
class PlainArticle:
    """One article (条). `sub` is the number after 之, 0 without one. What has no 条 (全文) has the number 0.

    `text` is as the source prints it; `chapter` names 编, 章 and 节 from the outermost inwards; `id` is the row, if stored.
    """

    number: int
    sub: int
    printed: str
    chapter: tuple[str, ...]
    text: str
    id: int | None = None

    @property
    def label(self) -> str:
        """第二百九十条之一, whatever way the source writes it."""
        return label(self.number, self.sub) or self.printed

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs (款), each with its items (项)."""
        found: list[str] = []
        for line in self.text.splitlines():
            if found and _ITEM.match(line):
                found[-1] += "\n" + line
            else:
                found.append(line)
        return found

    def part(self, paragraph: int | None = None, item: int | None = None) -> str | None:
        """The words of a paragraph or item, or None if there is no such one. Without a paragraph: any of its."""
        pieces = self.paragraphs
        if paragraph is not None:
            pieces = pieces[paragraph - 1 : paragraph]
        if item is None:
            return "\n".join(pieces) or None
        lines = [line for piece in pieces for line in piece.splitlines()]
        return next((line for line in lines if (m := _ITEM.match(line)) and to_int(m["number"]) == item), None)


@dataclass(frozen=True, slots=True)
class Law:
    """One version of a law: its title, who made it, and when it is in force (`until` included; None is open).

    `stated` is False where the source does not say when this version came into force: `since` is then the day it was
    made, before which it certainly was not. `id` and `work_id` are the rows, if stored.
    """

    title: str
    issuer: str
    issued_on: date | None
    since: date | None
    until: date | None = None
    standing: Standing = "current"
    stated: bool = True
    id: int | None = None
    work_id: int | None = None

    @property
    def short_title(self) -> str:
        """The title as people say it: 法律援助法."""
        return short_title(self.title)

    def governs(self, day: date) -> bool:
        """Whether it is in force on a day. A text that ended on a day nobody stated governs none."""
        begun = self.since is None or self.since <= day
        return begun and (day <= self.until if self.until else self.standing in IN_FORCE)


@dataclass(frozen=True, slots=True)
class PlainLaw:
    """One version of a law as a reader gives it, with its articles, and where it was read (for messages)."""

    law: Law
    rank: str
    articles: tuple[PlainArticle, ...]
    source: str
    place: str = ""
    document_number: str = ""
    region_code: int | None = None
    aliases: tuple[str, ...] = ()

    def named(self, source: str) -> PlainLaw:
        """The same from a source of another name."""
        return replace(self, source=source)


def label(number: int, sub: int = 0) -> str:
    """第二百九十条之一; empty for number 0."""
    if not number:
        return ""
    return f"第{to_chinese(number)}条" + (f"之{to_chinese(sub)}" if sub else "")


@dataclass(frozen=True, slots=True)
class Passage:
    """One article as the search index wants it: `rank` is what kind of text; `since` and `until` are the days it is in
    force, both included; None is open."""

    id: int
    law: str
    chapter: str
    number: str
    text: str
    rank: str
    since: date | None = None
    until: date | None = None
