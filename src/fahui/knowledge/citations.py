"""Citations of law in Chinese text: read them, and say whether what they cite exists and is in force.

Read are the forms lawyers write: 《民法典》第一千零七十六条第二款第（一）项, 民法典1076条, 第二百九十条之一, several
articles (第二十四、二十五条; 第二十四条至第二十六条), several paragraphs or items, and 同法 or 该法 for the law named before.
An article without any law before it is no citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from fahui.knowledge import lawtext
from fahui.knowledge.numerals import to_chinese, to_int
from fahui.knowledge.outside import OutsideSource, outside_source, outside_sources

_LONGEST_RANGE = 60  # articles; what is longer is taken for two single articles
_LONGEST_TITLE = 150  # characters

_N = r"(?:[0-9０-９]{1,4}|[一二三四五六七八九十百千零〇两]+)"
_TO = r"\s*(?:至|到|－|—|–|-|~|～)\s*"
_AND = r"\s*[、，,和及与]\s*"
_PLACE = re.compile(
    rf"(?P<numbers>第?\s*{_N}(?:(?:{_AND}|{_TO})(?:第\s*)?{_N})*)\s*条"
    rf"(?:之\s*(?P<sub>{_N}))?"
    rf"(?P<paragraphs>\s*第\s*{_N}(?:{_AND}(?:第\s*)?{_N})*\s*款(?:{_AND}第\s*{_N}\s*款)*)?"
    rf"(?P<items>\s*第?\s*[（(]?{_N}[）)]?(?:{_AND}(?:第\s*)?[（(]?{_N}[）)]?)*\s*项(?:{_AND}第\s*[（(]?{_N}[）)]?\s*项)*)?"
)
_QUOTED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?:\s*[（(][^（）()]*[）)])?\s*")
_BARE = re.compile(r"(?:[一-鿿〇]|[0-9]+(?=[一-鿿])|《[^《》]*》)+(?:[（(][^（）()]*[）)])?\s*$")
_JOIN = re.compile(rf"(?:{_AND}|以及|或者?|{_TO}|\s)+")
_RANGE = re.compile(_TO)
_SAME = re.compile(r"(?:同法|该法|本法|上述法律)\s*$")
_AFTER_TITLE = re.compile(r"(?:[（(][^（）()]*[）)])?")
_LEAD = re.compile(r"依据|根据|依照|按照|违反|适用|参照|符合|援引|见")
_NAME_ENDS = re.compile(r"(?:法|法典|条例|规定|办法|解释|规则|细则|通则|决定)$")
# What may stand before a title that is not in 《》; anything else means the title is longer than the known one.
_LEADS = re.compile(
    r"(?:^|依据|根据|依照|按照|按|依|违反|适用|参照|符合|援引|见|看|和|与|及|、|或|由|在|照|是|即|据|了|属于|的|《)$"
)


class Status(StrEnum):
    """What became of a citation."""

    RESOLVED = "resolved"
    UNKNOWN_LAW = "unknown_law"
    NO_SUCH_ARTICLE = "no_such_article"
    OUTSIDE_SOURCE = "outside_source"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a law: article (条) and the number after 之, paragraph (款), item (项). No number: the whole law."""

    title: str
    number: int | None = None
    sub: int | None = None
    paragraph: int | None = None
    item: int | None = None

    def __str__(self) -> str:
        written = f"《{self.title}》"
        if self.number is not None:
            written += f"第{to_chinese(self.number)}条" + (f"之{to_chinese(self.sub)}" if self.sub else "")
        if self.paragraph is not None:
            written += f"第{to_chinese(self.paragraph)}款"
        return written + (f"第（{to_chinese(self.item)}）项" if self.item is not None else "")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a citation leads to. `reason` says in Chinese why it does not lead to an article in force."""

    citation: Citation
    status: Status
    law: lawtext.Law | None = None
    article: lawtext.Article | None = None
    outside: OutsideSource | None = None
    reason: str = ""


def parse(text: str) -> list[Citation]:
    """Every citation in a text, in order. A title in 《》, or alone in the text, without an article cites the whole.

    Raises ValueError if the number of an article, paragraph or item cannot be read.
    """
    places = list(_places(text))
    used = {span for span, _ in places}
    whole = [
        ((match.start(), match.end()), [Citation(match[1])])
        for match in _QUOTED.finditer(text)
        if not any(start <= match.start() < end for start, end in used)
    ]
    found = [citation for _, citations in sorted(places + whole, key=lambda p: p[0]) for citation in citations]
    if not found and text.strip() and (lawtext.find_law(text) or outside_source(text)):
        return [Citation(text.strip())]
    return found


def resolve(citation: Citation) -> Resolution:
    """Look a citation up: a law in force first, then the listed documents whose text is not at hand."""
    law = lawtext.find_law(citation.title)
    if law is not None:
        return _resolve_in(law, citation)
    if outside := outside_source(citation.title):
        return Resolution(citation, Status.OUTSIDE_SOURCE, outside=outside, reason=outside.note)
    status = lawtext.other_status(citation.title)
    reason = f"《{citation.title}》{status}，不能再引用" if status else f"法律库中没有《{citation.title}》，请核对名称"
    return Resolution(citation, Status.UNKNOWN_LAW, reason=reason)


def _resolve_in(law: lawtext.Law, citation: Citation) -> Resolution:
    if citation.number is None:
        return Resolution(citation, Status.RESOLVED, law=law)
    article = lawtext.article(law, citation.number, citation.sub)
    if article is None:
        return Resolution(citation, Status.NO_SUCH_ARTICLE, law=law, reason=f"《{law.title}》没有{_label(citation)}")
    if article.part(citation.paragraph, citation.item) is None:
        return Resolution(citation, Status.NO_SUCH_ARTICLE, law=law, reason=f"{article.label}没有所引的款或项")
    return Resolution(citation, Status.RESOLVED, law=law, article=article)


def _label(citation: Citation) -> str:
    return str(citation).removeprefix(f"《{citation.title}》")


def _places(text: str) -> Iterator[tuple[tuple[int, int], list[Citation]]]:
    """Each run of articles with the law it belongs to: the span of text, and the citations in it."""
    title, last_end, last = "", 0, None
    for place in _PLACE.finditer(text):
        named, start = _title_before(text, place.start())
        between = text[last_end : place.start()]
        follows = last is not None and _JOIN.fullmatch(between) is not None
        same = _SAME.search(between) is not None
        if not named and not (title and (follows or same) and place["numbers"].startswith("第")):
            continue
        title = named or title
        citations = list(_citations(title, place))
        if follows and last and _RANGE.fullmatch(between):
            citations = [*_between(last, citations[0]), *citations]
        last_end, last = place.end(), citations[-1]
        yield (start if named else place.start(), place.end()), citations


def _between(first: Citation, last: Citation) -> Iterator[Citation]:
    """The articles between the two ends of a range written 第二十四条至第二十六条."""
    if first.number and last.number and last.number - first.number <= _LONGEST_RANGE:
        yield from (Citation(last.title, number) for number in range(first.number + 1, last.number))


def _title_before(text: str, end: int) -> tuple[str, int]:
    """The title that stands right before `end`, and where it starts; empty if there is none."""
    begin = max(0, end - _LONGEST_TITLE)
    before = text[begin:end]
    for quoted in _QUOTED.finditer(before):
        if quoted.end() == len(before):
            return quoted[1], begin + quoted.start()
    run = _BARE.search(before)
    if run is None or _SAME.search(before):
        return "", 0
    name, start = run[0].rstrip(), begin + run.start()
    for known in _known_titles():
        at = name.rfind(known)
        if at >= 0 and _AFTER_TITLE.fullmatch(name[at + len(known) :]) and _LEADS.search(name[:at]):
            return known, start + at
    lead = _LEAD.match(name)
    bare = name[lead.end() :] if lead else name
    return (bare, start + len(name) - len(bare)) if _NAME_ENDS.search(bare) else ("", 0)


@cache
def _known_titles() -> tuple[str, ...]:
    """Every title that may be written without 《》, longest first, so that the longest that fits is taken."""
    full = {law.title for law in lawtext.laws()} | {source.title for source in outside_sources().values()}
    return tuple(sorted(full | {title.removeprefix(lawtext.STATE) for title in full}, key=len, reverse=True))


def _citations(title: str, place: re.Match[str]) -> Iterator[Citation]:
    numbers = _numbers(place["numbers"])
    *earlier, last = numbers
    yield from (Citation(title, number) for number in earlier)
    sub = to_int(place["sub"]) if place["sub"] else None
    paragraphs: list[int | None] = list(_numbers(place["paragraphs"])) if place["paragraphs"] else [None]
    items: list[int | None] = list(_numbers(place["items"])) if place["items"] else [None]
    yield from (Citation(title, last, sub, paragraph) for paragraph in paragraphs[:-1])
    yield from (Citation(title, last, sub, paragraphs[-1], item) for item in items)


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
