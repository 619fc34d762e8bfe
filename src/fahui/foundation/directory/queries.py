"""Reading the public directory: places (institutions and sites together), practitioners, published records, who serves a village.

Everything here is public information; nothing needs a reader. A list is a keyset page by (region, key), whatever is filtered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db.models import Count, F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Missing
from fahui.foundation.people.models import Institution, Posting, Practitioner, PublicRecord, Site
from fahui.foundation.regions.geo import Point, metres, middle
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import ancestors, jurisdiction
from fahui.foundation.worktime.opening import DAY, Exceptions, Hours, Status, Unreadable, parse, readable, status
from fahui.foundation.worktime.queries import calendar

T = TypeVar("T")
# Kinds of institution a resident may look for. Courts, police and custody are on record for cases, not for visits.
PUBLIC_KINDS = ("public_legal_service_centre", "legal_aid_agency", "hotline_centre", "judicial_office", "justice_bureau",
                "notary_office", "forensic_appraisal_institution", "peoples_mediation_committee",
                "arbitration_institution", "law_firm", "grassroots_legal_service_office")  # fmt: skip
SITE_KINDS = tuple(kind for kind, _name in Site.KINDS)
COUNSEL_ROLES = ("village_counsel",)
MEDIATOR_ROLES = ("full_time_mediator", "mediator")
COUNTY_SPAN = 10**6  # codes of one county
_BOX = Decimal("1.5")  # degrees around a point in which the nearest are looked for: beyond it nobody walks in
_COLUMNS = ("what", "id", "kind", "name", "region_code", "phone", "address", "opening_hours", "exceptions", "languages",
            "accessibility", "longitude", "latitude")  # fmt: skip
_SPOT = ("what", "id", "longitude", "latitude")


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. `kinds` of institutions and sites together; none means every public kind."""

    kinds: tuple[str, ...] = ()
    region: int | None = None
    languages: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    open_at: datetime | None = None
    only: str = ""  # "institution" or "site"


@dataclass(frozen=True)
class Place:
    """An institution or a site, as a list and a map show it."""

    what: str
    id: int
    kind: str
    name: str
    region_code: int
    phone: str
    address: str
    opening_hours: str
    exceptions: list[dict[str, str]]
    languages: list[str]
    accessibility: list[str]
    longitude: Decimal | None
    latitude: Decimal | None

    @property
    def point(self) -> Point | None:
        """Where it is, if that is known."""
        if self.longitude is None or self.latitude is None:
            return None
        return Point(float(self.longitude), float(self.latitude))

    @property
    def hours(self) -> Hours | None:
        """Its hours, if they can be read."""
        return readable(self.opening_hours)

    def status(self, at: datetime) -> Status:
        """Whether its door is open at a moment."""
        return status(self.hours, at, calendar(), exceptions_of(self.exceptions))

    @property
    def href(self) -> str:
        """Its page."""
        return f"/places/{self.what}/{self.id}/"


@dataclass(frozen=True)
class Near:
    """A place with its great-circle distance in metres (直线距离); None where the place or the start is not located."""

    place: Place
    metres: float | None


@dataclass(frozen=True)
class Page(Generic[T]):
    """A keyset page; `following` is the cursor of the next, empty on the last."""

    rows: list[T]
    following: str


def exceptions_of(held: Iterable[dict[str, str]]) -> Exceptions:
    """Days that are not as usual, from a row's column. What cannot be read is left out: the day is then as usual."""
    found = {}
    for one in held:
        try:
            text = one.get("hours", "")
            found[date.fromisoformat(one["on"])] = parse(f"每天 {text}").week[0] if text else ()
        except (KeyError, ValueError):
            continue
    return found


def places(wanted: Wanted, after: str = "", limit: int = 20) -> Page[Place]:
    """Institutions and sites by region and key."""
    cursor = read_cursor(after)
    rows = _union(wanted, cursor).order_by("region_code", "id")[: limit + 1]
    found = [Place(**row) for row in rows]
    return Page(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else "")


def nearest(start: Point, wanted: Wanted, limit: int = 30) -> list[Near]:
    """Located places around a point, nearest first."""
    longitude, latitude = Decimal(str(start.longitude)), Decimal(str(start.latitude))
    box = Q(longitude__range=(longitude - _BOX, longitude + _BOX), latitude__range=(latitude - _BOX, latitude + _BOX))
    light = [
        (metres(start, Point(float(x), float(y))), what, pk)
        for what, pk, x, y in (row.values() for row in _union(wanted, None, box, _SPOT))
    ]
    light.sort()
    chosen = light[:limit]
    keys = [pk for _metres, _what, pk in chosen]
    known = {place.id: place for place in (Place(**row) for row in _union(Wanted(), None, Q(pk__in=keys)))} if keys else {}
    return [Near(known[pk], distance) for distance, _what, pk in chosen if pk in known]


