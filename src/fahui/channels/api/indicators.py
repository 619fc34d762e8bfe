"""The policy's targets as JSON and CSV, for a key with `indicators:read`, in the places its posts reach."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import BaseModel, Field, StringConstraints

from fahui.channels.api.schemas import Problem
from fahui.channels.pages import reader_of
from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader, reading_as
from fahui.foundation.errors import Forbidden, Missing
from fahui.insight.figures.definitions import CLAUSE, DEFINITION, clauses, definition
from fahui.insight.figures.plain import COLUMNS, flat, whole
from fahui.insight.figures.queries import Board, Result, latest, place
from fahui.standards.indicators.queries import in_force

router = Router(tags=["indicators"])
ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 422), Problem)
Region = Annotated[
    int,
    Field(ge=0, le=909_999_999_999, description="12-digit statistical code; 0 for the widest place of the key's posts"),
]
Status = Literal["", "met", "on_track", "at_risk", "behind", "no_data", "waiting", "shared", "not_measured"]
Name = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
OPERATION = "indicators:read"
_AS_CSV: dict[str, Any] = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}


class FigureOut(BaseModel):
    """One target in one place. `upper` and `lower` are what was counted; `value` is decimal text, null for 无."""

    id: str
    clause: str
    name: str
    name_en: str
    region: int
    as_of: date
    upper: int | None
    lower: int | None
    value: str | None
    unit: str
    op: str
    target: str | None
    words: str
    by: date
    status: str
    baseline: str | None


class PointOut(BaseModel):
    """The figure of one period, by its last day."""

    day: date
    upper: int | None
    lower: int | None
    value: str | None


class ForecastOut(BaseModel):
    """Where the trend leads by the target's day; 80 of 100 such trends end between low and high."""

    value: str
    low: str
    high: str


class WholeOut(FigureOut):
    """A target with its clause's words, the measure that counts it, its course and forecast."""

    quote: str
    measure: str
    given: dict[str, Any]
    reading: str
    responsible: list[str]
    version: int
    trend: list[PointOut]
    forecast: ForecastOut | None


class FiguresOut(BaseModel):
    """All targets as the last measuring found them."""

    as_of: date
    region: int
    items: list[FigureOut]


@router.get(
    "/indicators", response={200: FiguresOut, **ERRORS}, summary="The policy's targets and how they stand", openapi_extra=_AS_CSV,
)  # fmt: skip
def list_indicators(
    request: HttpRequest, region: Region = Query(0), status: Status = Query(""), format: Literal["json", "csv"] = Query("json"),
) -> Any:  # fmt: skip
    """Every target of the city's policy in one place, as of the last measuring; `format=csv` gives the same lines as a table."""
    code, results = _results(request, region)
    rows = [flat(r) for r in results if not status or r.status == status]
    if format == "csv":
        return _csv(rows)
    return {"as_of": results[0].as_of if results else None, "region": code, "items": rows}


class TargetOut(BaseModel):
    """What is to be reached by a day; without a value the policy gives only words."""

    op: str
    value: str | None
    by: date
    words: str
    basis: str


class DefinitionOut(BaseModel):
    """How a target is defined and counted, as it is in force today. `counted` says in words what stands above and below the line."""

    id: str
    version: int
    clause: str
    quote: str
    name: str
    name_en: str
    unit: str
    period: str
    each: bool
    measure: str
    means: str
    means_en: str
    counted: list[str]
    counted_en: list[str]
    given: dict[str, Any]
    against: str
    growth: str
    reading: str
    reading_en: str
    alternative: str
    not_measured: str
    targets: list[TargetOut]
    baseline: str | None
    baseline_as_of: date | None
    responsible: list[str]
    demands: list[str]


class DefinitionsOut(BaseModel):
    """The definitions of all targets in force today."""

    city: str
    policy: str
    items: list[DefinitionOut]


class DemandOut(BaseModel):
    """One demand of the policy in its own words, and what the platform has for it (answered, partly, not_yet, outside)."""

    clause: str
    heading: str
    heading_en: str
    id: str
    quote: str
    quote_en: str
    responsible: list[str]
    state: str
    parts: list[str]
    parts_en: list[str]
    not_yet: str
    not_yet_en: str
    outside: str
    outside_en: str
    indicators: list[str]


class ClausesOut(BaseModel):
    """The policy clause by clause, in the document's order."""

    city: str
    policy: str
    items: list[DemandOut]


# Before the one with a name, which would take it for one.
@router.get(
    "/indicators/definitions", response={200: DefinitionsOut, **ERRORS}, summary="How the targets are defined and counted", openapi_extra=_AS_CSV,
)  # fmt: skip
def list_definitions(request: HttpRequest, format: Literal["json", "csv"] = Query("json")) -> Any:
    """Every target's definition as it is in force today; `format=csv` gives the same as a table, lists as JSON in their cells."""
    _may(request)
    with reading_as(reader_of(request)):
        rows = [definition(indicator) for indicator in in_force(clock.today()).indicators]
    return _csv(rows, DEFINITION, "definitions.csv") if format == "csv" else _of_policy(rows)


@router.get("/policy/clauses", response={200: ClausesOut, **ERRORS}, summary="The policy clause by clause", openapi_extra=_AS_CSV)
def list_clauses(request: HttpRequest, format: Literal["json", "csv"] = Query("json")) -> Any:
    """Every demand of the city's policy with its exact words, its clause and what the platform has for it; also as a table."""
    _may(request)
    rows = clauses(cities.current().id)
    return _csv(rows, CLAUSE, "clauses.csv") if format == "csv" else _of_policy(rows)


@router.get("/indicators/{indicator}", response={200: WholeOut, **ERRORS}, summary="One target in depth")
def read_indicator(request: HttpRequest, indicator: Annotated[Name, Path()], region: Region = Query(0)) -> Any:
    """One target with its clause, the measure that counts it, its course and forecast."""
    found = next((r for r in _results(request, region)[1] if r.indicator.id == indicator), None)
    if found is None:
        raise Missing(_("没有这项指标。"))
    return whole(found)


def _results(request: HttpRequest, region: int) -> tuple[int, list[Result]]:
    reader = _may(request)
    with reading_as(reader):
        here = place(reader, region or None)
        return here.code, Board(latest()).results(here.code)


def _may(request: HttpRequest) -> Reader:
    reader = reader_of(request)
    if OPERATION not in (reader.operations or frozenset()):
        raise Forbidden(_("这个接口钥匙没有 %(operation)s 权限。") % {"operation": OPERATION})
    return reader


def _of_policy(rows: list[dict[str, Any]]) -> dict[str, Any]:
    city = cities.current()
    return {"city": city.name.zh, "policy": city.policy.title, "items": rows}


def _csv(rows: list[dict[str, Any]], columns: Sequence[str] = COLUMNS, name: str = "indicators.csv") -> HttpResponse:
    text = StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value
