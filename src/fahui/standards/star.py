"""The facts that figures may be counted from: `star.yaml`, with its short forms written out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import yaml

from fahui.casework.registers.definitions import current
from fahui.foundation.regions.rules import ONLY_NUMBERS

_PLACE = {
    "region": ("int64", "code of the place"),
    "town": ("int64", "code of its township"),
    "county": ("int64", "code of its county"),
    "level": (
        "int64",
        "of the place: 1 province, 2 city (also a municipality under the central government), 3 county, 4 township, 5 village or community",
    ),
}

# 北京、天津、上海、重庆 are cities, though their codes are those of provinces.
_MUNICIPALITIES = "110000000000, 120000000000, 310000000000, 500000000000"


@dataclass(frozen=True)
class Fact:
    """One table of the star; `columns` says type and meaning of each."""

    name: str
    about: str
    key: str
    columns: dict[str, tuple[str, str]]
    written: str
    event: str = ""
    begins: str = ""
    ends: str = ""
    window: str = ""

    @property
    def sql(self) -> str:
        """The SELECT that gives the whole fact."""
        return self.written.replace("$window", "true")

    def month(self, first: date, after: date) -> str:
        """The SELECT that gives the fact of the days from `first` until before `after` (Shanghai's)."""
        stamp = "timestamptz '{} 00:00+08'" if self.window.endswith("_at") else "date '{}'"
        within = f"({self.window} >= {stamp.format(first)} AND {self.window} < {stamp.format(after)})"
        return self.written.replace("$window", within)

    @property
    def table(self) -> ir.Table:
        """The table as Ibis names it; every engine has one of this name."""
        return ibis.table({name: kind for name, (kind, _meaning) in self.columns.items()}, name=f"star_{self.name}")


@cache
def facts() -> dict[str, Fact]:
    """Every fact by its name, as this installation's registers make it."""
    named = {
        "$unverified": [register.id for register in current().values() if not register.verified],
        "$only_numbers": ONLY_NUMBERS,
        "$last_day": [register.id for register in current().values() if register.ends and register.ends.last],
    }
    listed = {short: ",".join(f"'{name}'" for name in names) or "''" for short, names in named.items()}
    return {row["name"]: _fact(row, listed) for row in _written()}


def _written() -> list[dict[str, Any]]:
    return list(yaml.safe_load((Path(__file__).parent / "star.yaml").read_text(encoding="utf-8")))


def _fact(row: dict[str, Any], listed: dict[str, str]) -> Fact:
    columns = {name: (kind, meaning) for name, (kind, meaning) in row.pop("columns").items()} | _PLACE
    sql = row.pop("sql")
    for short, names in listed.items():
        sql = sql.replace(short, names)
    sql = re.sub(r"\$level\((.+?)\) AS", lambda written: f"{level_sql(written[1])} AS", sql)
    sql = re.sub(r"\$(place|after)\((\S+?)\)", lambda written: _WRITTEN[written[1]](written[2]), sql)
    # In the order that is documented, which Ibis relies on.
    ordered = ", ".join(f'"{name}"' for name in columns)
    return Fact(columns=columns, written=f"SELECT {ordered} FROM ({sql}) AS written", **row)


def place_sql(code: str) -> str:
    """The columns region, town, county and level from an expression of a region code, as PostgreSQL and DuckDB both read it."""
    return f"{code} AS region, {code} - {code} % 1000 AS town, {code} - {code} % 1000000 AS county, {level_sql(code)} AS level"


def level_sql(code: str) -> str:
    """The level of a place from an expression of its code."""
    return (
        f"(CASE WHEN {code} % 1000 > 0 THEN 5 WHEN {code} % 1000000 > 0 THEN 4 WHEN {code} % 100000000 > 0 THEN 3 "
        f"WHEN {code} % 10000000000 > 0 OR {code} IN ({_MUNICIPALITIES}) THEN 2 ELSE 1 END)::bigint"
    )


# What the star's SELECTs may write short.
_WRITTEN: dict[str, Callable[[str], str]] = {"place": place_sql, "after": "({} + 1)".format}
