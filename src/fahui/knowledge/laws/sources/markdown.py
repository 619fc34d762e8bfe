"""A folder of Markdown texts, one file a version.

A file may begin with front matter (YAML between two lines `---`): title, rank, issuer, issued_on, in_force_from,
in_force_to, standing, document_number, region, aliases, source. Without it the name `法律援助法(2021-08-20).md`, the folder
(行政法规/…) and the lines before `<!-- INFO END -->` tell the same, as in the LawRefBook collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fahui.knowledge.laws.rules import in_force_from
from fahui.knowledge.laws.sources import heads
from fahui.knowledge.laws.sources.structure import Line, articles
from fahui.knowledge.laws.texts import BadSource, Law, PlainLaw, Standing

LARGEST = 8 * 2**20  # bytes; the longest law has under one

_NAME = re.compile(r"(?P<title>.+?)[(（](?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[)）]$")
_MARKS = re.compile(r"#{1,6}[ \t]+")
_INFO_END = re.compile(r"<!--\s*INFO END\s*-->")
_COMMENT = re.compile(r"<!--.*?-->")
_Title = Annotated[str, StringConstraints(min_length=2, max_length=300)]
_Region = Annotated[int, Field(ge=110_000_000_000, le=909_999_999_999)]


class Head(BaseModel):
    """The front matter of a file. Whatever is left out is read from the name, the folder and the text."""

    model_config = ConfigDict(extra="forbid")

    title: _Title | None = None
    rank: Literal[tuple(heads.RANK_NAMES)] | None = None  # type: ignore[valid-type] # the names stand in heads.py, once
    issuer: Annotated[str, StringConstraints(max_length=200)] = ""
    issued_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    standing: Standing = "current"
    document_number: Annotated[str, StringConstraints(max_length=100)] = ""
    region: _Region | None = None
    aliases: tuple[_Title, ...] = ()
    source: Annotated[str, StringConstraints(max_length=200)] = ""


def read_folder(folder: Path, region: int | None = None) -> Iterator[PlainLaw]:
    """Every `.md` file in a folder and its subfolders, by path; files that begin with `_` or are README.md are left out.

    Raises BadSource for the first that cannot be read.
    """
    if not folder.is_dir():
        raise BadSource(str(folder), "", "没有这个文件夹")
    for path in sorted(folder.rglob("*.md")):
        if not path.name.startswith(("_", ".")) and path.name != "README.md":
            yield read_file(path, str(path.relative_to(folder)), region)


def read_file(path: Path, name: str, region: int | None = None) -> PlainLaw:
    """One version of a law. `name` is how messages call the file; `region` where it applies unless it says so itself."""
    if path.stat().st_size > LARGEST:
        raise BadSource(name, "", f"超过{LARGEST // 2**20}兆，不像一部法律的文本")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSource(name, f"第{error.start}字节", "不是 UTF-8 编码，文件可能已损坏") from error
    lines = [Line(f"第{n}行", line) for n, line in enumerate(_lines(text), start=1)]
    head, lines = _front_matter(lines, name)
    title, info, body = _parts(lines)
    named = _NAME.match(path.stem)
    found = articles(body, name)
    issued = head.issued_on or _day_of(named, name) or heads.issued_on(info)
    begins = head.in_force_from or heads.in_force_on(info) or in_force_from(found, issued)
    stated = head.in_force_from is not None or begins not in (None, issued)
    title = head.title or title or (named["title"] if named else path.stem)
    law = Law(title, head.issuer, issued, begins or issued, head.in_force_to, head.standing, stated)
    return PlainLaw(
        law, _rank(head, Path(name), title), found, head.source or name, name,
        head.document_number or heads.document_number(info), head.region or region, head.aliases,
    )  # fmt: skip


def _lines(text: str) -> list[str]:
    """The lines with any usual line end. (str.splitlines would also cut at characters that may stand in a text.)"""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _front_matter(lines: list[Line], name: str) -> tuple[Head, list[Line]]:
    if not lines or lines[0].text.strip() != "---":
        return Head(), lines
    end = next((i for i, line in enumerate(lines[1:], start=1) if line.text.strip() == "---"), None)
    if end is None:
        raise BadSource(name, "第1行", "文件头以 --- 开始，却没有以 --- 结束")
    try:
        held = yaml.safe_load("\n".join(line.text for line in lines[1:end])) or {}
        return Head.model_validate(held), lines[end + 1 :]
    except yaml.YAMLError as error:
        raise BadSource(name, f"第1至{end + 1}行", "文件头不是正确的 YAML") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadSource(name, f"文件头 {where}", str(first["msg"])) from error


def _parts(lines: list[Line]) -> tuple[str, str, list[Line]]:
    """The title (the first line of one #), what stands before the text, and the lines of the text without their marks."""
    end = next((i for i, line in enumerate(lines) if _INFO_END.search(line.text)), None)
    at = next((i for i, line in enumerate(lines[: end or len(lines)]) if line.text.startswith("# ")), None)
    title = _MARKS.sub("", lines[at].text).strip() if at is not None else ""
    if end is not None:
        info, rest = lines[:end], lines[end + 1 :]
    else:
        start = (at + 1) if at is not None else 0
        bracket = [
            i for i, line in enumerate(lines[start : start + 8], start) if line.text.strip().startswith(("（", "("))
        ]
        stop = bracket[-1] + 1 if bracket else start
        info, rest = lines[start:stop], lines[stop:]
    body = [Line(line.place, _MARKS.sub("", _COMMENT.sub("", line.text), count=1)) for line in rest]
    return title, "　".join(line.text for line in info), body


def _day_of(named: re.Match[str] | None, name: str) -> date | None:
    if named is None:
        return None
    try:
        return date.fromisoformat(named["day"])
    except ValueError as error:
        raise BadSource(name, "文件名", f"{named['day']} 不是日期") from error


def _rank(head: Head, path: Path, title: str) -> str:
    if head.rank:
        return heads.RANK_NAMES[head.rank]
    folders = [heads.RANK_NAMES[part] for part in path.parts[:-1] if part in heads.RANK_NAMES]
    return folders[-1] if folders else heads.rank_of(title, head.issuer)
