"""From the lines of a law to its articles: 编, 章, 节 and 第…条, as Markdown texts and Word files print them alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fahui.knowledge.laws.numerals import to_int
from fahui.knowledge.laws.texts import BadSource, PlainArticle, label

LONGEST_HEADING = 60  # characters; a longer line that begins like a heading is text
LONGEST_ARTICLE = 50_000

_NUMBER = r"[一二三四五六七八九十百千零〇]+"
_LEVELS = ("编", "分编", "章", "节")
_HEADING = re.compile(rf"第{_NUMBER}(?P<level>分编|编|章|节)(?:[ \t　]+\S.*|$|(?=[^的规、第和至]))")
_ARTICLE = re.compile(rf"[ \t　]*(?P<printed>第(?P<number>{_NUMBER})条(?:之(?P<sub>{_NUMBER}))?)(?:[ \t　]+|$)")
_SPACES = re.compile(r"[\s　]+")


class Line(NamedTuple):
    """A paragraph of the source, without its line end, and where it stands (第12行)."""

    place: str
    text: str


def heading(text: str) -> tuple[int, str] | None:
    """The level (0 编 … 3 节) and words of a heading, spaces made one, or None."""
    plain = _SPACES.sub(" ", text).strip()
    found = _HEADING.match(plain)
    if found is None or len(plain) > LONGEST_HEADING or plain.endswith(("。", "；", "：", ":")):
        return None
    return _LEVELS.index(found["level"]), plain


def articles(lines: Iterable[Line], file: str) -> tuple[PlainArticle, ...]:
    """The articles among these lines. Without any, the whole text is one (全文).

    A line that is neither heading nor the beginning of an article belongs to the article before it. Texts are kept as they
    are but for line ends. Raises BadSource where numbers jump or stand twice: then lines are missing or run together.
    """
    builder = _Builder(file)
    for line in lines:
        builder.take(line)
    return tuple(builder.finish())


@dataclass
class _Builder:
    file: str
    chapter: list[str] = field(default_factory=lambda: [""] * len(_LEVELS))
    found: list[PlainArticle] = field(default_factory=list)
    open: tuple[str, int, int, tuple[str, ...], list[str]] | None = None
    before: list[str] = field(default_factory=list)
    place: str = ""

    def take(self, line: Line) -> None:
        if not line.text.strip():
            return
        if "\x00" in line.text or "\ufffd" in line.text:
            raise BadSource(self.file, line.place, "有无法识别的字符，文件可能已损坏或不是 UTF-8 编码")
        if begins := _ARTICLE.match(line.text):
            self._begin(begins, line)
        elif above := heading(line.text):
            self._close()
            level, words = above
            self.chapter[level:] = [words, *[""] * (len(_LEVELS) - level - 1)]
        elif self.open is not None:
            self.open[4].append(line.text)
        else:
            self.before.append(line.text)

    def _begin(self, begins: re.Match[str], line: Line) -> None:
        self._close()
        try:
            number, sub = to_int(begins["number"]), to_int(begins["sub"]) if begins["sub"] else 0
        except ValueError as error:
            raise BadSource(self.file, line.place, f"条号“{begins['printed']}”无法识别") from error
        self._follows(number, sub, line)
        rest = line.text[begins.end() :]
        self.open = (begins["printed"], number, sub, tuple(c for c in self.chapter if c), [rest] if rest else [])
        self.place = line.place

    def _follows(self, number: int, sub: int, line: Line) -> None:
        last = self.found[-1] if self.found else None
        before, before_sub = (last.number, last.sub) if last else (0, 0)
        if (number == before and sub == before_sub + 1) or (number == before + 1 and sub == 0):
            return
        said = label(before, before_sub) or "开头"
        raise BadSource(self.file, line.place, f"{said}之后是{label(number, sub)}，条文缺失、重复或次序有误")

    def _close(self) -> None:
        if self.open is None:
            return
        printed, number, sub, chapter, lines = self.open
        text = "\n".join(lines)
        if not text.strip():
            raise BadSource(self.file, self.place, f"{printed}没有内容")
        if len(text) > LONGEST_ARTICLE:
            raise BadSource(self.file, self.place, f"{printed}超过{LONGEST_ARTICLE}字，文件可能已损坏")
        self.found.append(PlainArticle(number, sub, printed, chapter, text))
        self.open = None

    def finish(self) -> Iterator[PlainArticle]:
        self._close()
        if not self.found:
            if not self.before:
                raise BadSource(self.file, "", "没有读到任何条文")
            yield PlainArticle(0, 0, "全文", (), "\n".join(self.before))
        yield from self.found
