"""Importing a table: every row is checked first; all rows are written, or none. Errors name row, column, value, remedy."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from fahui.foundation.errors import Invalid

Lazy = str | Promise
"""A sentence, or one that waits for the reader's language."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, and what to do."""

    row: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        return _("第%(row)s行 “%(column)s” = %(value)s：%(remedy)s") % {
            "row": self.row, "column": self.column, "value": repr(self.value), "remedy": self.remedy,
        }  # fmt: skip


class BadTable(Invalid):
    """The table was not imported; `faults` holds every problem found (at most 200)."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        told = _("没有导入：有%(count)s处要改。") % {"count": len(self.faults)}
        super().__init__(told + "\n" + "\n".join(map(str, self.faults[:200])))


@dataclass(frozen=True)
class Column:
    """A column: its names (any of them may head it), how a cell is read, and whether it may be empty."""

    key: str
    names: tuple[str, ...]
    read: Callable[[str], Any]
    required: bool = False
    remedy: Lazy = gettext_lazy("请核对")


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number as people count it, cells by heading) of a CSV, Excel or JSON file, without empty rows.

    Raises Invalid when the file cannot be read, BadTable when a heading stands twice or a cell stands under none: either would
    be lost, or taken for another column's, without a word.
    """
    kind = path.suffix.lower()
    if not path.exists():
        raise Invalid(_("没有文件 %(name)s。") % {"name": path.name}, fields={"file": _("请核对文件名")})
    if kind == ".csv":
        yield from _csv(path)
    elif kind == ".xlsx":
        yield from _excel(path)
    elif kind == ".json":
        yield from _json(path)
    else:
        raise Invalid(_("不支持 %(kind)s 文件。") % {"kind": kind}, fields={"file": _("请用 .csv、.xlsx 或 .json")})


