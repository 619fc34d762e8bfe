"""The city folders: who the installation serves, in which colours, under which policy, with which local values.

A city is data under `cities/<id>/`: `city.yaml` and `regions.csv`. The code knows no city. A value that the city's
policy does not state is absent, and whoever needs it must ask the bureau; nothing here has a default that is law.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

import yaml
from django.conf import settings
from pydantic import BaseModel, Field, StringConstraints, ValidationError, field_validator, model_validator

from fahui.foundation.data import Data, Text, Words
from fahui.foundation.regions.rules import contains, level_of, parent, parse_code

ROOT = Path(__file__).resolve().parents[1] / "cities"
LEAST_CONTRAST = 4.5  # WCAG 2.2 AA for text; GB/T 37668-2019 asks the same.

_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
_REGION_COLUMNS = ["code", "name", "level", "urban_rural", "valid_from", "valid_to", "renamed_from"]


class BadCity(Exception):
    """A city folder cannot be used; the message names the file, the field, its value and what to do."""


class Theme(Data):
    """Colours as #RRGGBB. Each is used as text on white and under white text, so each must reach AA contrast."""

    primary: str
    dark: str
    accent: str

    @field_validator("primary", "dark", "accent")
    @classmethod
    def _readable(cls, colour: str) -> str:
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
            raise ValueError("is no colour; write it as #RRGGBB, e.g. #1E4F8A")
        ratio = contrast_on_white(colour)
        if ratio < LEAST_CONTRAST:
            raise ValueError(
                f"has contrast {ratio:.1f}:1 on white; choose a darker colour (at least {LEAST_CONTRAST}:1)"
            )
        return colour


class AutonomousCounty(Data):
    """A county of ethnic autonomy (民族自治县) and its people."""

    code: int
    name: Text
    people: Text


class Language(Data):
    """A language, besides Chinese, in common use in these regions. `code` is ISO 639."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    zh: Text
    en: Text
    regions: tuple[int, ...] = Field(min_length=1)


class Footer(Data):
    """What the law asks a public site to show at its foot. Whatever is empty is not shown."""

    icp: str = ""
    police_record: str = ""
    site_code: str = ""
    address: str = ""
    postcode: str = ""


class Policy(Data):
    """The city's policy on public legal services. `title_printed` is False where the text itself carries no title."""

    title: Text
    title_printed: bool
    issuer: Text | None = None
    number: Text | None = None
    issued: date | None = None
    note: str = ""


class Source(Data):
    """Where a value comes from: the document, its clause, and its words exactly as printed."""

    title: Text
    clause: Text
    quote: Text


class Parameter(Data):
    """A local value the policy states, and when it applies. Without `from` it applies since before any case."""

    name: _Slug
    value: bool | int | Decimal | Text | tuple[Text, ...]
    unit: Text | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    source: Source
    note: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"'to' {self.until} is before 'from' {self.since}; correct one of them")
        return self

    def applies(self, on: date) -> bool:
        """Whether the value is in force on this day, first and last day included."""
        return (self.since or date.min) <= on <= (self.until or date.max)

    def overlaps(self, other: Parameter) -> bool:
        """Whether both give a value of the same name for some day."""
        begins, ends = (
            max(self.since or date.min, other.since or date.min),
            min(self.until or date.max, other.until or date.max),
        )
        return self.name == other.name and begins <= ends


