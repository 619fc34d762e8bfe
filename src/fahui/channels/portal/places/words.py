"""The directory in plain words: kinds, doors, distances, needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from fahui.casework.definitions.loader import services
from fahui.foundation.directory.queries import PUBLIC_KINDS, SITE_KINDS, Near, Place, exceptions_of
from fahui.foundation.people.models import ACCESSIBILITY, Institution, Practitioner, Site
from fahui.foundation.worktime.opening import DAY, Hours, clock_text, day_name, spans_on, status_told, told
from fahui.foundation.worktime.queries import calendar
from fahui.foundation.worktime.rules import BUSINESS_ZONE

# 前台统一受理: every service is taken in at these, whoever handles it.
RECEIVING = ("public_legal_service_centre", "service_centre", "service_station", "service_room", "service_window")
# Where else a kind of institution works.
_POINTS = {"legal_aid_agency": ("legal_aid_station",), "peoples_mediation_committee": ("mediation_room",),
           "notary_office": ("notary_point",)}  # fmt: skip
# 法律咨询 is given by legal aid agencies as well (法律援助法第二十二条), and by judicial offices.
_ADVISING = ("legal_aid_agency", "legal_aid_station", "judicial_office", "counsel_point")


def kind_name(kind: str) -> str:
    """A kind of institution or site in the reader's language."""
    return _(dict([*Institution.KINDS, *Site.KINDS]).get(kind, "")) if kind else ""


def kind_options() -> list[tuple[str, str]]:
    """Every public kind, institutions first."""
    return [(kind, kind_name(kind)) for kind in (*PUBLIC_KINDS, *SITE_KINDS)]


def person_kind(kind: str) -> str:
    """A kind of practitioner in the reader's language."""
    return _(dict(Practitioner.KINDS).get(kind, "")) if kind else ""


def access_names(codes: Iterable[str]) -> list[str]:
    """Barrier-free facilities in the reader's language; what is no code stays as it was written."""
    names = dict(ACCESSIBILITY)
    return [_(names[code]) if code in names else code for code in codes]


def needs(language: str) -> list[tuple[str, str]]:
    """What residents come for: every public matter of every service, as its definition names it."""
    return [
        (f"{home.definition.id}.{matter.id}", matter.name.text(language))
        for home in services().values() for matter in home.definition.matters if matter.public
    ]  # fmt: skip


def kinds_for(need: str) -> tuple[str, ...]:
    """Which kinds of places help with a need: the handling organisation of its service, its points, and every front desk."""
    service, _dot, matter = need.partition(".")
    home = services().get(service)
    if home is None or not any(m.id == matter and m.public for m in home.definition.matters):
        return ()
    kind = home.definition.handled_by
    advising = _ADVISING if service == "consultation" else ()
    found = (kind, *_POINTS.get(kind, ()), *advising, *RECEIVING)
    return tuple(dict.fromkeys(k for k in found if k in PUBLIC_KINDS or k in SITE_KINDS))


def doors_of(kind: str, language: str) -> list[dict[str, str]]:
    """What a kind of institution handles here, with the way in."""
    return [
        {"label": home.definition.name.text(language), "text": home.definition.plain.text(language),
         "href": f"/guide/{home.definition.id}"}
        for home in services().values() if home.definition.handled_by == kind
    ]  # fmt: skip


def distance_told(metres: float | None) -> str:
    """A great-circle distance, said to be one."""
    if metres is None:
        return ""
    if metres < 950:
        return _("直线距离约%(count)d米") % {"count": max(50, round(metres / 50) * 50)}
    return _("直线距离约%(count)s公里") % {"count": f"{metres / 1000:.1f}"}


def hours_told(place: Place) -> str:
    """The hours in the reader's language; as they were given when they cannot be read."""
    hours = place.hours
    return told(hours) if hours else place.opening_hours


def card(near: Near, now: datetime, names: dict[int, str]) -> dict[str, Any]:
    """A place as one entry of a list."""
    place, found = near.place, near.place.status(now)
    return {
        "place": place, "kind": kind_name(place.kind), "where": names.get(place.region_code, ""), "state": found.state.value,
        "told": status_told(found, now), "hours": hours_told(place), "distance": distance_told(near.metres),
        "access": access_names(place.accessibility), "languages": place.languages,
    }  # fmt: skip


def week(place: Place, now: datetime) -> list[dict[str, Any]]:
    """The coming seven days, each with its hours as the working calendar and the exceptions make them."""
    first, hours = now.astimezone(BUSINESS_ZONE).date(), place.hours
    return [_day(place, hours, first + timedelta(days=n), n == 0) for n in range(7)] if hours else []


def _day(place: Place, hours: Hours, day: date, today: bool) -> dict[str, Any]:
    held = {one["on"]: one for one in place.exceptions if "on" in one}
    spans = spans_on(hours, day, calendar(), exceptions_of(place.exceptions))
    text = _("请打电话确认") if spans is None else _("休息") if not spans else _("、").join(
        f"{clock_text(begin)}–" + (_("次日%(time)s") % {"time": clock_text(end - DAY)} if end > DAY else clock_text(end))
        for begin, end in spans
    )  # fmt: skip
    why = held.get(day.isoformat(), {}).get("why", "")
    return {"name": day_name(day.weekday()), "date": day, "text": text, "why": why, "today": today}
