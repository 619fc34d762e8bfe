"""Citations of law in Chinese text, read.

Read are the forms lawyers write: 《民法典》第一千零七十六条第二款第（一）项, 民法典1076条, 第二百九十条之一, several
articles (第二十四、二十五条; 第二十四条至第二十六条), several paragraphs or items, 同法 or 该法 for the law named before, 同法前条 for
the article before the last one, the book of a code (民法典婚姻家庭编第1076条), the edition of a law
(《仲裁法》（2017年修正）第二十四条), titles in other marks (〈民法典〉, 「民法典」, “民法典”第五条), and English ones (`english`). An article without any law before it is no citation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from fahui.knowledge.citations import english
from fahui.knowledge.citations.outside import outside_source, outside_sources
from fahui.knowledge.laws.numerals import to_chinese, to_int
from fahui.knowledge.laws.titles import edition_year, normal_title, without_edition

_LONGEST_RANGE = 60  # articles; what is longer is taken for two single articles
_LONGEST_TITLE = 150  # characters
_SHORTEST_TITLE = 2

_N = r"(?:[0-9０-９]{1,9}|[一二三四五六七八九十百千零〇两]+)"
_TO = r"\s*(?:至|到|－|—|–|-|~|～)\s*"
_AND = r"\s*[、，,和及与]\s*"
_PLACE = re.compile(
    rf"(?P<numbers>第?\s*{_N}(?:(?:{_AND}|{_TO})(?:第\s*)?{_N}){{0,60}})\s*[条條]"
    rf"(?:之\s*(?P<sub>{_N}))?"
    rf"(?P<paragraphs>\s*第?\s*{_N}(?:{_AND}(?:第\s*)?{_N})*\s*款(?:{_AND}第\s*{_N}\s*款)*)?"
    rf"(?P<items>\s*第?\s*[（(]?{_N}[）)]?(?:{_AND}(?:第\s*)?[（(]?{_N}[）)]?)*\s*项(?:{_AND}第\s*[（(]?{_N}[）)]?\s*项)*)?"
)
_QUOTED = re.compile(r"《(?P<title>(?:[^《》]|《[^《》]*》)+)》(?P<edition>\s*[（(][^（）()]*[）)])?\s*")
_BARE = re.compile(r"(?:[一-鿿〇]|[0-9]+(?=[一-鿿])|《[^《》]*》)+(?:[（(][^（）()]*[）)])?\s*$")
# A title in the marks of another keyboard, or quoted before its article; what stands in 《》 already is left alone.
_MARKED = re.compile(
    r"《(?:[^《》]|《[^《》]*》)+》"
    r"|[〈「『﹁﹃＜<«](?P<title>[^〈〉「」『』﹁﹂﹃﹄＜＞<>«»《》，。；！？\n]{1,60}(?:法|法典|条例|规定|办法|解释|规则|细则|通则|决定))[〉」』﹂﹄＞>»]"
    rf"|[“”\"'‘](?P<quoted>[^“”\"'‘’《》，。；！？\n]{{1,60}}(?:法|法典|条例|规定|办法|解释|规则|细则|通则|决定))[“”\"'’](?=\s*第?\s*{_N}\s*条)"
)
_JOIN = re.compile(rf"(?:{_AND}|以及|或者?|{_TO}|\s)+")
_RANGE = re.compile(_TO)
_KINDS = "(?:法|条例|规定|办法|解释|规则|细则|通则|决定)"
# 劳动合同法, 合同法 and 基本法 are names of their own.
_SELF = rf"(?:(?:(?<!(?<!符)合)同|该|(?<![基根])本){_KINDS}|上述法律)"
_SAME = re.compile(rf"{_SELF}\s*$")
_OWN = re.compile(rf"(?<![基根])本{_KINDS}\s*$")
# 同法前条, and 前条 or 前款 joined to the citation before it.
_BEFORE = re.compile(rf"(?P<same>{_SELF}\s*)?(?:前(?P<article>条)(?:第\s*(?P<paragraph>{_N})\s*款)?|前(?P<many>[一二两三])?款)")
_BOOK = re.compile(r"[·•（(\s]*(?:总则|物权|合同|人格权|婚姻家庭|继承|侵权责任)编\s*[）)]?\s*$")
_BRACKET = re.compile(r"[（(][^（）()]*[）)]$")
_LEAD = re.compile(r"依据|根据|依照|按照|违反|适用|参照|符合|援引|见")
_NAME_ENDS = re.compile(r"(?:法|法典|条例|规定|办法|规则|细则|通则|决定|民法总则|解释(?:[（(]?[一二三四五六][）)]?)?)$")
# What may stand before a title that is not in 《》; anything else means the title is longer than the known one.
_LEADS = re.compile(
    r"(?:^|依据|根据|依照|按照|按|依|违反|适用|参照|符合|援引|见|看|和|与|及|、|或|由|在|照|是|即|据|了|属于|的|《)$"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a law: article (条) and the number after 之, paragraph (款), item (项). No number: the whole law.

    `edition` is the year written behind the title: 《仲裁法》（2017年修正）. `before`: the article before that number is meant.
    """

    title: str
    number: int | None = None
    sub: int | None = None
    paragraph: int | None = None
    item: int | None = None
    edition: int | None = None
    before: bool = False

    def __str__(self) -> str:
        written = f"《{self.title}》"
        if self.number is not None:
            written += f"第{to_chinese(self.number)}条" + (f"之{to_chinese(self.sub)}" if self.sub else "")
        if self.before:
            written += "的前条"
        if self.paragraph is not None:
            written += f"第{to_chinese(self.paragraph)}款"
        return written + (f"第（{to_chinese(self.item)}）项" if self.item is not None else "")


