"""A foreign data set: facts of the star as CSV files, checked whole, then made into a lake of their own.

Nothing of it is stored in the database. A file is named after its fact (`case.csv`) and has the columns that star.yaml documents; of a
place only `region` is given, its township, county and level follow from the code. A fact without a file has no rows.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from fahui.foundation.errors import Invalid
from fahui.foundation.tables.importer import BadTable, Fault
from fahui.standards.indicators.codes import choices
from fahui.standards.star import Fact, facts, place_sql

DERIVED = ("town", "county", "level")
"""Columns that follow from `region`, so that nobody writes them."""

_SQL = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE"}
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOLD = 200


@dataclass(frozen=True)
class FileFault(Fault):
    """What is wrong in one cell of one of several files."""

    file: str

    def __str__(self) -> str:
        return f"{self.file} {super().__str__()}"


def given(fact: Fact) -> list[str]:
    """The columns a file of this fact has."""
    return [name for name in fact.columns if name not in DERIVED]


def lake_from(folder: Path, lake: Path, places: Container[int], city_id: str) -> dict[str, int]:
    """Make a lake at `lake` from the CSV files in `folder`; how many rows each fact has.

    `places` are the region codes that exist. Raises BadTable with every fault of every file (nothing is made then), or Invalid when
    there is no file.
    """
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if not files:
        raise Invalid(
            _("文件夹 %(name)s 里没有 .csv 文件。") % {"name": folder},
            fields={"from": _("放入以事实命名的文件，例如 case.csv")},
        )
    faults: list[Fault] = []
    checked = lake / "checked"
    checked.mkdir(parents=True)
    for path in files:
        fact = facts().get(path.stem)
        if fact is None:
            remedy = _("没有这种事实，请改名为：%(names)s") % {"names": "、".join(facts())}
            faults.append(FileFault(0, "", path.stem, remedy, path.name))
        else:
            faults += _Reading(path, fact, places, city_id).into(checked / f"{fact.name}.json")
    if faults:
        raise BadTable(faults)
    return _filled(checked, lake)


class _Reading:
    """Reading one file: each row is checked and written on as it will be loaded."""

    def __init__(self, path: Path, fact: Fact, places: Container[int], city_id: str) -> None:
        self.path, self.fact, self.places = path, fact, places
        self.faults: list[Fault] = []
        self.city_id = city_id
        self.codes: dict[tuple[str, str], set[str] | None] = {}
        # A person takes part in many activities, an hour has many seats; whatever has a number or is a place stands once.
        self.once = fact.key in ("id", "region")
        self.seen: dict[int, int] = {}

    def into(self, target: Path) -> list[Fault]:
        """Write the rows to `target`, one JSON object a line; what is wrong with them."""
        lines = self._lines()
        try:
            _first, heads = next(lines, (1, []))
            if self._headings(heads):
                with target.open("w", encoding="utf-8") as out:
                    for number, cells in lines:
                        out.write(json.dumps(self._row(number, heads, cells)) + "\n")
                        if len(self.faults) >= _TOLD:
                            break
        except (UnicodeDecodeError, csv.Error):
            self._fault(0, "", "", _("读不出来，请另存为 UTF-8 编码的 CSV 文件"))
        return self.faults

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        raw = self.path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")  # what Excel on a Chinese desk saves
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        number = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]
            number = reader.line_num + 1

    def _headings(self, heads: list[str]) -> bool:
        wanted = given(self.fact)
        for head in heads:
            if head in DERIVED:
                self._fault(1, head, "", _("由地区代码推出，请删去这一栏"))
            elif head not in wanted:
                self._fault(1, head, "", _("没有这个栏目，请删去或改名"))
        for name in dict.fromkeys(head for head in heads if heads.count(head) > 1):
            self._fault(1, name, "", _("这个栏目有两个，请删去一个"))
        for name in wanted:
            if name not in heads:
                self._fault(1, name, "", _("缺少这个栏目，请加上"))
        return not self.faults

    def _row(self, number: int, heads: list[str], cells: list[str]) -> dict[str, Any]:
        if len(cells) != len(heads):
            self._fault(
                number, "", str(len(cells)), _("这一行应有%(count)s格，请核对逗号和引号") % {"count": len(heads)}
            )
            return {}
        told = dict(zip(heads, cells, strict=True))
        of = told.get("register") or told.get("service", "")
        row = {name: self._value(number, name, text, of) for name, text in told.items()}
        key = row[self.fact.key]
        if self.once and isinstance(key, int):
            if key in self.seen:
                remedy = _("与第%(row)s行重复，请删去一行") % {"row": self.seen[key]}
                self._fault(number, self.fact.key, str(key), remedy)
            self.seen[key] = number
        return row

    def _value(self, number: int, name: str, text: str, of: str) -> Any:
        if not text:
            if name in (self.fact.key, "region", self.fact.event):
                self._fault(number, name, "", _("不能空着，请填写"))
            return "" if self.fact.columns[name][0] == "string" else None
        try:
            return self._read(name, text, of)
        except ValueError as error:
            self._fault(number, name, text[:60], str(error))
            return None

    def _read(self, name: str, text: str, of: str) -> Any:
        kind = self.fact.columns[name][0]
        value = _READ[kind](text)
        if name == "region" and value not in self.places:
            raise ValueError(_("本市没有这个地区代码，请写 12 位代码"))
        known = self._known(name, of) if kind == "string" else None
        if known and value not in known:
            raise ValueError(_("没有这个代码，应为：%(choices)s") % {"choices": "、".join(sorted(filter(None, known)))})
        return value

    def _known(self, name: str, of: str) -> set[str] | None:
        if (name, of) not in self.codes:
            self.codes[name, of] = choices(self.fact.name, name, of, self.city_id)
        return self.codes[name, of]

    def _fault(self, row: int, column: str, value: str, remedy: str) -> None:
        self.faults.append(FileFault(row, column, value, remedy, self.path.name))


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(_("应为整数，例如 12（金额以分计，时长以分钟计）"))
    return int(text)


def _day(text: str) -> str:
    told = _("应为日期，写作 2026-06-18")
    if not _DAY.fullmatch(text):
        raise ValueError(told)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(told) from error


_READ: dict[str, Callable[[str], Any]] = {"int64": _whole, "date": _day, "string": str}


def _filled(checked: Path, lake: Path) -> dict[str, int]:
    rows = {}
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as duck:
        for name, fact in facts().items():
            types = {column: _SQL[fact.columns[column][0]] for column in given(fact)}
            file = checked / f"{name}.json"
            duck.execute(
                "CREATE OR REPLACE TEMP TABLE told (" + ", ".join(f'"{c}" {t}' for c, t in types.items()) + ")"
            )
            if file.exists() and file.stat().st_size:
                reading = ", ".join(f"'{c}': '{t}'" for c, t in types.items())
                columns = ", ".join(f'"{c}"' for c in types)
                duck.execute(
                    f"INSERT INTO told SELECT {columns} FROM read_json('{_quoted(file)}', format = 'newline_delimited', columns = {{{reading}}})"
                )
            own = "".join(f'"{column}", ' for column in types if column != "region")
            ordered = ", ".join(f'"{column}"' for column in fact.columns)
            (lake / name).mkdir()
            target = _quoted(lake / name / "all.parquet")
            duck.execute(
                f"COPY (SELECT {ordered} FROM (SELECT {own}{place_sql('region')} FROM told)) TO '{target}' (FORMAT parquet)"
            )
            found = duck.execute("SELECT count(*) FROM told").fetchone()
            rows[name] = int(found[0]) if found else 0
    return rows


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