def _csv(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")  # what Excel on a Chinese desk saves
        except UnicodeDecodeError as error:
            raise _unreadable(path, _("请在 Excel 里另存为“CSV UTF-8”或 .xlsx")) from error
    try:
        yield from _lines([[cell.strip() for cell in line] for line in csv.reader(StringIO(text, newline=""))])
    except csv.Error as error:
        raise _unreadable(path, _("请在 Excel 里另存为“CSV UTF-8”或 .xlsx")) from error


def _excel(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).active
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:  # an .xls or a CSV by another name, one with a password
        raise _unreadable(path, _("请在 Excel 里去掉密码，另存为 .xlsx")) from error
    if sheet is not None:
        yield from _lines([_text(cell) for cell in line] for line in sheet.iter_rows(values_only=True))


def _json(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise _unreadable(path, _("请核对是不是 UTF-8 的 JSON")) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _unreadable(path, _("JSON 要写成对象的列表：[{…}, {…}]"))
    for number, row in enumerate(rows, start=1):
        yield number, {str(k): _text(v) for k, v in row.items()}


def _lines(lines: Iterable[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows under their headings, the first line. `lines` has every line of the file, so that rows keep their numbers."""
    heads: list[str] = []
    for number, line in enumerate(lines, start=1):
        if number == 1:
            heads = line
            twice = sorted({head for head in heads if head and heads.count(head) > 1})
            if twice:
                raise BadTable([Fault(1, head, "", _("这个栏目出现了两次，请删去一个")) for head in twice])
            continue
        stray = [cell for place, cell in enumerate(line) if cell and not (place < len(heads) and heads[place])]
        if stray:
            raise BadTable([Fault(number, "", stray[0][:60], _("这一格上面没有栏目名。是不是前面多了一个逗号或一格？"))])
        cells = {head: cell for head, cell in zip(heads, [*line, *[""] * len(heads)], strict=False) if head}
        if any(cells.values()):
            yield number, cells


def _unreadable(path: Path, remedy: str) -> Invalid:
    return Invalid(_("读不懂文件 %(name)s。") % {"name": path.name} + remedy + "。", fields={"file": remedy})


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def read_table(path: Path, columns: Sequence[Column], unique: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every row as values by column key. Raises BadTable with all faults, or Invalid for an unreadable file."""
    return [row for _number, row in numbered_rows(rows_of(path), columns, unique)]


def numbered_rows(
    rows: Iterable[tuple[int, dict[str, str]]], columns: Sequence[Column], unique: Sequence[str] = ()
) -> list[tuple[int, dict[str, Any]]]:  # fmt: skip
    """Rows of `rows_of` with their numbers, read and checked. Raises BadTable with all faults, or Invalid when there is none."""
    found: list[tuple[int, dict[str, Any]]] = []
    faults: list[Fault] = []
    seen: dict[str, dict[Any, int]] = {key: {} for key in unique}
    heads_checked = False
    for number, cells in rows:
        if not heads_checked:
            faults += _headings(cells, columns)
            heads_checked = True
            if faults:
                break
        row, wrong = _row(number, cells, columns)
        faults += wrong
        for key in unique:
            value = row.get(key)
            if value is not None and value in seen[key]:
                faults.append(Fault(number, key, str(value), _("与第%(row)s行重复，请删去一行") % {"row": seen[key][value]}))
            seen[key][value] = number
        found.append((number, row))
    if faults:
        raise BadTable(faults)
    if not found:
        raise Invalid(_("表里没有数据行。"), fields={"file": _("第一行是表头，从第二行起填数据")})
    return found


def _headings(cells: dict[str, str], columns: Sequence[Column]) -> list[Fault]:
    known = {name for column in columns for name in column.names}
    faults = [Fault(1, head, "", _("没有这个栏目，请删去或改名")) for head in cells if head and head not in known]
    for column in columns:
        if column.required and not set(column.names) & set(cells):
            faults.append(Fault(1, column.names[0], "", _("缺少这个栏目，请加上")))
    return faults


def _row(number: int, cells: dict[str, str], columns: Sequence[Column]) -> tuple[dict[str, Any], list[Fault]]:
    row: dict[str, Any] = {}
    faults = []
    for column in columns:
        name = next((n for n in column.names if n in cells), column.names[0])
        text = cells.get(name, "")
        if not text:
            if column.required:
                faults.append(Fault(number, name, "", _("不能空着，请填写")))
            continue
        try:
            row[column.key] = column.read(text)
        except (ValueError, KeyError, ArithmeticError) as error:
            said = str(error).strip("'")
            faults.append(Fault(number, name, text[:60], said if any("一" <= c <= "鿿" for c in said) else str(column.remedy)))
    return row, faults


def day(text: str) -> date:
    """A date written 2026-06-18, 2026/6/18 or 2026年6月18日."""
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    year, month, number = (int(part) for part in plain.split("-"))
    return date(year, month, number)


def several(text: str) -> list[str]:
    """Values parted by 、 , ; or 　."""
    for mark in "，,；;　 ":
        text = text.replace(mark, "、")
    return [part for part in text.split("、") if part]


def one_of(choices: dict[str, str]) -> Callable[[str], str]:
    """A reader that takes a code or its Chinese name."""
    by_name = {name: code for code, name in choices.items()}

    def read(text: str) -> str:
        if text in choices:
            return text
        if text in by_name:
            return by_name[text]
        raise ValueError(_("应为：%(choices)s") % {"choices": "、".join(choices.values())})

    return read


def several_of(choices: dict[str, str]) -> Callable[[str], list[str]]:
    """A reader of values parted by 、 , ; each of which is a code or its Chinese name."""
    one = one_of(choices)
    # A name may itself hold the mark that parts values.
    whole = {name: code for code, name in choices.items() if len(several(name)) > 1}

    def read(text: str) -> list[str]:
        for name, code in whole.items():
            text = text.replace(name, code)
        return list(dict.fromkeys(one(part) for part in several(text)))

    return read
