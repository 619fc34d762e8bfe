"""Who owes which returns, as JSON, for a key with `indicators:read`, in the places its posts reach."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field, StringConstraints

from fahui.channels.api.indicators import OPERATION, Region
from fahui.channels.api.schemas import Problem
from fahui.channels.pages import reader_of
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.errors import Forbidden
from fahui.insight.figures.queries import place
from fahui.standards.returns import queries, words
from fahui.standards.returns.queries import Line
from fahui.standards.returns.rules import State, rate

router = Router(tags=["indicators"])
ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 422), Problem)
PAGE = 200
What = Annotated[str, StringConstraints(max_length=400, pattern=r"^[a-z0-9_:.|@]*$")]
Period = Annotated[str, StringConstraints(max_length=7, pattern=r"^([0-9]{4}(-Q[1-4]|-[01][0-9])?)?$")]
Cursor = Annotated[str, StringConstraints(max_length=440, pattern=r"^([0-9]{12}\.[0-9]{8}\.[a-z0-9_:.|@]+)?$")]
Asks = Literal["", "owed", "waiting", "nil", "given"]


class ReturnOut(BaseModel):
    """How a county, or the city itself, stands with one return of one period: how many of the places asked (villages or townships,
    or the county itself) have a record, declared that there is none, owe it, or still have time."""

    region: int
    what: str = Field(description="The return: any of these registers (with a category) or kinds of activity brings it")
    name: str
    name_en: str
    period: str = Field(description="2025, 2025-Q4 or 2025-12")
    first: date
    last: date
    due: date | None = Field(description="The last day in time; null while the working calendar of that year is not announced")
    asked: int
    given: int
    nil: int
    owed: int
    waiting: int


class ReturnsOut(BaseModel):
    """Returns of the last four periods of each kind that are over; `given_of_asked` is the collection rate over all of them."""

    region: int
    given_of_asked: tuple[int, int]
    items: list[ReturnOut]
    next_cursor: str


@router.get("/returns", response={200: ReturnsOut, **ERRORS}, summary="Who owes which returns (信息采集率)")
def list_returns(
    request: HttpRequest, region: Region = Query(0), what: What = Query(""), period: Period = Query(""), state: Asks = Query(""), cursor: Cursor = Query(""),
) -> Any:  # fmt: skip
    """By county, return and period, in that order; `state` keeps those in which at least one place stands so."""
    reader = reader_of(request)
    if OPERATION not in (reader.operations or frozenset()):
        raise Forbidden(_("这个接口钥匙没有 %(operation)s 权限。") % {"operation": OPERATION})
    with reading_as(reader):
        here = place(reader, region or None)
        picture = queries.of_region(reader, here.code).only(what, period)
    grouped: dict[str, list[Line]] = {}
    for line in picture.lines:
        grouped.setdefault(f"{line.county}.{line.span.period.last:%Y%m%d}.{line.wanted.key}", []).append(line)
    kept = sorted(code for code, lines in grouped.items() if code > cursor and (not state or any(line.state == state for line in lines)))
    return {
        "region": here.code, "given_of_asked": rate(Counter(line.state for line in picture.lines)),
        "items": [_item(grouped[code]) for code in kept[:PAGE]], "next_cursor": kept[PAGE - 1] if len(kept) > PAGE else "",
    }  # fmt: skip


def _item(lines: list[Line]) -> dict[str, Any]:
    one, counts = lines[0], Counter[State](line.state for line in lines)
    states: tuple[State, ...] = ("given", "nil", "owed", "waiting")
    return {
        "region": one.county, "what": one.wanted.key, "name": words.name_of(one.wanted), "name_en": words.name_of(one.wanted, english=True),
        "period": one.period, "first": one.span.period.first, "last": one.span.period.last, "due": one.span.due, "asked": len(lines),
        **{state: counts[state] for state in states},
    }  # fmt: skip
