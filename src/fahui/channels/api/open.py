"""Editions of open data as JSON and CSV: public, no key, kept by whoever reads for a few minutes and then asked about by their tag."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from fahui.channels.api.schemas import Problem
from fahui.insight.opendata import queries, table
from fahui.insight.opendata.content import Content
from fahui.standards.models import Edition

router = Router(tags=["open data"])
ERRORS: dict[int, Any] = dict.fromkeys((400, 404, 422), Problem)
KEPT = 300
"""Seconds an answer may be used again without asking: as long a withdrawn figure may still be seen."""
_LARGEST = 2_147_483_647
Number = Annotated[int, Field(ge=1, le=_LARGEST, description="Number of the edition"), Path()]
_HEADERS = {
    "ETag": {"description": "Give it back in If-None-Match: 304 while nothing changed.", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}
_AS_JSON: dict[str, Any] = {"responses": {200: {"headers": _HEADERS}, 304: {"description": "Not Modified"}}}
_AS_CSV: dict[str, Any] = {
    "responses": {
        200: {"description": "OK", "headers": _HEADERS, "content": {"text/csv": {"schema": {"type": "string"}}}},
        304: {"description": "Not Modified"},
    }
}


class WithdrawnOut(BaseModel):
    """When an edition was withdrawn, and why."""

    at: datetime
    reason: str


class EditionOut(BaseModel):
    """An edition without its figures."""

    number: int
    as_of: date
    published_at: datetime
    note: str
    reason: str
    digest: str
    withdrawn: WithdrawnOut | None


class EditionPage(BaseModel):
    """Editions, newest first. `current` is the newest that was not withdrawn; `next` is the `before` of the next page."""

    current: int | None
    items: list[EditionOut]
    next: int | None


class EditionDetailOut(EditionOut):
    """An edition with what it says, exactly as it was published; `content` is null where it was withdrawn."""

    content: Content | None


@router.get("/open/editions", response={200: EditionPage, **ERRORS}, auth=None, summary="Editions of open data", openapi_extra=_AS_JSON)
def list_editions(request: HttpRequest, before: Annotated[int, Field(ge=0, le=_LARGEST)] = Query(0)) -> Any:
    """A page of the editions of open data, withdrawn ones too."""
    found = queries.listed(before)
    items = [EditionOut(**_head(row)) for row in found[: queries.PAGE]]
    following = items[-1].number if len(found) > queries.PAGE else None
    page = EditionPage(current=queries.current_number(), items=items, next=following)
    tags = [f"{row.digest[:16]}{'w' if row.withdrawn_at else ''}" for row in found]
    return kept(request, HttpResponse(page.model_dump_json(), content_type="application/json; charset=utf-8"), hashlib.sha256("-".join(tags).encode()).hexdigest()[:32])


# Before the one without an ending, which would take it for a number.
@router.get(
    "/open/editions/{number}.csv", response={200: None, **ERRORS, 410: Problem}, auth=None, summary="An edition as a table",
    openapi_extra=_AS_CSV,
)  # fmt: skip
def edition_as_csv(request: HttpRequest, number: Number) -> Any:
    """The edition as CSV (UTF-8 with byte order mark), a line for every target and place. 410 where it was withdrawn."""
    row = queries.edition(number)
    return csv_of(request, row, queries.content_of(row))


@router.get("/open/editions/{number}", response={200: EditionDetailOut, **ERRORS}, auth=None, summary="One edition", openapi_extra=_AS_JSON)
def read_edition(request: HttpRequest, number: Number) -> Any:
    """One edition with its figures and their definitions. Of a withdrawn one: when it was withdrawn, and why."""
    row = queries.edition(number)
    content = None if row.withdrawn_at else queries.content_of(row)
    body = EditionDetailOut(**_head(row), content=content).model_dump_json()
    return kept(request, HttpResponse(body, content_type="application/json; charset=utf-8"), _tag(row))


def csv_of(request: HttpRequest, row: Edition, content: Content) -> HttpResponse:
    """An edition as a file to take away."""
    answer = HttpResponse(table.as_csv(content), content_type="text/csv; charset=utf-8")
    name = f"{content.city}公共法律服务公开数据-第{row.number}版-{row.as_of}.csv"
    answer["Content-Disposition"] = f"attachment; filename=\"open-data-{row.number}.csv\"; filename*=UTF-8''{quote(name)}"
    return kept(request, answer, _tag(row))


def kept(request: HttpRequest, answer: HttpResponse, tag: str) -> HttpResponse:
    """An answer that anyone may keep for a while; 304 to whoever has it already."""
    answer["ETag"] = quote_etag(tag)
    patch_cache_control(answer, public=True, max_age=KEPT)
    same = get_conditional_response(request, etag=answer["ETag"], response=answer)
    return same if isinstance(same, HttpResponse) else answer


def _tag(row: Edition) -> str:
    return row.digest[:32] + ("-withdrawn" if row.withdrawn_at else "")


def _head(row: Edition) -> dict[str, Any]:
    gone = WithdrawnOut(at=row.withdrawn_at, reason=row.withdrawn_reason) if row.withdrawn_at else None
    return {
        "number": row.number, "as_of": row.as_of, "published_at": row.made_at, "note": row.note, "reason": row.reason, "digest": row.digest,
        "withdrawn": gone,
    }  # fmt: skip
