"""The public directory: institutions, sites and practitioners, by kind, region, distance and open door. Public fields only.

Coordinates are WGS-84. Distances are great-circle metres. A position given in `near` is used for this answer and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field, StringConstraints

from fahui.channels.api import schemas as s
from fahui.foundation import clock
from fahui.foundation.directory import queries
from fahui.foundation.directory.queries import Near, Place, Wanted
from fahui.foundation.errors import Invalid
from fahui.foundation.people.models import Practitioner
from fahui.foundation.regions.geo import Point, read_point
from fahui.foundation.regions.rules import level_of

router = Router(tags=["directory"])
ERRORS: dict[int, Any] = {422: s.Problem}
PAGE = 50
Kind = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]*$")]
Cursor = Annotated[str, StringConstraints(max_length=40, pattern=r"^([0-9]+-[0-9]+)?$")]
Near_ = Annotated[str, StringConstraints(max_length=50, pattern=r"^[0-9.,\-]*$")]
Region = Annotated[int, Field(ge=0, le=909_999_999_999, description="12-digit statistical code; 0 for everywhere")]


class HoursOut(BaseModel):
    """Hours that could be read: a list of [from, to] in minutes from midnight for each day, Monday first; an end beyond 1440 is
    the next morning. `holidays` says what holds on public holidays."""

    week: list[list[tuple[int, int]]]
    holidays: Literal["unsaid", "closed", "usual", "own"]
    holiday: list[tuple[int, int]]


class PlaceOut(BaseModel):
    """An institution or a site. `state` is unknown where the hours say nothing certain: telephone first."""

    id: int
    kind: str
    name: str
    region_code: int
    phone: str
    address: str
    opening_hours: str
    hours: HoursOut | None
    state: Literal["open", "closed", "unknown"]
    until: datetime | None
    opens: datetime | None
    languages: list[str]
    accessibility: list[str]
    longitude: float | None
    latitude: float | None
    metres: int | None


class PlacePage(BaseModel):
    """A page of places; `next` is the cursor of the following page. With `near`, the nearest and no further page."""

    items: list[PlaceOut]
    next: str | None


class PractitionerOut(BaseModel):
    """A practitioner, public information."""

    id: int
    kind: str
    name: str
    licence: str
    title: str
    institution_id: int
    institution: str
    region_code: int
    fields: list[str]
    languages: list[str]
    licensed_on: date | None
    source: str
    as_of: date | None


class PractitionerPage(BaseModel):
    """A page of practitioners."""

    items: list[PractitionerOut]
    next: str | None


@router.get("/institutions", response={200: PlacePage, **ERRORS}, auth=None, summary="Institutions")
def list_institutions(
    request: HttpRequest, kind: Kind = Query(""), region: Region = Query(0), near: Near_ = Query(""), open_now: bool = Query(False),
    after: Cursor = Query(""),
) -> Any:  # fmt: skip
    """Institutions a resident may turn to, by region and key; with `near=longitude,latitude`, the nearest first."""
    return find_places("institution", kind, region, near, open_now, after)


@router.get("/sites", response={200: PlacePage, **ERRORS}, auth=None, summary="Sites")
def list_sites(
    request: HttpRequest, kind: Kind = Query(""), region: Region = Query(0), near: Near_ = Query(""), open_now: bool = Query(False),
    after: Cursor = Query(""),
) -> Any:  # fmt: skip
    """Centres, stations, rooms and windows, by region and key; with `near=longitude,latitude`, the nearest first."""
    return find_places("site", kind, region, near, open_now, after)


@router.get("/practitioners", response={200: PractitionerPage, **ERRORS}, auth=None, summary="Practitioners")
def list_practitioners(
    request: HttpRequest, kind: Kind = Query(""), region: Region = Query(0), after: Cursor = Query(""),
) -> Any:  # fmt: skip
    """Active practitioners by region and key, as their registers publish them."""
    page = queries.practitioners(_region(region), [kind] if kind else (), after=after, limit=PAGE)
    return PractitionerPage(items=[_person(row) for row in page.rows], next=page.following or None)


def find_places(what: str, kind: str, region: int, near: str, open_now: bool, after: str) -> PlacePage:
    """A page of institutions, sites, or both (`what` empty). Raises Invalid for no region and no position."""
    now = clock.now()
    wanted = Wanted(kinds=(kind,) if kind else (), region=_region(region), open_at=now if open_now else None, only=what)
    if near:
        return PlacePage(items=_told(queries.nearest(_point(near), wanted, PAGE), now), next=None)
    page = queries.places(wanted, after, PAGE)
    return PlacePage(items=_told([Near(place, None) for place in page.rows], now), next=page.following or None)


def _region(code: int) -> int | None:
    if not code:
        return None
    try:
        level_of(code)
    except ValueError as error:
        raise Invalid(str(error), fields={"region": str(error)}) from error
    return code


def _point(text: str) -> Point:
    try:
        return read_point(text)
    except ValueError as error:
        told = _("请写成 经度,纬度（WGS-84），例如 103.7654,29.5521")
        raise Invalid(told, fields={"near": told}) from error


def _told(found: Iterable[Near], now: datetime) -> list[PlaceOut]:
    return [place_out(near.place, near.metres, now) for near in found]


def place_out(place: Place, metres: float | None, now: datetime) -> PlaceOut:
    """A place as JSON, with its door at a moment."""
    hours, status = place.hours, place.status(now)
    return PlaceOut(
        id=place.id, kind=place.kind, name=place.name, region_code=place.region_code, phone=place.phone, address=place.address,
        opening_hours=place.opening_hours, state=status.state.value, until=status.until, opens=status.opens,
        hours=HoursOut(week=[list(day) for day in hours.week], holidays=hours.holidays.value, holiday=list(hours.holiday))
        if hours else None,
        languages=place.languages, accessibility=place.accessibility,
        longitude=float(place.longitude) if place.longitude is not None else None,
        latitude=float(place.latitude) if place.latitude is not None else None,
        metres=round(metres) if metres is not None else None,
    )  # fmt: skip


def _person(row: Practitioner) -> PractitionerOut:
    return PractitionerOut(
        id=row.pk, kind=row.kind, name=row.name, licence=row.licence, title=row.title, institution_id=row.institution_id,
        institution=row.institution.name, region_code=row.region_code, fields=row.fields, languages=row.languages,
        licensed_on=row.licensed_on, source=row.source, as_of=row.as_of,
    )  # fmt: skip