def located(region: int, limit: int = 2000) -> list[Place]:
    """Every located public place of a region, for its map and the list beside it, by region and key."""
    rows = _union(Wanted(region=region), None, Q(longitude__isnull=False, latitude__isnull=False))
    return [Place(**row) for row in rows.order_by("region_code", "id")[:limit]]


def located_by_county(region: int) -> dict[int, int]:
    """How many located public places each county of a region has; those of the city itself belong to no county."""
    low, high = jurisdiction(region)
    inside = Q(region_code__gte=low, region_code__lt=high, active=True, longitude__isnull=False, latitude__isnull=False)
    found: dict[int, int] = {}
    for model, kinds in ((Institution, PUBLIC_KINDS), (Site, SITE_KINDS)):
        rows = model._default_manager.filter(inside, kind__in=kinds).order_by().annotate(county=F("region_code") / COUNTY_SPAN)
        for county, number in rows.values_list("county").annotate(number=Count("id")):
            found[county * COUNTY_SPAN] = found.get(county * COUNTY_SPAN, 0) + number
    return found


def start_of(region: int) -> Point | None:
    """Where distances from a village or township are counted: the middle of what is located there, else one level up."""
    for code in [region, *ancestors(region)][:2]:
        low, high = jurisdiction(code)
        inside = Q(region_code__gte=low, region_code__lt=high, longitude__isnull=False, latitude__isnull=False, active=True)
        rows = Site.objects.filter(inside).values_list("longitude", "latitude").union(
            Institution.objects.filter(inside).values_list("longitude", "latitude"), all=True)  # fmt: skip
        found = middle([Point(float(x), float(y)) for x, y in rows[:200] if x is not None and y is not None])
        if found:
            return found
    return None


def _union(
    wanted: Wanted, cursor: tuple[int, int] | None, also: Q | None = None, columns: Sequence[str] = _COLUMNS
) -> QuerySet[Any, dict[str, Any]]:
    parts = []
    for model, what, kinds in ((Institution, "institution", PUBLIC_KINDS), (Site, "site", SITE_KINDS)):
        asked = [kind for kind in kinds if not wanted.kinds or kind in wanted.kinds]
        if wanted.only not in ("", what):
            asked = []
        rows = narrowed(model.objects.filter(active=True, kind__in=asked), wanted, cursor)
        if also is not None:
            rows = rows.filter(also)
        parts.append(rows.order_by().annotate(what=Value(what)).values(*columns))
    return parts[0].union(parts[1], all=True)


def narrowed(rows: QuerySet[Any], wanted: Wanted, cursor: tuple[int, int] | None) -> QuerySet[Any]:
    """Rows of institutions or sites (kinds excepted) as wanted, after a cursor."""
    if wanted.region:
        low, high = jurisdiction(wanted.region)
        rows = rows.filter(region_code__gte=low, region_code__lt=high)
    if wanted.languages:
        rows = rows.filter(languages__contains=list(wanted.languages))
    if wanted.accessibility:
        rows = rows.filter(accessibility__contains=list(wanted.accessibility))
    if wanted.open_at:
        rows = rows.filter(_open(rows, wanted.open_at))
    if cursor:
        region, key = cursor
        rows = rows.filter(Q(region_code__gt=region) | Q(region_code=region, id__gt=key), region_code__gte=region)
    return rows


def _open(rows: QuerySet[Any], at: datetime) -> Q:
    """That the door is open for certain. Few texts stand for many doors, so each text is asked once."""
    days, texts = calendar(), rows.order_by().values_list("opening_hours", flat=True).distinct()
    usual = [text for text in texts if text and status(readable(text), at, days).is_open]
    odd = [
        pk for pk, text, held in rows.exclude(exceptions=[]).values_list("pk", "opening_hours", "exceptions")
        if status(readable(text), at, days, exceptions_of(held)).is_open
    ]  # fmt: skip
    return Q(opening_hours__in=usual, exceptions=[]) | Q(pk__in=odd)


def read_cursor(text: str) -> tuple[int, int] | None:
    """(region, key) of a cursor; None for none and for what is no cursor."""
    region, _mark, key = text.partition("-")
    if region.isascii() and region.isdigit() and key.isascii() and key.isdigit() and len(text) < 40:
        return int(region), min(int(key), 2**63 - 1)
    return None


def _cursor(row: Any) -> str:
    return f"{row.region_code}-{row.id}"


# --- practitioners