class Found(NamedTuple):
    """Where a text cites, and what: 第二十四、二十五条 is one place with two citations."""

    start: int
    end: int
    citations: tuple[Citation, ...]


def parse(text: str, titles: Container[str] = frozenset()) -> list[Citation]:
    """Every citation in a text, in order. A title in 《》, or alone in the text, without an article cites the whole.

    `titles` are normal titles that may stand without 《》 beside those of the listed documents; whatever ends like a
    title (…法, …条例) needs no list. Raises ValueError if the number of an article, paragraph or item cannot be read.
    """
    return [citation for found in read(text, titles) for citation in found.citations]


def read(text: str, titles: Container[str] = frozenset(), own: str = "") -> list[Found]:
    """As `parse`, with the places in the text. `own`: the law that the text is part of, which 本法第十条 means, and 第十条 alone."""
    text = _MARKED.sub(lambda one: one[0] if one[0][0] == "《" else f"《{one['title'] or one['quoted']}》", text)  # as long as before
    places = _apart([*_places(text, titles, own), *_english(text)])
    places = _apart([*places, *_before(text, places)] if not own else places)
    whole = [
        Found(match.start(), match.end(), (Citation(_code(match["title"]), edition=_edition(match["edition"])),))
        for match in _QUOTED.finditer(text)
    ]
    found = _apart([*places, *whole])
    alone = text.strip()
    if not found and alone and _is_title(alone, titles):
        start = text.index(alone)
        return [Found(start, start + len(alone), (Citation(alone),))]
    return found


def _apart(found: list[Found]) -> list[Found]:
    """In order, without those that begin in one that is named before them."""
    kept: list[Found] = []
    for one in found:
        at = bisect_right(kept, one.start, key=lambda other: other.start)
        if not at or kept[at - 1].end <= one.start:
            kept.insert(at, one)
    return kept


def _english(text: str) -> Iterator[Found]:
    for (start, end), told in groupby(english.read(text), key=lambda one: (one.start, one.end)):
        yield Found(start, end, tuple(Citation(one.title, one.number, one.sub, one.paragraph, one.item) for one in told))


def _before(text: str, places: list[Found]) -> Iterator[Found]:
    """同法前条, 和前条, 及前款: what stands before the citation that was read last."""
    for match in _BEFORE.finditer(text):
        at = bisect_right(places, match.start(), key=lambda found: found.end)
        if not at or not (match["same"] or _JOIN.fullmatch(text[places[at - 1].end : match.start()])):
            continue
        last = places[at - 1].citations[-1]
        if last.number is None:
            continue
        if match["article"]:
            paragraph = to_int(match["paragraph"]) if match["paragraph"] else None
            yield Found(match.start(), match.end(), (replace(last, paragraph=paragraph, item=None, before=True),))
        elif last.paragraph:
            first = max(1, last.paragraph - (to_int(match["many"]) if match["many"] else 1))
            told = tuple(replace(last, paragraph=one, item=None) for one in range(first, last.paragraph))
            if told:
                yield Found(match.start(), match.end(), told)


def _code(title: str) -> str:
    """A title without the book of the code it names: 民法典·婚姻家庭编 is 民法典."""
    plain = _BOOK.sub("", title)
    return plain if plain.endswith("典") else title


