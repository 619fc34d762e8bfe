"""Citations in English sentences, read: Article 1076 of the Civil Code, Labor Contract Law Art. 38(2), § 290-1 Criminal Law.

Names that the list (english.yaml) does not hold are read as titles of their own, so that whoever looks them up is told that
there is no such law, not that nothing was cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import yaml

FILE = Path(__file__).with_name("english.yaml")
_LONGEST_RANGE = 60  # articles

_STATE = r"(?:of\s+the\s+PRC|of\s+(?:the\s+)?(?:People[’']s\s+Republic\s+of\s+)?China|\(PRC\))"
_ARTICLE = (
    r"(?:\b(?:Articles?|Arts?\b\.?)|§{1,2})\s*(?P<numbers>[0-9]{1,4}(?:\s*(?:,\s*and|,|and|&|to|–|-)\s*[0-9]{1,4}){0,20})(?![0-9])"
    r"(?:\s*\(\s*[0-9a-z]{1,2}\s*\))?"
    r"(?:\s*,?\s*para(?:graph|\.)?\s*\(?(?P<paragraph>[0-9]{1,2})\)?)?"
    r"(?:\s*,?\s*(?:sub-?paragraph|item|point)\s*\(?(?P<item>[0-9]{1,2})\)?)?"
)
_OTHER = r"(?:[A-Z][\w’'-]*\s+(?:(?:and|of|on|the|for)\s+)*){1,8}?(?:Law|Code|Regulations?|Act)\b"


class Read(NamedTuple):
    """A place that cites, once for each article: the title in Chinese, or the English name where no law of that name is listed.

    Article 38(2) may mean a paragraph or an item: the article is cited.
    """

    start: int
    end: int
    title: str
    number: int
    sub: int | None
    paragraph: int | None
    item: int | None


def read(text: str) -> Iterator[Read]:
    """Every English citation of an article in a text, in order."""
    if "rt" not in text and "§" not in text:
        return
    for pattern in _patterns():
        for match in pattern.finditer(text):
            articles = _articles(match["numbers"])
            for number, sub in articles:
                last = (number, sub) == articles[-1]
                yield Read(
                    match.start(), match.end(), _title(match["law"]), number, sub,
                    _number(match["paragraph"]) if last else None, _number(match["item"]) if last else None,
                )  # fmt: skip


def _number(text: str | None) -> int | None:
    return (int(text) or None) if text else None


def _articles(text: str) -> list[tuple[int, int | None]]:
    """1076, 1079 and 1085: each; 1076-1079: all of them; 290-1: the article 之一."""
    found: list[tuple[int, int | None]] = []
    for joined, digits in re.findall(r"(to|–|-)?\s*([0-9]{1,4})", text):
        number = int(digits)
        if joined and found and found[-1][0] < number <= found[-1][0] + _LONGEST_RANGE:
            found += [(one, None) for one in range(found[-1][0] + 1, number + 1)]
        elif joined == "-" and found and 0 < number < found[-1][0]:
            found[-1] = (found[-1][0], number)
        elif number:
            found.append((number, None))
    return found


def _title(name: str) -> str:
    if name.startswith("《"):
        return name.strip("《》")
    plain = _plain(name)
    return _names().get(plain, " ".join(name.split()))


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("labour", "labor").replace("’", "'").split())


@cache
def _names() -> Mapping[str, str]:
    held = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return MappingProxyType({_plain(name): title for title, names in held.items() for name in names})


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The article before its law, and after it."""
    known = "|".join(
        re.escape(name).replace(r"\ ", r"\s+").replace("labor", "labou?r").replace("'", "[’']") for name in sorted(_names(), key=len, reverse=True)
    )
    law = rf"(?P<law>(?i:\b(?:{known})\b)|《[^《》]{{2,60}}》|[一-鿿]{{2,30}}(?:法|法典|条例|规定|办法|解释)|{_OTHER})"
    return (
        re.compile(rf"{_ARTICLE}\s*,?\s*(?:(?:of|in|under)\s+)?(?:the\s+)?(?:(?:PRC|Chinese|China[’']s)\s+)?{law}(?:\s*{_STATE})?"),
        re.compile(rf"{law}(?:\s*{_STATE})?\s*,?\s*{_ARTICLE}"),
    )
