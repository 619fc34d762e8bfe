"""Word files (.docx) as the national law database (国家法律法规数据库) publishes them.

Title, a bracket with who passed it when and since when it is in force, the list of contents (目录), then the text. The name
`中华人民共和国法律援助法_20210820.docx` tells the day of the version.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import XMLSyntaxError

from fahui.knowledge.laws.rules import in_force_from
from fahui.knowledge.laws.sources import heads
from fahui.knowledge.laws.sources.structure import Line, articles, heading
from fahui.knowledge.laws.texts import BadSource, Law, PlainLaw

LARGEST = 16 * 2**20  # bytes of the file
LARGEST_TEXT = 64 * 2**20  # bytes of its parts when unpacked

_NAME = re.compile(r"(?P<title>.+?)_(?P<day>[0-9]{8})$")
_CONTENTS = re.compile(r"目[\s　]*录")
_FIRST = re.compile(r"[\s　]*第[一二三四五六七八九十百千零〇]+条[\s　]")
_ISSUER = re.compile(
    r"日(?:第[^届]{1,8}届)?(?P<who>[^，。；　]*?(?:人民代表大会常务委员会|人民代表大会|国务院|最高人民法院|最高人民检察院|人民政府|部|委员会|总局|局|署))"
)


def read_folder(folder: Path, region: int | None = None) -> Iterator[PlainLaw]:
    """Every `.docx` file in a folder and its subfolders, by path. Raises BadSource for the first that cannot be read."""
    if not folder.is_dir():
        raise BadSource(str(folder), "", "没有这个文件夹")
    for path in sorted(folder.rglob("*")):
        if path.name.startswith(("~$", ".")):
            continue
        if path.suffix.lower() in {".doc", ".wps"}:
            raise BadSource(str(path.relative_to(folder)), "", "是旧格式的 Word 文件，请另存为 .docx 再导入")
        if path.suffix.lower() == ".docx":
            yield read_file(path, str(path.relative_to(folder)), region)


def read_file(path: Path, name: str, region: int | None = None) -> PlainLaw:
    """One version of a law. `name` is how messages call the file; `region` where a local law applies."""
    lines = _lines(path, name)
    title, head, body = _parts(lines, name)
    named = _NAME.match(path.stem)
    found = articles(body, name)
    issued = _day_of(named, name) or heads.issued_on(head)
    if issued is None:
        raise BadSource(name, "标题下的括号", "没有读到通过或公布的日期；文件名写成“名称_20210820.docx”也可以")
    begins = heads.in_force_on(head) or in_force_from(found, issued)
    who = _ISSUER.search(head)
    issuer = who["who"][:200] if who else ""
    law = Law(title, issuer, issued, begins or issued, None, "current", begins not in (None, issued))
    folders = [heads.RANK_NAMES[part] for part in Path(name).parts[:-1] if part in heads.RANK_NAMES]
    rank = folders[-1] if folders else heads.rank_of(title, issuer)
    return PlainLaw(law, rank, found, name, name, heads.document_number(head), region)


def _lines(path: Path, name: str) -> list[Line]:
    if path.stat().st_size > LARGEST:
        raise BadSource(name, "", f"超过{LARGEST // 2**20}兆，不像一部法律的文本")
    try:
        with zipfile.ZipFile(path) as bundle:
            if sum(part.file_size for part in bundle.infolist()) > LARGEST_TEXT:
                raise BadSource(name, "", "解开后太大，不像一部法律的文本")
        document = Document(str(path))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, XMLSyntaxError) as error:
        raise BadSource(name, "", "打不开，文件可能已损坏或不是 Word 文件") from error
    # A line break inside a paragraph (Shift+Enter) ends a line as well.
    return [
        Line(f"第{n}段", line)
        for n, paragraph in enumerate(document.paragraphs, start=1)
        for line in paragraph.text.split("\n")
    ]


def _parts(lines: list[Line], name: str) -> tuple[str, str, list[Line]]:
    """The title, the bracket under it, and the lines of the text after the list of contents."""
    filled = [line for line in lines if line.text.strip()]
    title: list[str] = []
    at = 0
    for line in filled:
        text = line.text.strip()
        if text.startswith(("（", "(")) or _CONTENTS.fullmatch(text) or heading(text) or _FIRST.match(line.text):
            break
        title.append(re.sub(r"\s", "", text))
        at += 1
    if not title or at == len(filled):
        raise BadSource(name, "开头", "没有读到标题和正文")
    head, at = _bracket(filled, at, name)
    return "".join(title), head, _after_contents(filled[at:])


def _bracket(lines: list[Line], at: int, name: str) -> tuple[str, int]:
    """The bracket that may run over several paragraphs, and the place after it."""
    if not lines[at].text.strip().startswith(("（", "(")):
        return "", at
    head, depth = "", 0
    for place in range(at, len(lines)):
        text = lines[place].text.strip()
        head += text + "　"
        depth += sum(text.count(sign) for sign in "（(") - sum(text.count(sign) for sign in "）)")
        if depth <= 0:
            return head, place + 1
    raise BadSource(name, lines[at].place, "标题下的括号没有结束")


def _after_contents(lines: list[Line]) -> list[Line]:
    """Without 目录: it lists every heading, the first of which then stands again where the text begins."""
    at = next((i for i, line in enumerate(lines) if _CONTENTS.fullmatch(line.text.strip())), None)
    if at is None:
        return lines
    listed = at + 1
    first = heading(lines[listed].text) if listed < len(lines) else None
    for place in range(listed + 1, len(lines)):
        if heading(lines[place].text) == first or _FIRST.match(lines[place].text):
            return lines[:at] + lines[place:]
    return lines


def _day_of(named: re.Match[str] | None, name: str) -> date | None:
    if named is None:
        return None
    day = named["day"]
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError as error:
        raise BadSource(name, "文件名", f"{day} 不是日期") from error
