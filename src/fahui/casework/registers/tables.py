"""A register as a table: its columns with their help and choices, reading what was filled in, and entries as rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from fahui.casework.forms.fields import FormModel
from fahui.casework.forms.web import questions
from fahui.casework.registers.forms import DETAIL, SUBJECTS, form_of, named_kinds
from fahui.casework.registers.models import Entry
from fahui.casework.registers.schema import Register
from fahui.foundation.errors import Invalid
from fahui.foundation.people.references import kinds_named, label_of, place_labels
from fahui.foundation.tables.importer import Column, Fault, day, numbered_rows, rows_of

MOST_ROWS = 20_000
STEP = 500  # rows that are checked together
_MOST_UNPACKED = 300 * 1024 * 1024
_ROW_BYTES = 4096  # of a file in which nothing lies but short rows
HELP = ("说明：", "Help: ")  # how the line of help begins, which is no row
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class SheetColumn(Column):
    """A column of a template: its heading in the reader's language, a line of help, the choices it holds, and whether it holds several."""

    heading: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False


def columns_of(register: Register) -> list[SheetColumn]:
    """The columns of a register's table, in the reader's language; their headings are read in both, and by key."""
    helps = {what: kinds_named(what, kinds) for what in SUBJECTS if (kinds := named_kinds(register, what))}
    return sheet_of(form_of(register), helps)


def sheet_of(model: type[FormModel], helps: Mapping[str, str]) -> list[SheetColumn]:
    """The columns of a form, and the state, which exports carry and imports leave alone."""
    english = (get_language() or "").startswith("en")
    pairs = zip(questions(model, language="zh-hans"), questions(model, language="en"), strict=True)
    found = []
    for zh, en in pairs:
        said = en if english else zh
        choices = tuple(option.label for option in said.options)
        hint = {"date": _("日期，写成 2026-06-18"), "number": _("数字"), "money": _("金额，按元填"), "yesno": _("填“是”或“否”")}.get(zh.kind, "")
        told = [_("必填") if zh.required else _("可不填"), helps.get(zh.key, ""), said.hint or hint, _("见第二张表") if choices else ""]
        reader = _chooser(zh.options, en.options) if choices else _READERS.get(zh.kind, _text)
        several = zh.kind in ("choices", "lines")
        if several:
            reader, told = _several(reader), [*told, _("几个之间用分号隔开")]
        found.append(SheetColumn(
            zh.key, tuple(dict.fromkeys([zh.key, zh.label, en.label])), reader, zh.required, hint or _("请核对"),
            heading=said.label, help=_("；").join(part for part in told if part), choices=choices, several=several,
        ))  # fmt: skip
    state = SheetColumn("state", ("state", "登记状态", "Record state"), str, heading=_("登记状态"), help=_("只供查看，导入时不管"))
    return [*found, state]


def _text(text: str) -> str:
    """What a cell says; the mark that keeps spreadsheets from computing it is no part of that."""
    return text[1:] if text.startswith("'") and text[1:2] in _RISKY else text


def _number(text: str) -> str:
    plain = text.replace(",", "").replace("，", "")
    if not Decimal(plain).is_finite():
        raise ValueError(_("请填数字"))
    return plain


def _fen(text: str) -> int:
    fen = Decimal(_number(text)) * 100
    if fen != fen.to_integral_value():
        raise ValueError(_("最多两位小数"))
    return int(fen)


def _yes(text: str) -> bool:
    known = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}
    if text.lower() not in known:
        raise ValueError(_("填“是”或“否”"))
    return known[text.lower()]


def _day(text: str) -> str:
    return day(text).isoformat()


_READERS: dict[str, Any] = {"date": _day, "number": _number, "money": _fen, "yesno": _yes}


def _chooser(zh: Iterable[Any], en: Iterable[Any]) -> Any:
    named = {key: z.value for z, e in zip(zh, en, strict=True) for key in (z.value, z.label, e.label)}
    told = _("请从第二张表的选项里选")

    def read(text: str) -> str:
        if text not in named:
            raise ValueError(told)
        return str(named[text])

    return read


def _several(one: Any) -> Any:
    def read(text: str) -> list[str]:
        parts = [part.strip() for part in text.replace(";", "；").replace("\n", "；").split("；")]
        return list(dict.fromkeys(one(part) for part in parts if part))

    return read


Steps = Callable[[int, int], AbstractContextManager[None]]
"""Wraps the checking of some rows: how many will be checked after it, and how many there are."""


