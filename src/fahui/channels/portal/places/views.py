"""The directory: by need, kind, place and open door; the nearest; one institution, practitioner or site; a village's card."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.channels import village_cards
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import queries as portal
from fahui.channels.portal.places import queries as counted
from fahui.channels.portal.places import words
from fahui.channels.qr import qr_path
from fahui.channels.typed import place_of
from fahui.foundation import cities, clock
from fahui.foundation.directory import queries
from fahui.foundation.directory.queries import Near, Place, Wanted
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.people.models import ACCESSIBILITY, Institution, Posting, Practitioner
from fahui.foundation.regions.geo import Point
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import names_of
from fahui.foundation.regions.rules import ancestors, contains

PAGE = 20
NEAREST = 30


def wanted_of(asked: Any, now: datetime) -> tuple[Wanted, str]:
    """What a query string or form narrows the list to, and the need it names."""
    need = asked.get("need", "")
    kind = asked.get("kind", "")
    kinds = (kind,) if kind in (*queries.PUBLIC_KINDS, *queries.SITE_KINDS) else words.kinds_for(need)
    codes = {code for code, _name in ACCESSIBILITY}
    language = asked.get("language", "")[:20]
    county, town = place_of(asked.get("county", "")), place_of(asked.get("town", ""))
    inside = town if town and (county is None or contains(county, town)) else county
    return Wanted(
        kinds=kinds, region=inside, languages=(language,) if language and "\x00" not in language else (),
        accessibility=tuple(a for a in asked.getlist("access") if a in codes), open_at=now if asked.get("open") == "true" else None,
    ), need if words.kinds_for(need) else ""  # fmt: skip


@scoped
def places(request: HttpRequest) -> HttpResponse:
    """Institutions and sites, place by place."""
    now, get = clock.now(), request.GET
    wanted, need = wanted_of(get, now)
    page = queries.places(wanted, get.get("after", ""), PAGE)
    return render(request, "portal/places/list.html", {
        "rows": told(((Near(place, None)) for place in page.rows), now), "pager": {"next": page.following, "shown": len(page.rows)},
        "fields": _fields(get, need, reader_of(request).language), "more": _more(get), "open_field": _open_field(get),
        "narrowed": bool(wanted.accessibility or wanted.languages),
    })  # fmt: skip


def told(found: Iterable[Near], now: datetime) -> list[dict[str, Any]]:
    """Places as entries of a list, with the names of where they are."""
    rows = list(found)
    names = names_of({near.place.region_code for near in rows})
    return [words.card(near, now, names) for near in rows]


def _fields(asked: Any, need: str, language: str) -> list[dict[str, Any]]:
    county = place_of(asked.get("county", ""))
    found: list[dict[str, Any]] = [
        {"name": "need", "label": _("要办什么事"), "kind": "select", "value": need, "options": words.needs(language)},
        {"name": "kind", "label": _("找什么地方"), "kind": "select", "value": asked.get("kind", ""), "options": words.kind_options()},
        {"name": "county", "label": _("哪个区县"), "kind": "select", "value": asked.get("county", ""),
         "options": [(str(code), name) for code, name in portal.below(cities.current().region)]},
    ]  # fmt: skip
    towns = portal.below(county) if county else ()
    if towns:
        found.append({"name": "town", "label": _("哪个乡镇、街道"), "kind": "select", "value": asked.get("town", ""),
                      "options": [(str(code), name) for code, name in towns]})  # fmt: skip
    return found


def _more(asked: Any) -> list[dict[str, Any]]:
    return [
        {"name": "access", "label": _("要有这些无障碍设施"), "kind": "checkbox", "value": asked.getlist("access"),
         "options": list(ACCESSIBILITY)},
        {"name": "language", "label": _("会说哪种语言"), "kind": "select", "value": asked.get("language", ""),
         "options": [(name, name) for name in counted.languages_spoken()]},
    ]  # fmt: skip


def _open_field(asked: Any) -> dict[str, Any]:
    return {"name": "open", "label": _("只看现在开门的"), "kind": "boolean", "value": asked.get("open", "")}


@scoped
def near(request: HttpRequest) -> HttpResponse:
    """The nearest open doors. The position comes by POST, from the resident's own tap or a place they chose; it is used for this
    answer and kept nowhere."""
    now, post = clock.now(), request.POST
    context: dict[str, Any] = {"error": ""}
    asked = post if request.method == "POST" else request.GET
    county = place_of(asked.get("county", ""))
    if request.method == "POST" and not post.get("choose"):
        try:
            start, where = _start(post)
            wanted, _need = wanted_of(post, now)
            wanted = Wanted(wanted.kinds, None, wanted.languages, wanted.accessibility, wanted.open_at)
            context |= {"rows": told(queries.nearest(start, wanted, NEAREST), now), "where": where, "asked": True}
        except Invalid as refusal:
            context["error"] = refusal.message
    need = asked.get("need", "")
    context |= {
        "kind": asked.get("kind", "") if words.kind_name(asked.get("kind", "")) else "",
        "fields": [
            {"name": "need", "label": _("要办什么事"), "kind": "select", "value": need, "options": words.needs(reader_of(request).language)},
            {**_open_field(asked), "value": asked.get("open", "") if request.method == "POST" and not post.get("choose") else "true"},
        ],
        "county": {"name": "county", "label": _("哪个区县"), "kind": "select", "value": str(county or ""),
                   "options": [(str(code), name) for code, name in portal.below(cities.current().region)]},
        "town": {"name": "town", "label": _("哪个乡镇、街道"), "kind": "select", "value": asked.get("town", ""),
                 "options": [(str(code), name) for code, name in portal.below(county)]} if county else None,
    }  # fmt: skip
    answer = render(request, "portal/places/near.html", context, status=422 if context["error"] else 200)
    answer["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
    answer["Cache-Control"] = "no-store"
    return answer


def _start(post: Any) -> tuple[Point, str]:
    """Where to count from, and its name. Raises Invalid."""
    if post.get("longitude") and post.get("latitude"):
        try:
            return Point(float(post["longitude"][:20]), float(post["latitude"][:20])), _("您现在的位置")
        except ValueError as error:
            raise Invalid(_("位置看不懂，请改为选择乡镇、街道。")) from error
    code = place_of(post.get("town", "")) or place_of(post.get("county", ""))
    chosen = counted.region(code, cities.current().region) if code else None
    if chosen is None:
        raise Invalid(_("请用现在的位置，或者选择您所在的区县和乡镇。"))
    found = queries.start_of(chosen.code)
    if found is None:
        raise Invalid(_("%(name)s还没有登记过位置的地方，算不出距离。请按区县查，或者打热线。") % {"name": chosen.name})
    return found, chosen.name


@scoped
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """One institution: what it does, its door, its people, what was published of it."""
    row, now = queries.institution(pk), clock.now()
    place, people = queries.place_of(row), queries.people_of(row)
    return render(request, "portal/places/institution.html", {
        "row": row, **_door(place, now), "people": [{"row": p, "kind": words.person_kind(p.kind)} for p in people],
        "sites": told((Near(queries.place_of(site), None) for site in queries.sites_of(row)), now),
        "records": queries.records_of(row, clock.today()), "served": counted.served([p.pk for p in people], now),
        "doors": words.doors_of(row.kind, reader_of(request).language), "facts": _facts(row),
    })  # fmt: skip


@scoped
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """One site: its door and who runs it."""
    row, now = queries.site(pk), clock.now()
    place = queries.place_of(row)
    return render(request, "portal/places/site.html", {"row": row, **_door(place, now)})


def _door(place: Place, now: datetime) -> dict[str, Any]:
    """What pages of places share: kind, where, state, the coming week, facilities."""
    path = [*ancestors(place.region_code)[:2], place.region_code]
    names = names_of(path)
    card = words.card(Near(place, None), now, names)
    full = "".join(names.get(code, "") for code in sorted(set(path)) if code % 10**8)
    return {"card": card, "full": full, "week": words.week(place, now)}


def _facts(row: Institution) -> list[dict[str, Any]]:
    """The basic data that the policies ask to be published, those that are on record."""
    found = [
        (_("负责人"), row.head), (_("执业许可证号"), row.licence), (_("统一社会信用代码或编号"), row.code),
        (_("批准设立日期"), row.licensed_from), (_("执业许可有效期至"), row.licensed_until), (_("发证机关"), row.licensed_by),
        (_("从业人数"), row.staff_count), (_("主管机构"), row.parent.name if row.parent else ""),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in found if value not in (None, "")]


@scoped
def people(request: HttpRequest) -> HttpResponse:
    """Practitioners, place by place."""
    get = request.GET
    county, kind = place_of(get.get("county", "")), get.get("kind", "")
    kinds = dict(Practitioner.KINDS)
    field, language = (get.get(name, "")[:20].replace("\x00", "") for name in ("field", "language"))
    page = queries.practitioners(county, [kind] if kind in kinds else (), field, language, get.get("after", ""), PAGE)
    names = names_of({row.region_code for row in page.rows})
    return render(request, "portal/places/people.html", {
        "rows": [{"row": r, "kind": words.person_kind(r.kind), "where": names.get(r.region_code, "")} for r in page.rows],
        "pager": {"next": page.following, "shown": len(page.rows)},
        "fields": [
            {"name": "kind", "label": _("找什么人"), "kind": "select", "value": kind, "options": Practitioner.KINDS},
            {"name": "county", "label": _("哪个区县"), "kind": "select", "value": get.get("county", ""),
             "options": [(str(code), name) for code, name in portal.below(cities.current().region)]},
            {"name": "field", "label": _("擅长什么"), "kind": "select", "value": field,
             "options": [(name, name) for name in counted.fields_of_work()]},
            {"name": "language", "label": _("会说哪种语言"), "kind": "select", "value": language,
             "options": [(name, name) for name in counted.languages_spoken()]},
        ],
    })  # fmt: skip


@scoped
def practitioner(request: HttpRequest, pk: int) -> HttpResponse:
    """One practitioner: licence, fields, where they serve, what was published, what they did."""
    row, today = queries.practitioner(pk), clock.today()
    postings = queries.postings_of(row, today)
    names = names_of({row.region_code} | {p.target_region for p in postings})
    roles, served = dict(Posting.ROLES), dict[str, list[str]]()
    for posting in postings:
        served.setdefault(posting.role, []).append(posting.target_name or names.get(posting.target_region, ""))
    return render(request, "portal/places/practitioner.html", {
        "row": row, "kind": words.person_kind(row.kind), "where": names.get(row.region_code, ""),
        "records": queries.records_of(row, today), "served": counted.served([row.pk], clock.now()),
        "postings": [{"role": _(roles.get(role, role)), "where": where} for role, where in served.items()],
        "firm_open": row.institution.kind in queries.PUBLIC_KINDS and row.institution.active,
    })  # fmt: skip


@scoped
def village(request: HttpRequest) -> HttpResponse:
    """Finding one's village: county, township, village, one tap each."""
    city = cities.current().region
    chosen = place_of(request.GET.get("in", ""))
    here = counted.region(chosen, city) if chosen else None
    if here is not None and here.level == 5:
        return HttpResponseRedirect(f"/places/card/{here.code}")
    path = [code for code in reversed(ancestors(here.code)) if code > city] + [here.code] if here else []
    names = names_of(path)
    return render(request, "portal/places/village.html", {
        "here": here, "path": [{"code": code, "name": names.get(code, "")} for code in path if code != city],
        "below": portal.below(here.code if here else city),
    })  # fmt: skip


@scoped
def card(request: HttpRequest, code: int) -> HttpResponse:
    """A village's own card: counsel, mediator, station, phones; made to be printed or photographed."""
    here: Region | None = counted.region(code, cities.current().region) if 10**11 <= code < 10**12 else None
    if here is None or here.level != 5:
        raise Missing(_("没有这个村（社区）。"))
    found = village_cards.cards([here], clock.today())[0]
    size, path = qr_path(found.url)
    return render(request, "portal/places/card.html", {"card": found, "qr": {"size": size, "path": path}})