def _is_title(text: str, titles: Container[str]) -> bool:
    if len(text) > _LONGEST_TITLE:
        return False
    key = normal_title(text)
    return key in titles or without_edition(key) in titles or outside_source(text) is not None


def _edition(bracket: str | None) -> int | None:
    """The year in a bracket behind a title: 2017 in 《仲裁法》（2017年修正）."""
    return edition_year(bracket.strip()) if bracket else None


def _places(text: str, titles: Container[str], own: str) -> Iterator[Found]:
    """Each run of articles with the law it belongs to."""
    title, edition, last_end, last = "", None, 0, None
    for place in _PLACE.finditer(text):
        named, start, year = _title_before(text, place.start(), titles)
        between = text[last_end : place.start()]
        follows = last is not None and _JOIN.fullmatch(between) is not None
        same = _SAME.search(between) is not None
        if not named and not place["numbers"].startswith("第") and not (title and follows):
            continue
        if named:
            title, edition = named, year
        elif own and (_OWN.search(between) or not (title and (follows or same))):
            title, edition = own, None
        elif not (title and (follows or same)):
            continue
        citations = list(_citations(title, edition, place))
        if follows and last and _RANGE.fullmatch(between):
            citations = [*_between(last, citations[0]), *citations]
        last_end, last = place.end(), citations[-1]
        yield Found(start if named else place.start(), place.end(), tuple(citations))


def _between(first: Citation, last: Citation) -> Iterator[Citation]:
    """The articles between the two ends of a range written 第二十四条至第二十六条."""
    if first.number and last.number and last.number - first.number <= _LONGEST_RANGE:
        yield from (
            replace(last, number=number, sub=None, paragraph=None, item=None)
            for number in range(first.number + 1, last.number)
        )


def _title_before(text: str, end: int, titles: Container[str]) -> tuple[str, int, int | None]:
    """The title that stands right before `end`, where it starts, and the year of its edition; empty if there is none."""
    begin = max(0, end - _LONGEST_TITLE)
    before = text[begin:end]
    if book := _BOOK.search(before):
        named = _title_before(text, begin + book.start(), titles)
        if named[0].endswith("典"):
            return named
    for quoted in _QUOTED.finditer(before):
        if quoted.end() == len(before):
            return _code(quoted["title"]), begin + quoted.start(), _edition(quoted["edition"])
    run = _BARE.search(before)
    if run is None or _SAME.search(before):
        return "", 0, None
    name, start = run[0].rstrip(), begin + run.start()
    bracket = _BRACKET.search(name)
    plain = name[: bracket.start()] if bracket else name
    year = _edition(bracket[0]) if bracket else None
    for at in range(len(name)):
        if not _LEADS.search(name[:at]):
            continue
        if _known(name[at:], titles):
            return name[at:], start + at, None
        if _known(plain[at:], titles):
            return plain[at:], start + at, year
    lead = _LEAD.match(name)
    bare = name[lead.end() :] if lead else name
    return (bare, start + len(name) - len(bare), None) if _NAME_ENDS.search(bare) else ("", 0, None)


def _known(title: str, titles: Container[str]) -> bool:
    """Whether this is, as a whole, a title that may stand without 《》."""
    if len(title) < _SHORTEST_TITLE:
        return False
    key = normal_title(title)
    return key in titles or key in outside_sources()


def _citations(title: str, edition: int | None, place: re.Match[str]) -> Iterator[Citation]:
    numbers = _numbers(place["numbers"])
    *earlier, last = numbers
    yield from (Citation(title, number, edition=edition) for number in earlier)
    sub = to_int(place["sub"]) if place["sub"] else None
    paragraphs: list[int | None] = list(_numbers(place["paragraphs"])) if place["paragraphs"] else [None]
    items: list[int | None] = list(_numbers(place["items"])) if place["items"] else [None]
    yield from (Citation(title, last, sub, paragraph, edition=edition) for paragraph in paragraphs[:-1])
    yield from (Citation(title, last, sub, paragraphs[-1], item, edition) for item in items)


def _numbers(text: str) -> list[int]:
    """The numbers in a list such as 第二十四、二十五 or 二十四条至第二十六; a range gives every number in it."""
    found: list[int] = []
    for match in re.finditer(rf"(?P<to>{_TO})?(?:第\s*)?[（(]?(?P<number>{_N})", text):
        number = to_int(match["number"])
        if match["to"] and found and 0 < number - found[-1] <= _LONGEST_RANGE:
            found += range(found[-1] + 1, number + 1)
        else:
            found.append(number)
    return found