class ServiceValues(Data):
    """What the city fixes for one service."""

    parameters: tuple[Parameter, ...] = ()

    @field_validator("parameters")
    @classmethod
    def _one_value_a_day(cls, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        for one, other in combinations(parameters, 2):
            if one.overlaps(other):
                raise ValueError(f"gives {one.name!r} two values for the same day; end one with 'to' before the next")
        return parameters


class City(Data):
    """A city as its folder describes it. `sources` says, for fields of this file, where their values come from."""

    id: _Slug
    name: Words
    bureau: Words
    region: int
    hotline: Annotated[str, StringConstraints(pattern=r"^[0-9-]{5,20}$")]
    # What a landline begins with here. Only synthetic operations make up numbers.
    area_code: Annotated[str, StringConstraints(pattern=r"^0[0-9]{2,3}$")] = ""
    theme: Theme
    population: int | None = Field(default=None, gt=0)
    autonomous_counties: tuple[AutonomousCounty, ...] = ()
    languages: tuple[Language, ...] = ()
    footer: Footer = Footer()
    # On what terms open data may be used; without it, freely with the source named.
    open_data_licence: Words | None = None
    note: str = ""
    policy: Policy
    sources: dict[str, Text]
    services: dict[_Slug, ServiceValues] = {}

    @field_validator("region")
    @classmethod
    def _is_a_code(cls, code: int) -> int:
        level_of(code)
        return code

    @model_validator(mode="after")
    def _every_value_has_a_source(self) -> Self:
        given = {"region", "bureau", "hotline", "theme"}
        given |= {field for field in ("population", "autonomous_counties", "languages") if getattr(self, field)}
        missing, unknown = sorted(given - set(self.sources)), sorted(set(self.sources) - set(type(self).model_fields))
        if missing:
            raise ValueError(f"sources says nothing of {', '.join(missing)}; add where each value comes from")
        if unknown:
            raise ValueError(f"sources speaks of {', '.join(unknown)}, which are no fields; remove or correct them")
        return self


class RegionRow(NamedTuple):
    """One line of regions.csv. `urban_rural` is 'urban', 'rural' or '' where the name does not tell."""

    code: int
    name: str
    level: int
    urban_rural: str
    valid_from: date | None
    valid_to: date | None
    renamed_from: str


def available() -> list[str]:
    """The ids of all cities that have a folder."""
    return sorted(path.parent.name for path in ROOT.glob("*/city.yaml"))


def load_city(city_id: str) -> City:
    """The city of this id. Raises BadCity if there is none or its file is wrong."""
    if city_id not in available():
        raise BadCity(f"There is no city {city_id!r}. Choose one of: {', '.join(available())}.")
    return _load(ROOT / city_id / "city.yaml")


def current() -> City:
    """The city this installation serves (setting FAHUI_CITY)."""
    return _serving(settings.CITY)


@cache
def _serving(city_id: str) -> City:
    return load_city(city_id)


def parameter(city: City, service: str, name: str, on: date) -> Parameter | None:
    """The value in force on this day, or None if the city's policy states none: then ask the bureau, do not assume."""
    values = city.services.get(service, ServiceValues()).parameters
    return next((p for p in values if p.name == name and p.applies(on)), None)


def contrast_on_white(colour: str) -> float:
    """The WCAG contrast ratio of a #RRGGBB colour with white, from 1 to 21."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def regions(city_id: str) -> list[RegionRow]:
    """The city's regions, higher ones before lower ones. Raises BadCity naming the line that cannot be read."""
    path = ROOT / city_id / "regions.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return sorted(_rows(path, csv.DictReader(file)), key=lambda row: (row.level, row.code))
    except OSError as error:
        raise BadCity(
            f"{_short(path)} cannot be read ({error.strerror}). See cities/README.md for how to make it."
        ) from error


def check_city(city_id: str) -> list[str]:
    """Everything wrong with a city folder, in words that say what to do; an empty list if it is sound."""
    try:
        city, rows = load_city(city_id), regions(city_id)
    except BadCity as error:
        return str(error).splitlines()
    file, names = f"cities/{city_id}", {row.code: row.name for row in rows}
    problems = [] if city.id == city_id else [f"{file}/city.yaml: id = {city.id!r}; write the folder's name."]
    if city.region not in names:
        problems.append(f"{file}/city.yaml: region = {city.region} is not in regions.csv. Add it or correct the code.")
    for county in city.autonomous_counties:
        if names.get(county.code) != county.name or not contains(city.region, county.code):
            problems.append(
                f"{file}/city.yaml: autonomous_counties {county.code} {county.name} is not so in regions.csv."
            )
    for language in city.languages:
        problems += [
            f"{file}/city.yaml: languages.{language.code} names region {code}, which is not in regions.csv."
            for code in language.regions
            if code not in names
        ]
    return problems + [
        f"{file}/regions.csv: {row.code} {row.name} lies in {parent(row.code)}, which is missing. Add its line."
        for row in rows
        if parent(row.code) not in {None, *names}
    ]


@cache
def _load(path: Path) -> City:
    try:
        return City.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadCity(f"{_short(path)} is not YAML: {error}") from error
    except ValidationError as error:
        raise BadCity("\n".join(_explain(path, dict(problem)) for problem in error.errors())) from error


def _explain(path: Path, problem: dict[str, Any]) -> str:
    """One line for one wrong value: file, field, value, remedy."""
    field = ".".join(str(part) for part in problem["loc"]) or "(whole file)"
    remedies = {
        "missing": "is missing; add it",
        "extra_forbidden": "is not a known field; remove it or correct its spelling",
        "value_error": str(problem.get("ctx", {}).get("error", "")),
    }
    remedy = remedies.get(problem["type"], f"{problem['msg']}; correct it")
    value = problem["input"]
    shown = "" if isinstance(value, dict | list | tuple | BaseModel) else f" = {value!r}"
    return f"{_short(path)}: {field}{shown}: {remedy}."


def _rows(path: Path, lines: csv.DictReader[str]) -> Iterator[RegionRow]:
    if lines.fieldnames != _REGION_COLUMNS:
        raise BadCity(f"{_short(path)}: the first line must be {','.join(_REGION_COLUMNS)}.")
    seen: set[int] = set()
    for number, line in enumerate(lines, start=2):
        try:
            row = _row(line)
            if row.code in seen:
                raise ValueError("stands twice; remove one line")
        except ValueError as error:
            raise BadCity(f"{_short(path)} line {number}: code {line['code']!r}: {error}.") from error
        seen.add(row.code)
        yield row


def _row(line: dict[str, str]) -> RegionRow:
    code = parse_code(line["code"])
    if line["level"] != str(level_of(code)):
        raise ValueError(f"level = {line['level']!r}, but the code is of level {level_of(code)}; correct one")
    if not line["name"]:
        raise ValueError("name is empty; write the official name")
    kind = line["urban_rural"]
    if kind not in ("urban", "rural", ""):
        raise ValueError(f"urban_rural = {kind!r}; write urban, rural or nothing")
    first, last = (date.fromisoformat(line[key]) if line[key] else None for key in ("valid_from", "valid_to"))
    return RegionRow(code, line["name"], level_of(code), kind, first, last, line["renamed_from"])


def _short(path: Path) -> str:
    return "/".join(path.parts[-3:])
