"""A corpus: JSON lines (also .gz), one article a line, the articles of a law together and in order.

`{"law": …, "number": "第一条", "chapter": "第一编 总则 第一章 …", "text": …}`; `date` (of the version) and `cat` (rank) may be
there. `article` may stand for `number`.
"""

from __future__ import annotations

import datetime
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fahui.knowledge.laws.numerals import to_int
from fahui.knowledge.laws.rules import in_force_from
from fahui.knowledge.laws.sources import heads
from fahui.knowledge.laws.texts import BadSource, Law, PlainArticle, PlainLaw

_HEADING = re.compile(r"第(?P<number>[^条]+)条(?:之(?P<sub>.+))?")
_CHAPTERS = re.compile(r"\s+(?=第[一二三四五六七八九十百零〇]+(?:分编|编|章|节)(?:\s|$|[一-鿿]))")
_NO_NUL = r"^[^\x00]*$"


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    law: Annotated[str, StringConstraints(min_length=2, max_length=300, pattern=_NO_NUL)]
    number: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_NO_NUL)] = Field(
        validation_alias=AliasChoices("number", "article")
    )
    chapter: Annotated[str, StringConstraints(max_length=300, pattern=_NO_NUL)] = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000, pattern=_NO_NUL)]
    date: datetime.date | None = None
    cat: str = ""


class _Placed(NamedTuple):
    place: str
    row: _Row


def read_file(path: Path) -> Iterator[PlainLaw]:
    """Every law of a corpus. Raises BadSource naming the line that cannot be read, or a law that stands in two places."""
    seen: set[tuple[str, datetime.date | None]] = set()
    for key, group in groupby(_rows(path), key=lambda placed: (placed.row.law, placed.row.date)):
        rows = list(group)
        if key in seen:
            raise BadSource(path.name, rows[0].place, f"《{key[0]}》的条文分散在几处，应当排在一起")
        seen.add(key)
        yield _law(rows, path.name)


def _rows(path: Path) -> Iterator[_Placed]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for n, line in enumerate(file, start=1):
                yield _Placed(f"第{n}行", _row(line, path.name, f"第{n}行"))
    except (OSError, EOFError, zlib.error) as error:
        raise BadSource(path.name, "", "读不出来，文件可能已损坏或不存在") from error


def _row(line: bytes, file: str, place: str) -> _Row:
    try:
        held: Any = json.loads(line)
        return _Row.model_validate(held)
    except (ValueError, UnicodeDecodeError) as error:
        reason = "不是一行 JSON"
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            reason = f"{'.'.join(str(part) for part in first['loc'])}：{first['msg']}"
        raise BadSource(file, place, reason) from error


def _law(rows: list[_Placed], file: str) -> PlainLaw:
    found: list[PlainArticle] = []
    seen: set[str] = set()
    for place, row in rows:
        if row.number in seen:
            raise BadSource(file, place, f"《{row.law}》{row.number}出现了两次")
        seen.add(row.number)
        found.append(_article(row))
    first = rows[0].row
    begins = in_force_from(found, first.date)
    law = Law(first.law, "", first.date, begins or first.date, None, "current", begins not in (None, first.date))
    rank = heads.RANK_NAMES.get(first.cat) or heads.rank_of(first.law)
    return PlainLaw(law, rank, tuple(found), file, rows[0].place)


def _article(row: _Row) -> PlainArticle:
    number = sub = 0
    if heading := _HEADING.fullmatch(row.number):
        try:
            number, sub = to_int(heading["number"]), to_int(heading["sub"]) if heading["sub"] else 0
        except ValueError:
            number = sub = 0  # a number of another kind is kept as printed
    chapter = tuple(part for part in _CHAPTERS.split(row.chapter.strip()) if part)
    return PlainArticle(number, sub, row.number, chapter, row.text)