def practitioners(
    region: int | None = None, kinds: Sequence[str] = (), field: str = "", language: str = "", after: str = "", limit: int = 20
) -> Page[Practitioner]:
    """Active practitioners with their institutions, by region and key."""
    rows = Practitioner.objects.filter(active=True).select_related("institution")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    rows = rows.filter(fields__contains=[field]) if field else rows
    wanted = Wanted(region=region, languages=(language,) if language else ())
    found = list(narrowed(rows, wanted, read_cursor(after)).order_by("region_code", "id")[: limit + 1])
    return Page(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else "")


def institution(pk: int) -> Institution:
    """One institution a resident may look for. Raises Missing."""
    found = Institution.objects.filter(pk=pk, active=True, kind__in=PUBLIC_KINDS).select_related("parent").first()
    if found is None:
        raise Missing(_("目录里没有这一条，可能已经停用。"))
    return found


def practitioner(pk: int) -> Practitioner:
    """One active practitioner. Raises Missing."""
    found = Practitioner.objects.filter(pk=pk, active=True).select_related("institution").first()
    if found is None:
        raise Missing(_("目录里没有这一条，可能已经停用。"))
    return found


def site(pk: int) -> Site:
    """One site that is open to the public. Raises Missing."""
    found = Site.objects.filter(pk=pk, active=True).select_related("institution").first()
    if found is None:
        raise Missing(_("目录里没有这一条，可能已经停用。"))
    return found


def place_of(row: Institution | Site) -> Place:
    """A row as a list shows it."""
    what = "site" if isinstance(row, Site) else "institution"
    return Place(what=what, **{name: getattr(row, name) for name in _COLUMNS[1:]})


def records_of(row: Institution | Practitioner, today: date) -> list[PublicRecord]:
    """What authorities published of it, newest first, as far as it may be shown today."""
    of = Q(practitioner=row) if isinstance(row, Practitioner) else Q(institution=row)
    shown = PublicRecord.objects.filter(of, Q(shown_until=None) | Q(shown_until__gte=today), withdrawn_at=None)
    return list(shown.order_by(F("decided_on").desc(nulls_last=True), "-year", "-id")[:60])


def people_of(firm: Institution, limit: int = 200) -> list[Practitioner]:
    """The active practitioners of an institution, by name."""
    return list(Practitioner.objects.filter(institution=firm, active=True).order_by("kind", "pinyin", "id")[:limit])


def sites_of(firm: Institution, limit: int = 100) -> list[Site]:
    """The sites an institution runs."""
    return list(Site.objects.filter(institution=firm, active=True).order_by("region_code", "id")[:limit])


def history(what: str, pk: int, limit: int = 50) -> list[Event]:
    """What was changed of a row (institution, practitioner, site), newest first."""
    return list(Event.objects.filter(about=f"{what}:{pk}").order_by("-id")[:limit])


# --- postings


def _today(today: date) -> Q:
    return Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))


def postings_of(person: Practitioner, today: date, limit: int = 200) -> list[Posting]:
    """Where a practitioner serves today."""
    return list(Posting.objects.filter(_today(today), practitioner=person).order_by("role", "target_region")[:limit])


def serving(regions: Collection[int], roles: Sequence[str], today: date) -> list[Posting]:
    """Who serves these regions in these roles today, with person and institution, by region and role."""
    rows = Posting.objects.filter(_today(today), target_region__in=regions, role__in=roles, practitioner__isnull=False)
    rows = rows.select_related("practitioner__institution")
    return list(rows.order_by("target_region", "role", "valid_from", "id"))


def sites_in(regions: Collection[int]) -> list[Site]:
    """Sites that stand exactly at these levels (a village's own, its township's own), by region and kind."""
    return list(Site.objects.filter(region_code__in=regions, active=True).order_by("region_code", "kind", "id"))


def offices_in(regions: Collection[int], kinds: Sequence[str]) -> list[Institution]:
    """Institutions of these kinds exactly at these levels."""
    rows = Institution.objects.filter(region_code__in=regions, kind__in=kinds, active=True)
    return list(rows.order_by("region_code", "kind", "id"))


def villages_of(township: int) -> list[Region]:
    """The villages and communities of a township, by code."""
    low, high = jurisdiction(township)
    return list(Region.objects.filter(code__gte=low, code__lt=high, level=5).order_by("code"))


def hours_of_day(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of one day as typed (`9:00–12:00、14:00–17:00`); none for shut. Raises Unreadable."""
    spans = parse(f"每天 {text}").week[0] if text.strip() else ()
    if any(end > DAY for _begin, end in spans):
        raise Unreadable("one day only")
    return spans