def in_one_go(checked: int, there: int) -> AbstractContextManager[None]:
    """Steps of whoever waits for the end."""
    return nullcontext()


@dataclass(frozen=True)
class Given:
    """The rows of a table with their numbers, and each as the form took it (`columns`, `errors`)."""

    rows: Sequence[tuple[int, Mapping[str, Any]]]
    filled: Sequence[Any]


def checked(path: Path, sheet: Sequence[SheetColumn], read: Callable[[list[dict[str, Any]]], Sequence[Any]], steps: Steps = in_one_go) -> Given:
    """The rows of a file, checked one by one; nothing is written. Raises as `numbered` does."""
    rows, filled = numbered(path, sheet), list[Any]()
    for start in range(0, len(rows), STEP):
        some = [row for _number_of, row in rows[start : start + STEP]]
        with steps(start + len(some), len(rows)):
            filled += read(some)
    return Given(rows, filled)


def numbered(path: Path, sheet: Sequence[SheetColumn]) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a file with their numbers, as answers of the form; a code may stand only once.

    Raises Invalid (unreadable, too large, empty) or BadTable.
    """
    with _readable():
        if _unpacked(path) > _MOST_UNPACKED:
            raise Invalid(_("文件太大。"), fields={"file": _("请分几个文件导入")})
        rows = numbered_rows(_without_help(rows_of(path)), sheet, unique=["code"])
    for _number_of, row in rows:
        row.pop("state", None)
    return rows


def short(path: Path, most: int) -> bool:
    """Whether a file holds no more rows than this. Of a large one nothing is read. Raises Invalid for one that cannot be read."""
    with _readable():
        if _unpacked(path) > max(most, STEP) * _ROW_BYTES:
            return False
        return sum(1 for _row in islice(_without_help(rows_of(path)), most + 1)) <= most


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (BadZipFile, InvalidFileException, KeyError, OSError, csv.Error, UnicodeDecodeError, TypeError, ValueError) as error:
        raise Invalid(_("这个文件读不了。"), fields={"file": _("请用本页的模板，存成 .xlsx 或 .csv")}) from error


def _unpacked(path: Path) -> int:
    """How many bytes a file unpacks to, as it says itself (no more are ever unpacked)."""
    if path.suffix.lower() != ".xlsx":
        return path.stat().st_size
    with ZipFile(path) as packed:
        return sum(part.file_size for part in packed.infolist())


def _without_help(rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    seen = 0
    for number, cells in rows:
        if next(iter(cells.values()), "").startswith(HELP):
            continue
        seen += 1
        if seen > MOST_ROWS:
            raise Invalid(_("一次最多%(most)s行。") % {"most": MOST_ROWS}, fields={"file": _("请分几个文件导入")})
        yield number, cells


def refused(faults: Iterable[Fault], sheet: Sequence[SheetColumn]) -> list[Fault]:
    """Faults with the headings that stand in the table instead of the columns' keys, by row."""
    headings = {column.key: column.heading for column in sheet}
    return sorted((Fault(f.row, headings.get(f.column, f.column), f.value, f.remedy) for f in faults), key=lambda f: f.row)


def cells_of(register: Register, entries: Sequence[Entry]) -> list[list[Any]]:
    """Entries as rows of the register's table, in the reader's language; the regions' names come in two queries."""
    english = (get_language() or "").startswith("en")
    places, states = place_labels(entry.region_code for entry in entries), dict(Entry.STATES)
    keys = [column.key for column in columns_of(register)]
    return [[_cell(register, entry, key, places, states, english) for key in keys] for entry in entries]


def _cell(register: Register, entry: Entry, key: str, places: Mapping[int, str], states: Mapping[str, str], english: bool) -> Any:
    if key == "region_code":
        return places.get(entry.region_code, str(entry.region_code))
    if key in SUBJECTS:
        return label_of(getattr(entry, key))
    if key == "state":
        return _(states[entry.state])
    if key == "amount_fen":
        return Decimal(entry.amount_fen) / 100 if entry.amount_fen is not None else None
    if key in ("category", "grade"):
        choices, code = getattr(register, key), getattr(entry, key)
        words = choices.choices.get(code) if choices else None
        return (words.en if english else words.zh) if words else code
    if key.startswith(DETAIL):
        return detail_words(entry.details.get(key.removeprefix(DETAIL)))
    return getattr(entry, key)


def detail_words(value: Any) -> Any:
    """A field that figures do not count by, in words."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value if isinstance(value, (date, Decimal)) else "" if value is None else str(value)
